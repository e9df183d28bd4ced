//! The visitor set aside beside a cookie, where each tab has its own: what becomes of them when another tab logs out.
//! Not: where all tabs share what is set aside (`whose`).

use crate::given::config;
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::user;
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, PageEvent};
use support_chat::store::Store;

const SECRET: &str = "{}";
const ASIDE: &str = r#"{"v":1,"sid":"s","epoch":0,"term":0,"backend":"cometd:https://chat.example/cometd","visitorId":"x","resume":"{}","applied":0,"usedAt":1700000000000}"#;

fn tab(browser: &Rc<RefCell<Browser>>) -> Tab {
    Tab::with(browser, Config { storage: "cookie", ..config() })
}

fn put_aside(browser: &Rc<RefCell<Browser>>) {
    browser.borrow_mut().store.set("aside", ASIDE).expect("memory");
}

/// Whether the visitor set aside is kept there, and whether the backend was told that they are gone.
fn fate(tab: &Tab) -> (bool, bool) {
    let told = tab.revokes().iter().any(|revoke| revoke.clear && revoke.resume.as_deref() == Some(SECRET));
    (tab.names().contains(&"aside".to_owned()), told)
}

const KEPT: (bool, bool) = (true, false);
const GONE: (bool, bool) = (false, true);

/// A user's tab logs out; then another one's `sessionStorage` is looked at, and no word of the logout was delivered yet.
fn logged_out(browser: &Rc<RefCell<Browser>>, other: &mut Tab, clear_storage: bool) -> Tab {
    let mut tab = tab(browser);
    tab.call(Call::BootAs(user("A")));
    gossip(&mut [&mut tab, other]);
    tab.call(Call::Shutdown { clear_storage });
    put_aside(browser);
    tab
}

#[test]
fn aside_in_another_tab_is_removed_and_revoked_there_by_clear_storage_and_by_nothing_less() {
    for (clear_storage, fated) in [(false, KEPT), (true, GONE)] {
        for live in [false, true] {
            let browser = browser();
            let mut other = tab(&browser);
            if live {
                other.call(Call::BootAs(user("A")));
            }
            let mut tab = logged_out(&browser, &mut other, clear_storage);
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!(fate(&other), fated, "{live}");
        }
    }
}

#[test]
fn aside_in_a_tab_that_missed_the_word_goes_when_it_compares_the_epoch() {
    for (clear_storage, fated) in [(false, KEPT), (true, GONE)] {
        for (away, back) in [(PageEvent::Hidden, PageEvent::Shown), (PageEvent::Cached, PageEvent::Restored)] {
            let browser = browser();
            let mut other = tab(&browser);
            other.call(Call::BootAs(user("A")));
            other.prove("A");
            other.page(away);
            logged_out(&browser, &mut tab(&browser), clear_storage);
            other.page(back);
            assert_eq!((other.state(), fate(&other)), (State::Shutdown, fated), "{back:?}");
        }
    }
}

