//! Several tabs share one connection: the followers see what the leader sees and send through it.

use crate::rig::{Browser, Tab, browser, gossip, said};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture, PageEvent};
use support_chat::transport::{self, Action, Capabilities, Performed};

fn pair() -> (Rc<RefCell<Browser>>, Tab, Tab) {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.state(), State::Anonymous);
    (browser, leader, follower)
}

fn is_send(action: &Action) -> bool {
    matches!(action, Action::Send(_))
}

#[test]
fn a_follower_shows_what_the_leader_applied_without_a_connection() {
    let (_, mut leader, mut follower) = pair();
    leader.receive(vec![said(2, "two"), said(3, "three")]);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.texts(), ["first", "two", "three"]);
    assert!(follower.connects().is_empty());
    assert_eq!(follower.session.view().unread, 2);
    follower.call(Call::Open);
    follower.gesture(Gesture::AtEnd(true));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.session.view().unread, 0);
}

#[test]
fn a_follower_sends_through_the_leader() {
    let (_, mut leader, mut follower) = pair();
    let call = follower.send("from here", "f1");
    assert_eq!(follower.outcome(call), None);
    gossip(&mut [&mut leader, &mut follower]);
    let (op, _) = leader.action(is_send).expect("sent by the leader");
    leader.perform(op, Ok(Performed::Sent(2, None)));
    gossip(&mut [&mut leader, &mut follower]);
    assert!(matches!(follower.outcome(call), Some(Ok(_))));
    assert_eq!(follower.texts(), leader.texts());
    assert!(!follower.stored().contains("outbox"));
}

#[test]
fn the_leader_dies_and_another_goes_on_from_what_it_has() {
    let (_, mut leader, mut follower) = pair();
    follower.send("in flight", "f1");
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.actions(is_send), 2);
    leader.kill();
    follower.grant_lead();
    assert_eq!(follower.connects().last().map(|connect| connect.last_index), Some(1));
    follower.receive(vec![said(2, "two")]);
    follower.connected(Capabilities::IDEMPOTENCY);
    let (op, _) = follower.action(is_send).expect("sent again under its key");
    follower.perform(op, Ok(Performed::Sent(3, None)));
    assert_eq!(follower.texts(), ["first", "two", "in flight"]);
}

#[test]
fn a_message_of_a_dead_tab_is_sent_by_the_next_leader() {
    let (_, mut leader, mut follower) = pair();
    leader.interrupted();
    leader.send("orphan", "o1");
    leader.kill();
    follower.grant_lead();
    follower.connected(Capabilities::IDEMPOTENCY);
    let (_, action) = follower.action(is_send).expect("sent");
    assert!(matches!(action, Action::Send(message) if message.text == "orphan"));
}

#[test]
fn two_tabs_that_begin_at_once_end_in_one_conversation() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut follower]);
    leader.send("here", "l");
    follower.send("there", "f");
    gossip(&mut [&mut leader, &mut follower]);
    leader.connected(Capabilities::IDEMPOTENCY);
    let (op, _) = leader.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    leader.perform(op, Ok(Performed::Requested("chat".into())));
    for index in 1..=2 {
        let (op, _) = leader.action(is_send).expect("sent");
        leader.perform(op, Ok(Performed::Sent(index, None)));
    }
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.texts().len(), 2);
    assert_eq!(leader.texts(), follower.texts());
    assert_eq!(leader.actions(|action| matches!(action, Action::RequestChat(_))), 1);
    assert!(follower.commands.is_empty());
}

#[test]
fn a_follower_mirrors_the_loss_of_the_connection() {
    let (_, mut leader, mut follower) = pair();
    leader.interrupted();
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.state(), State::Reconnecting);
    leader.wait(1);
    leader.connected(Capabilities::IDEMPOTENCY);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.state(), State::Anonymous);
}

#[test]
fn a_followers_open_panel_is_a_reason_to_connect() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut follower]);
    assert!(leader.connects().is_empty());
    follower.call(Call::Open);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.connects().len(), 1);
}

#[test]
fn a_follower_ends_the_chat_through_the_leader() {
    let (_, mut leader, mut follower) = pair();
    let call = follower.call(Call::EndChat);
    gossip(&mut [&mut leader, &mut follower]);
    let (op, _) = leader.action(|action| *action == Action::End).expect("ended by the leader");
    leader.perform(op, Ok(Performed::Done));
    gossip(&mut [&mut leader, &mut follower]);
    assert!(matches!(follower.outcome(call), Some(Ok(_))));
    assert!(follower.texts().is_empty() && leader.texts().is_empty());
}

#[test]
fn a_request_that_became_two_chats_shows_the_leaders_and_no_row_of_the_other() {
    for theirs in ["\"id\":\"chat-2\",", ""] {
        let (browser, mut leader, mut follower) = pair();
        leader.report(transport::Event::Saved("{}".into()));
        let snapshot = browser.borrow().last_said();
        assert!(snapshot.contains("\"id\":\"chat\","), "{snapshot}");
        follower.hear(&snapshot.replace("\"id\":\"chat\",", theirs));
        assert!(follower.texts().is_empty(), "{theirs} {:?}", follower.texts());
        // What it thought of the other one was hasty: that is the leader's after all.
        follower.hear(&snapshot);
        gossip(&mut [&mut leader, &mut follower]);
        leader.receive(vec![said(2, "two")]);
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!(follower.texts(), leader.texts());
    }
}

