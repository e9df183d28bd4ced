//! Who leads: whether the leader is still there, when the lead is taken from it, when it is given away, and who gets it
//! where the browser has no locks. Not: what a leader does (`tabs`), nor the locks themselves (`web.js`).

use super::elsewhere::{LAG, LOOKS};
use super::input::{Lock, LockEvent};
use super::machine::Session;
use super::output::{LockCommand, Output};
use super::peer::{AGAIN, CLAIM, HERE, Header, PING, Peer, YIELD};
use super::storing::Purpose;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::ConnectionState;
use crate::store::restored::Restored;
use crate::time::{Mono, Now};

/// After so much silence, in ms, a follower asks whether the leader is there.
const SILENCE: u64 = 5_000;
/// The same, while the visitor looks at the chat.
const SILENCE_OPEN: u64 = 1_000;
/// The same, where no lock says that the leader is gone.
const SILENCE_UNLOCKED: u64 = 2_000;
/// It has this long to answer, in ms.
const PATIENCE: u64 = 1_000;
/// A timer later than this, in ms: this tab was held up itself, and the answer may wait behind it.
const LATE: u64 = 500;
/// … but of a hidden page browsers run the timers once a second, or a minute, and what is said arrives in time all the same.
const SLOWED: u64 = 61_000;
/// The others have this long to object to a claim, in ms: busy tabs hear late of it, and late of the objection.
const OBJECTION: u64 = 300;
/// Of several tabs that are offered the lead one is first: they are spread over this time, in ms, …
const SPREAD: u64 = 100;
/// … and hidden ones come after visible ones.
const HIDDEN: u64 = 400;

/// How a follower stands to the leader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Watch {
    /// It was heard of lately.
    #[default]
    Quiet,
    /// It was asked whether it is there, or offers the lead.
    Pinged,
    /// Nobody leads: this tab does, unless somebody objects.
    Claimed,
}

/// See the module.
#[derive(Default)]
pub(super) struct Lead {
    /// The browser has no locks: the tabs agree among themselves.
    pub(super) unlocked: bool,
    /// The lock is waited for, or held.
    in_line: bool,
    /// The lead is this tab's as soon as the store was read again.
    pub(super) granted: bool,
    /// It gave the lead away, and is not the first to ask for it again.
    yielded: bool,
    /// Something was said that the leader is to act upon.
    pub(super) asks: bool,
    watch: Watch,
    /// What the timer was set to.
    due: Mono,
}

impl Session {
    /// Whether this tab leads its group: it alone writes to a page's own store.
    pub fn leads(&self) -> bool {
        self.tabs.leads()
    }

    /// The term that stands in the store, before each input: where no lock tells a leader that another tab has the lead by
    /// now, that does, and it does nothing more in the group's name. The other tab's word may come later.
    pub fn handle_term(&mut self, term: u64, now: Now) {
        if term > self.tabs.term && self.tabs.leads() && self.tabs.lead.unlocked && self.shares_store() {
            self.step_down(now);
        }
    }

    /// Something happened to a lock.
    pub(super) fn lock_event(&mut self, event: LockEvent, now: Now) {
        match event {
            LockEvent::Acquired(Lock::Create) => self.may_create(),
            LockEvent::Missing(Lock::Create) => {
                self.tabs.lead.unlocked = true;
                self.create_unlocked(now);
            }
            LockEvent::Lost(Lock::Create) => {}
            LockEvent::Acquired(Lock::Lead) => self.granted(now),
            LockEvent::Missing(Lock::Lead) => {
                self.tabs.lead.unlocked = true;
                match std::mem::take(&mut self.tabs.lead.yielded) {
                    true => self.ping(now), // to whom it offered the lead
                    false => self.contest(now),
                }
            }
            LockEvent::Lost(Lock::Lead) if self.tabs.leads() || self.tabs.lead.granted => self.step_down(now),
            LockEvent::Lost(Lock::Lead) => {}
        }
    }

    /// Asks for the lead, as soon as it is free.
    pub(super) fn stand_in_line(&mut self) {
        let Some(visitor) = self.visitor.as_ref().filter(|_| !self.tabs.lead.in_line) else { return };
        let name = ["sc:", &self.config.namespace, ":", &visitor.id].concat();
        self.tabs.lead.in_line = true;
        self.out(Output::Lock(LockCommand::Acquire(Lock::Lead, name)));
    }

