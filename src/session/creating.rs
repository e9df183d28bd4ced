//! Who becomes the visitor of a boot: whoever stands in the store, or somebody new, created under a lock or, where there
//! is none, by writing and looking again. Not: whether what stands there fits (`owner`), nor how it is taken over (`boot`).

use super::elsewhere::{LAG, LOOKS};
use super::input::Lock;
use super::logout::KEPT_CLEARED;
use super::machine::Session;
use super::output::{LockCommand, Output};
use super::peer::{Peer, UNDID};
use super::storing::{CREATED, Purpose};
use super::timers::Timer;
use crate::store::persisted::{self, SavedSession};
use crate::store::restored::Restored;
use crate::time::Now;

/// Visitors created without a lock have this long to overwrite each other, in ms: half of it until nobody writes who has
/// not seen the first, and half until all see the last.
const CREATION: u64 = 2 * LAG;
/// With a lock: so long, in ms, it is held until the next tab sees in the store who was created.
pub(super) const SEEN: u64 = 4 * LAG;

/// How far a boot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BootStage {
    /// The store is read.
    Loading,
    /// There was no visitor: the lock for creating one is waited for.
    Creating,
    /// The lock is held; the store is read again.
    LoadingAgain,
    /// There is no lock, and something in the way: the store is read again for that, and once more afterwards.
    MakingRoom,
    /// The visitor is known; the backend, or the leader, is waited for.
    Connecting,
}

impl Session {
    /// A boot knows what is stored.
    pub(super) fn boot_loaded(&mut self, mut restored: Restored, now: Now) {
        let stage = self.boot.as_ref().map(|boot| boot.stage);
        let reading = matches!(stage, Some(BootStage::Loading | BootStage::LoadingAgain | BootStage::MakingRoom));
        let counts = reading && restored.consent.unwrap_or(self.storing.consent);
        if counts && self.look_again(&restored, now) {
            return;
        }
        if counts && restored.epoch.unwrap_or(0) < self.tabs.epoch {
            self.save_epoch();
            if std::mem::replace(&mut self.storing.looks, LOOKS + 1) <= LOOKS {
                return self.load(Purpose::Boot);
            }
            // A store that does not keep even that is not believed, and a new visitor keeps nothing of it.
            if stage != Some(BootStage::Loading) {
                self.keep_only(KEPT_CLEARED);
            }
            restored = Restored { consent: restored.consent, ..Restored::default() };
        }
        match stage {
            Some(BootStage::Loading) => self.adopt_or_create(restored, now),
            // Nobody is there, says a page's own store, though another tab is: what a third one undid may have been another's.
            Some(BootStage::LoadingAgain)
                if self.config.storage == "custom"
                    && self.tabs.met == self.tabs.epoch
                    && restored.session.as_ref().map(|session| session.epoch) < Some(self.tabs.epoch)
                    && self.storing.looks < LOOKS =>
            {
                self.storing.looks += 1;
                self.tell(Peer::Sign(UNDID)); // whoever leads writes it again
                self.load(Purpose::Boot);
            }
            Some(BootStage::LoadingAgain) => {
                let restored = self.make_room(restored, now);
                let fresh = restored.session.is_none();
                if fresh && self.tabs.lead.unlocked && self.stands() && self.storing.looks < LOOKS + 2 {
                    // What was written is gone again, or this page hung: others may be writing in this moment.
                    self.storing.looks += 1;
                    return self.stand_for_visitor(true, now);
                }
                self.storing.creating = fresh;
                self.adopt(restored, now);
                if !self.storing.creating {
                    self.let_create();
                }
            }
            Some(BootStage::MakingRoom) => {
                let left = self.make_room(restored, now);
                self.tabs.epoch = self.tabs.epoch.max(left.epoch.unwrap_or(0));
                if let Some(boot) = &mut self.boot {
                    boot.crowded = false;
                }
                self.stand_for_visitor(left.session.is_none(), now);
            }
            _ => {}
        }
    }

