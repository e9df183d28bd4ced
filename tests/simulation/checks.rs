//! What must hold after every step, whatever happened. Not: what must hold in the end (`ending`).

use crate::browser::TabId;
use crate::ledger::Written;
use crate::tab::Tab;
use crate::world::{World, Wrong};
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::message::{Content, Message, Status};
use support_chat::store::Store;

impl World {
    /// After every input of a tab.
    pub(crate) fn check_tab(&mut self, place: usize) {
        let Some(tab) = self.tabs.get(place) else { return };
        let view = tab.session.view();
        let id = tab.id;
        if tab.away.is_some() {
            return; // nobody sees it
        }
        if tab.destroyed {
            let linked = tab.links.iter().any(|link| !self.connections[*link].left);
            if tab.due().is_some() || linked || !tab.promises.is_empty() {
                self.fail(Wrong::Other, format!("tab {id} left something behind when it was destroyed"));
            }
            return;
        }
        let words = !view.items.is_empty() || !view.draft.is_empty() || view.unread > 0 || view.unsent.is_some();
        let people = view.agent.is_some() || view.typing.is_some();
        if matches!(view.state, State::Ready | State::Shutdown) && (words || people) {
            return self.fail(Wrong::Other, format!("tab {id} shows something without a session"));
        }
        if view.checking {
            return; // nobody sees it
        }
        let mut accepted = Vec::new();
        let mut last = 0;
        let mut waits = false;
        let mut seen: Vec<usize> = Vec::with_capacity(view.items.len());
        for item in view.items {
            let message = &item.message;
            if message.index != 0 && (waits || message.index <= last) {
                let words = format!("tab {id} shows index {} after {last} (waiting before it: {waits})", message.index);
                return self.fail(Wrong::Other, words);
            }
            last = last.max(message.index);
            waits |= message.index == 0;
            let Some(text) = self.place_of(message) else { continue };
            // Without keys nobody can tell that what failed in doubt is what stands there after all.
            let doubted = !self.plan.idempotency && message.status == Status::Failed;
            if seen.contains(&text) && !doubted {
                return self.fail(Wrong::Other, format!("tab {id} shows {} twice", self.ledger.written[text].text));
            }
            seen.push(text);
            let written = &self.ledger.written[text];
            if view.state.live() && !self.may_show(tab, text) {
                return self.fail(Wrong::Other, format!("tab {id} shows {} of another visitor", written.text));
            }
            if !written.accepted {
                accepted.push(text);
            }
        }
        if let Some(draft) = self.ledger.place(view.draft)
            && view.state.live()
            && !self.may_show(tab, draft)
        {
            return self.fail(Wrong::Other, format!("tab {id} shows the draft of another visitor"));
        }
        let visitor = tab.visitor.clone();
        let promised = |tab: &Tab| tab.promises.iter().any(|promise| promise.what == "EndChat");
        let ending = self.time < self.ending_until || self.tabs.iter().any(promised);
        for place in accepted {
            let written = &mut self.ledger.written[place];
            written.accepted = true;
            written.given_up |= ending;
            written.ended |= ending;
            if written.visitor.is_none() {
                written.visitor.clone_from(&visitor);
            }
        }
        self.check_leaders();
        self.check_identity(id);
        self.check_tenure(id);
    }

    /// Never two connections for one visitor, but for tabs that do nothing: theirs are of an older term. Without locks
    /// two may lead for a moment.
    fn check_leaders(&mut self) {
        if !self.plan.locks {
            return;
        }
        if self.waking.is_some() {
            return; // in the middle of hearing what it missed
        }
        let mut linked = self.linked();
        linked.retain(|link| self.tab(self.connections[*link].tab).is_some_and(|tab| tab.away.is_none()));
        for (at, one) in linked.iter().enumerate() {
            let (one_tab, visitor) = (self.connections[*one].tab, &self.connections[*one].visitor);
            let same = |other: &&usize| {
                let other = &self.connections[**other];
                other.visitor == *visitor && other.tab != one_tab
            };
            if let Some(other) = linked[at + 1..].iter().find(same) {
                let tabs = (self.connections[*one].tab, self.connections[*other].tab);
                return self.fail(Wrong::Other, format!("tabs {} and {} are both connected", tabs.0, tabs.1));
            }
        }
    }

    /// A message that was taken is in the store before the call returns.
    pub(crate) fn check_kept(&mut self, id: TabId, place: usize) {
        let written = &self.ledger.written[place];
        let Some(tab) = self.tab(id).filter(|tab| tab.memory.is_none()) else { return };
        if !written.accepted || self.browsers[self.home(id)].full {
            return;
        }
        let text = written.text.clone();
        let live = tab.session.view().state.live();
        // In the page's own store it is as soon as whoever leads has written it; until then in the tab's copy.
        let copied = tab.own.as_ref().is_some_and(|own| own.entries().any(|(_, kept)| kept.contains(&text)));
        let kept = copied
            || self
                .browser(id)
                .entries()
                .iter()
                .any(|(name, kept)| name.starts_with("outbox:") && kept.contains(&text));
        if live && !kept {
            self.fail(Wrong::Lost, format!("{text} was taken and not stored within the call"));
        }
    }

    /// A promise said that the backend has it.
    pub(crate) fn check_arrived(&mut self, place: usize) {
        let text = &self.ledger.written[place].text;
        if self.backend.count(text) == 0 {
            self.fail(Wrong::Lost, format!("the promise of {text} was kept, but the backend does not have it"));
        }
    }

