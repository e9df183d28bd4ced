//! Creating a session or resuming the saved one. Not: logging out (`logout`).

use super::call::CallId;
use super::conversation::Open;
use super::input::Lock;
use super::machine::{Session, Visitor};
use super::outbox::{Stage, Waiting};
use super::output::{Event, Level, LockCommand, Output};
use super::storing::Purpose;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::Banner;
use crate::error::Error;
use crate::lifecycle::State;
use crate::store::persisted::{self, OutboxEntry, SavedSession, Tail};
use crate::store::restored::{Restored, restore};
use crate::store::{Entries, Refusal};
use crate::time::Now;
use crate::transport::Reason;

/// How long a boot that needs the backend is tried, in ms.
const BOOT_LIMIT: u64 = 30_000;

/// A boot under way.
pub(super) struct Boot {
    /// Where a failure leads back to: `ready` or `shutdown`.
    from: State,
    /// Who waits for it.
    calls: Vec<CallId>,
    /// How far it has come.
    stage: BootStage,
    /// The store was older than a logout this tab has heard of, and was asked again.
    reread: bool,
}

/// How far a boot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BootStage {
    /// The store is read.
    Loading,
    /// There was no visitor: the lock for creating one is waited for.
    Creating,
    /// The lock is held; the store is read again.
    LoadingAgain,
    /// The visitor is known; the backend, or the leader, is waited for.
    Connecting,
}

impl Session {
    /// `boot()` where the state allows it.
    pub(super) fn boot(&mut self, id: CallId, now: Now) {
        match self.state {
            State::Ready | State::Shutdown => self.begin_boot(id, now),
            State::Disconnected => {
                self.settle(id);
                self.try_again(now);
            }
            _ => self.settle(id),
        }
    }

    /// Joins the boot under way.
    pub(super) fn join_boot(&mut self, id: CallId) {
        if let Some(boot) = &mut self.boot {
            boot.calls.push(id);
        }
    }

    /// From `ready` or `shutdown`.
    pub(super) fn begin_boot(&mut self, id: CallId, now: Now) {
        self.boot = Some(Boot { from: self.state, calls: vec![id], stage: BootStage::Loading, reread: false });
        self.boot_again = false;
        self.timers.set(Timer::Boot, now.mono + BOOT_LIMIT);
        self.move_to(State::Booting, None);
        self.begin_era();
        self.load(Purpose::Boot);
    }

    /// Booting, and the visitor is known.
    pub(super) fn boot_adopted(&self) -> bool {
        self.boot.as_ref().is_some_and(|boot| boot.stage == BootStage::Connecting)
    }

    /// What the store held: at a boot, or when the lead is taken over.
    pub(super) fn loaded(&mut self, loaded: Result<Entries, Refusal>, now: Now) {
        let Some(purpose) = self.wanted_read() else { return };
        let entries = loaded.unwrap_or_else(|refusal| {
            self.degrade(refusal);
            Entries::new()
        });
        let mut restored = restore(&entries);
        if restored.newer {
            self.degrade(Refusal::Newer);
            restored = Restored { consent: restored.consent, epoch: restored.epoch, ..Restored::default() };
        }
        for broken in std::mem::take(&mut restored.remove) {
            self.out(Output::Log(Level::Warn, ["broken in the store, removed: ", &broken].concat()));
            self.out(Output::Remove(broken));
        }
        match purpose {
            Purpose::Boot => self.boot_loaded(restored, now),
            Purpose::Lead if self.state.live() || self.boot_adopted() => self.merge(restored, now),
            Purpose::Lead => {}
            Purpose::Clear(clear) => self.clear_loaded(restored, clear),
            Purpose::Compare(back) => self.compared(&restored, back, now),
        }
    }

    fn boot_loaded(&mut self, mut restored: Restored, now: Now) {
        let stage = self.boot.as_ref().map(|boot| boot.stage);
        let reading = matches!(stage, Some(BootStage::Loading | BootStage::LoadingAgain));
        if reading
            && restored.consent.unwrap_or(self.storing.consent)
            && restored.epoch.unwrap_or(0) < self.tabs.epoch
            && let Some(boot) = &mut self.boot
        {
            // Read before another tab's logout, of which this one has heard already.
            let again = !std::mem::replace(&mut boot.reread, true);
            self.save(persisted::EPOCH, persisted::encode_number(self.tabs.epoch));
            if again {
                return self.load(Purpose::Boot);
            }
            // A store that does not keep even that is not believed.
            restored = Restored { consent: restored.consent, ..Restored::default() };
        }
        match stage {
            Some(BootStage::Loading) => self.adopt_or_create(restored, now),
            Some(BootStage::LoadingAgain) => {
                let restored = self.usable(restored, now);
                self.adopt(restored, true, now);
                self.out(Output::Lock(LockCommand::Release(Lock::Create)));
            }
            _ => {}
        }
    }

