//! Ending a session so that nothing of it stays behind, and taking the instance apart. Not: ending one conversation
//! (`conversation`).

use super::call::CallId;
use super::machine::Session;
use super::output::{Event, Output};
use super::peer::Peer;
use super::storing::Purpose;
use super::tabs::TabRole;
use super::transcript::Transcript;
use super::typing::Typing;
use super::view::{Connection, Identity};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::store::persisted::{self, SavedConversation, SavedSession, Tombstone};
use crate::store::restored::Restored;
use crate::time::Now;
use crate::transport::{Command, Reason};

/// What outlives a logout that keeps the anonymous visitor.
pub(super) const KEPT: &[&str] =
    &[persisted::CONSENT, persisted::EPOCH, persisted::TERM, persisted::TOMBSTONE, persisted::SESSION];
/// What outlives one that does not.
const KEPT_CLEARED: &[&str] = &[persisted::CONSENT, persisted::EPOCH];

impl Session {
    /// `shutdown()` while live or booting. Everything local is gone before the call returns.
    pub(super) fn shutdown(&mut self, id: CallId, clear: bool, now: Now) {
        if self.visitor.is_some() {
            self.wipe(clear, now);
            self.tell(Peer::Logout);
        } else {
            self.clear_stored(clear); // nothing was read yet: whom it concerns, the store knows
        }
        self.leave(Reason::Shutdown { clear });
        self.end_session();
        self.settle(id);
    }

    /// `shutdown()` and `endChat()` without a session: what is stored is cleared.
    pub(super) fn clear_stored(&mut self, clear: bool) {
        if self.config.storage == "custom" {
            // Its answer may come too late: privacy outranks keeping the visitor's id.
            self.out(Output::Wipe { keep: KEPT_CLEARED });
        }
        self.load(Purpose::Clear(clear));
    }

    /// What is stored is known: it is cleared, and so are tabs that still show it.
    pub(super) fn clear_loaded(&mut self, restored: Restored, clear: bool) {
        self.tabs.epoch = restored.epoch.unwrap_or(0).max(self.tabs.epoch) + 1;
        self.save(persisted::EPOCH, persisted::encode_number(self.tabs.epoch));
        self.out(Output::Wipe { keep: if clear { KEPT_CLEARED } else { KEPT } });
        self.out(Output::Remove(persisted::TOMBSTONE.to_owned()));
        if let Some(session) = restored.session.filter(|session| !clear && session.user_id.is_none()) {
            let kept = SavedSession { epoch: self.tabs.epoch, applied: 0, ..session };
            let conversation = kept.conversation.map(without_words);
            self.save(persisted::SESSION, SavedSession { conversation, ..kept }.encode());
        } else if !clear {
            self.out(Output::Remove(persisted::SESSION.to_owned()));
        }
        self.wipe_abandoned();
        self.tell(Peer::Logout);
    }

    /// Another tab logged out.
    pub(super) fn logged_out_elsewhere(&mut self, epoch: u64) {
        self.tabs.epoch = epoch;
        if self.visitor.is_none() {
            return;
        }
        // The tab that logged out has cleared what tabs share, and may be writing anew; the rest is cleared here.
        let shared = !self.storing.memory && !matches!(self.config.storage, "session" | "memory");
        // First the lead: a page's own store is written by the leader, and has been cleared already.
        self.leave(Reason::Shutdown { clear: false });
        if shared {
            self.out(Output::Blank);
            // Words this tab wrote before it heard of it.
            let waiting: Vec<_> = self.outbox.iter().map(|waiting| waiting.entry.name()).collect();
            for name in waiting {
                self.out(Output::Remove(name));
            }
            let mut names = vec![persisted::TAIL, persisted::DRAFT];
            match self.config.storage {
                "custom" => names.extend([persisted::SESSION, persisted::READ, persisted::UI]), // this tab's copy
                "cookie" => names.push(persisted::UI), // beside the cookie, which may be another session's by now
                _ => {}
            }
            for name in names {
                self.out(Output::Remove(name.to_owned()));
            }
        } else {
            self.out(Output::Wipe { keep: KEPT_CLEARED });
        }
        self.end_session();
    }

    /// `destroy()`. What is stored stays.
    pub(super) fn destroy(&mut self, id: CallId) {
        if self.state != State::Destroyed {
            if self.visitor.is_some() {
                self.save_tail();
            }
            self.abandon_boot(&aborted());
            self.reject_everything(&aborted());
            self.leave(Reason::Destroyed);
            self.forget();
            self.move_to(State::Destroyed, None);
        }
        self.settle(id);
        self.out(Output::Destroy);
    }

