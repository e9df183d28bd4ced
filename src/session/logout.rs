//! Ending a session so that nothing of it stays behind, and taking the instance apart. Not: hearing of it in
//! another tab (`elsewhere`), nor ending one conversation (`conversation`).

use super::call::CallId;
use super::machine::Session;
use super::output::{Event, Output};
use super::peer::Peer;
use super::storing::Purpose;
use super::tabs::TabRole;
use super::timers::Timer;
use super::transcript::Transcript;
use super::typing::Typing;
use super::view::{Connection, Identity};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::store::persisted::{self, SavedConversation, SavedSession, Tombstone};
use crate::store::restored::Restored;
use crate::time::Now;
use crate::transport::{Capabilities, Command, Reason, Revoke};

/// What outlives a logout that keeps the anonymous visitor.
pub(super) const KEPT: &[&str] = &[
    persisted::CONSENT,
    persisted::EPOCH,
    persisted::TERM,
    persisted::TOMBSTONE,
    persisted::SESSION,
    persisted::ASIDE,
];
/// What outlives one that keeps nothing: a user's, too, …
pub(super) const KEPT_CLEARED: &[&str] = &[persisted::CONSENT, persisted::EPOCH];
/// … but for the way back of the anonymous visitor who was here before.
pub(super) const KEPT_ASIDE: &[&str] = &[persisted::CONSENT, persisted::EPOCH, persisted::TOMBSTONE, persisted::ASIDE];

/// By so much, at most, a logout that keeps the visitor counts up; one that does not by up to twice as much.
const SPREAD: u64 = 1 << 16;

/// So much one counts up that drops whoever was set aside, too: what was before that is of no use, wherever it is kept.
pub(super) const ALL: u64 = 1 << 32;

/// The backend is told of a logout; its answer is waited for this long, in ms.
const REVOKE_LIMIT: u64 = 5_000;

/// Logouts the backend is still to hear of; the session is over already.
#[derive(Default)]
pub(super) struct Leaving {
    /// Who waits for that.
    calls: Vec<CallId>,
    /// So many answers are missing.
    pending: u32,
    /// What the transport needs of the visitor set aside. Holds credentials.
    pub(super) aside: Option<String>,
    /// They have become a user, as another tab says.
    pub(super) merged: bool,
}

impl Session {
    /// `shutdown()` while live or booting. Everything local is gone before the call returns.
    pub(super) fn shutdown(&mut self, id: CallId, clear: bool, now: Now) {
        if let Some(visitor) = &self.visitor {
            let resume = visitor.resume.clone();
            // A user's visitor is dropped whatever the logout keeps; so what opens its history is to open nothing.
            let gone = clear || visitor.user.is_some();
            self.wipe(gone, clear, now);
            self.tell(Peer::Logout { clear: gone, user: None });
            self.revoke_all(gone, resume, now);
            let aside = self.leaving.aside.take();
            if clear {
                self.drop_way_back(aside, now);
            }
        } else {
            self.clear_stored(true, clear, now); // nothing was read yet: whom it concerns, the store knows
        }
        self.leave(Reason::Shutdown { clear });
        self.end_session();
        self.settle_logout(id);
    }

    /// Makes credentials worthless, where there are any: a backend this tab is connected to may have some nobody named.
    #[inline(never)]
    pub(super) fn revoke(&mut self, revoke: Revoke, now: Now) {
        if revoke.resume.is_some() || revoke.token.is_some() || self.may_revoke() {
            self.await_revoked(now);
            self.out(Output::Transport(Command::Revoke(Box::new(revoke))));
        }
    }

    /// Whoever was set aside does not find back.
    #[inline(never)]
    pub(super) fn drop_way_back(&mut self, resume: Option<String>, now: Now) {
        self.remove(persisted::ASIDE);
        if resume.is_some() {
            self.revoke(Revoke { clear: true, resume, token: None }, now);
        }
    }

    /// Whether this tab has the connection over which a backend can be told of a logout.
    pub(super) fn may_revoke(&self) -> bool {
        self.tabs.leads() && self.link.capabilities.has(Capabilities::IDENTIFY)
    }

    fn await_revoked(&mut self, now: Now) {
        self.leaving.pending += 1;
        self.timers.set(Timer::Revoked, now.mono + REVOKE_LIMIT);
    }