    /// The lock for creating a visitor is held.
    pub(super) fn may_create(&mut self) {
        match &mut self.boot {
            Some(boot) if boot.stage == BootStage::Creating => {
                boot.stage = BootStage::LoadingAgain;
                self.load(Purpose::Boot);
            }
            _ => self.out(Output::Lock(LockCommand::Release(Lock::Create))),
        }
    }

    fn adopt_or_create(&mut self, mut restored: Restored, now: Now) {
        if let Some(given) = restored.consent {
            self.storing.consent = given;
        }
        if !self.storing.consent {
            self.storing.memory = true;
            self.out(Output::UseMemory);
            restored = Restored { epoch: restored.epoch, ..Restored::default() };
        }
        restored = self.usable(restored, now);
        if restored.session.is_some() || self.storing.memory {
            self.adopt(restored, true, now);
        } else if let Some(boot) = &mut self.boot {
            boot.stage = BootStage::Creating;
            self.tabs.epoch = self.tabs.epoch.max(restored.epoch.unwrap_or(0));
            let name = ["sc:", &self.config.namespace].concat();
            self.out(Output::Lock(LockCommand::Acquire(Lock::Create, name)));
        }
    }

    /// A logout that was not finished, another epoch, a user's session, another backend's, or one not used for long:
    /// nothing of it is used.
    fn usable(&mut self, restored: Restored, now: Now) -> Restored {
        let epoch = restored.epoch.unwrap_or(0);
        let kept_for = self.config.kept_for.unwrap_or(u64::MAX);
        let wrong = |session: &SavedSession| {
            session.epoch != epoch
                || session.user_id.is_some()
                || session.backend != self.config.backend
                || now.wall.saturating_sub(session.used_at) > kept_for
        };
        if !restored.tombstone && !restored.session.as_ref().is_some_and(wrong) {
            return restored;
        }
        self.wipe_stored(epoch);
        Restored { epoch: restored.epoch, consent: restored.consent, ..Restored::default() }
    }

    /// Takes over what stands, or creates a visitor.
    fn adopt(&mut self, mut restored: Restored, may_create: bool, now: Now) {
        self.tabs.epoch = self.tabs.epoch.max(restored.epoch.unwrap_or(0));
        self.tabs.term = restored.term; // a logout that clears everything begins anew
        let fresh = restored.session.is_none() && may_create;
        if fresh {
            // Left behind by somebody who is gone.
            for (name, there) in
                [(persisted::DRAFT, restored.draft.take().is_some()), (persisted::TAIL, restored.tail.take().is_some())]
            {
                if there {
                    self.out(Output::Remove(name.to_owned()));
                }
            }
        }
        let saved = match restored.session {
            Some(session) => session,
            None => self.stranger(now),
        };
        // A session written in an older term is not the newest word: what it has applied is fetched anew.
        let stale = saved.term < restored.term;
        self.visitor = Some(Visitor { session_id: saved.sid, id: saved.visitor_id, resume: saved.resume });
        if let Some(entry) = saved.conversation {
            let tail = restored.tail.filter(|_| !stale);
            self.restore_conversation(Open::new(entry), tail, if stale { 0 } else { saved.applied });
        }
        self.restore_reading(restored.read, restored.draft);
        self.link.lost_at = now.mono;
        for entry in restored.outbox {
            self.restore_waiting(entry);
        }
        if restored.open {
            self.look.open = true;
        }
        if fresh {
            self.save_session();
        }
        if let Some(boot) = &mut self.boot {
            boot.stage = BootStage::Connecting;
        }
        self.render();
        self.join_group();
        if !self.boot_needs_backend() {
            self.finish_boot(now);
        }
    }

    fn restore_conversation(&mut self, open: Open, tail: Option<Tail>, applied: u64) {
        let id = open.shown_id().to_owned();
        self.generation += 1;
        self.open = Some(open);
        self.reading.reported = applied;
        let Some(tail) = tail.filter(|tail| tail.conversation_id == id) else { return };
        // With the beginning cut off, everything is fetched again; what is here is drawn meanwhile. The tail is written
        // less often than the session: what it does not have, nobody has.
        let mut from = 0;
        while from < applied && tail.entries.iter().any(|entry| entry.index == from + 1) {
            from += 1;
        }
        let presence: Vec<_> =
            tail.entries.iter().map(|entry| (entry.index, entry.party.clone(), entry.content.clone())).collect();
        self.transcript.restore(tail.entries, applied, &id);
        self.transcript.fetch_from(from);
        if let Some(open) = &mut self.open {
            for (index, party, content) in presence {
                open.presence(index, &party, &content);
            }
            let (delivered, read) = (open.entry.delivered, open.entry.read);
            self.transcript.receipt(delivered, crate::message::Status::Delivered);
            self.transcript.receipt(read, crate::message::Status::Read);
        }
    }