    fn adopt_or_create(&mut self, mut restored: Restored, now: Now) {
        // What was given here and does not stand there any more was taken back in another tab.
        self.storing.consent = restored.consent.unwrap_or(self.storing.consent && self.config.cookie_consent);
        if !self.storing.consent {
            self.storing.memory = true;
            self.out(Output::UseMemory);
            restored = Restored { epoch: restored.epoch, ..Restored::default() };
        }
        if self.storing.memory || self.fits(&restored, now) {
            let restored = self.make_room(restored, now);
            self.adopt(restored, now);
        } else if let Some(boot) = &mut self.boot {
            boot.stage = BootStage::Creating;
            boot.crowded = restored.tombstone || restored.session.is_some() || restored.aside.is_some();
            self.tabs.epoch = self.tabs.epoch.max(restored.epoch.unwrap_or(0));
            let name = ["sc:", &self.config.namespace].concat();
            self.out(Output::Lock(LockCommand::Acquire(Lock::Create, name)));
        }
    }

    /// The lock for creating a visitor is held.
    pub(super) fn may_create(&mut self) {
        match &mut self.boot {
            Some(boot) if boot.stage == BootStage::Creating => {
                boot.stage = BootStage::LoadingAgain;
                self.load(Purpose::Boot);
            }
            _ => self.let_create(),
        }
    }

    /// The timer that would let others create a visitor rings no more.
    pub(super) fn stop_creating(&mut self) {
        if self.timers.armed(Timer::Created) {
            self.timers.stop(Timer::Created);
            self.let_create();
        }
    }

    /// Whoever else wants to create a visitor may.
    pub(super) fn let_create(&mut self) {
        self.out(Output::Lock(LockCommand::Release(Lock::Create)));
    }

    /// There are no locks.
    pub(super) fn create_unlocked(&mut self, now: Now) {
        let kept = self.stands();
        match &mut self.boot {
            Some(boot) if boot.stage == BootStage::Creating && boot.crowded => {
                boot.stage = if kept { BootStage::MakingRoom } else { BootStage::LoadingAgain };
                self.load(Purpose::Boot);
            }
            _ if self.visitor.is_none() => self.stand_for_visitor(true, now),
            _ => {}
        }
    }

    /// What is written for a user who cannot prove who they are is not taken over, by its own tab either.
    fn stands(&self) -> bool {
        self.booting_user().is_none() || self.boot_can_prove()
    }

    /// Of several visitors written at once the last one stands: all tabs read that one again.
    fn stand_for_visitor(&mut self, fresh: bool, now: Now) {
        if fresh {
            let text = self.stranger(now).encode();
            self.out(Output::Save { name: persisted::SESSION.to_owned(), text, token: Some(CREATED) });
            self.remove_leftovers(); // with a session beside them they would be taken for its own
        }
        if let Some(boot) = &mut self.boot {
            boot.stage = BootStage::Creating;
        }
        self.timers.set(Timer::Lead, now.mono + CREATION);
    }

    /// Somebody left them behind who is gone.
    pub(super) fn remove_leftovers(&mut self) {
        self.remove(persisted::DRAFT);
        self.remove(persisted::TAIL);
    }

    /// The same, of those that were written before this logout; whoever came after keeps theirs.
    pub(super) fn drop_words(&mut self, restored: &mut Restored, epoch: u64) {
        if restored.draft.take_if(|draft| draft.epoch < epoch).is_some() {
            self.remove(persisted::DRAFT);
        }
        if restored.tail.take_if(|tail| tail.epoch < epoch).is_some() {
            self.remove(persisted::TAIL);
        }
    }

    /// A visitor nobody has met yet.
    pub(super) fn stranger(&mut self, now: Now) -> SavedSession {
        SavedSession {
            sid: self.ids.fresh(),
            visitor_id: self.ids.fresh(),
            user_id: self.booting_user().map(str::to_owned),
            epoch: self.tabs.epoch,
            term: self.tabs.term,
            backend: self.config.backend.clone(),
            used_at: now.wall,
            ..SavedSession::default()
        }
    }
}