    /// The promise of a logout: here it is done already; the backend has some seconds.
    pub(super) fn settle_logout(&mut self, id: CallId) {
        match self.leaving.pending {
            0 => self.settle(id),
            _ => self.leaving.calls.push(id),
        }
    }

    /// The backend has heard of it.
    pub(super) fn revoked(&mut self) {
        self.leaving.pending = self.leaving.pending.saturating_sub(1);
        if self.leaving.pending == 0 {
            self.logout_told();
        }
    }

    /// It has, or had its time.
    pub(super) fn logout_told(&mut self) {
        self.leaving.pending = 0;
        self.timers.stop(Timer::Revoked);
        for id in &std::mem::take(&mut self.leaving.calls) {
            self.settle(*id);
        }
    }

    /// `shutdown()` and `endChat()` without a session: what is stored is cleared.
    pub(super) fn clear_stored(&mut self, logout: bool, clear: bool, now: Now) {
        if self.config.storage == "custom" {
            // Its answer may come too late: privacy outranks keeping the visitor's id.
            self.keep_only(KEPT_CLEARED);
        }
        self.forget_held();
        self.load(Purpose::Clear { logout, clear });
        if logout {
            self.give_up_boot(None, true);
            self.await_revoked(now);
        }
    }

    /// The number of the next logout, or change of user. Two tabs may count up from one number at once, neither having
    /// heard of the other: what is the same (the same session logged out, or room made for the same user: `of`) gets the
    /// same number, of all else the greater one is the later one. One after which nothing is kept of the visitor (`gone`)
    /// comes after one that keeps them, and one that clears `all` after both.
    #[inline(never)]
    pub(super) fn count_up(&mut self, gone: bool, all: bool, of: &str) {
        let mut mark: u64 = 0;
        for byte in of.bytes() {
            mark = (mark * 31 + u64::from(byte)) % (SPREAD - 2);
        }
        // The loader counts 1.
        self.tabs.epoch += mark
            + match (all, gone) {
                (true, _) => ALL,
                (_, true) => SPREAD,
                _ => 2,
            };
    }

    /// Tombstone, bump, clear, and only then write what may stay: a crash in between leaves a tombstone behind, and the
    /// next load clears the rest. A store that was too full for the number hears it again, after the session it is of:
    /// other tabs would else take that for an old one.
    fn wipe_but(&mut self, session_id: String, clear: bool, kept: Option<SavedSession>, now: Now) {
        self.save(persisted::TOMBSTONE, Tombstone { session_id, at: now.wall }.encode());
        self.save_epoch();
        let keep = match &kept {
            _ if clear => KEPT_CLEARED,
            Some(_) => KEPT,
            None => KEPT_ASIDE,
        };
        self.keep_only(keep);
        if let Some(session) = kept {
            let kept = SavedSession { epoch: self.tabs.epoch, applied: 0, ..session };
            let conversation = kept.conversation.filter(SavedConversation::requested).map(without_words);
            self.save(persisted::SESSION, SavedSession { conversation, ..kept }.encode());
        }
        self.save_epoch();
        self.remove(persisted::TOMBSTONE);
        // The chat goes on in memory: what the store held before that is as much to be forgotten.
        if self.storing.memory {
            self.out(Output::UseStore);
            self.keep_only(KEPT_CLEARED);
            if self.storing.consent {
                self.save_epoch();
            }
            self.out(Output::UseMemory);
        }
    }

    /// What opens the history of somebody who is stored. Another backend's goes nowhere.
    pub(super) fn credentials(&self, saved: &Option<SavedSession>) -> Option<String> {
        saved.as_ref().filter(|saved| saved.backend == self.config.backend)?.resume.clone()
    }

    /// What is stored is known: it is cleared, and so are tabs that still show it.
    pub(super) fn clear_loaded(&mut self, restored: Restored, logout: bool, clear: bool, now: Now) {
        let gone = clear || restored.session.as_ref().is_some_and(|session| session.user_id.is_some());
        if logout {
            let resume = self.credentials(&restored.session);
            self.revoke(Revoke { clear: gone, resume, token: None }, now);
            if clear {
                self.drop_way_back(self.credentials(&restored.aside), now);
            }
            self.revoked(); // the store has answered
        }
        self.tabs.epoch = restored.epoch.unwrap_or(0).max(self.tabs.epoch);
        let epoch = self.tabs.epoch;
        let sid = restored.session.as_ref().map_or(String::new(), |session| session.sid.clone());
        // In the visitor's place: whether the number goes on from one that tabs have heard of.
        let from = if self.tabs.epoch > 0 { self.tabs.tab.clone() } else { String::new() };
        self.count_up(gone, clear, &sid);
        // What was read before the last logout got there is of before that, and stays gone.
        self.wipe_but(sid, clear, restored.session.filter(|session| !gone && session.epoch >= epoch), now);
        self.tell_of(&from, Peer::Logout { clear: gone, user: None });
    }

