//! The outbox's way to the backend: one message at a time, in order, each exactly once as far as the backend can.
//! Not: the connection itself (`connecting`), nor what comes in (`conversation`).

use super::machine::Session;
use super::outbox::Stage;
use super::output::{Change, Event, Output, Settled};
use super::timers::Timer;
use super::view::ConnectionState;
use crate::error::{Code, Error};
use crate::message::{Content, Status};
use crate::time::{Mono, Now};
use crate::transport::{Action, Capabilities, ChatEvent, ChatEventKind, Entry, OpId, Outgoing, Performed, RequestChat};

/// An operation that is not answered in this time has an unknown fate, in ms. Transports give theirs 30 s and know
/// better what follows: they go first.
const OPERATION_LIMIT: u64 = 31_000;
/// A backend without idempotency may still be storing what the lost connection carried; after this time it has, in ms.
const DOUBT_PAUSE: Mono = 2_000;

/// What an operation is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// Requests the conversation.
    Request,
    /// Carries a message of the outbox.
    Send,
    /// Ends the conversation.
    End,
    /// Fills a gap.
    CatchUp,
    /// Looks for messages in doubt.
    LookFor,
    /// Proves a user in place.
    Identify,
    /// Goes on with a newer token.
    Renew,
    /// Finds the user's open conversation.
    Find,
    /// Tells newer values.
    Update,
}

impl Session {
    /// Whatever can be done on the present connection, is.
    pub(super) fn pump(&mut self, now: Now) {
        if self.token_pending() {
            return; // whatever is sent now is refused
        }
        if !self.link.ends.is_empty() {
            return self.pump_end(now);
        }
        if self.outbox.next().is_some() {
            self.open_conversation(now);
        }
        let Some(open) = &self.open else { return };
        if !open.requested() {
            return;
        }
        match open.entry.id.clone() {
            None if !self.doing(&Doing::Request) => self.request(now),
            Some(id) if !self.doing(&Doing::Send) => self.send_next(id, now),
            _ => {}
        }
        if self.transcript.has_gap() && !self.doing(&Doing::CatchUp) {
            self.link.gap = self.transcript.newest();
            self.perform(Doing::CatchUp, Action::CatchUp(self.transcript.applied()), now);
        }
    }

    fn request(&mut self, now: Now) {
        let Some(open) = &mut self.open else { return };
        if !std::mem::replace(&mut open.entry.asked, true) {
            // Before the page that is to find the chat again can know how, nobody asks for it.
            self.link.asking = true;
            self.save_session();
            self.tell_snapshot(None, u64::MAX);
        }
        let Some(open) = self.open.as_ref().filter(|_| !self.link.asking) else { return };
        let data = open.entry.metadata.clone().unwrap_or_else(|| self.config.user_data.clone());
        let request = RequestChat {
            client_conversation_id: open.entry.client_conversation_id.clone().unwrap_or_default(),
            nickname: self.nickname(),
            subject: open.entry.subject.clone().or_else(|| self.config.subject.clone()),
            user_data: self.request_data(&data),
        };
        self.perform(Doing::Request, Action::RequestChat(Box::new(request)), now);
    }

    fn send_next(&mut self, conversation_id: String, now: Now) {
        let op = self.link.last_op + 1;
        let Some(waiting) = self.outbox.next() else { return };
        waiting.stage = Stage::Sending(op);
        waiting.chat = Some(conversation_id.clone());
        waiting.after = self.transcript.applied();
        let client_message_id = waiting.entry.client_message_id.clone();
        let outgoing = Outgoing {
            client_message_id: client_message_id.clone(),
            conversation_id,
            text: waiting.entry.text.clone(),
        };
        self.mark_row(&client_message_id, Status::Sending, None);
        self.perform(Doing::Send, Action::Send(outgoing), now);
        self.tell_waiting(&client_message_id);
    }

    fn pump_end(&mut self, now: Now) {
        match self.open.as_ref().map(|open| (open.over(), open.requested(), open.entry.id.is_some())) {
            Some((false, true, true)) if !self.doing(&Doing::End) => self.perform(Doing::End, Action::End, now),
            Some((false, true, true)) => {}
            // Requested, but never answered: only once it is known can it be ended.
            Some((false, true, false)) if !self.doing(&Doing::Request) => self.request(now),
            Some((false, true, false)) => {}
            _ => self.ended_by_visitor(Ok(()), now),
        }
    }

    /// What is under way for a conversation that is not shown any more concerns nobody, but for its messages.
    pub(super) fn forget_operations(&mut self) {
        let stays =
            |doing: &Doing| matches!(doing, Doing::Send | Doing::Identify | Doing::Renew | Doing::Find | Doing::Update);
        self.link.ops.retain(|(_, doing)| stays(doing));
        if self.link.ops.is_empty() {
            self.timers.stop(Timer::Operation);
        }
    }

