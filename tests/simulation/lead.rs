//! One tab of a group leads: at any time no more than one, and after a while at least one. Not: what a leader does.

use crate::away::Away;
use crate::browser::TabId;
use crate::tab::Tab;
use crate::world::{World, Wrong};
use support_chat::session::ConnectionState;

/// With locks a dead leader is replaced within this, in ms.
const DEAD: u64 = 2_000;
/// Without them.
const UNLOCKED: u64 = 5_000;
/// A leader that hangs is asked after 5 s of silence, has one to answer, and the one who asks may be late itself.
const HUNG: u64 = 7_500;
/// Without locks two that lead learn of each other by the next message.
const BOTH: u64 = 1_000;
/// A hidden leader that is not connected gives the lead away within this, in ms.
const HIDDEN: u64 = 3_000;

/// The tabs of one visitor in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    home: usize,
    visitor: String,
}

/// Since when something has been so that may only be so for a while.
#[derive(Clone, Debug)]
pub(crate) struct Since {
    group: Group,
    what: What,
    at: u64,
    /// How long it may be, from the beginning.
    most: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Nobody,
    Two,
    HiddenOne,
}

impl World {
    /// After every step.
    pub(crate) fn check_lead(&mut self) {
        let mut now = Vec::new();
        for group in self.groups() {
            self.look_at(&group, &mut now);
        }
        for since in &mut now {
            let before = self.lead_since.iter().find(|old| (&old.group, old.what) == (&since.group, since.what));
            if let Some(old) = before {
                // Whoever joins or falls silent meanwhile gives it more time, never less.
                since.at = old.at;
                since.most = since.most.max(old.most);
            }
        }
        self.lead_since = now;
        let late = self.lead_since.iter().find(|since| self.time > since.at + since.most);
        if let Some(since) = late {
            let words = format!("{:?} in {:?} for {} ms", since.what, since.group, self.time - since.at);
            self.fail(Wrong::Other, words);
        }
    }

    /// Without locks nobody sees that a tab dies that was about to lead: it is waited for as long as for a leader.
    pub(crate) fn mourn(&mut self, tab: &Tab) {
        let home = self.home(tab.id);
        let same = |group: &Group| group.home == home && Some(&group.visitor) == tab.visitor.as_ref();
        if !self.plan.locks {
            self.lead_since.retain(|since| since.what != What::Nobody || !same(&since.group));
        }
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups = Vec::new();
        for tab in self.tabs.iter().filter(|tab| tab.grouped) {
            let Some(visitor) = tab.visitor.clone() else { continue };
            let group = Group { home: self.home(tab.id), visitor };
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }

    fn members(&self, group: &Group) -> impl Iterator<Item = &Tab> {
        let (home, visitor) = (group.home, group.visitor.clone());
        let fits = move |tab: &&Tab| tab.grouped && tab.visitor.as_ref() == Some(&visitor);
        self.tabs.iter().filter(fits).filter(move |tab| self.home(tab.id) == home)
    }

    fn look_at(&self, group: &Group, now: &mut Vec<Since>) {
        let mut since = |what, most| now.push(Since { group: group.clone(), what, at: self.time, most });
        let leading: Vec<TabId> =
            self.members(group).filter(|tab| tab.away.is_none() && tab.session.leads()).map(|tab| tab.id).collect();
        let watching = self.members(group).find(|tab| tab.away.is_none() && tab.visible);
        // It may hold the lock, or have been about to take the lead. One that was alone keeps it when it is frozen.
        let hung = self.tabs.iter().any(|tab| matches!(tab.away, Some(Away::Hung | Away::Frozen)));
        if leading.is_empty()
            && let Some(tab) = watching
        {
            let idle = tab.session.view().connection.state == ConnectionState::Idle;
            let most = match (self.plan.locks, hung) {
                (true, true) if idle => return, // nobody needs the leader
                (true, true) => HUNG,
                (true, false) => DEAD,
                (false, _) => UNLOCKED,
            };
            since(What::Nobody, most + self.plan.store_delay);
        }
        if leading.len() > 1 {
            since(What::Two, if self.plan.locks { 0 } else { BOTH });
        }
        if let ([one], Some(watching)) = (&*leading, watching)
            && let Some(one) = self.tab(*one).filter(|one| !one.visible && one.id != watching.id)
            && one.session.view().connection.state == ConnectionState::Reconnecting
            // On its first attempt it has lost none yet; it may have asked for the lead because it has the proof.
            && one.session.view().connection.reason.is_some()
        {
            since(What::HiddenOne, HIDDEN);
        }
    }
}