#[test]
fn aside_of_a_page_that_was_not_there_goes_at_the_next_start_or_boot() {
    for (clear_storage, fated) in [(false, KEPT), (true, GONE)] {
        let browser = browser();
        logged_out(&browser, &mut tab(&browser), clear_storage);
        assert_eq!(fate(&tab(&browser)), fated, "at the start");
    }
    for who in [Call::Boot, Call::BootAs(user("B"))] {
        let browser = browser();
        let mut asleep = tab(&browser);
        logged_out(&browser, &mut tab(&browser), true);
        asleep.call(who);
        assert_eq!(fate(&asleep), GONE);
        assert!(!asleep.stored().contains(r#"\"visitorId\":\"x\""#), "{}", asleep.stored());
    }
}

#[test]
fn aside_is_removed_and_revoked_by_a_logout_before_the_load_in_another_tab_that_clears_all() {
    for (clear, fated) in [("", KEPT), (r#","clear":true"#, GONE)] {
        let browser = browser();
        browser.borrow_mut().store.set("session", ASIDE).expect("memory");
        let mut other = tab(&browser);
        other.call(Call::BootAs(user("A")));
        other.prove("A");
        other.hear(&format!(r#"{{"v":1,"t":"logout","epoch":1{clear}}}"#));
        assert_eq!((other.state(), fate(&other)), (State::Shutdown, fated));
    }
    // With the cookie the browser's store deletes the rest unread: the tab itself still knows.
    let browser = browser();
    browser.borrow_mut().store.set("session", ASIDE).expect("memory");
    let mut other = tab(&browser);
    other.call(Call::BootAs(user("A")));
    other.prove("A");
    browser.borrow_mut().store = Default::default();
    other.hear(r#"{"v":1,"t":"logout","epoch":1,"clear":true}"#);
    assert_eq!(fate(&other), GONE);
}

#[test]
fn whoever_comes_after_a_logout_that_clears_all_and_is_set_aside_stays_so() {
    let browser = browser();
    let mut tab_of_a = tab(&browser);
    tab_of_a.call(Call::BootAs(user("A")));
    tab_of_a.prove("A");
    let mut third = tab(&browser);
    tab_of_a.call(Call::Shutdown { clear_storage: true });
    let word = browser.borrow().last_of("logout");
    third.call(Call::Boot);
    let visitor = third.visitor_id();
    third.call(Call::Shutdown { clear_storage: false });
    third.call(Call::BootAs(user("B")));
    third.prove("B");
    let before = third.stored();
    third.hear(&word);
    assert_eq!((third.state(), third.stored()), (State::Authenticated, before));
    third.call(Call::Shutdown { clear_storage: false });
    third.call(Call::Boot);
    assert_eq!(third.visitor_id(), visitor);
}

/// Booted as A beside a visitor set aside, both at a number.
fn at(browser: &Rc<RefCell<Browser>>, storage: &'static str, epoch: &str) -> Tab {
    browser.borrow_mut().store.set("epoch", epoch).expect("memory");
    browser
        .borrow_mut()
        .store
        .set("aside", &ASIDE.replace(r#""epoch":0"#, &format!(r#""epoch":{epoch}"#)))
        .expect("memory");
    let mut tab = Tab::with(browser, Config { storage, ..config() });
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    tab
}

#[test]
fn aside_stays_where_a_user_logs_out_who_knew_another_number_and_goes_where_that_cleared_all() {
    for (said, fated) in [
        (r#""epoch":65600,"tab":"t9","visitor":"t9""#, KEPT),
        (r#""epoch":65600,"tab":"t9""#, KEPT),
        (r#""epoch":4294967301,"tab":"t9""#, GONE),
        (r#""epoch":1"#, GONE), // the loader
    ] {
        let browser = browser();
        let mut other = at(&browser, "cookie", "4295000000");
        other.hear(&format!(r#"{{"v":1,"t":"logout","clear":true,{said}}}"#));
        assert_eq!((other.state(), fate(&other)), (State::Shutdown, fated), "{said}");
    }
}

#[test]
fn aside_of_who_came_after_the_page_emptied_a_shared_store_stays() {
    let browser = browser();
    let mut other = at(&browser, "local", "70000");
    browser.borrow_mut().store = Default::default();
    put_aside(&browser);
    other.hear(r#"{"v":1,"t":"logout","epoch":1,"clear":true}"#);
    assert_eq!((other.state(), fate(&other)), (State::Shutdown, KEPT));
}

#[test]
fn aside_that_opens_nothing_is_removed_too() {
    let browser = browser();
    logged_out(&browser, &mut tab(&browser), true);
    browser.borrow_mut().store.set("aside", &ASIDE.replace(r#""resume":"{}","#, "")).expect("memory");
    assert_eq!(fate(&tab(&browser)), (false, false));
}

#[test]
fn aside_from_before_this_boot_is_revoked_by_clear_storage_too() {
    for storage in ["local", "cookie"] {
        let mut tab = at(&browser(), storage, "70000");
        tab.call(Call::Shutdown { clear_storage: true });
        assert_eq!(fate(&tab), GONE, "{storage}");
    }
}
