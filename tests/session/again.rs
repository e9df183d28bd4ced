//! Logged out and booted again in several tabs at once. A boot that is called when its tab has heard of every logout
//! stands; one that a logout overtakes is answered, and its tab is in `shutdown`, which is told. Not: the logout itself.

use crate::lead::pass;
use crate::rig::{Browser, Tab, browser, config, gossip};
use crate::users::{full, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, CallId, Config, Event};
use support_chat::transport::Event as Report;

/// As whom tabs boot: anonymously, or as a user who proves it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum As {
    Nobody,
    User,
}

/// A tab of a page that logs out and boots, and what became of its calls.
struct Page {
    tab: Tab,
    boots: Vec<CallId>,
    logouts: Vec<CallId>,
}

impl Page {
    fn new(browser: &Rc<RefCell<Browser>>, storage: &'static str, who: As) -> Page {
        let config = Config { storage, ..config() };
        let mut page = Page { tab: Tab::with(browser, config), boots: Vec::new(), logouts: Vec::new() };
        page.boot(who);
        page.prove(who);
        page
    }

    fn boot(&mut self, who: As) {
        let call = if who == As::User { Call::BootAs(user("ann")) } else { Call::Boot };
        self.boots.push(self.tab.call(call));
    }

    fn shut_down(&mut self, clear_storage: bool) {
        self.look();
        self.logouts.push(self.tab.call(Call::Shutdown { clear_storage }));
    }

    /// Before each input the number of the last logout is read where the store is at hand; but for other calls.
    fn look(&mut self) {
        self.tab.look();
    }

    /// The provider and the backend say yes, where they are asked.
    fn prove(&mut self, who: As) {
        self.tab.report(Report::Revoked);
        let waits = matches!(self.tab.state(), State::Booting | State::Reconnecting);
        if who == As::User && waits && self.tab.session.leads() {
            self.tab.token("token-of-ann");
            self.tab.connected(full());
        }
    }

    fn told(&self) -> Option<State> {
        self.tab.events.iter().rev().find_map(|event| match event {
            Event::State { state, .. } => Some(*state),
            _ => None,
        })
    }
}

/// Everything said is heard, and all that was to come in time has come.
fn settle(pages: &mut [Page; 2], who: As) {
    for _ in 0..4 {
        let [one, two] = pages;
        gossip(&mut [&mut one.tab, &mut two.tab]);
        for page in [one, two] {
            page.look();
            page.tab.grant_lead();
            page.prove(who);
        }
        let [one, two] = pages;
        pass(&mut [&mut one.tab, &mut two.tab], 100);
    }
}

const LIVE: [State; 2] = [State::Anonymous, State::Authenticated];

#[test]
fn a_boot_after_the_news_of_a_logout_stands_and_one_overtaken_is_answered_and_told() {
    let orders = [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0], [1, 1, 0, 0]];
    let mut overtaken = 0;
    for storage in ["local", "cookie", "custom"] {
        for who in [As::Nobody, As::User] {
            for clear in [false, true] {
                for (order, heard) in orders.iter().flat_map(|order| (0..16).map(move |heard| (order, heard))) {
                    let name = format!("{storage} {who:?} clear {clear} order {order:?} heard {heard:04b}");
                    let shared = browser();
                    let mut pages = [Page::new(&shared, storage, who), Page::new(&shared, storage, who)];
                    settle(&mut pages, who);
                    assert!(pages.iter().all(|page| LIVE.contains(&page.tab.state())), "{name} at first");
                    let mut done = [0, 0];
                    for (step, at) in order.iter().enumerate() {
                        if heard >> step & 1 == 1 {
                            let [one, two] = &mut pages;
                            gossip(&mut [&mut one.tab, &mut two.tab]);
                        }
                        match done[*at] {
                            0 => pages[*at].shut_down(clear),
                            _ => pages[*at].boot(who),
                        }
                        done[*at] += 1;
                    }
                    settle(&mut pages, who);
                    for (at, page) in pages.iter().enumerate() {
                        let state = page.tab.state();
                        assert!(state == State::Shutdown || LIVE.contains(&state), "{name} {state:?}");
                        assert_eq!(page.told(), Some(state), "{name}");
                        let boot = page.tab.outcome(page.boots[1]);
                        let aborted = boot.as_ref().is_some_and(|boot| boot.as_ref().err() == Some(&Code::Aborted));
                        assert!(aborted || boot.is_some_and(|boot| boot.is_ok()), "{name} boot");
                        assert!(page.tab.outcome(page.logouts[0]).is_some_and(|done| done.is_ok()), "{name} logout");
                        // Unless the other tab logs out later, or has and was not heard of by then, the boot stands.
                        let boots = order.iter().rposition(|other| *other == at).unwrap_or_default();
                        let logs_out = order.iter().position(|other| *other != at).unwrap_or_default();
                        let news = (logs_out + 1..=boots).any(|step| heard >> step & 1 == 1);
                        assert!(!news || state != State::Shutdown, "{name} tab {at}");
                        overtaken += usize::from(state == State::Shutdown);
                    }
                    // Whoever calls now has heard of it all: nobody is thrown out again.
                    for at in [0, 1] {
                        if pages[at].tab.state() == State::Shutdown {
                            pages[at].boot(who);
                            settle(&mut pages, who);
                        }
                    }
                    let states = pages.iter().map(|page| page.tab.state()).collect::<Vec<_>>();
                    assert!(states.iter().all(|state| LIVE.contains(state)), "{name} in the end {states:?}");
                    assert_eq!(pages[0].tab.visitor_id(), pages[1].tab.visitor_id(), "{name}");
                }
            }
        }
    }
    assert!(overtaken > 0);
}
