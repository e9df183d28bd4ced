//! What becomes of this tab when another one logs out: what tabs share is cleared by then, the rest goes here. And what it
//! does about one that has not heard of a logout. Not: how this tab hears of it (`hearing`, `page`), nor logging out itself
//! (`logout`).

use super::logout::{ALL, KEPT, KEPT_CLEARED};
use super::machine::Session;
use super::output::Output;
use super::peer::{HERE, Header, Peer};
use super::storing::Purpose;
use super::timers::Timer;
use crate::store::persisted;
use crate::store::restored::Restored;
use crate::time::Now;
use crate::transport::{Reason, Revoke};

/// So long, in ms, a store may lag behind what another tab wrote there; and twice as long, each time it is seen to.
pub(super) const LAG: u64 = 80;
/// So often it is looked at once more, 560 ms in all. What it does not know of by then, it does not keep.
pub(super) const LOOKS: u8 = 3;

impl Session {
    /// Another tab logged out, and may have no connection to tell that by: this one has. With a token it revokes in any case.
    pub(super) fn revoke_for_another(&mut self, clear: bool, now: Now) {
        if let Some(visitor) = self.visitor.as_ref().filter(|_| self.may_revoke() && !self.token.is_known()) {
            let revoke = Revoke { clear, resume: visitor.resume.clone(), token: None };
            self.revoke(revoke, now);
        }
    }

    /// Another tab logged out, and nothing is kept of the visitor (`gone`); absent: nobody said so yet.
    pub(super) fn logged_out_elsewhere(&mut self, epoch: u64, gone: Option<bool>, now: Now) {
        self.storing.looks = 0;
        let step = epoch.saturating_sub(std::mem::replace(&mut self.tabs.epoch, epoch));
        if step >= ALL {
            self.forget_aside(now);
        }
        let custom = self.config.storage == "custom";
        let Some(visitor) = &self.visitor else {
            // What a logout of this tab kept.
            if custom {
                if gone != Some(false) {
                    self.remove(persisted::SESSION);
                }
            } else if !self.keeps_apart() {
                self.load(Purpose::Sweep);
            }
            return;
        };
        if self.token.is_known() {
            // The tab that logged out does not have it.
            let resume = visitor.resume.clone();
            self.revoke_all(false, resume, now);
        }
        // The tab that logged out has cleared what tabs share, and may be writing anew; the rest is cleared here.
        let failed = self.storing.memory && self.storing.consent;
        let shared = (failed || !self.storing.memory) && !matches!(self.config.storage, "session" | "memory");
        // First the lead: a page's own store is written by the leader, and has been cleared already.
        self.leave(Reason::Shutdown { clear: false });
        if failed {
            self.out(Output::UseStore); // it keeps what was written before
        }
        if shared {
            self.out(Output::Blank);
            if custom {
                // All of this tab's copy goes with it, and the rest is written only over what this tab wrote too late.
                self.remove(persisted::SESSION);
                self.save_epoch();
                // Whoever made room for a user has set the visitor aside.
                if gone == Some(false)
                    && !self.has_user()
                    && let Some(kept) = self.kept(now)
                {
                    self.save(persisted::SESSION, kept.encode());
                }
            } else {
                // Words this tab wrote before it heard of it.
                self.each_waiting(&|_| true, &mut |session, key| session.remove_waiting(key));
                if self.config.storage == "cookie" {
                    // Beside the cookie, which may be another session's by now.
                    self.remove_leftovers();
                    self.remove(persisted::UI);
                }
                if failed {
                    self.remove_leftovers(); // whose they are, a store that failed is not asked
                } else {
                    self.load(Purpose::Sweep);
                }
            }
        } else {
            self.keep_only(KEPT_CLEARED);
        }
        if failed {
            self.out(Output::UseMemory);
            self.keep_only(KEPT_CLEARED);
        }
        self.end_session();
    }

    /// Another tab said that it logged out. Where nothing is kept of the visitor by who did not know how many logouts there
    /// were (`blindly`), the step says nothing: the loader, which is no tab, deletes with a cookie what is beside it, and of
    /// who began at 0 the number tells whether all is to go.
    pub(super) fn cleared(&mut self, blindly: bool, by: &Header, now: Now) {
        if blindly && (by.tab.is_empty() || by.epoch >= ALL) {
            self.forget_aside(now);
        }
    }

    /// Another tab's logout has cleared all: whoever is set aside here, where each tab has its own, does not find back.
    /// (Of whom this tab does not know, what is stored tells when it is read.)
    #[inline(never)]
    fn forget_aside(&mut self, now: Now) {
        if (self.config.storage == "cookie" || self.keeps_apart())
            && let Some(aside) = self.leaving.aside.take()
        {
            self.drop_way_back(Some(aside), now);
        }
    }

    /// Nobody has booted here, but what this tab alone has stored may be a copy of the other's.
    pub(super) fn forget_copy(&mut self) {
        match self.config.storage {
            "session" => self.keep_only(KEPT_CLEARED),
            "cookie" => self.keep_only(KEPT), // the cookie is everybody's
            _ => {}
        }
    }

    /// A tab missed a logout, and may have written over what came after, or did and undid that. By the epoch it sees that
    /// it is late.
    pub(super) fn write_over(&mut self, now: Now) {
        if self.tabs.leads() {
            self.save_epoch();
            self.save_session();
            if !self.reading.draft.is_empty() {
                self.save_draft();
            }
            self.tail_changed(now); // … and once more: it may remove what it read before this was written
            self.tell(Peer::Sign(HERE));
        }
    }

    /// Browsers let tabs see each other's writes late. Where the store does not know of a logout that this tab has heard of,
    /// it is looked at later: what looks old may be what that logout kept, or whoever came after it, and what this tab wrote
    /// now would go over them. False where it knows, or has been looked at often enough.
    pub(super) fn look_again(&mut self, restored: &Restored, now: Now) -> bool {
        let epoch = self.tabs.epoch;
        let old = restored.session.is_some() && restored.epoch.unwrap_or(0) < epoch || restored.tombstone && epoch > 0;
        let more = old && self.storing.looks < LOOKS && !self.keeps_apart();
        if more {
            self.timers.set(Timer::Sweep, now.mono + (LAG << self.storing.looks));
            self.storing.looks += 1;
        }
        more
    }

    /// What this tab wrote between another's logout and the word of it goes; what who came after has written stays.
    pub(super) fn sweep(&mut self, mut restored: Restored, now: Now) {
        self.drop_words(&mut restored, self.tabs.epoch);
        if self.look_again(&restored, now) {
            return;
        }
        let session = restored.session.as_ref().filter(|session| session.epoch >= self.tabs.epoch);
        let theirs = session.and_then(|session| session.conversation.as_ref());
        let strange = restored.read.as_ref().is_some_and(|read| {
            let id = Some(&read.conversation_id);
            theirs.is_none_or(|entry| entry.id.as_ref() != id && Some(&entry.local_id) != id)
        });
        let counts = restored.epoch.is_some() || self.shares_store() && self.storing.consent;
        if counts && restored.epoch < Some(self.tabs.epoch) {
            // Of two logouts at once the lesser may have been written last; or the page has emptied the store.
            self.save_epoch();
        }
        if strange {
            self.remove(persisted::READ);
        }
        if session.is_none() {
            self.remove(persisted::UI);
            self.remove(persisted::SESSION);
        }
    }
}
