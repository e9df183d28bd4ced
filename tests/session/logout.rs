//! After a logout nothing of the conversation is left: in the view, in the store, in the other tabs.

use crate::rig::{Tab, browser, config, gossip, said};
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Gesture, PageEvent};
use support_chat::store::Refusal;
use support_chat::transport::{Capabilities, Command, Reason};

#[test]
fn shutdown_leaves_no_word_and_keeps_the_anonymous_visitor() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let visitor = tab.session.identity().expect("live").visitor_id;
    tab.receive(vec![said(2, "secret words")]);
    tab.gesture(Gesture::Draft("half a thought".into()));
    let pending = tab.send("unsent", "u");
    tab.wait(2_000);
    tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.state(), State::Shutdown);
    assert_eq!(tab.outcome(pending), Some(Err(Code::Aborted)));
    assert!(tab.texts().is_empty() && tab.session.view().draft.is_empty());
    for word in ["secret words", "half a thought", "unsent", "first"] {
        assert!(!tab.stored().contains(word), "{word}");
    }
    tab.call(Call::Boot);
    assert_eq!(
        tab.connects().last().map(|connect| (connect.visitor_id.clone(), connect.last_index)),
        Some((visitor, 0))
    );
}

#[test]
fn shutdown_with_clear_storage_leaves_epoch_and_consent() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    tab.call(Call::SetCookieConsent(true));
    tab.call(Call::Shutdown { clear_storage: true });
    assert!(tab.names().iter().all(|name| name == "epoch" || name == "consent"), "{:?}", tab.names());
    assert!(tab.commands.contains(&Command::Disconnect(Reason::Shutdown { clear: true })));
    assert!(tab.stored_epoch() > 1, "{}", tab.stored());
}

#[test]
fn a_logout_without_a_session_clears_what_an_earlier_page_stored() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let visitor = tab.session.identity().expect("live").visitor_id;
    tab.wait(2_000);
    tab.kill();
    let mut tab = Tab::new(&browser);
    tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.state(), State::Ready);
    assert!(!tab.stored().contains("first"));
    tab.call(Call::Boot);
    assert_eq!(tab.connects().last().map(|connect| connect.visitor_id.clone()), Some(visitor));
}

#[test]
fn the_other_tabs_log_out_too_and_do_not_erase_what_comes_after() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!(other.texts(), ["first"]);
    other.call(Call::Shutdown { clear_storage: false });
    other.call(Call::Boot);
    let before = other.stored();
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!(leader.state(), State::Shutdown);
    assert!(leader.texts().is_empty());
    assert_eq!(other.stored(), before);
}

#[test]
fn a_logout_that_was_cut_short_is_finished_by_the_next_load_though_nobody_boots() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    tab.wait(2_000);
    tab.kill();
    support_chat::store::Store::set(&mut browser.borrow_mut().store, "tombstone", "1").expect("kept");
    let tab = Tab::new(&browser);
    assert_eq!((tab.state(), tab.names()), (State::Ready, vec!["epoch".to_owned()]));
}

#[test]
fn what_a_tab_wrote_before_it_heard_of_the_logout_does_not_stay() {
    for clear_storage in [false, true] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        leader.call(Call::Open);
        leader.gesture(Gesture::AtEnd(true));
        let mut other = Tab::new(&browser);
        other.call(Call::Boot);
        gossip(&mut [&mut leader, &mut other]);
        other.call(Call::Shutdown { clear_storage });
        leader.receive(vec![said(2, "late words")]);
        leader.wait(2_000);
        assert!(leader.stored().contains("late words") && leader.names().iter().any(|name| name == "read"));
        gossip(&mut [&mut leader, &mut other]);
        assert!(!leader.names().iter().any(|name| name == "session" || name == "read"), "{:?}", leader.names());
        assert!(!leader.stored().contains("late words"));
    }
}

