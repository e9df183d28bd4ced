//! Writing a message, trying a failed one again, dropping it. Not: its way to the backend (`delivery`).

use super::call::CallId;
use super::delivery::over;
use super::elsewhere::LAG;
use super::machine::Session;
use super::outbox::{LIMIT, Stage, Waiting};
use super::output::{Change, Event, Settled};
use super::peer::{Peer, Waits};
use super::view::ConnectionState;
use crate::error::{Code, Error};
use crate::message::{self, Content, Message, Party, Role, Status};
use crate::store::persisted::{self, OutboxEntry};
use crate::store::restored::Restored;
use crate::time::Now;

/// The most characters of a message.
const LENGTH_LIMIT: usize = 4_000;
/// The most characters of a caller's own key.
const KEY_LIMIT: usize = 128;
/// What the loader keeps at a logout, by the last part of its name: no message is called so.
const RESERVED: [&str; 5] = [persisted::ASIDE, persisted::CONSENT, persisted::EPOCH, persisted::LINK, persisted::TERM];

impl Session {
    /// The visitor pressed send. What cannot be sent goes back into the composer, which has given it away.
    pub(super) fn send_composed(&mut self, text: &str, now: Now) {
        self.reading.unsent = self.compose(0, text, None, now).err().map(|error| error.code);
        if self.reading.unsent.is_none() {
            self.write_draft(String::new());
            self.stop_typing();
            self.reading.marker = None;
        } else {
            self.write_draft(text.to_owned());
            self.reading.draft_revision += 1;
            self.render();
        }
    }

    /// `sendMessage`.
    pub(super) fn send_message(
        &mut self,
        id: CallId,
        conversation_id: Option<String>,
        text: &str,
        key: Option<String>,
        now: Now,
    ) {
        if let Some(wanted) = conversation_id
            && !self.open.as_ref().is_some_and(|open| open.is(&wanted))
        {
            return self.refuse(id, Error::new(Code::ConversationNotFound, "no such conversation is open"));
        }
        if let Err(error) = self.compose(id, text, key, now) {
            self.refuse(id, error);
        }
    }

    /// Puts a message into the outbox, the store and the transcript, all within the call.
    pub(super) fn compose(&mut self, id: CallId, text: &str, key: Option<String>, now: Now) -> Result<(), Error> {
        let text = text.trim();
        if message::blank(text) || message::length(text) > LENGTH_LIMIT {
            return Err(Error::new(Code::MessageInvalid, "a message has 1 to 4,000 characters"));
        }
        let key = match key {
            // A colon parts the names of stored entries; the loader, which deletes by name, relies on it.
            Some(key)
                if key.is_empty()
                    || key.len() > KEY_LIMIT
                    || key.bytes().any(|byte| byte == b':')
                    || RESERVED.contains(&&*key) =>
            {
                let words = "`clientMessageId` has 1 to 128 characters and no colon, and is no stored entry's name";
                return Err(Error::new(Code::MessageInvalid, words));
            }
            Some(key) => key,
            None => self.ids.fresh(),
        };
        if let Some(waiting) = self.outbox.find(&key) {
            waiting.calls.push(id); // the same key twice is one message
            return Ok(());
        }
        if let Some(at) = self.transcript.find(&key) {
            let message = self.transcript.rows()[at].message.clone();
            self.settle_with(id, Settled::Message(message));
            return Ok(());
        }
        if self.outbox.len() >= LIMIT {
            return Err(Error::new(Code::RateLimited, "200 messages wait to be sent"));
        }
        let Some(visitor) = &self.visitor else {
            return Err(Error::new(Code::NotBooted, "there is no session"));
        };
        let entry = OutboxEntry {
            visitor_id: visitor.id.clone(),
            tab: self.tabs.tab.clone(),
            seq: self.tabs.next_seq(),
            at: now.wall,
            client_message_id: key.clone(),
            text: text.to_owned(),
            failed: None,
        };
        self.open_conversation(now);
        let row = self.outgoing_row(&entry, Stage::Queued);
        self.outbox.add(Waiting {
            entry,
            stage: Stage::Queued,
            chat: None,
            after: 0,
            durable: false,
            token: 0,
            calls: vec![id],
        });
        self.save_waiting(&key, now);
        if let Some(message) = self.transcript.push_outgoing(row) {
            self.emit_message(Change::Sending, message);
        }
        self.render();
        Ok(())
    }

    /// A waiting message as a row.
    pub(super) fn outgoing_row(&self, entry: &OutboxEntry, stage: Stage) -> Message {
        let status = match stage {
            Stage::Queued => Status::Queued,
            Stage::Sending(_) | Stage::Doubt | Stage::Gone => Status::Sending,
            Stage::Accepted => Status::Sent,
            Stage::Failed => Status::Failed,
        };
        Message {
            id: entry.client_message_id.clone(),
            client_message_id: Some(entry.client_message_id.clone()),
            conversation_id: self.open.as_ref().map_or(String::new(), |open| open.shown_id().to_owned()),
            index: 0,
            party: self.visitor_party(),
            content: Content::Text(entry.text.clone()),
            created_at: entry.at,
            status,
            error: entry.failed.map(|code| Error::new(code, "the backend refused it")),
        }
    }

    /// The visitor as the author of a message.
    pub(super) fn visitor_party(&self) -> Party {
        let id = self.visitor.as_ref().map_or(String::new(), |visitor| visitor.id.clone());
        Party { id, name: self.nickname(), role: Role::Visitor, bot: None, avatar_url: None }
    }

