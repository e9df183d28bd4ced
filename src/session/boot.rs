//! Creating a session or resuming the saved one. Not: who becomes the visitor (`creating`), nor logging out (`logout`).

use super::call::{Call, CallId, Who};
use super::creating::BootStage;
use super::identity::User;
use super::machine::{Session, Visitor};
use super::output::{Event, Level, Output};
use super::resuming::Held;
use super::storing::Purpose;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::Banner;
use crate::error::Error;
use crate::lifecycle::State;
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
    /// As whom; absent: anonymously.
    who: Option<Box<Who>>,
    /// How far it has come.
    pub(super) stage: BootStage,
    /// What was stored of a user, until they have proved who they are.
    pub(super) held: Option<Box<Held>>,
    /// The backend takes no proof: nothing stored of a user is used.
    proofless: bool,
    /// Something is in the way of a new visitor.
    pub(super) crowded: bool,
    /// The panel stood open on the page before: nothing has told of it yet.
    pub(super) opened: bool,
}

impl Session {
    /// `boot()` where the state allows it.
    pub(super) fn boot(&mut self, id: CallId, now: Now) {
        match self.state {
            State::Ready | State::Shutdown => self.begin_boot(id, None, now),
            State::Disconnected => {
                self.settle(id);
                self.have_it_tried_again(now);
            }
            _ => self.settle(id),
        }
    }

    /// Joins the boot under way, if it is for the same person; else it waits for its outcome.
    pub(super) fn join_boot(&mut self, id: CallId, call: Call) {
        let who = if let Call::BootAs(who) = &call { Some(who) } else { None };
        let wanted = who.and_then(|who| who.user_id.as_deref());
        if wanted != self.booting_user() {
            return self.wait(id, call);
        }
        let Some(boot) = &mut self.boot else { return };
        boot.calls.push(id);
        if let Call::BootAs(who) = call {
            self.take_provider(who.provider);
            self.waiting.push((0, Call::Update(who)));
        }
    }

    /// From `ready` or `shutdown`.
    pub(super) fn begin_boot(&mut self, id: CallId, who: Option<Box<Who>>, now: Now) {
        self.boot_again = None;
        self.token.untidy |= who.as_ref().is_some_and(|who| who.provider.is_some());
        self.take_provider(who.as_ref().and_then(|who| who.provider));
        self.boot = Some(Boot {
            from: self.state,
            calls: vec![id],
            who,
            stage: BootStage::Loading,
            held: None,
            proofless: false,
            crowded: false,
            opened: false,
        });
        self.storing.looks = 0;
        self.timers.set(Timer::Boot, now.mono + BOOT_LIMIT);
        self.move_to(State::Booting, None);
        self.begin_era();
        self.load(Purpose::Boot);
    }

    /// The user this boot is for.
    pub(super) fn booting_user(&self) -> Option<&str> {
        self.boot.as_ref()?.who.as_ref()?.user_id.as_deref()
    }

    /// The user can be asked for a proof, and the backend is not known to take none.
    pub(super) fn boot_can_prove(&self) -> bool {
        self.token.provider.is_some() && !self.boot_takes_no_proof()
    }

    /// The backend is known to take none.
    pub(super) fn boot_takes_no_proof(&self) -> bool {
        self.boot.as_ref().is_some_and(|boot| boot.proofless)
    }

    /// The backend takes no proof: the boot begins anew, without what was stored.
    pub(super) fn boot_without_proof(&mut self, now: Now) {
        let Some(mut boot) = self.boot.take() else { return };
        (boot.stage, boot.held, boot.proofless) = (BootStage::Loading, None, true);
        let provider = self.token.provider;
        self.leave(Reason::Reload);
        self.forget();
        self.token.provider = provider;
        self.boot = Some(boot);
        self.timers.set(Timer::Boot, now.mono + BOOT_LIMIT);
        self.load(Purpose::Boot);
    }

    /// Booting, and the visitor is known.
    pub(super) fn boot_adopted(&self) -> bool {
        self.boot.as_ref().is_some_and(|boot| boot.stage == BootStage::Connecting)
    }

    /// What the store held: at a boot, or when the lead is taken over.
    pub(super) fn loaded(&mut self, loaded: Result<Entries, Refusal>, now: Now) {
        let Some(purpose) = self.wanted_read() else { return };
        let finish = purpose == Purpose::Finish; // what else is wrong there can wait
        let entries = loaded.unwrap_or_else(|refusal| {
            if !finish {
                self.degrade(refusal);
            }
            Entries::new()
        });
        let mut restored = restore(&entries);
        if restored.newer {
            if finish {
                return;
            }
            self.degrade(Refusal::Newer);
            restored = Restored { consent: restored.consent, epoch: restored.epoch, ..Restored::default() };
        }
        for broken in std::mem::take(&mut restored.remove) {
            self.out(Output::Log(Level::Warn, ["broken in the store, removed: ", &broken].concat()));
            self.out(Output::Remove(broken));
        }
        self.drop_aside(&mut restored, now);
        match purpose {
            Purpose::Boot => self.boot_loaded(restored, now),
            Purpose::Lead if (self.state.live() || self.boot_adopted()) && self.read_in_time(now) => {
                if !self.look_for_chat(&restored, now) {
                    self.merge(restored, now);
                }
            }
            Purpose::Lead => {}
            Purpose::Clear { logout, clear } => self.clear_loaded(restored, logout, clear, now),
            Purpose::Sweep => self.sweep(restored, now),
            Purpose::Finish => self.finish_logout(&restored),
            Purpose::Compare { back, told } => self.compared(&restored, back, told, now),
        }
    }

