//! Tabs that were away, or are heard late: what others have done meanwhile is neither done again nor undone.

use crate::delivery::{is_send, status};
use crate::rig::{Tab, browser, echo, gossip, said};
use support_chat::error::{Code, Error};
use support_chat::message::{ConversationStatus, Status};
use support_chat::session::{Call, Gesture, Lock, LockEvent, PageEvent};
use support_chat::store::Store;
use support_chat::transport::{self, Action, Capabilities, ChatEvent, ChatEventKind, Performed};

const ALL: Capabilities = Capabilities::IDEMPOTENCY;

fn is_request(action: &Action) -> bool {
    matches!(action, Action::RequestChat(_))
}

fn requested(tab: &mut Tab, chat: &str) {
    let (op, _) = tab.action(is_request).expect("requested");
    tab.perform(op, Ok(Performed::Requested(chat.into())));
}

/// The chat is over, and put away.
fn put_away(tab: &mut Tab) {
    tab.receive(vec![ChatEventKind::Ended(None)]);
    tab.gesture(Gesture::StartNew);
}

#[test]
fn a_chat_that_was_put_away_and_is_asked_for_again_is_let_go_when_the_backend_does_not_know_it() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut follower]);
    follower.send("first", "m1");
    let start = browser.borrow().last_of("start");
    gossip(&mut [&mut leader, &mut follower]);
    leader.connected(ALL);
    requested(&mut leader, "chat");
    put_away(&mut leader);
    // Somebody who hung says it once more: under its key the backend gives the chat that is over.
    leader.hear(&start);
    assert_eq!(leader.actions(is_request), 2);
    requested(&mut leader, "chat");
    leader.receive(vec![ChatEventKind::Unknown]);
    assert_eq!(leader.session.view().status, ConversationStatus::Ended);
    leader.send("to the next one", "m2");
    assert_eq!(leader.actions(is_request), 3);
}

#[test]
fn what_one_tab_is_told_closes_no_gap_in_another() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    let mut deaf = Tab::new(&browser);
    deaf.call(Call::Boot);
    gossip(&mut [&mut leader, &mut deaf]);
    leader.receive(vec![said(2, "two"), said(3, "three")]);
    leader.wait(2_000);
    gossip(&mut [&mut leader]);
    let mut newcomer = Tab::new(&browser);
    newcomer.call(Call::Boot);
    gossip(&mut [&mut leader, &mut newcomer, &mut deaf]);
    leader.receive(vec![said(4, "four")]);
    gossip(&mut [&mut leader, &mut newcomer, &mut deaf]);
    assert_eq!(newcomer.texts(), leader.texts());
    assert_eq!(deaf.texts(), leader.texts());
}

#[test]
fn what_does_not_exist_is_no_gap_in_a_follower_either() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.receive(vec![said(4, "four"), ChatEventKind::CaughtUp(5)]);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((leader.texts().len(), follower.texts()), (2, leader.texts()));
}

#[test]
fn what_waits_in_a_page_from_the_cache_and_not_in_the_store_any_more_is_not_sent_again() {
    for acknowledged in [true, false] {
        let browser = browser();
        let mut cached = Tab::talking(&browser, ALL);
        cached.send("in flight", "k");
        cached.page(PageEvent::Cached);
        let mut second = Tab::new(&browser);
        second.call(Call::Boot);
        second.connected(ALL);
        let (op, _) = second.action(is_send).expect("sent by the next leader");
        if acknowledged {
            second.perform(op, Ok(Performed::Sent(2, None)));
            put_away(&mut second);
        }
        second.kill();
        let mut third = Tab::new(&browser);
        third.call(Call::Boot);
        third.send("next", "n");
        third.connected(ALL);
        if acknowledged {
            requested(&mut third, "chat-2");
            let (op, _) = third.action(is_send).expect("sent");
            third.perform(op, Ok(Performed::Sent(1, None)));
        }
        gossip(&mut [&mut third]); // nobody hears a thing in the cache
        cached.wait(500);
        cached.page(PageEvent::Restored);
        gossip(&mut [&mut third, &mut cached]);
        let of_it = |action: &Action| matches!(action, Action::Send(message) if message.client_message_id == "k");
        assert_eq!(third.actions(of_it), usize::from(!acknowledged), "{acknowledged}");
        assert_eq!(status(&cached, "k").is_some(), !acknowledged, "{acknowledged}");
    }
}