    /// Stored data of a session that may not be used.
    pub(super) fn wipe_stored(&mut self, epoch: u64) {
        self.out(Output::Wipe { keep: KEPT_CLEARED });
        self.save(persisted::EPOCH, persisted::encode_number(epoch));
    }

    /// Rejects every promise that waits for the backend.
    pub(super) fn reject_everything(&mut self, error: &Error) {
        self.reject_waiting(error);
        let mut calls = Vec::new();
        for waiting in self.outbox.take_all() {
            calls.extend(waiting.calls);
        }
        calls.extend(std::mem::take(&mut self.link.starts).into_iter().map(|(id, _)| id));
        calls.extend(
            std::mem::take(&mut self.link.ends).into_iter().filter(|end| end.tab.is_none()).map(|end| end.call),
        );
        calls.extend(std::mem::take(&mut self.tabs.asked).into_iter().map(|(id, _)| id));
        for id in calls {
            self.refuse(id, error.clone());
        }
    }

    /// Forgets everything of the visitor in memory.
    pub(super) fn forget(&mut self) {
        self.begin_era();
        self.leave_link();
        self.timers.clear();
        self.visitor = None;
        self.open = None;
        self.generation += 1;
        self.transcript = Transcript::new(self.transcript.last_key());
        self.outbox.take_all();
        self.reading = self.reading.emptied();
        self.typing = Typing::default();
        self.link = self.link.anew();
        self.render();
    }

    /// Tombstone, bump, clear, and only then write what may stay: a crash in between leaves a tombstone behind, and
    /// the next load clears the rest.
    fn wipe(&mut self, clear: bool, now: Now) {
        let Some(visitor) = &self.visitor else { return };
        let tombstone = Tombstone { session_id: visitor.session_id.clone(), at: now.wall };
        let kept = SavedSession {
            sid: visitor.session_id.clone(),
            epoch: self.tabs.epoch + 1,
            term: self.tabs.term,
            backend: self.config.backend.clone(),
            visitor_id: visitor.id.clone(),
            resume: visitor.resume.clone(),
            conversation: self
                .open
                .as_ref()
                .filter(|open| open.requested())
                .map(|open| without_words(open.entry.clone())),
            used_at: now.wall,
            ..SavedSession::default()
        };
        self.tabs.epoch += 1;
        self.save(persisted::TOMBSTONE, tombstone.encode());
        self.save(persisted::EPOCH, persisted::encode_number(self.tabs.epoch));
        self.out(Output::Wipe { keep: if clear { KEPT_CLEARED } else { KEPT } });
        if !clear {
            self.save(persisted::SESSION, kept.encode());
            self.out(Output::Remove(persisted::TOMBSTONE.to_owned()));
        }
        self.wipe_abandoned();
    }

    /// The chat goes on in memory: what the store held before that is as much to be forgotten.
    fn wipe_abandoned(&mut self) {
        if self.storing.memory {
            self.out(Output::UseStore);
            self.out(Output::Wipe { keep: KEPT_CLEARED });
            if self.storing.consent {
                self.save(persisted::EPOCH, persisted::encode_number(self.tabs.epoch));
            }
            self.out(Output::UseMemory);
        }
    }

    /// Gives up locks and connection.
    pub(super) fn leave(&mut self, reason: Reason) {
        self.leave_link();
        if self.tabs.role != TabRole::Alone {
            self.tell(Peer::Want(false));
            self.say_farewell();
        }
        self.leave_line(TabRole::Alone);
        self.out(Output::Transport(Command::Disconnect(reason)));
    }

    fn leave_link(&mut self) {
        self.link.ops.clear();
    }

    /// From live or booting to `shutdown`.
    pub(super) fn end_session(&mut self) {
        let previous = self.identity();
        self.abandon_boot(&aborted());
        self.reject_everything(&aborted());
        let was_open = std::mem::take(&mut self.look.open);
        let had_unread = self.reading.unread > 0;
        let was_connected = self.link.connection != Connection::default();
        self.forget();
        if was_connected {
            self.emit(Event::Connection(self.link.connection));
        }
        if was_open {
            self.emit(Event::Close);
        }
        if had_unread {
            self.emit(Event::Unread(0));
        }
        self.boot_again = false;
        self.move_to(State::Shutdown, None);
        if let Some(previous) = previous {
            self.tell_identity(previous);
        }
    }

    fn tell_identity(&mut self, previous: Identity) {
        self.emit(Event::AuthChanged { identity: None, previous: Some(previous) });
    }
}

/// What may be kept of a conversation: how to find it again, and nothing that was said.
fn without_words(entry: SavedConversation) -> SavedConversation {
    SavedConversation { subject: None, metadata: None, ..entry }
}

fn aborted() -> Error {
    Error::new(Code::Aborted, "the session ended before this was done")
}