    /// `retryMessage`, and the button.
    pub(super) fn retry(&mut self, id: CallId, key: &str, now: Now) {
        let Some(waiting) = self.outbox.find(key) else {
            return self.refuse(id, unknown(key));
        };
        waiting.calls.push(id);
        if waiting.stage != Stage::Failed {
            return;
        }
        self.requeue_failed(key, now);
        self.tell(Peer::Retry(key.to_owned()));
    }

    /// A failed message is to be sent again.
    pub(super) fn requeue_failed(&mut self, key: &str, now: Now) {
        let Some(waiting) = self.outbox.find(key).filter(|waiting| waiting.stage == Stage::Failed) else { return };
        waiting.stage = Stage::Queued;
        waiting.entry.failed = None;
        waiting.durable = false;
        self.open_conversation(now);
        self.save_waiting(key, now);
        self.mark_row(key, Status::Queued, None);
    }

    /// `discardMessage`, and the button. Only a failed message can be dropped: another may have arrived already.
    pub(super) fn discard(&mut self, id: CallId, key: &str) {
        match self.outbox.find(key).map(|waiting| waiting.stage) {
            Some(Stage::Failed) => {
                self.drop_waiting(key);
                self.tell(Peer::Gone { id: key.to_owned(), sent: false });
                self.settle(id);
            }
            Some(_) => self.refuse(id, Error::new(Code::ValidationError, "only a failed message can be discarded")),
            None => self.refuse(id, unknown(key)),
        }
    }

    /// Takes a waiting message out of everything.
    pub(super) fn drop_waiting(&mut self, key: &str) {
        if self.outbox.find(key).is_some() {
            self.outbox.note_dropped(key);
            self.remove_waiting(key);
            self.let_go(key);
        }
    }

    /// Of what waits here, and not in the store that tabs share any more, another tab has taken care: sent or dropped, it
    /// is not sent again, and whoever leads says which. What was written a moment ago may not be seen there yet; and where
    /// the page has cleared the store, nothing there says anything.
    pub(super) fn forget_gone(&mut self, restored: &Restored, now: Now) {
        if !self.shares_store() || restored.session.is_none() || !self.tabs.follows() {
            return;
        }
        for waiting in self.outbox.iter_mut() {
            let key = &waiting.entry.client_message_id;
            let there = restored.outbox.iter().any(|entry| entry.client_message_id == *key);
            if waiting.durable && waiting.stage != Stage::Accepted && waiting.entry.at + LAG < now.wall && !there {
                waiting.stage = Stage::Gone;
                waiting.entry.failed = None;
            }
        }
    }

    /// This tab leads. Once it has everything there is of the chat: what is gone, and not there, nobody has sent. (A chat
    /// in which nothing stands yet was requested, perhaps again, and what was said in it is still to come.)
    pub(super) fn let_go_of_gone(&mut self) {
        let whole = self.link.connection.state == ConnectionState::Connected
            && !self.transcript.has_gap()
            && !self.transcript.placed().is_empty();
        if !whole && self.open.as_ref().is_some_and(|open| open.requested()) {
            return;
        }
        self.each_waiting(&|waiting| waiting.stage == Stage::Gone, &mut |session, key| {
            session.tell_waiting(key);
            session.let_go(key);
        });
    }

    pub(super) fn let_go(&mut self, key: &str) {
        let Some(waiting) = self.outbox.take(key) else { return };
        let error = match &self.open {
            Some(open) if open.over() => over(), // nobody may have dropped it, and nobody can ask any more
            _ => Error::new(Code::Aborted, "the message was discarded"),
        };
        for id in waiting.calls {
            self.refuse(id, error.clone());
        }
        self.refuse_starts(key, &error);
        self.transcript.remove_outgoing(key);
        self.render();
    }

    /// Does something with each of those that are asked for, in order.
    pub(super) fn each_waiting(&mut self, which: &dyn Fn(&Waiting) -> bool, act: &mut dyn FnMut(&mut Session, &str)) {
        for key in self.outbox.keys(which) {
            act(self, &key);
        }
    }

    /// Changes how a waiting message looks.
    pub(super) fn mark_row(&mut self, key: &str, status: Status, error: Option<Error>) {
        self.transcript.change(key, |message| {
            message.status = status;
            message.error = error;
        });
        self.render();
    }

    /// Tells the others about a waiting message, once it is durable.
    pub(super) fn tell_waiting(&mut self, key: &str) {
        let unkept = self.storing.memory;
        let Some(waiting) = self.outbox.find(key) else { return };
        let peer = Peer::Outbox(waits(waiting, unkept));
        self.tell(peer);
    }

    /// An event about one message.
    pub(super) fn emit_message(&mut self, change: Change, message: std::rc::Rc<Message>) {
        if let Some(conversation) = self.conversation() {
            self.emit(Event::Message(change, conversation, message));
        }
    }
}

/// A waiting message as the others see it.
pub(super) fn waits(waiting: &Waiting, unkept: bool) -> Waits {
    Waits {
        entry: waiting.entry.clone(),
        sending: matches!(waiting.stage, Stage::Sending(_) | Stage::Doubt | Stage::Gone),
        accepted: matches!(waiting.stage, Stage::Accepted | Stage::Gone),
        after: waiting.after,
        unkept,
    }
}

fn unknown(key: &str) -> Error {
    Error::new(Code::ValidationError, ["no message `", key, "` waits to be sent"].concat())
}