#[test]
fn what_waits_is_sent_by_the_next_leader_where_the_page_has_cleared_the_store() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.interrupted();
    follower.send("waits", "k");
    gossip(&mut [&mut leader, &mut follower]);
    leader.kill();
    for name in follower.names() {
        browser.borrow_mut().store.remove(&name).expect("memory");
    }
    follower.wait(500);
    follower.grant_lead();
    follower.connected(ALL);
    assert_eq!(follower.actions(is_send), 1);
}

#[test]
fn a_page_that_goes_into_the_cache_while_it_asks_the_store_does_not_stand_in_line_for_the_lead() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    browser.borrow_mut().far = true;
    leader.now.wall += 3_600_000; // the machine slept: the store is asked
    leader.page(PageEvent::Cached);
    leader.read_now();
    browser.borrow_mut().far = false;
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    assert!(next.session.leads());
}

#[test]
fn what_was_said_to_an_earlier_leader_is_sent_by_the_next_one_only_if_its_author_still_waits_for_it() {
    for waits in [false, true] {
        let browser = browser();
        let mut first = Tab::talking(&browser, ALL);
        let mut author = Tab::new(&browser);
        author.call(Call::Boot);
        gossip(&mut [&mut first, &mut author]);
        author.send("words", "k");
        let words = browser.borrow().last_of("outbox");
        if !waits {
            gossip(&mut [&mut first, &mut author]);
            let (op, _) = first.action(is_send).expect("sent");
            first.perform(op, Ok(Performed::Sent(2, None)));
            gossip(&mut [&mut first, &mut author]);
            put_away(&mut first);
            gossip(&mut [&mut first, &mut author]);
        }
        author.grant = false;
        first.kill();
        let mut next = Tab::new(&browser);
        browser.borrow_mut().store.remove("outbox:k").expect("memory");
        next.call(Call::Boot);
        author.kill(); // its place in line only
        next.grant_lead();
        author.gone = false;
        assert!(next.session.leads());
        next.hear(&words);
        assert_eq!(status(&next, "k"), None, "{waits}");
        gossip(&mut [&mut next, &mut author]);
        assert_eq!(status(&next, "k").is_some(), waits);
    }
}

#[test]
fn a_follower_neither_stores_nor_says_again_what_was_sent_while_it_hung() {
    let browser = browser();
    let mut first = Tab::talking(&browser, ALL);
    let (mut author, mut hung) = (Tab::new(&browser), Tab::new(&browser));
    author.call(Call::Boot);
    hung.call(Call::Boot);
    gossip(&mut [&mut first, &mut author, &mut hung]);
    author.send("words", "k");
    let words = browser.borrow().last_of("outbox");
    gossip(&mut [&mut first, &mut author]);
    let (op, _) = first.action(is_send).expect("sent");
    first.perform(op, Ok(Performed::Sent(2, None)));
    put_away(&mut first);
    gossip(&mut [&mut first, &mut author]);
    first.kill();
    author.kill();
    hung.kill(); // its place in line only
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    hung.gone = false;
    assert!(next.session.leads());
    hung.hear(&words);
    assert_eq!(status(&hung, "k"), Some(Status::Queued));
    assert!(!hung.stored().contains("outbox"), "{}", hung.stored());
    hung.wait(500);
    gossip(&mut [&mut next, &mut hung]);
    assert_eq!((status(&next, "k"), status(&hung, "k")), (None, None));
}

#[test]
fn a_tab_that_hung_while_the_store_was_asked_asks_again_before_it_leads() {
    for robbed in [true, false] {
        let browser = browser();
        let (mut first, mut next) = (Tab::talking(&browser, ALL), Tab::new(&browser));
        next.call(Call::Boot);
        gossip(&mut [&mut first, &mut next]);
        first.kill();
        browser.borrow_mut().far = true;
        next.grant_lead();
        next.now.mono += 5_000;
        next.now.wall += 5_000;
        next.read_now();
        assert!(!next.session.leads());
        if robbed {
            next.session.handle_lock(LockEvent::Lost(Lock::Lead), next.now);
        }
        next.read_now();
        assert_eq!(next.session.leads(), !robbed, "a store may be that slow");
    }
}

