//! Who types: outwards throttled, inwards expiring. Not: the words typed; those stay here until they are sent.

use super::machine::Session;
use super::output::Event;
use super::peer::Peer;
use super::tabs::TabRole;
use super::timers::Timer;
use crate::message::Party;
use crate::time::{Mono, Now};
use crate::transport::{Action, Capabilities};

/// "Types" goes out at most this often, in ms.
const REPEAT: u64 = 3_000;
/// Not typing for this long is having stopped, in ms.
const STOP: u64 = 5_000;
/// Typing is shown only when it goes on for this long, in ms.
const SHOW: u64 = 300;
/// Typing that is not repeated is over after this long, in ms.
const EXPIRE: u64 = 10_000;

/// See the module.
#[derive(Default)]
pub(super) struct Typing {
    /// When "types" last went out; none while the visitor does not type.
    sent: Option<Mono>,
    /// Who types.
    party: Option<Party>,
    /// It is old enough to be shown.
    shown: bool,
}

impl Typing {
    /// Who is to be shown typing.
    pub(super) fn shown(&self) -> Option<&Party> {
        self.party.as_ref().filter(|_| self.shown)
    }
}

impl Session {
    /// The visitor types, or stopped: said by the composer, by `sendTyping`, or by a follower.
    pub(super) fn typed(&mut self, is_typing: bool, now: Now) {
        if !is_typing {
            return self.stop_typing();
        }
        self.timers.set(Timer::TypingOut, now.mono + STOP);
        if self.typing.sent.is_none_or(|sent| now.mono >= sent + REPEAT) {
            self.typing.sent = Some(now.mono);
            self.send_typing(true);
        }
    }

    /// The visitor stopped typing.
    pub(super) fn stop_typing(&mut self) {
        self.timers.stop(Timer::TypingOut);
        if self.typing.sent.take().is_some() {
            self.send_typing(false);
        }
    }

    fn send_typing(&mut self, is_typing: bool) {
        if self.tabs.role == TabRole::Follower {
            self.tell(Peer::Typing(is_typing));
        } else {
            self.send_quietly(Capabilities::TYPING, Action::Typing(is_typing));
        }
    }

    /// Somebody else types, or stopped.
    pub(super) fn others_type(&mut self, party: Party, is_typing: bool, now: Now) {
        if !is_typing {
            if self.typing.party.as_ref().is_some_and(|typing| typing.id == party.id) {
                self.end_typing();
            }
            return;
        }
        self.timers.set(Timer::TypingIn, now.mono + EXPIRE);
        let known = self.typing.party.as_ref().is_some_and(|typing| typing.id == party.id);
        if !known {
            self.end_typing();
            self.timers.set(Timer::TypingIn, now.mono + EXPIRE);
            self.timers.set(Timer::TypingShown, now.mono + SHOW);
            self.tell_typing(true, party.clone());
            self.typing.party = Some(party);
        }
    }

    /// They have typed long enough.
    pub(super) fn show_typing(&mut self) {
        self.typing.shown = true;
        self.render();
    }

    /// They stopped, expired, or their message came.
    pub(super) fn end_typing(&mut self) {
        self.timers.stop(Timer::TypingIn);
        self.timers.stop(Timer::TypingShown);
        if let Some(party) = self.typing.party.take() {
            self.typing.shown = false;
            self.tell_typing(false, party);
            self.render();
        }
    }

    fn tell_typing(&mut self, start: bool, party: Party) {
        if let Some(open) = &self.open {
            let conversation_id = open.shown_id().to_owned();
            self.emit(Event::Typing { start, conversation_id, party });
        }
    }
}
