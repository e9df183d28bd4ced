//! Logouts: what may still be seen and stored of an identity afterwards, where, and until when. Not: what is right at
//! any other time (`checks`).

use crate::browser::TabId;
use crate::marks::marks;
use crate::plan::Fault;
use crate::tab::Tab;
use crate::world::{Due, World, Wrong};
use support_chat::session::Call;

/// What one tab says reaches the others within this, in ms.
const HEARD: u64 = 201;

/// A tab does nothing for a while, or for good.
const STOPS: [Fault; 7] =
    [Fault::Hang, Fault::Freeze, Fault::Cache, Fault::Kill, Fault::Crash, Fault::Reload, Fault::Close];

/// An identity was wiped: sessions of it that began before are over.
#[derive(Clone, Debug)]
pub(crate) struct Wiped {
    at: u64,
    home: usize,
    visitor: String,
    /// So many texts had been written by then.
    texts: usize,
}

impl World {
    /// The visitor logs out, at the site and here: nothing may be left when the call returns.
    pub(crate) fn log_out(&mut self, id: TabId, clear: bool) {
        let Some(tab) = self.tab(id) else { return };
        // Whose session another tab has ended hears of it now, where the store answers at once, and logs out without one;
        // else it is the same logout once more.
        let over = self.overdue(id).is_some();
        let told = over && self.plan.store_delay == 0;
        let (before, live) = (tab.visitor.clone(), tab.state().live() && !told);
        let user = tab.was_user.clone();
        let home = self.home(id);
        self.logged_out = true;
        self.logouts += 1;
        self.browsers[home].login = None;
        self.call(id, Call::Shutdown { clear_storage: clear });
        if let Some(tab) = self.tab_mut(id) {
            tab.boots_as = None; // without a session too: whoever could not be booted is not wanted any more
        }
        self.give_up_all(home);
        if self.tab(id).is_none() {
            return; // it crashed in the middle: the next load finishes what was begun, if it was
        }
        if let Some(visitor) = before.filter(|_| live && !over) {
            self.wiped(home, visitor, clear || user.is_some());
        }
        if self.plan.store_delay > 0 {
            return; // what a slow store holds is only known after it was read, and changed after it was written
        }
        // What another tab wrote in this moment, and this one cannot see yet, that tab removes as it hears of it.
        for (name, text) in self.look(id).unwrap_or_default() {
            let kept: &[&str] = match (clear, user.is_some() && live) {
                (true, _) => &["epoch", "consent"],
                (_, true) => &["epoch", "consent", "aside"],
                _ => &["epoch", "consent", "aside", "term", "session"],
            };
            let words = self.ledger.found_in(&text).len();
            if words > 0 || !kept.contains(&&*name) {
                return self.fail(Wrong::Other, format!("after logout `{name}` still says {text}"));
            }
        }
    }

    /// Sessions of this visitor in this browser are over, by the word of one tab; for good, where it says so.
    pub(crate) fn wiped(&mut self, home: usize, visitor: String, dead: bool) {
        if dead {
            self.dead.insert(visitor.clone(), self.time);
        }
        self.wiped.push(Wiped { at: self.time, home, visitor, texts: self.ledger.written.len() });
        self.later(self.swept() + 1, Due::Look(home));
    }

    /// So long, in ms, a tab may take to hear of a logout and to remove what it wrote before that: its write gets there, it
    /// reads the store, and writes; and where it does not see the logout there, looks once more, or twice.
    fn swept(&self) -> u64 {
        let looks = match self.plan.store_lag {
            0 => 0,
            1..=80 => 80,
            _ => 240,
        };
        HEARD + 3 * self.plan.store_delay + looks
    }

    /// Nothing is stored but what belongs to whoever is there, and to the anonymous visitor set aside.
    pub(crate) fn check_store(&mut self, home: usize) {
        if self.browser_failed() || self.waking.is_some() {
            return;
        }
        // A page that came back reads a late store twice: first it learns that its session is over, then what it wrote.
        let reads = |tab: &&Tab| self.home(tab.id) == home && self.time <= tab.returned + 2 * self.plan.store_delay;
        if self.plan.store_delay > 0 && self.tabs.iter().any(|tab| reads(&tab)) {
            return self.later(2 * self.plan.store_delay, Due::Look(home));
        }
        let entries = self.browsers[home].entries();
        let saved = |name: &str| {
            let text = &entries.iter().find(|entry| entry.0 == name)?.1;
            let entry: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(entry["visitorId"].as_str()?.to_owned())
        };
        let there = self.tabs.iter().filter(|tab| tab.away.is_none() && self.home(tab.id) == home);
        let mut owners: Vec<String> = there.filter_map(|tab| tab.visitor.clone()).collect();
        owners.extend(saved("session"));
        // What a tab wrote that no other tab sees yet, it does not remove when it stops before it hears of the logout.
        let stops = self.plan.store_lag > 0 && STOPS.iter().any(|fault| self.plan.has(*fault));
        for (name, text) in &entries {
            let aside = saved("aside").filter(|_| name == "aside");
            for mark in marks(text) {
                let of = |visitor: &String| self.may_have(visitor, mark);
                let word = matches!(mark.0, 'm' | 'a' | 'd');
                let kept = aside.as_ref().is_some_and(|visitor| !word && of(visitor));
                if !kept && (name == "aside" || !owners.iter().any(of)) {
                    let words = format!("`{name}` holds {mark:?} of nobody who is there ({owners:?}): {text}");
                    return self.fail(Wrong::Other, words);
                }
            }
            let over =
                |one: &&Wiped| one.home == home && self.time > one.at + self.swept() && text.contains(&one.visitor);
            let texts = self.wiped.iter().filter(over).map(|one| one.texts).max().unwrap_or(0);
            let waits = !stops && (name == "draft" || name.starts_with("outbox:"));
            if waits && self.ledger.found_in(text).iter().any(|place| *place < texts) {
                return self
                    .fail(Wrong::Other, format!("`{name}` still says what was written before a logout: {text}"));
            }
            let gone =
                self.dead.iter().find(|(visitor, at)| self.time > **at + self.swept() && text.contains(*visitor));
            if let Some((visitor, _)) = gone {
                return self.fail(Wrong::Other, format!("`{name}` still names {visitor}: {text}"));
            }
        }
    }

    /// A tab's session is over, by its own call or another tab's: what it had not sent is given up.
    pub(crate) fn logged_out(&mut self, tab: &mut Tab) {
        self.give_up_of(tab.visitor.as_deref());
        tab.visitor = None;
        tab.over = true;
        tab.was_user = None;
        tab.boots_as = None;
    }

    /// The group has logged out, and the word of it may still be on its way.
    pub(crate) fn is_wiped_now(&self, visitor: &str) -> bool {
        self.wiped.iter().any(|wiped| wiped.visitor == visitor && self.time <= wiped.at + HEARD)
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
        // A page that comes back asks the store first, and one of the page's own answers later than the browser's.
        let returned = self.tab(id).map_or(0, |tab| tab.returned + self.plan.store_delay);
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
        // A store that is far away is not asked by a page that was only hidden: it hears the word as ever.
        let heard = |at: &u64| self.plan.store_delay == 0 || self.time > at + HEARD;
        let seen = |at: &u64| self.time >= at + self.plan.store_lag;
        if let Some(at) = self.overdue(id).filter(|at| knows && heard(at) && seen(at)) {
            self.fail(Wrong::Other, format!("tab {id} shows at its return what was wiped {} ms ago", self.time - at));
        }
    }
}