#[test]
fn what_another_tab_has_in_doubt_is_looked_for_before_it_is_sent_where_there_are_no_keys() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::default());
    let mut author = Tab::new(&browser);
    author.call(Call::Boot);
    gossip(&mut [&mut leader, &mut author]);
    author.send("words", "k");
    let words = browser.borrow().last_of("outbox").replace("\"sending\":false", "\"sending\":true");
    let sent = leader.actions(is_send);
    leader.hear(&words);
    assert_eq!((status(&leader, "k"), leader.actions(is_send)), (Some(Status::Sending), sent));
    leader.wait(2_000);
    assert!(leader.action(|action| matches!(action, Action::CatchUp(_))).is_some());
}

#[test]
fn what_another_tab_has_in_doubt_and_stands_there_already_is_neither_shown_nor_sent_again_where_there_are_no_keys() {
    for (after, there) in [(1, true), (2, false), (0, false)] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, Capabilities::default());
        let mut author = Tab::new(&browser);
        author.call(Call::Boot);
        gossip(&mut [&mut leader, &mut author]);
        leader.receive(vec![echo(2, "words", None)]); // of a tab that this one has not heard
        author.send("words", "k");
        let words = browser.borrow().last_of("outbox").replace("\"sending\":false", "\"sending\":true");
        let words = words.replace("\"after\":0", &format!("\"after\":{after}"));
        leader.hear(&words);
        let shown = leader.texts().iter().filter(|text| *text == "words").count();
        assert_eq!(
            (shown, browser.borrow().last_of("gone").is_empty()),
            (if there { 1 } else { 2 }, !there),
            "{after}"
        );
        // One row is one message.
        leader.hear(&words.replace("\"k\"", "\"other\""));
        assert_eq!(status(&leader, "other"), Some(Status::Sending));
    }
}

#[test]
fn the_same_words_said_before_are_not_taken_for_what_is_on_its_way() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::default());
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.receive(vec![echo(2, "words", None)]);
    leader.send("words", "k");
    let (earlier, now) = (browser.borrow().last_of("applied"), browser.borrow().last_of("outbox"));
    assert!(now.contains("\"sending\":true"), "{now}");
    follower.hear(&now);
    follower.hear(&earlier);
    assert_eq!(status(&follower, "k"), Some(Status::Sending));
    assert_eq!(follower.texts(), leader.texts());
}

#[test]
fn what_is_in_doubt_is_known_again_in_the_chat_another_tab_has_sent_it_into() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::default());
    tab.receive(vec![said(2, "two")]);
    tab.send("words", "k");
    // The one that leads now has found another chat, and sends it there.
    tab.interrupted();
    let said = browser.borrow().last_of("snapshot");
    let said = said.replace("\"id\":\"chat\"", "\"id\":\"chat-2\"").replace("\"term\":1", "\"term\":2");
    tab.hear(&said.replace("\"tab\":\"", "\"tab\":\"other"));
    assert!(tab.session.leads(), "and is gone");
    tab.report(transport::Event::Received(vec![ChatEvent {
        conversation_id: Some("chat-2".into()),
        kind: echo(1, "words", None),
    }]));
    assert_eq!((tab.texts(), status(&tab, "k")), (vec!["words".to_owned()], Some(Status::Sent)));
}

#[test]
fn who_hears_late_that_a_message_is_tried_again_is_told_that_it_has_failed_again() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    let (mut author, mut late) = (Tab::new(&browser), Tab::new(&browser));
    author.call(Call::Boot);
    late.call(Call::Boot);
    author.send("words", "k");
    gossip(&mut [&mut leader, &mut author, &mut late]);
    let fail = |leader: &mut Tab| {
        let (op, _) = leader.action(is_send).expect("sent");
        leader.perform(op, Err(Error::new(Code::MessageInvalid, "not that one")));
    };
    fail(&mut leader);
    gossip(&mut [&mut leader, &mut author, &mut late]);
    author.gesture(Gesture::Retry("k".into()));
    let again = browser.borrow().last_of("retry");
    gossip(&mut [&mut leader, &mut author]);
    fail(&mut leader);
    gossip(&mut [&mut leader, &mut author, &mut late]);
    late.hear(&again);
    assert_eq!(status(&late, "k"), Some(Status::Queued));
    gossip(&mut [&mut leader, &mut author, &mut late]);
    for tab in [&leader, &author, &late] {
        assert_eq!(status(tab, "k"), Some(Status::Failed));
    }
    assert!(late.stored().contains("failed"), "{}", late.stored());
}
