//! The end of a schedule: nothing goes wrong any more, everybody says one last thing, and then all must agree. Not: what
//! must hold on the way (`checks`).

use crate::browser::{Browser, TabId};
use crate::ledger::Kind;
use crate::tab::Input;
use crate::wire::{Carrier, ConnectionId};
use crate::world::{World, Wrong};
use support_chat::lifecycle::State;
use support_chat::message::{Content, Status};
use support_chat::session::{Call, PageEvent};

/// A socket that does not come about is given up after this time, in ms.
const SOCKET_TRIAL: u64 = 5_000;

impl World {
    /// Runs the whole schedule.
    pub(crate) fn run(&mut self) {
        while self.acts_left > 0 {
            if !self.run_until(self.time + 5_000) {
                return;
            }
        }
        self.calm_down();
        if !self.run_until(self.time + 100_000) {
            return;
        }
        self.boot_everywhere();
        if !self.run_until(self.time + 100_000) {
            return;
        }
        let terms = self.terms();
        self.say_goodbye();
        if !self.run_until(self.time + 200_000) {
            return;
        }
        self.agree();
        let after = self.terms();
        if after != terms && !self.browser_failed() {
            self.fail(Wrong::Other, format!("the lead changes hands long after all is well: {terms:?} {after:?}"));
        }
        // What a tab left in the store as it died is sent by the next page at the latest.
        let left = self.missing(true);
        if !left.is_empty() && self.failure.is_none() {
            self.reload_all();
            self.run_until(self.time + 200_000);
            self.agree();
        }
        let lost = self.missing(false);
        if let Some(place) = lost.first() {
            let text = self.ledger.written[*place].text.clone();
            self.fail(Wrong::Lost, format!("{text} was accepted and is nowhere"));
        }
        self.check_broken();
        self.take_apart();
    }

    /// How often the lead has changed hands, in each browser.
    fn terms(&mut self) -> Vec<Option<String>> {
        let term = |browser: &mut Browser| browser.entries().into_iter().find(|entry| entry.0 == "term");
        self.browsers.iter_mut().map(|browser| term(browser).map(|entry| entry.1)).collect()
    }

    fn calm_down(&mut self) {
        self.calm = true;
        self.online = true;
        for browser in &mut self.browsers {
            browser.full = false;
        }
        self.backend.down_until = 0;
        self.backend.refuse_next = false;
        for connection in &mut self.connections {
            connection.drops = 0;
        }
        self.everywhere(PageEvent::Online);
        for id in self.tabs.iter().map(|tab| tab.id).collect::<Vec<_>>() {
            self.bring_back(id);
            self.show(id);
        }
        for home in 0..self.browsers.len() {
            if self.tabs_of(home).next().is_none() {
                self.open_tab(home);
            }
        }
        self.boot_everywhere();
    }

    fn boot_everywhere(&mut self) {
        let ids: Vec<_> = self.tabs.iter().map(|tab| tab.id).collect();
        // First all log out who are to: a logout in another tab ends a boot that was begun before it.
        for id in &ids {
            self.tidy_up(*id);
        }
        for id in ids {
            self.boot(id);
        }
    }

    /// Everybody writes once more: whatever was missed before shows now.
    fn say_goodbye(&mut self) {
        let ids: Vec<_> = self.tabs.iter().map(|tab| tab.id).collect();
        for id in ids {
            // A logout that could not be stored may reach a tab as late as the next message does.
            let late = self.tab(id).is_some_and(|tab| tab.session.view().state == State::Shutdown);
            if late && self.browser_failed() {
                self.boot(id);
                self.run_until(self.time + 40_000);
            }
            if self.moves_to_socket(id) && !self.run_until(self.time + SOCKET_TRIAL) {
                return;
            }
            if !self.tab(id).is_some_and(|tab| matches!(tab.state(), State::Anonymous | State::Authenticated)) {
                let state = self.tab(id).map_or("gone", |tab| tab.session.view().state.name());
                return self.fail(Wrong::Other, format!("tab {id} is {state} long after all is well"));
            }
            self.write(id);
            if !self.run_until(self.time + 20_000) {
                return;
            }
        }
        for place in 0..self.backend.conversations.len() {
            if !self.backend.conversations[place].ended {
                self.agent_says(place, true);
            }
        }
    }

