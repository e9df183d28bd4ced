//! How a conversation ends: by the agent, by the visitor, or because the backend forgot it. Not: logging out
//! (`logout`).

use super::call::CallId;
use super::connecting::Ending;
use super::delivery::over;
use super::machine::Session;
use super::output::{ConversationChange, Event};
use super::peer::Peer;
use crate::error::Error;
use crate::message::ConversationStatus;
use crate::store::persisted;
use crate::time::Now;

impl Session {
    /// The conversation is over; what was not sent is the visitor's to decide.
    pub(super) fn ended(&mut self, now: Now) {
        let Some(open) = &mut self.open else { return };
        if open.over() {
            return;
        }
        open.entry.status = ConversationStatus::Ended;
        open.agent = None;
        self.end_typing();
        self.fail_all(&over());
        self.save_session();
        self.tail_changed(now);
        if let Some(conversation) = self.conversation() {
            self.emit(Event::Conversation(ConversationChange::Ended, conversation));
        }
        self.render();
    }

    /// `endChat()`, or the menu: waits for the backend when there is something to end there.
    pub(super) fn ask_to_end(&mut self, id: CallId, clear: bool, now: Now) {
        let at_backend = self.open.as_ref().is_some_and(|open| open.requested());
        let nothing_there = self.open.as_ref().is_none_or(|open| open.entry.id.is_none() && !open.entry.asked);
        if !at_backend || nothing_there && !self.tabs.follows() {
            self.end_locally(clear, now);
            return self.settle(id);
        }
        if clear {
            self.set_open(false);
        }
        if self.tabs.follows() {
            let chat = self.open.as_ref().map_or_else(String::new, |open| open.entry.local_id.clone());
            return self.ask_leader(id, clear, chat);
        }
        self.link.ends.push(Ending { tab: None, call: id, clear });
    }

    /// A follower asks for this chat's end; without one, to hear when the values it told have been sent.
    pub(super) fn ask_leader(&mut self, call: CallId, clear: bool, chat: String) {
        self.tabs.asked.push((call, chat.clone()));
        self.tell(Peer::End { call, clear, chat });
    }

    /// The leader that was asked is another one now, or could not heed it, or its answer may have been missed.
    pub(super) fn ask_again(&mut self) {
        self.say_values_again();
        for (call, chat) in self.tabs.asked.clone() {
            self.tell(Peer::End { call, clear: true, chat });
        }
    }

    /// A wish to end this chat, and not the next one if it is over by now. See `ask_leader`.
    pub(super) fn end_as_asked(&mut self, ending: Ending, chat: &str) {
        if self.open.as_ref().is_some_and(|open| open.is(chat)) {
            return self.link.ends.push(ending);
        }
        match chat {
            "" => self.answer_when_sent(ending),
            _ => self.answer(ending.tab, ending.call, &Ok(())),
        }
    }

    /// Tells whoever asked what became of it: this page, or another tab.
    pub(super) fn answer(&mut self, tab: Option<String>, call: CallId, result: &Result<(), Error>) {
        match (tab, result) {
            (Some(to), _) => {
                let error = result.as_ref().err().map(|error| error.code.name().to_owned());
                self.tell(Peer::Ended { to, call, error });
            }
            (None, Ok(())) => self.settle(call),
            (None, Err(error)) => self.refuse(call, error.clone()),
        }
    }

    /// Who leads no more asks the next leader, as soon as it hears of one. (Other tabs that asked do so themselves.)
    pub(super) fn hand_over_ends(&mut self) {
        let chat = self.open.as_ref().map_or_else(String::new, |open| open.entry.local_id.clone());
        for end in &std::mem::take(&mut self.link.ends) {
            if end.tab.is_none() {
                self.tabs.asked.push((end.call, chat.clone()));
            }
        }
    }

    /// The backend ended the conversation as asked, or would not.
    pub(super) fn ended_by_visitor(&mut self, result: Result<(), Error>, now: Now) {
        let ends = std::mem::take(&mut self.link.ends);
        let clear = ends.iter().any(|end| end.clear);
        if result.is_ok() {
            self.end_locally(clear, now);
        }
        for end in ends {
            self.answer(end.tab, end.call, &result);
        }
    }

    fn end_locally(&mut self, clear: bool, now: Now) {
        self.ended(now);
        if clear {
            self.set_open(false);
            self.clear_conversation();
        }
        self.tell_snapshot(None, u64::MAX);
    }

    /// "Start a new chat" on the ended card.
    pub(super) fn close_ended(&mut self) {
        if self.close_over() {
            self.tell(Peer::Cleared);
        }
    }

    /// Puts a conversation away that is over.
    pub(super) fn close_over(&mut self) -> bool {
        let over = self.open.as_ref().is_some_and(|open| open.over());
        if over {
            self.clear_conversation();
        }
        over
    }

    /// An empty transcript, and nothing of the old one in the store. Failed messages go with it.
    pub(super) fn clear_conversation(&mut self) {
        self.each_waiting(&|_| true, &mut |session, key| {
            session.drop_waiting(key);
            if session.tabs.leads() {
                session.tell(Peer::Gone { id: key.to_owned(), sent: false });
            }
        });
        self.show_empty();
        self.remove(persisted::TAIL);
        self.remove(persisted::READ);
        self.save_session();
    }
}
