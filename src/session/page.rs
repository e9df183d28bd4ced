//! What becomes of the page: network, visibility, the back/forward cache. Not: how that is found out
//! (`browser/page.rs`).

use super::input::PageEvent;
use super::machine::Session;
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
                    self.tabs.lead.asks = true;
                } else {
                    self.offer_lead();
                }
            }
            PageEvent::Leaving => {
                if self.visitor.is_some() {
                    self.save_tail();
                    self.tell(&Peer::Want(false));
                    self.say_farewell();
                }
                self.hang_up(now);
                self.link.leaving = true;
            }
            PageEvent::Cached => {
                if self.visitor.is_some() {
                    self.save_tail();
                }
                self.give_up("cached", now);
                self.go_away();
            }
            PageEvent::Restored => {
                self.link.leaving = false;
                if !self.compare_epoch(true) {
                    self.come_back(now);
                }
            }
            PageEvent::Resumed => {
                self.link.leaving = false;
                if !self.compare_epoch(true) {
                    self.come_back(now);
                }
            }
            PageEvent::Frozen => {
                // Alone it loses nothing by keeping what it has.
                if self.tabs.company {
                    self.give_up("cached", now);
                    self.go_away();
                }
            }
        }
    }

    /// The page does nothing until it comes back: another tab is to lead.
    fn go_away(&mut self) {
        self.link.leaving = true;
        if self.tabs.role != TabRole::Alone {
            self.say_farewell();
            self.leave_line(TabRole::Follower);
        }
    }

    fn give_up(&mut self, reason: &'static str, now: Now) {
        if self.tabs.role == TabRole::Leader && self.link.connection.state != ConnectionState::Idle {
            self.hang_up(now);
            self.halt(reason, Banner::Offline);
        }
    }
}
