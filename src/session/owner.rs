//! Whose the saved session is, and what a boot as somebody makes of it: resumed, set aside, or wiped. Not: how a
//! session is taken over (`resuming`). Source: README, "Whose session".

use super::logout::{ALL, KEPT_ASIDE, KEPT_CLEARED, without_words};
use super::machine::Session;
use super::peer::Peer;
use crate::store::persisted::{self, SavedSession};
use crate::store::restored::Restored;
use crate::time::Now;

impl Session {
    /// The saved session is the one this boot is for.
    pub(super) fn fits(&self, restored: &Restored, now: Now) -> bool {
        let Some(session) = restored.session.as_ref().filter(|_| !restored.tombstone) else { return false };
        let mine = match (&session.user_id, self.booting_user()) {
            (None, None) => true,
            (Some(saved), Some(wanted)) => saved == wanted && self.boot_can_prove(),
            _ => false,
        };
        mine && self.sound(session, restored.epoch.unwrap_or(0), now)
    }

    /// Of this epoch, with this backend, and used not too long ago.
    fn sound(&self, session: &SavedSession, epoch: u64, now: Now) -> bool {
        session.epoch == epoch && self.acceptable(session, now)
    }

    fn acceptable(&self, session: &SavedSession, now: Now) -> bool {
        let kept_for = self.config.kept_for.unwrap_or(u64::MAX);
        session.backend == self.config.backend && now.wall.saturating_sub(session.used_at) <= kept_for
    }

    /// What does not fit goes: a logout that was not finished, another epoch, another backend's, what was not used for
    /// long, and whoever was here before. Nothing of it is used but an anonymous visitor's way back.
    pub(super) fn make_room(&mut self, mut restored: Restored, now: Now) -> Restored {
        if self.fits(&restored, now) {
            if restored.aside.is_some() && self.booting_user().is_none() {
                self.remove(persisted::ASIDE); // of a change of user that was not finished
            }
            return restored;
        }
        let epoch = restored.epoch.unwrap_or(0);
        let mut aside = restored.aside.take().filter(|_| !restored.tombstone);
        let mut left = Restored { epoch: restored.epoch, consent: restored.consent, ..Restored::default() };
        match restored.session.take() {
            _ if restored.tombstone => self.wipe_stored(epoch, KEPT_CLEARED),
            Some(session) if !self.sound(&session, epoch, now) => self.wipe_stored(epoch, KEPT_ASIDE),
            Some(session) => {
                let anonymous = session.user_id.is_none();
                left.epoch = Some(self.change_user(&session, epoch));
                if anonymous {
                    aside = None; // it is stored now
                }
            }
            None => left = restored,
        }
        let Some(session) = aside else { return left };
        if self.booting_user().is_some() {
            let mine = session.backend == self.config.backend;
            self.leaving.aside = session.resume.filter(|_| mine); // still stored; a logout may drop them
        } else {
            if self.acceptable(&session, now) {
                let session = SavedSession { epoch: left.epoch.unwrap_or(0), term: 0, ..session };
                self.keep_only(KEPT_ASIDE); // whatever else is there is nobody's
                self.save(persisted::SESSION, session.encode());
                left = Restored { epoch: left.epoch, consent: left.consent, ..Restored::default() };
                left.session = Some(session);
            }
            self.remove(persisted::ASIDE);
        }
        left
    }

    /// An earlier page died in the middle of a logout, or was taken apart before it heard of one and has left words of its
    /// own behind: nobody has to boot for the rest to go. A boot under way sees to it.
    pub(super) fn finish_logout(&mut self, restored: &Restored) {
        if self.visitor.is_some() || self.boot.is_some() {
            return;
        }
        if restored.tombstone {
            self.wipe_stored(restored.epoch.unwrap_or(0), KEPT_CLEARED);
        } else if restored.session.is_none() && (restored.tail.is_some() || restored.draft.is_some()) {
            self.keep_only(KEPT_ASIDE);
        }
    }

    /// Whoever was set aside before a logout that clears all: beside a cookie each tab has its own, and no other reaches it.
    #[inline(never)]
    pub(super) fn drop_aside(&mut self, restored: &mut Restored, now: Now) {
        let epoch = self.tabs.epoch.max(restored.epoch.unwrap_or(0));
        if let Some(aside) = &mut restored.aside
            && epoch.saturating_sub(aside.epoch) >= ALL
            && !self.keeps_apart()
        {
            let resume = aside.resume.take().filter(|_| aside.backend == self.config.backend);
            aside.backend.clear(); // no backend takes it
            self.drop_way_back(resume, now);
        }
    }

    /// Somebody else takes over: no word of whoever was here stays, in any tab. An anonymous visitor finds back later.
    fn change_user(&mut self, session: &SavedSession, epoch: u64) -> u64 {
        self.tabs.epoch = self.tabs.epoch.max(epoch);
        let gone = session.user_id.is_some();
        let user = self.booting_user().map(str::to_owned);
        self.count_up(gone, false, user.as_deref().unwrap_or_default());
        self.keep_only(KEPT_ASIDE);
        if session.user_id.is_none() {
            let kept = SavedSession {
                conversation: session.conversation.clone().map(without_words),
                applied: 0,
                ..session.clone()
            };
            self.save(persisted::ASIDE, kept.encode());
            self.leaving.aside = kept.resume;
        }
        // Last: to whom sees it, an older session is one that was written later.
        self.save_epoch();
        self.tell_of(&session.visitor_id, Peer::Logout { clear: gone, user });
        self.tabs.epoch
    }
}