    /// A promise said `aborted`.
    pub(crate) fn note_broken(&mut self, tab: &Tab, place: usize, code: Code) {
        // With its session everything ends that a tab waits for, whatever became of it; and with a chat that the visitor
        // ends everything that waits in it.
        let written = &mut self.ledger.written[place];
        written.broken |= code == Code::Aborted && tab.state().live() && !written.ended;
    }

    /// Who was told that a message is not sent may write it again: the backend must not have it.
    pub(crate) fn check_broken(&mut self) {
        let there = |(_, written): &(usize, &Written)| written.broken && self.backend.count(&written.text) > 0;
        let found = self.ledger.messages().find(there).map(|(_, written)| written.text.clone());
        if let Some(text) = found {
            self.fail(Wrong::Twice, format!("the promise of {text} was broken, but the backend has it"));
        }
    }

    /// The backend got something.
    pub(crate) fn check_backend(&mut self) {
        let newest = self.backend.conversations.iter().filter_map(|one| one.log.last());
        let text = |content: &Content| match content {
            Content::Text(text) => self.ledger.place(text),
            _ => None,
        };
        let texts: Vec<usize> = newest.filter_map(|entry| text(&entry.content)).collect();
        for place in texts {
            let written = &self.ledger.written[place];
            // A store that kept neither the secret nor which chat it was: the same message in another chat is no repeat.
            let copies = if self.browser_failed() {
                self.backend.most(&written.text)
            } else {
                self.backend.count(&written.text)
            };
            // Without keys nothing is promised once the visitor tries again, or the store lost which chat it was.
            let promised = self.plan.idempotency || !(written.retried || self.browser_failed());
            // And a key is known where it was used: the visitor tried again as somebody to whom the first chat is unknown.
            let accounts: Vec<usize> = self.backend.holders(&written.text).map(|one| one.account).collect();
            let promised = promised && !(written.retried && accounts.iter().any(|account| *account != accounts[0]));
            if copies > 1 && promised {
                self.fail(Wrong::Twice, format!("{} is at the backend twice", written.text));
            }
        }
        if !self.plan.idempotency || self.browser_failed() || self.logged_out || self.plan.users > 0 {
            return;
        }
        // One conversation at a time: another is only opened once the last is over.
        for account in 0..self.backend.accounts.len() {
            let visitor = &self.backend.accounts[account].visitor;
            let of = |one: &&crate::backend::Conversation| self.backend.accounts[one.account].visitor == *visitor;
            let open = self.backend.conversations.iter().filter(of).filter(|one| !one.ended).count();
            if open > 1 {
                self.fail(Wrong::Twice, format!("{visitor} has {open} open chats"));
                return;
            }
        }
    }

    /// The store refused at some time: what depends on it may be lost.
    pub(crate) fn browser_failed(&self) -> bool {
        self.plan.has(crate::plan::Fault::Full)
    }

    /// A logout, or the end of a chat, takes back what was not sent, in every tab of a browser.
    pub(crate) fn give_up_all(&mut self, home: usize) {
        for place in 0..self.ledger.written.len() {
            let written = &self.ledger.written[place];
            if written.home == home && written.accepted && self.backend.count(&written.text) == 0 {
                self.ledger.written[place].given_up = true;
            }
        }
    }

    /// The visitor ends the chat, in whichever tab of a browser.
    pub(crate) fn end_all(&mut self, home: usize) {
        self.give_up_all(home);
        for written in &mut self.ledger.written {
            written.ended |= written.home == home && written.accepted;
        }
    }

    pub(crate) fn give_up_of(&mut self, visitor: Option<&str>) {
        for place in 0..self.ledger.written.len() {
            let written = &self.ledger.written[place];
            if written.visitor.as_deref() == visitor && self.backend.count(&written.text) == 0 {
                self.ledger.written[place].given_up = true;
            }
        }
    }

    /// A tab is gone. What only its memory held is gone with it, and that is no mistake where the store had failed.
    pub(crate) fn bury(&mut self) {
        if !self.browser_failed() && self.plan.store_delay == 0 {
            return; // everything was kept
        }
        // Of a page's own store each tab has a copy, which only the leader's is written of.
        let kept: String = self.entries().into_iter().map(|entry| entry.1).chain(self.copies()).collect();
        let waiting: Vec<usize> = self.ledger.messages().map(|(place, _)| place).collect();
        for place in waiting {
            let written = &self.ledger.written[place];
            let excused = written.accepted && !kept.contains(&written.text) && self.backend.count(&written.text) == 0;
            if excused {
                self.ledger.written[place].given_up = true;
            }
        }
    }

    /// The place of the text a message says.
    pub(crate) fn place_of(&self, message: &Message) -> Option<usize> {
        match &message.content {
            Content::Text(text) => self.ledger.place(text),
            _ => None,
        }
    }

    /// What tabs have of a page's own store.
    fn copies(&self) -> impl Iterator<Item = String> {
        self.tabs.iter().filter_map(|tab| tab.own.as_ref()).flat_map(|own| own.entries().map(|entry| entry.1.clone()))
    }

    /// Whether a text waits in the store, or in the memory of a tab.
    pub(crate) fn stored(&mut self, text: &str) -> bool {
        let mut entries = self.entries();
        for tab in &mut self.tabs {
            if let Some(memory) = &mut tab.memory {
                entries.extend(memory.load().unwrap_or_default());
            }
        }
        entries.iter().any(|(name, kept)| name.starts_with("outbox:") && kept.contains(text))
    }
}
