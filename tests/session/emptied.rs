//! A store that the page itself has emptied, as handlers of a site's own logout do: what becomes of it, and of the word
//! of a logout by who finds nothing there.

use crate::given::{config, said};
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::full;
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, PageEvent};
use support_chat::store::Store;
use support_chat::store::memory::Memory;

/// The word of the loader, which found nothing in the store.
const LOADER: &str = r#"{"v":1,"t":"logout","epoch":1,"clear":true}"#;

#[test]
fn a_logout_after_the_page_has_emptied_the_store_is_heard_however_many_there_were_before() {
    for (loaded, clear_storage) in [(false, true), (true, true), (true, false)] {
        let browser = browser();
        let (mut leader, mut follower) = (Tab::new(&browser), Tab::new(&browser));
        for turn in 0..4 {
            leader.call(Call::Boot);
            let mut tab = leader.talk(full());
            follower.call(Call::Boot);
            gossip(&mut [&mut tab, &mut follower]);
            tab.receive(vec![said(2, "secret words")]);
            tab.wait(2_000);
            gossip(&mut [&mut tab, &mut follower]);
            if turn == 0 {
                tab.call(Call::Shutdown { clear_storage: true }); // one that is heard in any case
            } else {
                browser.borrow_mut().store = Memory::default();
                if loaded {
                    let mut ready = Tab::new(&browser);
                    ready.call(Call::Shutdown { clear_storage });
                    ready.kill();
                } else {
                    tab.hear(LOADER);
                    follower.hear(LOADER);
                }
            }
            gossip(&mut [&mut tab, &mut follower]);
            for tab in [&tab, &follower] {
                let what = format!("{turn} {loaded} {clear_storage}");
                assert_eq!((tab.state(), tab.texts().len()), (State::Shutdown, 0), "{what}");
            }
            assert!(tab.revokes().iter().filter(|revoke| revoke.clear).count() > turn);
            assert!(tab.names().iter().all(|name| name == "epoch"), "{:?}", tab.names());
            leader = tab;
        }
    }
}

/// After a logout long ago a leader whose page has emptied the store.
fn emptied() -> (Rc<RefCell<Browser>>, Tab) {
    let browser = browser();
    let mut leader = Tab::booted(&browser);
    leader.call(Call::Shutdown { clear_storage: true });
    leader.call(Call::Boot);
    let leader = leader.talk(full());
    browser.borrow_mut().store = Memory::default();
    (browser, leader)
}

#[test]
fn what_a_leader_wrote_into_the_emptied_store_before_it_heard_does_not_stay() {
    let (_, mut leader) = emptied();
    leader.receive(vec![said(2, "late words")]);
    leader.wait(2_000);
    assert!(leader.stored().contains("late words"));
    leader.hear(LOADER);
    assert_eq!(leader.state(), State::Shutdown);
    assert!(!leader.stored().contains("late words"));
    leader.wait(1_000);
    assert!(leader.names().iter().all(|name| name == "epoch"), "{:?}", leader.names());
}

#[test]
fn a_store_that_is_seen_as_it_was_before_the_page_emptied_it_is_looked_at_once_more() {
    let browser = browser();
    let mut leader = Tab::booted(&browser);
    leader.call(Call::Shutdown { clear_storage: true });
    leader.call(Call::Boot);
    let mut leader = leader.talk(full());
    leader.hear(LOADER);
    assert_eq!(leader.state(), State::Anonymous);
    browser.borrow_mut().store = Memory::default();
    leader.wait(100);
    assert_eq!(leader.state(), State::Shutdown);
    assert!(leader.names().iter().all(|name| name == "epoch"), "{:?}", leader.names());
}

#[test]
fn a_store_that_the_page_emptied_is_no_logout_by_itself() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, full());
    browser.borrow_mut().store = Memory::default();
    leader.look();
    leader.receive(vec![said(2, "goes on")]);
    leader.wait(2_000);
    assert_eq!((leader.state(), leader.texts().len()), (State::Anonymous, 2));
    assert!(leader.stored().contains("goes on"));
}

#[test]
fn the_late_word_of_a_logout_before_this_session_ends_nothing() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    tab.call(Call::Shutdown { clear_storage: true });
    tab.call(Call::Boot);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut tab, &mut follower]);
    for tab in [&mut tab, &mut follower] {
        tab.hear(LOADER);
        tab.wait(500);
        assert_eq!(tab.state(), State::Anonymous);
    }
}

#[test]
fn who_comes_after_a_logout_over_an_emptied_store_is_not_ended_by_who_heard_it() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    browser.borrow_mut().store = Memory::default();
    tab.hear(LOADER);
    let mut next = Tab::booted(&browser);
    tab.call(Call::Boot);
    next.look();
    gossip(&mut [&mut tab, &mut next]);
    assert_eq!((next.state(), next.visitor_id()), (State::Anonymous, tab.visitor_id()));
    assert!(browser.borrow_mut().store.load().is_ok());
}

#[test]
fn a_store_that_began_to_be_used_in_the_middle_of_a_chat_is_no_emptied_one() {
    let browser = browser();
    let mut tab = Tab::with(&browser, Config { cookie_consent: false, ..config() });
    for turn in 0..2 {
        tab.call(Call::Boot);
        tab = tab.talk(full());
        tab.call(Call::SetCookieConsent(true));
        if turn == 0 {
            tab.call(Call::Shutdown { clear_storage: true });
            tab.call(Call::SetCookieConsent(false));
        }
    }
    tab.wait(2_000);
    tab.hear(LOADER); // of a logout long ago
    tab.wait(500);
    assert_eq!(tab.state(), State::Anonymous);
}

#[test]
fn who_opens_after_the_page_has_emptied_the_store_is_not_logged_out_by_a_logout_long_ago() {
    let (browser, mut leader) = emptied();
    leader.look(); // another one is opened in front of it
    leader.page(PageEvent::Hidden);
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    gossip(&mut [&mut leader, &mut next]);
    assert_eq!((leader.state(), next.state()), (State::Anonymous, State::Anonymous));
    // It has written its number only: of a logout that is under way nothing is to stay.
    let mut leader = Tab::talking(&crate::rig::browser(), full());
    leader.call(Call::Shutdown { clear_storage: true });
    leader.call(Call::Boot);
    leader.browser.borrow_mut().store = Memory::default();
    leader.look();
    assert_eq!(leader.names(), ["epoch"]);
    leader.browser.borrow_mut().store = Memory::default();
    leader.look_before(true);
    assert!(leader.names().is_empty(), "whoever goes writes nothing any more");
}

#[test]
fn a_logout_after_the_page_has_emptied_the_store_is_heard_though_a_leader_has_seen_that_before() {
    for (loaded, clear_storage) in [(false, true), (true, true), (true, false)] {
        let browser = browser();
        let mut leader = Tab::booted(&browser);
        leader.call(Call::Shutdown { clear_storage: true });
        leader.call(Call::Boot);
        let mut leader = leader.talk(full());
        browser.borrow_mut().store = Memory::default();
        leader.look();
        if loaded {
            let mut ready = Tab::new(&browser);
            ready.call(Call::Shutdown { clear_storage });
            gossip(&mut [&mut leader, &mut ready]);
        } else {
            leader.hear(LOADER);
        }
        assert_eq!((leader.state(), leader.texts().len()), (State::Shutdown, 0), "{loaded} {clear_storage}");
        leader.wait(1_000);
        assert!(leader.names().iter().all(|name| name == "epoch"), "{:?}", leader.names());
    }
}