    /// A session that lives on requests looks for a socket every five minutes, and leaves the requests for one that opens:
    /// until that has come about it has no connection, and the transport gives it up when that takes too long.
    fn moves_to_socket(&self, id: TabId) -> bool {
        let socket = |link: &ConnectionId| {
            let connection = &self.connections[*link];
            matches!(connection.carrier, Carrier::Socket(_)) && !connection.broken()
        };
        let reconnecting = self.tab(id).is_some_and(|tab| tab.state() == State::Reconnecting);
        reconnecting
            && self.tabs_of(self.home(id)).any(|other| self.tab(other).is_some_and(|tab| tab.links.iter().any(socket)))
    }

    /// Every tab shows what the backend has, in its order, and nothing else.
    fn agree(&mut self) {
        for at in 0..self.tabs.len() {
            let tab = &self.tabs[at];
            let id = tab.id;
            let view = tab.session.view();
            let placed: Vec<_> = view.items.iter().filter(|item| item.message.index > 0).collect();
            let Some(first) = placed.first() else {
                return self.fail(Wrong::Other, format!("tab {id} shows nothing in the end"));
            };
            let conversation = first.message.conversation_id.clone();
            let Some(truth) = self.backend.conversations.iter().find(|one| one.id == conversation) else {
                return self.fail(Wrong::Other, format!("tab {id} shows {conversation}, which nobody knows"));
            };
            let same = truth.log.len() == placed.len()
                && truth.log.iter().zip(&placed).all(|(entry, item)| {
                    (entry.index, &entry.content) == (item.message.index, &item.message.content)
                        && item.message.conversation_id == conversation
                });
            if !same {
                let shown: Vec<_> = placed.iter().map(|item| (item.message.index, &item.message.content)).collect();
                let true_ones: Vec<_> = truth.log.iter().map(|entry| (entry.index, &entry.content)).collect();
                return self.fail(Wrong::Other, format!("tab {id} shows {shown:?}, the backend has {true_ones:?}"));
            }
            let waits = view.items.iter().find(|item| item.message.index == 0 && item.message.status != Status::Failed);
            if let Some(item) = waits {
                let words = format!("tab {id} still has {:?} as {:?}", item.message.content, item.message.status);
                return self.fail(Wrong::Other, words);
            }
            if let Some(promise) = tab.promises.first() {
                return self.fail(Wrong::Other, format!("tab {id} never answered {}", promise.what));
            }
        }
        for home in 0..self.browsers.len() {
            self.check_store(home);
        }
    }

    /// Accepted messages that are neither at the backend nor visibly failed; with `stored`, only those that lie in a
    /// store.
    fn missing(&mut self, stored: bool) -> Vec<usize> {
        let mut missing = Vec::new();
        for place in 0..self.ledger.written.len() {
            let written = &self.ledger.written[place];
            if written.kind != Kind::Message || !written.accepted || written.given_up {
                continue;
            }
            let text = written.text.clone();
            let content = Content::Text(text.clone());
            let failed = self.tabs.iter().any(|tab| {
                let mut items = tab.session.view().items.iter();
                items.any(|item| item.message.status == Status::Failed && item.message.content == content)
            });
            if self.backend.count(&text) == 0 && !failed && (!stored || self.stored(&text)) {
                missing.push(place);
            }
        }
        missing
    }

    fn reload_all(&mut self) {
        while let Some(tab) = self.tabs.first() {
            let id = tab.id;
            self.drive(id, Input::Page(PageEvent::Leaving));
            self.kill(id);
        }
        for home in 0..self.browsers.len() {
            self.open_tab(home);
        }
    }

    fn take_apart(&mut self) {
        let ids: Vec<_> = self.tabs.iter().map(|tab| tab.id).collect();
        for id in ids {
            self.call(id, Call::Destroy);
            let left = self.tab(id).is_some_and(|tab| !tab.destroyed || !tab.locks.is_empty());
            if left {
                self.fail(Wrong::Other, format!("tab {id} still holds something after destroy"));
            }
        }
    }
}