    /// Takes over what stands, or creates a visitor.
    pub(super) fn adopt(&mut self, mut restored: Restored, now: Now) {
        self.tabs.epoch = self.tabs.epoch.max(restored.epoch.unwrap_or(0));
        self.tabs.term = restored.term; // a logout that clears everything begins anew
        let fresh = restored.session.is_none();
        if restored.aside.is_some() {
            self.leaving.aside = self.credentials(&restored.aside);
        }
        // A new window begins with a copy of what the one that opened it has; who logs out there does not reach it.
        let copy = self.config.storage == "session" && restored.session.as_ref().is_some_and(|it| it.left.is_none());
        self.drop_words(&mut restored, if fresh || copy { u64::MAX } else { self.tabs.epoch });
        let saved = match restored.session.take() {
            Some(session) => session,
            None => self.stranger(now),
        };
        // A session written in an older term is not the newest word: what it has applied is fetched anew.
        let stale = saved.term < restored.term;
        let user = saved.user_id.map(|id| User { id, verified: false });
        let proof = user.is_some();
        self.visitor = Some(Visitor { session_id: saved.sid, id: saved.visitor_id, resume: saved.resume, user });
        self.link.lost_at = now.mono;
        let held = Held {
            saved: !fresh,
            conversation: saved.conversation,
            applied: if stale { 0 } else { saved.applied },
            tail: restored.tail.filter(|_| !stale && !proof),
            read: restored.read,
            draft: restored.draft,
            outbox: restored.outbox,
            open: restored.open,
            events: Vec::new(),
        };
        if let Some(boot) = &mut self.boot {
            boot.stage = BootStage::Connecting;
            boot.held = Some(Box::new(held));
        }
        if !proof {
            self.release_held(now);
        }
        if fresh {
            self.save_session();
        }
        self.render();
        self.join_group();
        if self.reading.visible {
            self.use_tab(now);
        }
        if !self.boot_needs_backend() {
            self.finish_boot(now);
        }
    }

    /// A user, a saved conversation, or an eager connection is worth waiting for.
    fn boot_needs_backend(&self) -> bool {
        !self.config.lazy || self.has_user() || self.open.as_ref().is_some_and(|open| open.requested())
    }

    /// The backend, or the leader, has answered: live.
    pub(super) fn finish_boot(&mut self, now: Now) {
        let Some(boot) = self.boot.take() else { return };
        self.timers.stop(Timer::Boot);
        self.move_to(self.live_state(), None);
        if self.has_user() && self.token.provider.is_none() {
            self.warn_unverified();
        }
        self.begin_values(boot.who.as_deref());
        let identity = self.identity();
        self.emit(Event::AuthChanged { identity: identity.clone(), previous: None });
        for id in &boot.calls {
            self.settle(*id);
        }
        if let Some(identity) = identity {
            self.emit(Event::Ready(identity));
        }
        if self.look.open {
            self.save_ui(); // whoever opened it had nobody to keep it for
            if boot.opened {
                self.emit(Event::Open);
            }
        }
        self.emit_unread_if_any();
        self.run_waiting(now);
    }

    /// The backend did not answer in time, or said no.
    pub(super) fn fail_boot(&mut self, error: Error) {
        let who = self.boot.as_mut().and_then(|boot| boot.who.take());
        let from = self.abandon_boot(&error);
        self.boot_again = Some(who);
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
            self.let_create();
        }
        for id in &boot.calls {
            self.refuse(*id, error.clone());
        }
        self.reject_waiting(error);
        Some(boot.from)
    }

    /// Rejects the calls that wait; but what takes consent back takes it back.
    pub(super) fn reject_waiting(&mut self, error: &Error) {
        for (id, call) in std::mem::take(&mut self.waiting) {
            if matches!(call, Call::SetCookieConsent(false)) {
                self.withdraw_consent();
                self.settle(id);
            } else {
                self.refuse(id, error.clone());
            }
        }
    }

    /// The calls that waited, in order. One of them may log out: the rest then meets that state.
    fn run_waiting(&mut self, now: Now) {
        self.token.expects = true;
        for (id, call) in std::mem::take(&mut self.waiting) {
            self.call(id, call, now);
        }
        self.token.expects = false;
    }

    /// Something changed the odds of a boot that failed.
    pub(super) fn boot_once_more(&mut self, now: Now) {
        let known = !self.storing.checking(); // whether somebody has logged out meanwhile
        if known && self.boot_again.is_some() && matches!(self.state, State::Ready | State::Shutdown) {
            self.boot_first(now);
        }
    }

    /// Somebody logged out: whoever could not be booted before is not to be booted after it, unless they came next; nor is
    /// what was said before a boot to be said of another. (Not upon a word that only `logout`s long ago explain.)
    pub(super) fn give_up_boot(&mut self, next: Option<&str>, logout: bool) {
        let failed = self.boot_again.as_ref().and_then(|who| who.as_ref()?.user_id.as_deref());
        if failed.is_none() || failed != next {
            self.boot_again = None;
            self.token.untidy = true;
            if logout && self.visitor.is_none() && self.boot.is_none() {
                self.forget_held();
            }
        }
    }

    /// A call needs a session. After a boot that failed it is the one that was wanted: nobody becomes anonymous unasked.
    pub(super) fn boot_first(&mut self, now: Now) {
        let who = self.boot_again.take().flatten();
        self.begin_boot(0, who, now);
    }

    /// This tab may lead, or follows: it asks for the lock and for the leader.
    pub(super) fn join_group(&mut self) {
        self.tabs.role = TabRole::Follower;
        self.storing.looks = 0;
        self.begin_era();
        self.stand_in_line();
        self.say_hello();
    }
}
