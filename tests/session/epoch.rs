//! The number of the last logout: who is late sees by it that its session is over, and of two at once one is the later.

use crate::given::{config, said};
use crate::groups::anonymous_pair;
use crate::remains::talk_about_marzipan;
use crate::rig::{Tab, browser, gossip};
use crate::users::{full, user};
use crate::whose::saved_anonymous;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Gesture, PageEvent};
use support_chat::store::Store;

#[test]
fn a_session_that_the_store_knows_to_be_over_writes_nothing_more() {
    for clear_storage in [false, true] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, full());
        let mut other = Tab::new(&browser);
        other.call(Call::Boot);
        gossip(&mut [&mut leader, &mut other]);
        leader.receive(vec![said(2, "late words")]);
        other.call(Call::Shutdown { clear_storage });
        let before = other.stored();
        leader.look();
        assert_eq!((leader.state(), leader.texts().len()), (State::Shutdown, 0));
        // It has the connection, and is the one to tell the backend, though the word of the logout is still to come.
        assert_eq!(leader.revokes().iter().map(|revoke| revoke.clear).collect::<Vec<_>>(), [clear_storage]);
        leader.wait(2_000);
        gossip(&mut [&mut leader, &mut other]);
        assert_eq!((leader.stored(), leader.revokes().len()), (before, 1));
    }
}

#[test]
fn what_was_said_before_a_logout_is_not_taken_over_by_the_visitor_it_kept() {
    let (browser, mut tab, mut late) = anonymous_pair();
    late.gesture(Gesture::Draft("late words".into()));
    let said = browser.borrow().last_of("draft");
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Boot);
    tab.hear(&said);
    assert_eq!(tab.session.view().draft, "");
    assert!(!tab.stored().contains("late words"), "{}", tab.stored());
}

#[test]
fn whoever_was_set_aside_before_a_logout_that_was_cut_short_does_not_find_back() {
    let (browser, visitor) = saved_anonymous();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    assert!(tab.names().contains(&"aside".to_owned()));
    let mut next = Tab::new(&browser);
    tab.kill();
    browser.borrow_mut().store.set("tombstone", r#"{"v":1,"sessionId":"s","at":1}"#).expect("memory");
    next.call(Call::Boot);
    next.wait(1_000);
    assert_eq!(next.state(), State::Anonymous, "{}", next.stored());
    assert!(!next.stored().contains(&visitor), "{}", next.stored());
}

#[test]
fn a_logout_after_another_tab_made_room_for_a_user_reaches_that_user() {
    let browser = browser();
    let mut other = Tab::talking(&browser, full());
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    other.look();
    assert!(other.revokes().is_empty(), "the visitor set aside is to find back");
    other.call(Call::Shutdown { clear_storage: false });
    gossip(&mut [&mut other, &mut tab]);
    assert_eq!((tab.state(), other.state()), (State::Shutdown, State::Shutdown));
    assert!(!tab.stored().contains("userId"), "{}", tab.stored());
}

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
fn a_late_answer_of_the_store_does_not_cost_the_visitor_whom_the_next_logout_kept() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut tab, &mut other]);
    other.call(Call::Shutdown { clear_storage: true });
    browser.borrow_mut().far = true;
    gossip(&mut [&mut tab, &mut other]); // it reads the store, which does not answer yet
    browser.borrow_mut().far = false;
    other.call(Call::Boot);
    let asked = browser.borrow_mut().store.load();
    other.call(Call::Shutdown { clear_storage: false });
    browser.borrow_mut().far = true;
    gossip(&mut [&mut tab, &mut other]);
    let answered = browser.borrow_mut().store.load();
    for answer in [asked, answered] {
        tab.session.handle_loaded(answer, tab.now);
        tab.drain();
    }
    assert!(tab.names().contains(&"session".to_owned()), "{:?}", tab.names());
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

#[test]
fn what_a_late_tab_removes_of_the_chat_that_came_after_is_written_once_more() {
    let browser = browser();
    let mut old = Tab::talking(&browser, full());
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    old.kill(); // of another name is the lock that it has
    old.gone = false;
    tab.grant_lead();
    tab.prove("A");
    old.report(support_chat::transport::Event::Saved(r#"{"secret":"old"}"#.into())); // it has heard nothing yet
    browser.borrow_mut().far = true;
    gossip(&mut [&mut old, &mut tab]);
    // What it asked for it learns as of then: its own session still stood there.
    let mut late = browser.borrow_mut().store.load().expect("memory");
    late.retain(|(name, _)| name != "session");
    old.session.handle_loaded(Ok(late), old.now);
    old.drain();
    assert!(!tab.stored().contains("userId"), "it removed what it found");
    tab.wait(1_000);
    assert!(tab.stored().contains("userId"), "{}", tab.stored());
}

#[test]
fn a_session_of_before_a_logout_that_a_slow_tab_writes_again_is_not_taken_by_the_next_leader() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    talk_about_marzipan(&mut tab);
    tab.wait(2_000);
    let entries = browser.borrow_mut().store.load().expect("memory");
    let (_, old) = entries.into_iter().find(|(name, _)| name == "session").expect("stored");
    assert!(old.contains("marzipan"));
    tab.call(Call::Shutdown { clear_storage: false });
    tab.kill();
    let mut next = Tab::new(&browser);
    next.grant = false;
    next.call(Call::Boot);
    browser.borrow_mut().store.set("session", &old).expect("memory");
    next.grant = true;
    next.grant_lead();
    next.connected(full());
    next.wait(2_000);
    assert_eq!(next.state(), State::Anonymous);
    assert!(!next.stored().contains("marzipan"), "{}", next.stored());
}

#[test]
fn who_is_taken_apart_or_goes_away_before_the_word_of_a_logout_writes_nothing_back() {
    for storage in ["local", "cookie"] {
        for leaves in [false, true] {
            // A logout before the module was there takes the whole cookie away, its number with it.
            for unloaded in [false, storage == "cookie"] {
                let browser = browser();
                let options = || Config { storage, ..config() };
                let mut tab = Tab::talking_with(&browser, options(), full());
                let mut other = Tab::with(&browser, options());
                tab.receive(vec![said(2, "late words")]);
                other.call(Call::Shutdown { clear_storage: true });
                if unloaded {
                    browser.borrow_mut().store.remove("epoch").expect("memory forgets");
                }
                let before = other.stored();
                if leaves {
                    tab.look_before(true);
                    tab.page(PageEvent::Leaving);
                } else {
                    tab.call(Call::Destroy);
                }
                assert_eq!(tab.stored(), before, "{storage} {leaves} {unloaded}");
            }
        }
    }
}

#[test]
fn words_that_a_tab_has_left_behind_beside_no_session_go_on_the_next_load_though_nobody_boots() {
    for storage in ["local", "session", "cookie"] {
        let browser = browser();
        let options = || Config { storage, ..config() };
        let mut tab = Tab::talking_with(&browser, options(), full());
        tab.gesture(Gesture::Draft("half a thought".into()));
        tab.interrupted();
        tab.send("unsent", "u");
        tab.wait(2_000);
        tab.call(Call::Destroy);
        browser.borrow_mut().store.remove("session").expect("memory forgets");
        browser.borrow_mut().store.set("epoch", "7").expect("memory keeps");
        assert!(tab.stored().contains("half a thought") && tab.stored().contains("unsent"));
        let next = Tab::with(&browser, options());
        assert_eq!((storage, next.names()), (storage, vec!["epoch".to_owned()]));
    }
}