    /// A stored message of this visitor: whether it left before, nobody knows.
    pub(super) fn restore_waiting(&mut self, entry: OutboxEntry) {
        let mine = self.visitor.as_ref().is_some_and(|visitor| visitor.id == entry.visitor_id);
        if !mine || self.outbox.find(&entry.client_message_id).is_some() {
            return;
        }
        if self.transcript.find(&entry.client_message_id).is_some() {
            return self.out(Output::Remove(entry.name())); // the backend has it
        }
        let stage = if entry.failed.is_some() { Stage::Failed } else { Stage::Doubt };
        self.transcript.push_outgoing(self.outgoing_row(&entry, stage));
        self.outbox.add(Waiting { entry, stage, chat: None, durable: true, token: 0, calls: Vec::new() });
    }

    /// The lead was taken over: messages of tabs that are gone, and the newest credentials.
    fn merge(&mut self, restored: Restored, now: Now) {
        if let Some(epoch) = restored.epoch.filter(|epoch| *epoch > self.tabs.epoch) {
            return self.logged_out_elsewhere(epoch); // the store knew before the word came
        }
        let same = restored.session.filter(|session| {
            session.epoch == self.tabs.epoch
                && self.visitor.as_ref().is_some_and(|visitor| visitor.id == session.visitor_id)
        });
        if let (Some(session), Some(visitor)) = (same, &mut self.visitor) {
            if visitor.resume.is_none() {
                visitor.resume.clone_from(&session.resume);
            }
            // What the last leader wrote before it went may not have reached this tab as a message yet.
            if session.term >= self.tabs.term {
                let id = session.conversation.as_ref().and_then(|entry| entry.id.clone());
                self.catch_up_with(session.conversation);
                // Credentials are of use with their own chat only.
                let shown = self.open.as_ref().and_then(|open| open.entry.id.clone());
                if let Some(visitor) = self.visitor.as_mut().filter(|_| shown == id && session.resume.is_some()) {
                    visitor.resume = session.resume;
                }
            }
        }
        self.link.lost_at = now.mono;
        for entry in restored.outbox {
            self.restore_waiting(entry);
        }
        self.tabs.term = self.tabs.term.max(restored.term);
        self.take_lead(now);
    }

    /// A saved conversation, or an eager connection, is worth waiting for.
    fn boot_needs_backend(&self) -> bool {
        !self.config.lazy || self.open.as_ref().is_some_and(|open| open.requested())
    }

    /// The backend, or the leader, has answered: live.
    pub(super) fn finish_boot(&mut self, now: Now) {
        let Some(boot) = self.boot.take() else { return };
        self.timers.stop(Timer::Boot);
        self.move_to(State::Anonymous, None);
        let identity = self.identity();
        self.emit(Event::AuthChanged { identity: identity.clone(), previous: None });
        for id in boot.calls {
            self.settle(id);
        }
        if let Some(identity) = identity {
            self.emit(Event::Ready(identity));
        }
        if self.look.open {
            self.emit(Event::Open);
        }
        self.emit_unread_if_any();
        self.run_waiting(now);
    }

    /// The backend did not answer in time, or said no.
    pub(super) fn fail_boot(&mut self, error: Error) {
        let from = self.abandon_boot(&error);
        self.boot_again = true;
        self.leave(Reason::Reload);
        self.forget();
        if let Some(from) = from {
            self.move_to(from, None);
        }
        self.set_banner(self.look.open.then_some(Banner::Refused));
        self.emit(Event::Error(error));
    }

    /// Rejects what waits for a boot; returns where it came from.
    pub(super) fn abandon_boot(&mut self, error: &Error) -> Option<State> {
        let boot = self.boot.take()?;
        self.timers.stop(Timer::Boot);
        if matches!(boot.stage, BootStage::Creating | BootStage::LoadingAgain) {
            self.out(Output::Lock(LockCommand::Release(Lock::Create)));
        }
        for id in boot.calls {
            self.refuse(id, error.clone());
        }
        self.reject_waiting(error);
        Some(boot.from)
    }

    /// Rejects the calls that wait.
    pub(super) fn reject_waiting(&mut self, error: &Error) {
        for (id, _) in std::mem::take(&mut self.waiting) {
            self.refuse(id, error.clone());
        }
    }

    /// The calls that waited, in order. One of them may log out: the rest then meets that state.
    fn run_waiting(&mut self, now: Now) {
        for (id, call) in std::mem::take(&mut self.waiting) {
            self.call(id, call, now);
        }
    }

    /// Something changed the odds of a boot that failed.
    pub(super) fn boot_once_more(&mut self, now: Now) {
        if self.boot_again && matches!(self.state, State::Ready | State::Shutdown) {
            self.begin_boot(0, now);
        }
    }

    /// This tab may lead, or follows: it asks for the lock and for the leader.
    pub(super) fn join_group(&mut self) {
        self.tabs.role = TabRole::Follower;
        self.begin_era();
        self.stand_in_line();
        self.say_hello();
    }
}
