//! What becomes of the page: network, visibility, the back/forward cache. Not: how that is found out
//! (`web.js`).

use super::call::Who;
use super::elsewhere::LAG;
use super::identity::User;
use super::input::PageEvent;
use super::logout::KEPT;
use super::machine::Session;
use super::output::Output;
use super::peer::Peer;
use super::storing::Purpose;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::{Banner, ConnectionState};
use crate::lifecycle::State;
use crate::store::persisted::SavedSession;
use crate::store::restored::Restored;
use crate::time::Now;
use crate::transport::Reason;

/// The clocks drift apart, or a timer is late, by more than this, in ms: the machine slept.
const SLEEP: u64 = 30_000;

impl Session {
    /// Something happened to the page.
    pub(super) fn page_event(&mut self, page: PageEvent, now: Now) {
        let back = matches!(page, PageEvent::Shown | PageEvent::Restored | PageEvent::Resumed);
        self.link.leaving |= matches!(page, PageEvent::Leaving | PageEvent::Cached);
        if back && self.reading.cached && self.visitor.is_some() && !self.knows_of_others() {
            self.reading.visible |= page == PageEvent::Shown;
            return self.begin_anew(now);
        }
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
                self.say_whether_left();
                if page == PageEvent::Hidden && self.timers.armed(Timer::Tail) {
                    self.save_tail();
                }
                if page == PageEvent::Shown {
                    self.compare(false, now);
                    self.tabs.lead.asks = true;
                    self.use_tab(now);
                } else {
                    self.offer_lead();
                }
            }
            PageEvent::Focused => self.use_tab(now),
            PageEvent::Leaving => {
                if self.visitor.is_some() {
                    self.save_tail();
                    self.use_no_more();
                    self.tell(Peer::Want(false));
                    self.say_farewell();
                }
                self.hang_up(now);
            }
            PageEvent::Cached => {
                if self.visitor.is_some() {
                    self.save_tail();
                }
                self.give_up("cached", now);
                self.go_away();
                self.reading.cached = true;
            }
            PageEvent::Restored | PageEvent::Resumed => {
                self.link.leaving = false;
                self.say_whether_left();
                self.compare(true, now);
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

    /// Nobody opens a window from a page that is not in sight: see `SavedSession::left`.
    fn say_whether_left(&mut self) {
        if self.config.storage == "session" {
            self.save_session();
        }
    }

    /// Whether the store would tell of a logout in another tab, where there was one.
    fn knows_of_others(&self) -> bool {
        match self.config.storage {
            _ if self.storing.memory => false,
            "memory" => false,
            "local" | "cookie" => true,
            _ => !self.tabs.company,
        }
    }

    /// What became of the others meanwhile no store can tell: this tab forgets, and asks the backend.
    fn begin_anew(&mut self, now: Now) {
        self.leave(Reason::Reload);
        if self.config.storage == "custom" && !self.storing.memory {
            self.out(Output::Blank); // what is kept there is read again, and others may have written it
        } else {
            self.keep_only(KEPT);
        }
        let who = self.user_id().map(str::to_owned).map(|id| {
            let said = self.known_values().unwrap_or_default();
            Box::new(Who { user_id: Some(id), said, provider: self.token.provider })
        });
        self.end_session();
        self.begin_boot(0, who, now);
    }

    /// The word of a logout may not have reached a page that was away: the store knows, and is asked first. A page that
    /// is `back` then goes on.
    fn compare(&mut self, back: bool, now: Now) {
        let asks = match self.config.storage {
            "memory" => false,
            "custom" => back, // may be far away
            _ => true,
        };
        if asks && self.concerned() && !self.storing.memory {
            self.load(Purpose::Compare { back, told: false });
        } else if back {
            self.come_back(now);
        }
    }

    /// A logout elsewhere is this tab's affair: there is a session, or one may come of a boot that failed, or of one
    /// whose store was asked before the page went away.
    fn concerned(&self) -> bool {
        let cached = self.reading.cached && self.boot.is_some();
        self.state.live() || self.boot_adopted() || self.boot_again.is_some() || cached
    }

    /// How many logouts the store knows of, where that can be asked at once: before each input, so that nothing is done
    /// any more in the name of a session that is over. The word of the other tab may come later. Of a logout before the
    /// module was there a cookie has no number: it is gone, which is looked at before the `last` input. True: the store
    /// is to be read before anything else.
    pub fn handle_epoch(&mut self, epoch: u64, last: bool) -> bool {
        if epoch < self.tabs.epoch && !last && self.tabs.leads() && self.shares_store() {
            self.save_epoch(); // the page has emptied it: for who opens next this was long ago
        }
        let newer = epoch > self.tabs.epoch || last && self.config.storage == "cookie" && self.visitor.is_some();
        let behind = newer && self.concerned() && !self.keeps_apart() && !self.storing.checking();
        if behind {
            self.load(Purpose::Compare { back: false, told: false });
        }
        behind
    }

    /// What the store says of it.
    pub(super) fn compared(&mut self, restored: &Restored, back: bool, told: bool, now: Now) {
        let epoch = restored.epoch.unwrap_or(0);
        let user = restored.session.as_ref().and_then(|session| session.user_id.as_deref());
        let own = self.visitor.as_ref().map(|visitor| &visitor.id);
        if own.is_some() && self.storing.memory && epoch <= self.tabs.epoch {
            // It could not be read. A page that was in the cache has missed what others said; one that was frozen, or
            // slept, has not, but may hear it later than it shows what it has.
            return match back {
                _ if self.reading.cached || back && self.tabs.company => self.begin_anew(now),
                true => self.come_back(now),
                false => {}
            };
        }
        let mine = |session: &Option<SavedSession>| {
            let own = own.zip(session.as_ref());
            own.is_some_and(|(own, session)| session.visitor_id == *own)
        };
        let kept = own.is_none() || mine(&restored.session);
        let identified = user.filter(|_| !self.has_user());
        let other = match &restored.session {
            Some(_) => !kept || identified.is_none() && user.is_some() && user != self.user_id(),
            // A logout may leave nothing at all there, not even a new epoch.
            None if own.is_none() => self.config.storage == "custom" && !self.storing.memory,
            None => back || told || matches!(self.config.storage, "cookie" | "custom"),
        };
        // Somebody logged out, and the leader's number is gone: the page had emptied the store, and what stands there
        // was written since.
        let told = told && own.is_some();
        let emptied = told && restored.term < self.tabs.term;
        if other || emptied || epoch > self.tabs.epoch {
            let aside = mine(&restored.aside);
            let gone = emptied || !kept && !aside;
            if (told || epoch > self.tabs.epoch) && !aside {
                self.revoke_for_another(gone, now); // a logout; the word of it comes too late for that
            }
            self.give_up_boot(user, true);
            self.logged_out_elsewhere(epoch.max(self.tabs.epoch + u64::from(told)), Some(gone).filter(|_| !aside), now);
        } else {
            if let Some(id) = identified {
                // In place, by another tab: nothing that was merged goes on as nobody's.
                self.become_user(User { id: id.to_owned(), verified: false }, now);
            }
            if told && epoch < self.tabs.epoch {
                self.write_over(now);
            }
            if told && !back {
                self.timers.set(Timer::Sweep, now.mono + LAG); // what the page emptied may be seen here for a while
            }
            self.forget_gone(restored, now);
        }
        if back && !told {
            self.come_back(now);
        }
        if self.tabs.follows() {
            self.say_waiting(); // what the leader tells a tab that comes back may have answered it by then
        }
    }

    /// True when the clocks say that the machine slept. Then what is stored may be another's, and the connection is dead.
    pub(super) fn slept(&mut self, now: Now) -> bool {
        self.reading.wall = now.wall;
        let skew = now.wall.wrapping_sub(now.mono);
        let drift = skew.wrapping_sub(std::mem::replace(&mut self.reading.skew, skew)) as i64;
        let last = std::mem::replace(&mut self.reading.mono, now.mono);
        // Of a hidden page the browser slows the timers; where it only did that, nothing is lost.
        let due = self.timers.next().filter(|_| self.reading.visible).unwrap_or(now.mono);
        let late = now.mono.saturating_sub(due.max(last));
        if drift.max(late as i64) <= SLEEP as i64 || self.visitor.is_none() {
            return false;
        }
        let idle = matches!(self.link.connection.state, ConnectionState::Idle | ConnectionState::Disconnected);
        if self.tabs.leads() && !idle {
            self.hang_up(now);
            self.link.slept = true;
            self.set_connection(ConnectionState::Reconnecting, None, Some("timeout"));
            self.move_to_if_live(State::Reconnecting);
        }
        self.tabs.lead.asks = true;
        self.token_slept();
        self.compare(true, now);
        true
    }

    /// The page does nothing until it comes back: another tab is to lead.
    fn go_away(&mut self) {
        self.link.leaving = true;
        self.stop_creating();
        if self.tabs.role != TabRole::Alone {
            self.use_no_more();
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