#[test]
fn a_read_mark_written_too_late_does_not_stay_beside_the_next_session() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    leader.call(Call::Open);
    leader.gesture(Gesture::AtEnd(true));
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    other.call(Call::Shutdown { clear_storage: true });
    other.call(Call::Boot);
    let next = other.session.identity().expect("live").visitor_id;
    leader.receive(vec![said(2, "late words")]);
    assert!(leader.names().iter().any(|name| name == "read"));
    other.call(Call::Close); // its session is written again
    gossip(&mut [&mut leader, &mut other]);
    assert!(!leader.names().iter().any(|name| name == "read"), "{:?}", leader.names());
    assert_eq!(other.session.identity().expect("live").visitor_id, next);
}

#[test]
fn the_cookie_of_the_session_that_comes_after_is_left_alone() {
    let browser = browser();
    let options = || Config { storage: "cookie", ..config() };
    let mut leader = Tab::talking_with(&browser, options(), Capabilities::IDEMPOTENCY);
    let mut other = Tab::with(&browser, options());
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    other.call(Call::Shutdown { clear_storage: true });
    other.call(Call::Boot);
    let before = other.stored();
    assert!(before.contains("session"));
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!((leader.state(), other.stored()), (State::Shutdown, before));
}

#[test]
fn a_lock_that_comes_before_the_word_of_the_logout_restores_nothing() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.call(Call::Shutdown { clear_storage: true });
    follower.grant_lead();
    assert_eq!(follower.state(), State::Shutdown);
    assert_eq!(follower.names(), ["epoch"]);
}

#[test]
fn what_stood_in_a_store_that_filled_up_is_wiped_too() {
    for clear_storage in [false, true] {
        let browser = browser();
        let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        tab.receive(vec![said(2, "secret words")]);
        tab.wait(2_000);
        browser.borrow_mut().refusal = Some(Refusal::Full);
        tab.send("unsent", "u");
        browser.borrow_mut().refusal = None;
        assert!(tab.stored().contains("secret words"));
        tab.call(Call::Shutdown { clear_storage });
        assert!(tab.names().iter().all(|name| name == "epoch" || name == "consent"), "{:?}", tab.names());
    }
}

#[test]
fn a_tab_that_comes_back_compares_the_epoch_before_it_shows_anything() {
    for event in [PageEvent::Shown, PageEvent::Resumed, PageEvent::Restored] {
        let browser = browser();
        let mut away = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        away.receive(vec![said(2, "secret words")]);
        away.wait(2_000);
        away.page(if event == PageEvent::Restored { PageEvent::Cached } else { PageEvent::Hidden });
        // The word of the logout does not reach it.
        let mut other = Tab::new(&browser);
        other.call(Call::Boot);
        other.call(Call::Shutdown { clear_storage: true });
        let connects = away.connects().len();
        away.page(event);
        assert_eq!((away.state(), away.texts().len()), (State::Shutdown, 0), "{event:?}");
        assert_eq!((away.connects().len(), away.names()), (connects, vec!["epoch".to_owned()]));
    }
}

#[test]
fn a_tab_that_comes_back_to_the_same_epoch_goes_on() {
    for follows in [false, true] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        let mut follower = Tab::new(&browser);
        follower.call(Call::Boot);
        gossip(&mut [&mut leader, &mut follower]);
        let tab = if follows { &mut follower } else { &mut leader };
        tab.page(PageEvent::Hidden);
        let connects = tab.connects().len();
        tab.page(PageEvent::Shown);
        assert_eq!(
            (tab.state(), tab.texts(), tab.connects().len()),
            (State::Anonymous, vec!["first".into()], connects)
        );
    }
}

#[test]
fn the_loaders_word_reaches_tabs_whose_store_it_does_not_know() {
    let browser = browser();
    let mut tab = Tab::with(&browser, Config { storage: "session", ..config() });
    tab.call(Call::Boot);
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Boot);
    tab.gesture(Gesture::Draft("half a thought".into()));
    tab.hear(r#"{"v":1,"t":"logout","epoch":1}"#);
    assert_eq!((tab.state(), tab.session.view().draft), (State::Shutdown, ""));
    assert!(!tab.stored().contains("half a thought"));
}