    /// Gives the lead up, or the place in line.
    pub(super) fn leave_line(&mut self, role: TabRole) {
        if self.tabs.role != TabRole::Alone {
            self.out(Output::Lock(LockCommand::Release(Lock::Lead)));
        }
        self.hand_over_ends();
        self.tabs.role = role;
        self.begin_era(); // what is being read for the lead is of no use any more
        self.tabs.wanting.clear();
        self.tabs.lead.in_line = false;
        self.stop_watching();
    }

    /// The lead is this tab's, or none of its affair.
    pub(super) fn stop_watching(&mut self) {
        self.tabs.lead.granted = false;
        self.tabs.lead.watch = Watch::Quiet;
        self.timers.stop(Timer::Lead);
    }

    /// Another tab leads now: the connection is dropped, and this one follows.
    pub(super) fn step_down(&mut self, now: Now) {
        if self.tabs.leads() {
            self.hang_up(now);
        }
        self.leave_line(TabRole::Follower);
        self.join_group();
    }

    fn granted(&mut self, now: Now) {
        if self.tabs.follows() {
            self.stop_watching();
            self.tabs.lead.granted = true;
            self.tabs.lead.due = now.mono + PATIENCE;
            self.load(Purpose::Lead);
        }
    }

    /// The store answered in time; else it is asked once more. A tab that hung may find next that the lead is another's,
    /// and what it was told long ago is not to be written over that one's words.
    pub(super) fn read_in_time(&mut self, now: Now) -> bool {
        let late = now.mono > self.tabs.lead.due;
        if late {
            self.tabs.lead.due = Mono::MAX;
            self.load(Purpose::Lead);
        }
        !late
    }

    /// This tab has heard of a chat, and the store does not know of it: others see late what is written there, and the chat
    /// would be requested once more. Or it was put away, of which there is no word yet.
    pub(super) fn look_for_chat(&mut self, restored: &Restored, now: Now) -> bool {
        let heard = self.open.as_ref().is_some_and(|open| open.entry.id.is_some());
        let stored = restored.session.as_ref().is_none_or(|session| session.conversation.is_some());
        let more = heard && !stored && self.storing.looks < LOOKS && self.shares_store();
        if more {
            self.timers.set(Timer::Lead, now.mono + (LAG << self.storing.looks));
            self.storing.looks += 1;
        }
        more
    }

    /// Where no lock tells them, the others hear that the lead is free.
    pub(super) fn say_farewell(&mut self) {
        if self.tabs.leads() && self.tabs.lead.unlocked {
            self.tell(Peer::Sign(YIELD));
            self.tabs.lead.yielded = true;
        }
    }

    /// A hidden leader without a connection lets a visible tab try.
    pub(super) fn offer_lead(&mut self) {
        if self.offers() {
            self.tell(Peer::Sign(YIELD));
        }
    }

    fn offers(&self) -> bool {
        let lost = self.link.connection.state == ConnectionState::Reconnecting;
        lost && self.tabs.leads() && !self.reading.visible
    }

    /// What the message means for who leads; false when its sender leads no more, and is not listened to.
    pub(super) fn heed_lead(&mut self, header: &Header, peer: &Peer, now: Now) -> bool {
        let newer = header.term > self.tabs.term;
        if header.leads {
            if header.term < self.tabs.term {
                self.tell_snapshot(None, u64::MAX); // it slept, and is to hear who leads
                if self.tabs.leads() {
                    self.tail_changed(now); // its copy of a page's own store may have gone over what is newer
                }
                return false;
            }
            if self.tabs.leads() {
                if !newer && self.tabs.tab < header.tab {
                    self.tell_snapshot(None, u64::MAX);
                    return false;
                }
                self.step_down(now);
                self.tabs.term = self.tabs.term.min(header.term.saturating_sub(1)); // to this tab it is a new leader
            }
            if newer {
                self.repeat_use();
            }
            if !matches!(peer, Peer::Sign(YIELD)) {
                self.rest_assured(now);
            }
        } else if newer && self.tabs.leads() {
            // It follows somebody this tab never heard of, or has read a number that this tab's own store never saw.
            self.tabs.term = header.term;
            self.step_down(now);
        }
        let Peer::Sign(sign) = *peer else { return true };
        let holds = self.tabs.leads() || self.tabs.lead.granted;
        match sign {
            PING | CLAIM if holds => {
                let answer = if self.offers() { YIELD } else { HERE };
                self.tell(Peer::Sign(answer));
            }
            CLAIM if self.tabs.lead.watch == Watch::Claimed && self.tabs.tab < header.tab => {
                self.tell(Peer::Sign(CLAIM)); // it may have come too late to hear the first
            }
            HERE if self.tabs.follows() => self.rest_assured(now),
            AGAIN => self.try_again(now),
            // Until then it leads, or is gone too, or so slow that it is not to lead.
            CLAIM if self.tabs.follows() => self.watch(Watch::Pinged, OBJECTION + PATIENCE, now),
            YIELD if self.may_take() && self.tabs.lead.watch != Watch::Claimed => {
                let later = if self.reading.visible { 0 } else { HIDDEN };
                let pause = later + self.jitter.below(SPREAD);
                self.watch(Watch::Pinged, pause, now);
            }
            _ => {}
        }
        false
    }