    pub(super) fn doing(&self, what: &Doing) -> bool {
        self.link.ops.iter().any(|(_, doing)| doing == what)
    }

    pub(super) fn perform(&mut self, doing: Doing, action: Action, now: Now) {
        self.link.last_op += 1;
        let op = self.link.last_op;
        self.link.ops.push((op, doing));
        self.timers.set_if_idle(Timer::Operation, now.mono + OPERATION_LIMIT);
        self.out(Output::Transport(crate::transport::Command::Perform(op, action)));
    }

    /// An operation whose outcome nobody waits for.
    pub(super) fn send_quietly(&mut self, needs: Capabilities, action: Action) {
        let known = self.open.as_ref().is_some_and(|open| open.entry.id.is_some() && !open.over());
        if known
            && self.link.connection.state == ConnectionState::Connected
            && self.tabs.leads()
            && self.link.capabilities.has(needs)
        {
            self.link.last_op += 1;
            self.out(Output::Transport(crate::transport::Command::Perform(self.link.last_op, action)));
        }
    }

    /// An operation ended.
    pub(super) fn performed(&mut self, op: OpId, result: Result<Performed, Error>, now: Now) {
        let Some(at) = self.link.ops.iter().position(|(id, _)| *id == op) else { return };
        let (_, doing) = self.link.ops.remove(at);
        self.timers.stop(Timer::Operation);
        if !self.link.ops.is_empty() {
            self.timers.set(Timer::Operation, now.mono + OPERATION_LIMIT);
        }
        match doing {
            Doing::Request => match result {
                Ok(Performed::Requested(id)) => self.requested(id),
                Ok(_) => self.request_refused(Error::new(Code::ProtocolError, "the backend gave the chat no id")),
                Err(error) if self.refused_for_token(&error, now) => {}
                Err(error) => self.request_refused(error),
            },
            Doing::Send => match result {
                Ok(Performed::Sent(index, id)) => self.accepted(op, index, id, now),
                Ok(_) => self.accepted(op, 0, None, now),
                Err(error) if self.refused_for_token(&error, now) => self.send_once_more(op),
                Err(error) => self.refused(op, error),
            },
            Doing::End => match result {
                Err(error) if self.refused_for_token(&error, now) => {}
                result => self.ended_by_visitor(result.map(drop), now),
            },
            Doing::Identify => self.identify_answered(result, now),
            Doing::Renew => self.renewed(result, now),
            Doing::Update => self.values_answered(result.map(drop), now),
            Doing::Find => {
                if let Ok(Performed::Found(Some(found))) = result {
                    self.conversation_found(*found, now);
                }
            }
            Doing::CatchUp => match result {
                Err(error) if error.code != Code::Unsupported => self.history_refused(self.transcript.has_gap(), now),
                Ok(_) => self.close_gaps(self.link.gap),
                // Whoever cannot be asked has said everything there is.
                Err(_) => self.close_gaps(u64::MAX),
            },
            Doing::LookFor => match result {
                Ok(_) => self.requeue_doubted(),
                Err(error) if error.code != Code::Unsupported => self.history_refused(self.outbox.in_doubt(), now),
                Err(_) => self.fail_doubted(),
            },
        }
    }

    /// What is missing is not known to be nothing: a new connection brings it.
    fn history_refused(&mut self, wanted: bool, now: Now) {
        if wanted && self.open.as_ref().is_some_and(|open| open.requested()) {
            self.lost("history", None, now);
        }
    }

    /// The connection is lost while a message was on its way into a conversation that is over and gone: it is not for
    /// the next one.
    pub(super) fn fail_strays(&mut self) {
        let chat = self.open.as_ref().and_then(|open| open.entry.id.clone());
        let stray = |waiting: &super::outbox::Waiting| {
            matches!(waiting.stage, Stage::Sending(_)) && waiting.chat.is_some() && waiting.chat != chat
        };
        self.each_waiting(&stray, &mut |session, key| session.fail_waiting(key, over()));
    }

    /// Nobody can tell whether they arrived: the visitor decides.
    fn fail_doubted(&mut self) {
        self.each_waiting(&|waiting| waiting.stage == Stage::Doubt, &mut |session, key| {
            session.fail_waiting(key, Error::new(Code::MessageSendFailed, "nobody knows whether it arrived"));
        });
    }

