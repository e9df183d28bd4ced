//! The sound of a message: of all tabs the one used last plays it, once, unless somebody has read it by then. Not: how it
//! sounds (`pkg-template/sound.js`).

use super::machine::Session;
use super::output::{Change, Output};
use super::peer::Peer;
use super::timers::Timer;
use crate::message::Message;
use crate::time::{Now, Wall};
use std::rc::Rc;

/// A tab in which the message is read has this long to say so, in ms.
const PAUSE: u64 = 100;

/// See the module.
#[derive(Default)]
pub(super) struct Sounding {
    /// A message came.
    came: bool,
    /// When a tab was last used, and which; empty: none that is still there.
    used_at: Wall,
    used_by: String,
}

impl Session {
    /// The visitor uses this tab: shows it, turns to it, or does something in the widget.
    pub(super) fn use_tab(&mut self, now: Now) {
        self.sounding.used_at = now.wall;
        if self.visitor.is_some() && self.sounding.used_by != self.tabs.tab {
            self.sounding.used_by.clone_from(&self.tabs.tab);
            self.tell(Peer::Used(now.wall));
        }
    }

    /// Another tab was used then; 0: it is gone.
    pub(super) fn used_elsewhere(&mut self, at: Wall, tab: &str) {
        let sounding = &mut self.sounding;
        if at == 0 && sounding.used_by == tab {
            sounding.used_by.clear();
        } else if at > 0 && (at, tab) > (sounding.used_at, &*sounding.used_by) {
            sounding.used_at = at;
            tab.clone_into(&mut sounding.used_by);
        }
    }

    /// A new leader does not know which tab was used last.
    pub(super) fn repeat_use(&mut self) {
        if self.sounding.used_by == self.tabs.tab {
            self.tell(Peer::Used(self.sounding.used_at));
        }
    }

    /// This tab goes: another one plays.
    pub(super) fn use_no_more(&mut self) {
        if self.sounding.used_by == self.tabs.tab {
            self.sounding.used_by.clear();
            self.tell(Peer::Used(0));
        }
    }

    /// Somebody else said something new.
    pub(super) fn message_came(&mut self, message: &Rc<Message>) {
        self.emit_message(Change::Received, message.clone());
        self.sounding.came = true;
    }

    /// At the end of every input.
    pub(super) fn prepare_sound(&mut self, now: Now) {
        if std::mem::take(&mut self.sounding.came) && self.config.sound {
            self.timers.set_if_idle(Timer::Sound, now.mono + PAUSE);
        }
    }

    /// Unless it was read meanwhile, here or elsewhere.
    pub(super) fn let_hear(&mut self) {
        let used = &self.sounding.used_by;
        let mine = *used == self.tabs.tab || (used.is_empty() && self.tabs.leads());
        if mine && self.reading.unread > 0 {
            self.out(Output::Sound);
        }
    }
}
