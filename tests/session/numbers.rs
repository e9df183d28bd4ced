//! Numbers that nobody has counted up to (JavaScript's end at 2^53): what a hostile store, or tab, says is refused, and costs
//! nobody a logout. Not: what the number of a logout means (`epoch`).

use crate::given::said;
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::full;
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture, PageEvent};
use support_chat::store::Store;

const MOST: u64 = 1 << 53;

/// What is stored of a chat, at this number.
fn stored_at(epoch: u64) -> Rc<RefCell<Browser>> {
    let shared = browser();
    let mut tab = Tab::talking(&shared, full());
    tab.receive(vec![said(2, "secret words")]);
    tab.gesture(Gesture::Draft("secret draft".into()));
    tab.wait(2_000);
    tab.page(PageEvent::Leaving);
    tab.kill();
    let mut browser = shared.borrow_mut();
    for (name, text) in browser.store.load().expect("memory") {
        let text = text.replace(r#""epoch":0"#, &format!(r#""epoch":{epoch}"#));
        browser.store.set(&name, &text).expect("memory");
    }
    browser.store.set("epoch", &epoch.to_string()).expect("memory");
    drop(browser);
    shared
}

fn live(tab: &mut Tab) {
    tab.call(Call::Boot);
    tab.wait(1_000); // a store that is behind is looked at again
    tab.grant_lead();
    if tab.state() == State::Booting {
        tab.connected(full());
    }
    assert_eq!(tab.state(), State::Anonymous);
}

#[test]
fn a_number_that_nobody_has_counted_up_to_is_removed_and_logged_and_the_chat_goes_on() {
    for name in ["epoch", "term"] {
        for number in ["9007199254740993", "18446744073709551615", "99999999999999999999999"] {
            let shared = browser();
            shared.borrow_mut().store.set(name, number).expect("memory");
            let mut tab = Tab::new(&shared);
            live(&mut tab);
            assert!(tab.log.iter().any(|line| line.contains(name)), "{:?}", tab.log);
            assert!(!tab.stored().contains(number), "{}", tab.stored());
            for clear_storage in [true, false, true] {
                let mut other = Tab::new(&shared);
                live(&mut other);
                tab.call(Call::Shutdown { clear_storage });
                gossip(&mut [&mut tab, &mut other]);
                assert_eq!((tab.state(), other.state()), (State::Shutdown, State::Shutdown), "{name} {number}");
                other.kill();
                live(&mut tab);
            }
        }
    }
}

#[test]
fn a_session_of_a_number_that_nobody_has_counted_up_to_is_broken() {
    for number in [MOST + 1, u64::MAX] {
        let shared = stored_at(number);
        let mut tab = Tab::new(&shared);
        live(&mut tab);
        assert!(!tab.stored().contains("secret") && tab.texts().is_empty(), "{}", tab.stored());
    }
}

#[test]
fn what_a_tab_says_of_a_number_that_nobody_has_counted_up_to_is_not_heard() {
    let shared = browser();
    let mut tab = Tab::talking(&shared, full());
    let visitor = tab.visitor_id();
    for number in ["9007199254740993", "18446744073709551615"] {
        tab.hear(&format!(
            r#"{{"v":1,"t":"hello","epoch":{number},"term":1,"tab":"t","visitor":"{visitor}","from":0}}"#
        ));
        // A term like that is none.
        tab.hear(&format!(
            r#"{{"v":1,"t":"sign","on":1,"epoch":0,"term":{number},"leads":true,"tab":"0","visitor":"{visitor}"}}"#
        ));
    }
    assert_eq!((tab.state(), tab.session.leads()), (State::Anonymous, true));
}

#[test]
fn a_number_that_leaves_room_to_count_is_counted_on_and_a_greater_one_is_counted_anew() {
    for (number, taken_over) in [(MOST / 2, true), (MOST / 2 + 1, false), (MOST, false)] {
        for clear_storage in [false, true] {
            let shared = stored_at(number);
            let (mut tab, mut other) = (Tab::new(&shared), Tab::new(&shared));
            live(&mut tab);
            assert_eq!(tab.texts().contains(&"secret words".to_owned()), taken_over, "{number}");
            assert_eq!(tab.stored().contains("secret"), taken_over, "{number}: {}", tab.stored());
            other.call(Call::Boot);
            gossip(&mut [&mut tab, &mut other]);
            tab.call(Call::Shutdown { clear_storage });
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!((tab.state(), other.state()), (State::Shutdown, State::Shutdown), "{number}");
            assert!(!tab.stored().contains("secret"), "{}", tab.stored());
            // Whoever opens next begins as if nothing had been there.
            tab.kill();
            other.kill();
            let (mut tab, mut other) = (Tab::new(&shared), Tab::new(&shared));
            live(&mut tab);
            other.call(Call::Boot);
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!(other.visitor_id(), tab.visitor_id(), "{number}");
            tab.call(Call::Shutdown { clear_storage });
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!((tab.state(), other.state()), (State::Shutdown, State::Shutdown), "{number}");
        }
    }
}
