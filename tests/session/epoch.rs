//! The number of the last logout: who is late sees by it that its session is over, and of two at once one is the later.

use crate::given::said;
use crate::rig::{Tab, browser, gossip};
use crate::users::{full, user};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture, PageEvent};
use support_chat::store::Store;

#[test]
fn a_logout_and_a_change_of_user_at_once_leave_one_session_of_one_number() {
    let mut orders = Vec::new();
    for name in ["A", "ann@example.org", "ben@example.org", "an-uncommonly-long-name", "77", "user-4711"] {
        let browser = browser();
        let mut other = Tab::talking(&browser, full());
        let mut tab = Tab::new(&browser);
        tab.grant = false;
        tab.call(Call::BootAs(user(name)));
        let made_room = tab.stored_epoch();
        other.call(Call::Shutdown { clear_storage: false }); // neither has heard of the other
        let logged_out = tab.stored_epoch();
        assert_ne!(made_room, logged_out);
        tab.grant = true;
        tab.grant_lead();
        gossip(&mut [&mut other, &mut tab]);
        assert_eq!(tab.state() == State::Booting, made_room > logged_out);
        assert_eq!(tab.stored_epoch(), made_room.max(logged_out));
        let session = format!("\\\"epoch\\\":{}", made_room.max(logged_out));
        assert!(tab.stored().contains(&session), "{}", tab.stored());
        assert_eq!(tab.stored().contains("userId"), made_room > logged_out);
        orders.push(made_room > logged_out);
    }
    assert!(orders.contains(&true) && orders.contains(&false));
}

#[test]
fn one_logout_from_two_tabs_at_once_does_not_end_who_came_after() {
    for clear_storage in [false, true] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, full());
        let mut other = Tab::new(&browser);
        other.call(Call::Boot);
        gossip(&mut [&mut leader, &mut other]);
        for tab in [&mut leader, &mut other] {
            tab.call(Call::Shutdown { clear_storage });
        }
        for tab in [&mut leader, &mut other] {
            tab.call(Call::Boot);
        }
        gossip(&mut [&mut leader, &mut other]);
        assert!(leader.state() != State::Shutdown && other.state() != State::Shutdown, "{clear_storage}");
    }
}

#[test]
fn a_store_that_gives_up_while_it_is_asked_is_believed_when_it_tells_of_a_logout() {
    let browser = browser();
    let mut cached = Tab::talking(&browser, full());
    cached.receive(vec![said(2, "secret words")]);
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut cached, &mut other]);
    browser.borrow_mut().slow = true;
    cached.gesture(Gesture::Send("unconfirmed".into()));
    browser.borrow_mut().slow = false;
    cached.page(PageEvent::Cached);
    other.call(Call::Shutdown { clear_storage: true });
    browser.borrow_mut().far = true;
    cached.page(PageEvent::Restored);
    cached.wait(1_000); // the store has not confirmed in time
    let loaded = browser.borrow_mut().store.load();
    browser.borrow_mut().far = false;
    cached.session.handle_loaded(loaded, cached.now);
    cached.drain();
    assert_eq!((cached.state(), cached.texts().len()), (State::Shutdown, 0));
}

#[test]
fn a_chat_whose_leader_hears_of_an_older_logout_is_written_again() {
    let browser = browser();
    let mut old = Tab::talking(&browser, full());
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    old.kill(); // of another name is the lock that it has
    old.gone = false;
    tab.grant_lead();
    tab.prove("A");
    let before = tab.stored_epoch();
    old.report(support_chat::transport::Event::Saved(r#"{"secret":"old"}"#.into())); // it has heard nothing yet
    assert!(!tab.stored().contains("userId"));
    gossip(&mut [&mut old, &mut tab]);
    assert_eq!((old.state(), tab.stored_epoch()), (State::Shutdown, before));
    assert!(tab.stored().contains("userId"), "{}", tab.stored());
}
