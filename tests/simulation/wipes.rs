//! Logouts: what may still be seen and stored of an identity afterwards, where, and until when. Not: what is right at
//! any other time (`checks`).

use crate::browser::TabId;
use crate::tab::Tab;
use crate::world::{World, Wrong};
use support_chat::session::Call;

/// What one tab says reaches the others within this, in ms.
const HEARD: u64 = 201;

/// An identity was wiped: sessions of it that began before are over.
#[derive(Clone, Debug)]
pub(crate) struct Wiped {
    at: u64,
    home: usize,
    visitor: String,
}

impl World {
    /// The visitor logs out: nothing may be left when the call returns.
    pub(crate) fn log_out(&mut self, id: TabId, clear: bool) {
        let Some(tab) = self.tab(id) else { return };
        let before = tab.visitor.clone();
        let state = tab.session.view().state;
        self.logged_out = true;
        self.call(id, Call::Shutdown { clear_storage: clear });
        self.give_up_all();
        if self.tab(id).is_none() {
            return; // it crashed in the middle: the next load finishes what was begun, if it was
        }
        if let Some(visitor) = before.filter(|_| state.live()) {
            let home = self.home(id);
            self.wiped.push(Wiped { at: self.time, home, visitor: visitor.clone() });
            // Of two tabs that log out at once, the later one's word counts.
            for written in self.ledger.written.iter_mut().filter(|written| written.visitor.as_ref() == Some(&visitor)) {
                written.forbidden = clear;
            }
            if clear {
                self.cleared.insert(visitor);
            } else {
                self.cleared.remove(&visitor);
            }
        }
        if self.plan.store_delay > 0 && !state.live() {
            return; // what a slow store holds is only known after it was read
        }
        let entries = self.browser(id).entries();
        for (name, text) in &entries {
            if let Some(place) = self.ledger.found_in(text).first() {
                let words = format!("after logout `{name}` still says {}", self.ledger.written[*place].text);
                return self.fail(Wrong::Other, words);
            }
            if clear && name != "epoch" && name != "consent" {
                return self.fail(Wrong::Other, format!("after logout there is still `{name}`"));
            }
        }
    }

    /// A tab's session is over, by its own call or another tab's: what it had not sent is given up.
    pub(crate) fn logged_out(&mut self, tab: &mut Tab) {
        self.give_up_of(tab.visitor.as_deref());
        tab.visitor = None;
    }

    /// The tab's session, when it was wiped by another tab; since when.
    fn overdue(&self, id: TabId) -> Option<u64> {
        let tab = self.tab(id)?;
        let visitor = tab.visitor.as_ref().filter(|_| tab.session.view().state.live())?;
        let home = self.home(id);
        let fits = |wiped: &&Wiped| wiped.home == home && wiped.visitor == *visitor && Some(wiped.at) > tab.since;
        self.wiped.iter().find(fits).map(|wiped| wiped.at)
    }

    /// A session that was wiped by another tab is over with the next task of this one.
    pub(crate) fn check_tenure(&mut self, id: TabId) {
        if self.waking.is_some() || self.browser_failed() {
            return;
        }
        // A page's own store answers later than the browser's.
        let returned = self.tab(id).map_or(0, |tab| tab.returned + 2 * self.plan.store_delay);
        let late = |at: &u64| self.time > (at + HEARD).max(returned);
        if let Some(at) = self.overdue(id).filter(late) {
            self.fail(Wrong::Other, format!("tab {id} still has a session that was wiped {} ms ago", self.time - at));
        }
    }

    /// A page comes into sight: nothing that was wiped meanwhile does.
    pub(crate) fn check_return(&mut self, id: TabId) {
        let Some(tab) = self.tab(id) else { return };
        // Until a store that is far away has answered, nothing is shown.
        let knows = !tab.session.view().checking && tab.memory.is_none() && !self.browser_failed();
        if let Some(at) = self.overdue(id).filter(|_| knows) {
            self.fail(Wrong::Other, format!("tab {id} shows at its return what was wiped {} ms ago", self.time - at));
        }
    }
}
