//! A page that comes back where it cannot be told who is there: its store fails, or nobody was booted when it went. Not:
//! a page whose store answers for its live visitor (`page`).

use crate::given::said;
use crate::rig::{Browser, Tab, browser, config, gossip};
use crate::updates::context;
use crate::users::{full, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, PageEvent};
use support_chat::store::{Refusal, Store};
use support_chat::transport::Action;

const STORES: [&str; 4] = ["local", "session", "cookie", "custom"];

fn stored_in(storage: &'static str) -> Config {
    Config { storage, ..config() }
}

/// A tab in a conversation, which had another tab beside it, or not.
fn talking(browser: &Rc<RefCell<Browser>>, storage: &'static str, company: bool) -> Tab {
    let mut tab = Tab::talking_with(browser, stored_in(storage), full());
    tab.receive(vec![said(2, "secret words")]);
    tab.wait(2_000);
    if company {
        let mut other = Tab::with(browser, stored_in(storage));
        other.call(Call::Boot);
        gossip(&mut [&mut tab, &mut other]);
        other.kill();
    }
    tab
}

#[test]
fn a_user_who_begins_anew_keeps_what_the_page_has_said_of_them_and_nobody_else_does() {
    for next in ["A", "B"] {
        let mut tab = Tab::with(&browser(), stored_in("memory"));
        tab.call(Call::BootAs(user("A")));
        tab.prove("A");
        tab.call(context(r#"{"page":"marzipan"}"#));
        tab.page(PageEvent::Cached);
        tab.page(PageEvent::Restored);
        if next == "A" {
            tab.prove("A");
        } else {
            tab.no_token();
            tab.call(Call::BootAs(user("B")));
            tab.prove("B");
        }
        tab.converse("chat", "hello");
        let (_, request) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        let request = format!("{request:?}");
        for word in ["Name of A", "marzipan"] {
            assert_eq!(request.contains(word), next == "A", "{next} {word}: {request}");
        }
    }
}

#[test]
fn a_page_from_the_cache_whose_store_fails_begins_anew_alone_or_not() {
    let orders: [&[PageEvent]; 3] = [
        &[PageEvent::Restored],
        &[PageEvent::Shown, PageEvent::Restored],
        &[PageEvent::Resumed, PageEvent::Shown, PageEvent::Restored],
    ];
    for storage in STORES {
        for (company, order) in orders.iter().flat_map(|order| [(false, order), (true, order)]) {
            let name = format!("{storage} {company} {order:?}");
            let browser = browser();
            let mut tab = talking(&browser, storage, company);
            let visitor = tab.visitor_id();
            let connects = tab.connects().len();
            tab.page(PageEvent::Cached);
            browser.borrow_mut().refusal = Some(Refusal::Blocked);
            for event in *order {
                tab.page(*event);
            }
            assert!(tab.texts().is_empty(), "{name} {:?}", tab.texts());
            if company && matches!(storage, "session" | "custom") {
                // It was not asked whose the session is: that may be somebody else's by now.
                assert_ne!(tab.visitor_id(), visitor, "{name}");
                continue;
            }
            // The backend is asked, in the name of the visitor who was there: nothing is lost.
            assert_eq!((tab.state(), tab.connects().len()), (State::Booting, connects + 1), "{name}");
            let last = tab.connects().last().map(|connect| (connect.visitor_id.clone(), connect.last_index));
            assert_eq!(last, Some((visitor, 0)), "{name}");
        }
    }
}

#[test]
fn a_page_that_was_frozen_or_slept_and_whose_store_fails_goes_on_alone_for_it_hears_of_every_logout() {
    for storage in STORES {
        for (company, asleep) in [(false, false), (false, true), (true, false), (true, true)] {
            let browser = browser();
            let mut tab = talking(&browser, storage, company);
            if !asleep {
                tab.page(PageEvent::Frozen);
            }
            browser.borrow_mut().refusal = Some(Refusal::Blocked);
            if asleep {
                tab.now.wall += 3_600_000;
                tab.wait(0);
                tab.page(PageEvent::Focused);
            } else {
                tab.page(PageEvent::Resumed);
            }
            assert_eq!(tab.texts().is_empty(), company, "{storage} {company} {asleep} {:?}", tab.texts());
            assert!(tab.state().live() || company && tab.state() == State::Booting, "{storage} {company} {asleep}");
        }
    }
}

#[test]
fn what_comes_of_a_store_that_failed_once_is_forgotten_with_the_return() {
    let browser = browser();
    let mut tab = talking(&browser, "custom", false);
    tab.page(PageEvent::Cached);
    tab.page(PageEvent::Restored);
    tab.connected(full());
    browser.borrow_mut().refusal = Some(Refusal::Blocked);
    tab.page(PageEvent::Resumed);
    assert_eq!(tab.texts(), ["first", "secret words"], "it was in the cache before, and not now");
}

/// Boots as the user "A", whom the backend does not answer in time.
fn fails(browser: &Rc<RefCell<Browser>>, storage: &'static str) -> Tab {
    let mut tab = Tab::with(browser, stored_in(storage));
    let boot = tab.call(Call::BootAs(user("A")));
    tab.wait(30_000);
    assert!(!tab.waits(boot) && tab.state() == State::Ready);
    tab
}

/// What another page does meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meanwhile {
    Nothing,
    LogsOut,
    LogsOutAndClears,
    /// As somebody else: the first user is wiped.
    BootsAs(&'static str),
}

fn another_page(browser: &Rc<RefCell<Browser>>, storage: &'static str, does: Meanwhile) {
    let mut other = Tab::with(browser, stored_in(storage));
    match does {
        Meanwhile::Nothing => return,
        Meanwhile::LogsOut | Meanwhile::LogsOutAndClears => {
            other.call(Call::Shutdown { clear_storage: does == Meanwhile::LogsOutAndClears });
        }
        Meanwhile::BootsAs(id) => {
            other.call(Call::BootAs(user(id)));
            other.prove(id);
        }
    }
    other.kill();
    let mut shared = browser.borrow_mut();
    let entries = shared.store.load().expect("memory");
    if storage == "custom" && !entries.iter().any(|(name, _)| name == "session") {
        // Such a store is given `null` then.
        for (name, _) in entries {
            shared.store.remove(&name).expect("memory");
        }
    }
}

const MEANWHILE: [(Meanwhile, bool); 5] = [
    (Meanwhile::Nothing, true),
    (Meanwhile::LogsOut, false),
    (Meanwhile::LogsOutAndClears, false),
    (Meanwhile::BootsAs("B"), false),
    (Meanwhile::BootsAs("A"), true),
];

#[test]
fn a_boot_that_failed_before_the_page_went_is_tried_again_unless_somebody_logged_out_meanwhile() {
    for storage in STORES {
        for (does, again) in MEANWHILE {
            for (away, back) in [(PageEvent::Cached, PageEvent::Restored), (PageEvent::Frozen, PageEvent::Resumed)] {
                let name = format!("{storage} {does:?} {back:?}");
                let browser = browser();
                let mut tab = fails(&browser, storage);
                let asks = tab.asks.len();
                tab.page(away);
                another_page(&browser, storage, does);
                tab.page(back);
                assert_eq!(tab.state() == State::Booting, again, "{name} {:?}", tab.state());
                assert_eq!(tab.asks.len() > asks, again, "{name}");
                if !again {
                    // Nor by what changes its odds later; and whoever calls now is nobody's.
                    tab.page(PageEvent::Online);
                    assert_eq!((tab.state(), tab.kept.last()), (State::Ready, Some(&None)), "{name}");
                    tab.call(Call::Open);
                    assert_eq!((tab.state(), tab.who().0), (State::Anonymous, None), "{name}");
                }
            }
        }
    }
}

#[test]
fn what_changes_the_odds_of_a_boot_that_failed_waits_for_a_store_that_is_far_away() {
    let browser = browser();
    let mut tab = fails(&browser, "custom");
    tab.page(PageEvent::Cached);
    another_page(&browser, "custom", Meanwhile::LogsOut);
    browser.borrow_mut().far = true;
    tab.page(PageEvent::Restored);
    tab.page(PageEvent::Online);
    assert_eq!(tab.state(), State::Ready);
    tab.read_now();
    assert_eq!(tab.state(), State::Ready);
}

#[test]
fn a_logout_that_only_the_store_has_told_of_yet_is_not_undone_by_a_boot_that_failed() {
    let browser = browser();
    let mut tab = fails(&browser, "local");
    another_page(&browser, "local", Meanwhile::LogsOut);
    tab.look(); // before each input
    tab.page(PageEvent::Online);
    assert_eq!(tab.state(), State::Ready);
}

#[test]
fn a_boot_under_way_that_a_logout_overtook_in_the_cache_ends_before_or_after_it_failed() {
    for storage in STORES {
        for (does, stands) in MEANWHILE {
            let name = format!("{storage} {does:?}");
            let browser = browser();
            let mut tab = Tab::with(&browser, stored_in(storage));
            let boot = tab.call(Call::BootAs(user("A")));
            assert!(tab.waits(boot));
            tab.page(PageEvent::Cached);
            another_page(&browser, storage, does);
            tab.page(PageEvent::Restored);
            if stands {
                assert!(tab.waits(boot) || does != Meanwhile::Nothing, "{name}");
                continue;
            }
            assert_eq!(tab.outcome(boot), Some(Err(Code::Aborted)), "{name}");
            tab.wait(60_000);
            tab.page(PageEvent::Online);
            assert_eq!(tab.state(), State::Shutdown, "{name}");
        }
    }
}

#[test]
fn what_a_store_was_asked_before_the_page_went_does_not_bring_back_who_logged_out_meanwhile() {
    let browser = browser();
    let mut first = talking(&browser, "custom", false);
    first.page(PageEvent::Leaving);
    first.kill();
    let before = browser.borrow_mut().store.load().expect("memory");
    let mut tab = Tab::with(&browser, stored_in("custom"));
    browser.borrow_mut().far = true;
    tab.call(Call::Boot);
    tab.page(PageEvent::Cached);
    browser.borrow_mut().far = false;
    another_page(&browser, "custom", Meanwhile::LogsOutAndClears);
    browser.borrow_mut().far = true;
    tab.page(PageEvent::Restored);
    // What it was asked for at first it answers only now.
    tab.session.handle_loaded(Ok(before), tab.now);
    assert!(tab.session.view().checking, "nothing is shown");
    tab.drain();
    tab.read_now();
    tab.read_now();
    assert!(tab.texts().is_empty() && tab.connects().is_empty(), "{:?}", tab.texts());
    assert_eq!(tab.state(), State::Shutdown);
}