#[test]
fn the_draft_is_the_same_everywhere() {
    let (_, mut leader, mut follower) = pair();
    leader.gesture(Gesture::Draft("half".into()));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.session.view().draft, "half");
    follower.gesture(Gesture::Draft("half a thought".into()));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.session.view().draft, "half a thought");
    // What was said of the words before is not said of these.
    follower.gesture(Gesture::Send("x".repeat(4_001)));
    assert!(follower.session.view().unsent.is_some());
    gossip(&mut [&mut leader, &mut follower]);
    leader.gesture(Gesture::Draft("short".into()));
    gossip(&mut [&mut leader, &mut follower]);
    let view = follower.session.view();
    assert_eq!((view.draft, view.unsent), ("short", None));
}

#[test]
fn ten_thousand_messages_reach_a_new_follower() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    leader.receive((2..=10_000).map(|index| said(index, "words")).collect());
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.texts().len(), 10_000);
}

#[test]
fn what_is_not_a_message_between_tabs_is_ignored() {
    let (_, _, mut follower) = pair();
    let before = follower.texts();
    for text in ["", "{}", "[]", r#"{"v":2,"t":"logout","epoch":9}"#, r#"{"v":1,"t":"applied","epoch":0,"events":7}"#] {
        follower.session.handle_peer(text, follower.now);
    }
    assert_eq!(follower.texts(), before);
    assert_eq!(follower.state(), State::Anonymous);
}

#[test]
fn the_read_mark_moves_only_where_the_panel_is_open_the_page_visible_and_the_transcript_at_its_end() {
    for (open, visible, at_end) in
        [(false, true, true), (true, false, true), (true, true, false), (false, false, false), (true, true, true)]
    {
        let (_, mut leader, mut follower) = pair();
        if open {
            follower.call(Call::Open);
        }
        if !visible {
            follower.page(PageEvent::Hidden);
        }
        follower.gesture(Gesture::AtEnd(at_end));
        leader.receive(vec![said(2, "two")]);
        gossip(&mut [&mut leader, &mut follower]);
        let read = open && visible && at_end;
        for tab in [&leader, &follower] {
            assert_eq!(tab.session.view().unread, u32::from(!read), "open {open}, visible {visible}, end {at_end}");
        }
        // What was missing comes about: it is read everywhere, and stays read after a reload.
        follower.call(Call::Open);
        follower.page(PageEvent::Shown);
        follower.gesture(Gesture::AtEnd(true));
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!((leader.session.view().unread, follower.session.view().unread), (0, 0));
        assert!(leader.stored().contains(r#"\"index\":2"#), "{}", leader.stored());
    }
}

#[test]
fn draft_and_unread_are_the_same_after_a_take_over_and_for_a_tab_that_comes_late() {
    let (browser, mut leader, mut follower) = pair();
    leader.receive(vec![said(2, "two"), said(3, "three")]);
    follower.gesture(Gesture::Draft("half a thought".into()));
    gossip(&mut [&mut leader, &mut follower]);
    leader.kill();
    follower.grant_lead();
    let mut late = Tab::new(&browser);
    late.call(Call::Boot);
    gossip(&mut [&mut follower, &mut late]);
    for tab in [&follower, &late] {
        assert_eq!((tab.session.view().unread, tab.session.view().draft), (2, "half a thought"));
    }
}

#[test]
fn a_follower_that_is_to_connect_again_has_the_leader_do_so() {
    for gesture in [true, false] {
        let (_, mut leader, mut follower) = pair();
        leader.report(transport::Event::Closed(transport::ClosedReason::Refused));
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!(follower.state(), State::Disconnected);
        let before = leader.connects().len();
        match gesture {
            true => follower.gesture(Gesture::Reconnect),
            false => drop(follower.call(Call::Boot)),
        }
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!((leader.connects().len(), follower.state()), (before + 1, State::Reconnecting));
        leader.connected(Capabilities::IDEMPOTENCY);
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!(follower.state(), State::Anonymous);
    }
}

#[test]
fn a_follower_that_hears_old_words_of_the_leader_late_shows_the_chat_all_the_same() {
    let browser = browser();
    let mut leader = Tab::booted(&browser);
    let greeting = browser.borrow().last_of("snapshot");
    leader.send("first", "m1");
    let begun = browser.borrow().last_of("snapshot");
    leader.connected(Capabilities::IDEMPOTENCY);
    let (op, _) = leader.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    leader.perform(op, Ok(Performed::Requested("chat".into())));
    let (op, _) = leader.action(is_send).expect("sent");
    leader.perform(op, Ok(Performed::Sent(1, None)));
    leader.wait(2_000);
    // It reads the store as it is now, and then hears what was said while it did not listen.
    let mut late = Tab::new(&browser);
    late.call(Call::Boot);
    late.hear(&greeting);
    late.hear(&begun);
    gossip(&mut [&mut leader, &mut late]);
    leader.receive(vec![said(2, "two")]);
    gossip(&mut [&mut leader, &mut late]);
    assert_eq!(late.texts(), ["first", "two"]);
}
