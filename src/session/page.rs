//! What becomes of the page: network, visibility, the back/forward cache. Not: how that is found out
//! (`browser/page.rs`).

use super::input::{Lock, PageEvent};
use super::machine::Session;
use super::output::{LockCommand, Output};
use super::peer::Peer;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::{Banner, ConnectionState};
use crate::time::Now;

impl Session {
    /// Something happened to the page.
    pub(super) fn page_event(&mut self, page: PageEvent, now: Now) {
        match page {
            PageEvent::Online => {
                self.reading.online = true;
                self.try_again(now);
            }
            PageEvent::Offline => {
                self.reading.online = false;
                self.give_up("offline", now);
            }
            PageEvent::Shown | PageEvent::Hidden => {
                self.reading.visible = page == PageEvent::Shown;
                if page == PageEvent::Hidden && self.timers.armed(Timer::Tail) {
                    self.save_tail();
                }
                if page == PageEvent::Shown {
                    self.compare_epoch(false);
                }
            }
            PageEvent::Leaving => {
                if self.visitor.is_some() {
                    self.save_tail();
                    self.tell(&Peer::Want(false));
                }
                self.hang_up(now);
                self.link.leaving = true;
            }
            PageEvent::Cached => {
                if self.visitor.is_some() {
                    self.save_tail();
                }
                self.give_up("cached", now);
                if self.tabs.role != TabRole::Alone {
                    self.out(Output::Lock(LockCommand::Release(Lock::Lead)));
                    self.tabs.role = TabRole::Follower;
                    self.tabs.wanting.clear();
                }
            }
            PageEvent::Restored => {
                self.link.leaving = false;
                if !self.compare_epoch(true) {
                    self.come_back(now);
                }
            }
            PageEvent::Resumed => {
                self.compare_epoch(false);
            }
            PageEvent::Frozen => {}
        }
    }

    fn give_up(&mut self, reason: &'static str, now: Now) {
        if self.tabs.role == TabRole::Leader && self.link.connection.state != ConnectionState::Idle {
            self.hang_up(now);
            self.halt(reason, Banner::Offline);
        }
    }
}