    /// `destroy()`. What is stored stays, and nothing is written any more: another tab may have logged out, of which
    /// neither the word nor what it left in the store need have come here. What is missing there the backend has.
    pub(super) fn destroy(&mut self, id: CallId) {
        if self.state != State::Destroyed {
            self.abandon_boot(&aborted());
            self.reject_everything(&aborted());
            self.leave(Reason::Destroyed);
            self.forget();
            self.logout_told();
            self.move_to(State::Destroyed, None);
        }
        self.settle(id);
        self.out(Output::Destroy);
    }

    /// Stored data of a session that may not be used.
    pub(super) fn wipe_stored(&mut self, epoch: u64, keep: &'static [&'static str]) {
        self.keep_only(keep);
        self.save(persisted::EPOCH, persisted::encode_number(epoch));
    }

    /// Rejects every promise that waits for the backend.
    pub(super) fn reject_everything(&mut self, error: &Error) {
        self.reject_waiting(error);
        let mut calls = Vec::new();
        for waiting in &mut self.outbox.take_all() {
            calls.append(&mut waiting.calls);
        }
        for (id, _) in &self.link.starts {
            calls.push(*id);
        }
        self.link.starts.clear();
        let mut ends = self.take_value_calls();
        while let Some(end) = self.link.ends.pop().or_else(|| ends.pop()) {
            if end.tab.is_none() {
                calls.push(end.call);
            }
        }
        for (id, _) in &self.tabs.asked {
            calls.push(*id);
        }
        self.tabs.asked.clear();
        calls.append(&mut self.take_wishes());
        for id in &calls {
            self.refuse(*id, error.clone());
        }
    }

    /// Forgets everything of the visitor in memory. What was being read for them was given up with the group.
    pub(super) fn forget(&mut self) {
        self.leave_link();
        self.stop_creating();
        self.timers.clear();
        self.leaving.merged = false;
        self.visitor = None;
        self.token = self.token.anew();
        self.forget_values();
        self.tabs.wishes_lead = false;
        self.open = None;
        self.generation += 1;
        self.transcript = Transcript::new(self.transcript.last_key());
        self.outbox.take_all();
        self.reading = self.reading.emptied();
        self.typing = Typing::default();
        self.link = self.link.anew();
        self.render();
    }

    /// Clears what is stored of this session.
    fn wipe(&mut self, gone: bool, clear: bool, now: Now) {
        let Some(kept) = self.kept(now) else { return };
        self.count_up(gone, clear, &kept.sid);
        self.wipe_but(kept.sid.clone(), clear, (!gone).then_some(kept), now);
    }

    /// What a logout keeps of an anonymous visitor: how to find back, and nothing that was said.
    pub(super) fn kept(&self, now: Now) -> Option<SavedSession> {
        let visitor = self.visitor.as_ref()?;
        let open = self.open.as_ref().filter(|open| open.requested());
        Some(SavedSession {
            sid: visitor.session_id.clone(),
            epoch: self.tabs.epoch,
            term: self.tabs.term,
            backend: self.config.backend.clone(),
            visitor_id: visitor.id.clone(),
            resume: visitor.resume.clone(),
            conversation: open.map(|open| without_words(open.entry.clone())),
            used_at: now.wall,
            ..SavedSession::default()
        })
    }

    /// Gives up locks and connection.
    pub(super) fn leave(&mut self, reason: Reason) {
        self.leave_link();
        if self.tabs.role != TabRole::Alone {
            self.tell(Peer::Want(false));
            self.use_no_more();
            self.say_farewell();
        }
        self.leave_line(TabRole::Alone);
        self.disconnect(reason);
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
        self.forget_held(); // by a boot that did not get to saying it
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
        self.boot_again = None;
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
pub(super) fn without_words(entry: SavedConversation) -> SavedConversation {
    SavedConversation { subject: None, metadata: None, ..entry }
}

fn aborted() -> Error {
    Error::new(Code::Aborted, "the session ended before this was done")
}
