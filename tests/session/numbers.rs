//! Numbers that nobody has counted up to: what a hostile store, or tab, says is refused, and the last number there is
//! (2^53: JavaScript counts no further) costs nobody a logout. Not: what the number of a logout means (`epoch`).

use crate::given::said;
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::{full, user};
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
fn at_the_last_number_there_is_nothing_is_taken_over_and_it_is_counted_anew() {
    let shared = stored_at(MOST);
    let mut tab = Tab::new(&shared);
    live(&mut tab);
    assert!(tab.texts().is_empty() && tab.session.view().draft.is_empty());
    assert!(!tab.stored().contains("secret") && tab.stored_epoch() == 0, "{}", tab.stored());
}

#[test]
fn a_logout_up_to_the_last_number_is_heard_keeps_nothing_and_the_next_ones_count_anew() {
    for clear_storage in [false, true] {
        for looks in [false, true] {
            let shared = stored_at(MOST - 1);
            let (mut tab, mut other, mut away) = (Tab::new(&shared), Tab::new(&shared), Tab::new(&shared));
            live(&mut tab);
            other.call(Call::Boot);
            away.call(Call::Boot);
            gossip(&mut [&mut tab, &mut other, &mut away]);
            assert!(other.texts().contains(&"secret words".to_owned()), "{:?}", other.texts());
            away.page(PageEvent::Cached);
            tab.call(Call::Shutdown { clear_storage });
            if looks {
                other.look();
            } else {
                gossip(&mut [&mut tab, &mut other]);
            }
            assert_eq!((other.state(), other.texts().len()), (State::Shutdown, 0), "{clear_storage} {looks}");
            gossip(&mut [&mut tab, &mut other]);
            assert!(!tab.stored().contains("secret"), "{}", tab.stored());
            live(&mut tab);
            let visitor = tab.visitor_id();
            other.call(Call::Boot);
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!((other.state(), other.visitor_id()), (State::Anonymous, visitor));
            away.page(PageEvent::Restored);
            assert_eq!((away.state(), away.texts().len()), (State::Shutdown, 0), "{clear_storage} {looks}");
            // That one knows nothing of it, and what it says ends the others once.
            gossip(&mut [&mut tab, &mut other, &mut away]);
            live(&mut tab);
            other.call(Call::Boot);
            other.wait(1_000);
            gossip(&mut [&mut tab, &mut other, &mut away]);
            assert_eq!(other.visitor_id(), tab.visitor_id());
            other.call(Call::Shutdown { clear_storage });
            gossip(&mut [&mut tab, &mut other]);
            assert_eq!(tab.state(), State::Shutdown);
            live(&mut tab);
            tab.call(Call::Shutdown { clear_storage });
            assert!((1..MOST / 2).contains(&tab.stored_epoch()), "{}", tab.stored());
        }
    }
}

#[test]
fn who_makes_room_up_to_the_last_number_is_logged_out_by_others_all_the_same() {
    let shared = stored_at(MOST - 1);
    let (mut tab, mut other) = (Tab::new(&shared), Tab::new(&shared));
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    gossip(&mut [&mut tab, &mut other]);
    other.call(Call::BootAs(user("A")));
    gossip(&mut [&mut tab, &mut other]);
    assert_eq!((tab.state(), other.state()), (State::Authenticated, State::Authenticated));
    other.call(Call::Shutdown { clear_storage: false });
    gossip(&mut [&mut tab, &mut other]);
    assert_eq!((tab.state(), tab.stored().contains("\"userId")), (State::Shutdown, false));
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
fn after_the_last_term_the_next_leader_is_followed_all_the_same() {
    let shared = browser();
    let mut tab = Tab::talking(&shared, full());
    let visitor = tab.visitor_id();
    let mut other = Tab::new(&shared);
    other.call(Call::Boot);
    let last =
        format!(r#"{{"v":1,"t":"sign","on":1,"epoch":0,"term":{MOST},"leads":true,"tab":"0","visitor":"{visitor}"}}"#);
    gossip(&mut [&mut tab, &mut other]);
    tab.hear(&last);
    other.hear(&last);
    gossip(&mut [&mut tab, &mut other]);
    tab.kill();
    tab.gone = false;
    other.grant_lead();
    other.connected(full());
    gossip(&mut [&mut tab, &mut other]);
    other.receive(vec![said(2, "two")]);
    gossip(&mut [&mut tab, &mut other]);
    assert_eq!((other.session.leads(), tab.texts().len(), tab.texts()), (true, 2, other.texts()));
}