    /// The leader, or who is about to be it, is there.
    fn rest_assured(&mut self, now: Now) {
        if self.tabs.lead.granted && !self.tabs.lead.unlocked {
            return; // said before the lock was this tab's
        }
        self.stop_watching();
        self.watch_leader(now);
    }

    /// At the end of every input: a follower that needs the leader, or has not heard of it for long, asks for it.
    pub(super) fn watch_leader(&mut self, now: Now) {
        let asks = std::mem::take(&mut self.tabs.lead.asks);
        if !self.may_take() || self.link.leaving || self.tabs.lead.watch != Watch::Quiet {
            return;
        }
        let unlocked = self.tabs.lead.unlocked;
        let idle = self.link.connection.state == ConnectionState::Idle && self.boot.is_none();
        if asks {
            self.ping(now);
        } else if !self.timers.armed(Timer::Lead) && (unlocked || !idle) {
            let silence = match (self.look.open, unlocked) {
                (true, _) => SILENCE_OPEN,
                (_, true) => SILENCE_UNLOCKED,
                _ => SILENCE,
            };
            self.watch(Watch::Quiet, silence, now);
        }
    }

    fn ping(&mut self, now: Now) {
        self.tell(Peer::Sign(PING));
        // Several may wait for the same answer: they are not to take the lead from each other.
        let pause = PATIENCE + self.jitter.below(SPREAD);
        self.watch(Watch::Pinged, pause, now);
    }

    fn watch(&mut self, watch: Watch, pause: u64, now: Now) {
        self.tabs.lead.watch = watch;
        self.tabs.lead.due = now.mono + pause;
        self.timers.set(Timer::Lead, self.tabs.lead.due);
    }

    /// Only a visible tab takes the lead from another. Without locks a hidden one does too, or nobody might.
    fn may_take(&self) -> bool {
        let lead = &self.tabs.lead;
        self.tabs.follows() && !lead.granted && (lead.unlocked || self.reading.visible)
    }

    /// The silence, the patience, or the time for objections is over.
    pub(super) fn lead_due(&mut self, now: Now) {
        if self.visitor.is_none() {
            return self.may_create();
        }
        if self.tabs.lead.granted {
            return self.granted(now);
        }
        let watch = std::mem::take(&mut self.tabs.lead.watch);
        if !self.may_take() {
            return;
        }
        let late = now.mono > self.tabs.lead.due + if self.reading.visible { LATE } else { SLOWED };
        match watch {
            Watch::Claimed if !late => self.granted(now),
            Watch::Pinged if !late => self.contest(now),
            _ => self.ping(now),
        }
    }

    /// Nobody leads, or nobody who answers.
    fn contest(&mut self, now: Now) {
        let Some(visitor) = self.visitor.as_ref().filter(|_| self.tabs.follows()) else { return };
        if self.tabs.lead.unlocked {
            self.tell(Peer::Sign(CLAIM));
            return self.watch(Watch::Claimed, OBJECTION, now);
        }
        let name = ["sc:", &self.config.namespace, ":", &visitor.id].concat();
        self.tabs.lead.in_line = true;
        self.out(Output::Lock(LockCommand::Steal(Lock::Lead, name)));
        self.watch(Watch::Quiet, SILENCE, now);
    }
}