    /// The backend has a message: its reply is as good as its echo, whichever comes first.
    fn accepted(&mut self, op: OpId, index: u64, id: Option<String>, now: Now) {
        let Some(waiting) = self.outbox.sent_as(op) else { return };
        waiting.stage = Stage::Accepted;
        let entry = waiting.entry.clone();
        let key = entry.client_message_id;
        self.outbox.note_sent(&key);
        if index > 0 {
            let event = ChatEvent {
                conversation_id: None,
                kind: ChatEventKind::Entry(Entry {
                    index,
                    id,
                    client_message_id: Some(key.clone()),
                    party: self.visitor_party(),
                    content: Content::Text(entry.text),
                    time: entry.at,
                }),
            };
            self.received(vec![event], now);
        }
        // Its place may have to wait for what is missing before it; that the backend has it is certain now.
        if self.outbox.find(&key).is_none() {
            return;
        }
        if let Some(message) = self.transcript.change(&key, |message| message.status = Status::Sent) {
            self.emit_message(Change::Sent, message.clone());
            self.settle_waiting(&key, &message);
        }
        self.remove_waiting(&key);
        self.tell_waiting(&key);
        self.render();
    }

    /// A message has its place: its outbox entry has done its work.
    pub(super) fn settle_waiting(&mut self, key: &str, message: &std::rc::Rc<crate::message::Message>) {
        let Some(waiting) = self.outbox.find(key) else { return };
        for id in &std::mem::take(&mut waiting.calls) {
            self.settle_with(*id, Settled::Message(message.clone()));
        }
    }

    /// It was no fault of the message.
    fn send_once_more(&mut self, op: OpId) {
        if let Some(waiting) = self.outbox.sent_as(op) {
            waiting.stage = Stage::Queued;
            let key = waiting.entry.client_message_id.clone();
            self.mark_row(&key, Status::Queued, None);
        }
    }

    fn refused(&mut self, op: OpId, error: Error) {
        if let Some(waiting) = self.outbox.sent_as(op) {
            let key = waiting.entry.client_message_id.clone();
            self.fail_waiting(&key, error);
        }
    }

    /// A message is not sent, and the visitor decides what becomes of it.
    pub(super) fn fail_waiting(&mut self, key: &str, error: Error) {
        let Some(waiting) = self.outbox.find(key) else { return };
        waiting.stage = Stage::Failed;
        waiting.entry.failed = Some(error.code);
        let calls = std::mem::take(&mut waiting.calls);
        let (name, text) = (waiting.entry.name(), waiting.entry.encode());
        self.save(&name, text);
        for id in &calls {
            self.refuse(*id, error.clone());
        }
        self.refuse_starts(key, &error);
        self.mark_row(key, Status::Failed, Some(error));
        if let Some(at) = self.transcript.find(key) {
            let message = self.transcript.rows()[at].message.clone();
            self.emit_message(Change::Failed, message);
        }
        if self.tabs.leads() {
            self.tell_waiting(key);
        }
    }

    /// Fails everything that is not at the backend. What is on its way has its own answer coming; a follower is told.
    pub(super) fn fail_all(&mut self, error: &Error) {
        if self.tabs.follows() {
            return;
        }
        self.each_waiting(&|waiting| matches!(waiting.stage, Stage::Queued | Stage::Doubt), &mut |session, key| {
            session.fail_waiting(key, error.clone());
        });
    }

    /// Connected, and caught up: what becomes of messages in doubt.
    pub(super) fn resolve_doubt(&mut self) {
        if !self.outbox.in_doubt() {
            return;
        }
        if self.open.as_ref().is_some_and(|open| open.over()) {
            return self.fail_all(&over());
        }
        let settled = self.link.lost_at + DOUBT_PAUSE;
        let unrequested = self.open.as_ref().is_none_or(|open| open.entry.id.is_none());
        if self.link.capabilities.has(Capabilities::IDEMPOTENCY) || unrequested || self.link.began_at >= settled {
            self.requeue_doubted();
        } else {
            self.timers.set(Timer::Doubt, settled);
        }
    }

    /// By now the backend has stored what it was ever going to store: whatever is not found is not there.
    pub(super) fn look_for_doubted(&mut self, now: Now) {
        if self.link.connection.state == ConnectionState::Connected && self.outbox.in_doubt() {
            self.perform(Doing::LookFor, Action::CatchUp(self.transcript.applied()), now);
        }
    }

    fn requeue_doubted(&mut self) {
        self.outbox.requeue();
    }

    fn requested(&mut self, id: String) {
        self.name_conversation(id);
    }

    fn request_refused(&mut self, error: Error) {
        if let Some(open) = &mut self.open {
            open.entry.client_conversation_id = None; // the next request is another one
            open.entry.asked = false;
        }
        self.fail_all(&error);
        self.save_session();
        self.tell_snapshot(None, u64::MAX);
        self.emit(Event::Error(error));
    }
}

/// The conversation is over.
pub(super) fn over() -> Error {
    Error::new(Code::MessageSendFailed, "the conversation has ended")
}
