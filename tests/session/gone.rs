//! What waits here, and is gone from the store that tabs share: another tab has sent it, or dropped it. It is not sent
//! again, and its promise is kept or broken by what the backend has, not by what the store does not have.

use crate::delivery::{is_send, status};
use crate::rig::{Tab, browser, echo, gossip, said};
use support_chat::error::{Code, Error};
use support_chat::message::Status;
use support_chat::session::{Call, Gesture, PageEvent, Settled};
use support_chat::store::{Refusal, Store};
use support_chat::transport::{Action, Capabilities, ChatEventKind, Performed};

const ALL: Capabilities = Capabilities::IDEMPOTENCY;

/// A leader in a chat, and a follower that waits for a message: its call.
fn waiting(capabilities: Capabilities) -> (Tab, Tab, u32) {
    let browser = browser();
    let mut leader = Tab::talking(&browser, capabilities);
    let mut author = Tab::new(&browser);
    author.call(Call::Boot);
    gossip(&mut [&mut leader, &mut author]);
    let call = author.send("words", "k");
    gossip(&mut [&mut leader, &mut author]);
    (leader, author, call)
}

/// The backend has it, and the store of the tabs has not any more; the author has not heard of it.
fn acknowledged(leader: &mut Tab) {
    let (op, _) = leader.action(is_send).expect("sent");
    leader.perform(op, Ok(Performed::Sent(2, None)));
}

/// What became of a promise: the message's words, or why there is none.
fn outcome(tab: &Tab, call: u32) -> Option<Result<String, Code>> {
    tab.outcome(call).map(|result| match result? {
        Settled::Message(message) => Ok(message.client_message_id.clone().unwrap_or_default()),
        _ => Ok(String::new()),
    })
}

fn kept() -> Option<Result<String, Code>> {
    Some(Ok("k".into()))
}

fn broken() -> Option<Result<String, Code>> {
    Some(Err(Code::Aborted))
}

#[test]
fn back_from_the_cache_it_is_asked_for_and_the_promise_is_kept() {
    let (mut leader, mut author, call) = waiting(ALL);
    author.page(PageEvent::Cached);
    acknowledged(&mut leader);
    gossip(&mut [&mut leader]); // nobody hears a thing in the cache
    author.wait(500);
    author.page(PageEvent::Restored);
    assert_eq!((outcome(&author, call), author.texts().len()), (None, 2));
    gossip(&mut [&mut leader, &mut author]);
    assert_eq!((outcome(&author, call), status(&author, "k")), (kept(), Some(Status::Sent)));
    assert_eq!((author.texts(), leader.actions(is_send)), (leader.texts(), 2));
}

#[test]
fn what_the_store_tells_before_the_leader_does_breaks_no_promise() {
    let (mut leader, mut author, call) = waiting(ALL);
    acknowledged(&mut leader);
    author.wait(500);
    author.page(PageEvent::Shown);
    assert_eq!(outcome(&author, call), None);
    gossip(&mut [&mut leader, &mut author]);
    assert_eq!((outcome(&author, call), status(&author, "k")), (kept(), Some(Status::Sent)));
    assert_eq!((author.texts(), leader.actions(is_send)), (leader.texts(), 2));
}

#[test]
fn what_a_leader_delivered_before_it_died_is_found_by_the_next_one() {
    let (mut leader, mut author, call) = waiting(ALL);
    acknowledged(&mut leader);
    leader.kill(); // and what it said is not heard any more
    gossip(&mut [&mut leader]);
    author.wait(500);
    author.grant_lead();
    assert_eq!((outcome(&author, call), author.session.leads()), (None, true));
    author.receive(vec![echo(2, "words", Some("k"))]);
    author.connected(ALL);
    assert_eq!((outcome(&author, call), status(&author, "k")), (kept(), Some(Status::Sent)));
    assert_eq!((author.texts().len(), author.actions(is_send)), (2, 0));
}

#[test]
fn where_there_are_no_keys_it_is_found_by_its_words() {
    let (mut leader, mut author, call) = waiting(Capabilities::default());
    acknowledged(&mut leader);
    leader.kill();
    gossip(&mut [&mut leader]);
    author.wait(500);
    author.grant_lead();
    author.receive(vec![echo(2, "words", None)]);
    author.connected(Capabilities::default());
    assert_eq!((outcome(&author, call), status(&author, "k")), (kept(), Some(Status::Sent)));
    assert_eq!((author.texts().len(), author.actions(is_send)), (2, 0));
}

#[test]
fn what_the_backend_does_not_have_is_let_go_once_everything_was_received() {
    let (mut leader, mut author, call) = waiting(ALL);
    leader.kill();
    author.browser.borrow_mut().store.remove("outbox:k").expect("memory");
    author.wait(500);
    author.grant_lead();
    assert_eq!((outcome(&author, call), status(&author, "k")), (None, Some(Status::Sending)));
    author.connected(ALL);
    assert_eq!((outcome(&author, call), status(&author, "k")), (broken(), None));
    assert_eq!(author.actions(is_send), 0);
}

/// The author is in the cache; its message was delivered by a leader that is gone, and the next one has no connection.
fn led_by_another() -> (Tab, Tab, u32) {
    let (mut leader, mut author, call) = waiting(ALL);
    leader.wait(1_000); // the first message is kept, the second one is not
    author.page(PageEvent::Cached);
    acknowledged(&mut leader);
    leader.kill();
    let mut next = Tab::new(&author.browser);
    next.call(Call::Boot);
    gossip(&mut [&mut leader, &mut next]);
    assert!(next.session.leads());
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut next, &mut author]);
    (next, author, call)
}

#[test]
fn a_leader_that_was_not_there_answers_once_it_has_everything() {
    for there in [true, false] {
        let (mut next, mut author, call) = led_by_another();
        assert_eq!((outcome(&author, call), status(&author, "k")), (None, Some(Status::Sending)));
        if there {
            next.receive(vec![echo(2, "words", Some("k"))]);
        }
        next.connected(ALL);
        gossip(&mut [&mut next, &mut author]);
        let expected = if there { (kept(), Some(Status::Sent)) } else { (broken(), None) };
        assert_eq!((outcome(&author, call), status(&author, "k")), expected);
        assert_eq!((author.texts(), next.actions(is_send)), (next.texts(), 0));
    }
}

#[test]
fn a_leader_that_misses_something_does_not_say_that_it_is_not_there() {
    let (mut next, mut author, call) = led_by_another();
    next.receive(vec![said(3, "three")]);
    next.connected(ALL); // which says that there is no second
    next.receive(vec![said(5, "five")]);
    let again = author.send("more words", "k2");
    gossip(&mut [&mut next, &mut author]);
    author.page(PageEvent::Cached);
    let (op, _) = next.action(is_send).expect("sent");
    next.perform(op, Ok(Performed::Sent(6, None)));
    next.kill();
    let mut third = Tab::new(&author.browser);
    third.call(Call::Boot);
    gossip(&mut [&mut next, &mut third]);
    third.receive(vec![echo(1, "first", Some("m1"))]);
    third.connected(ALL);
    third.receive(vec![said(7, "seven")]);
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut third, &mut author]);
    assert_eq!((outcome(&author, call), outcome(&author, again)), (broken(), None));
    third.receive(vec![said(2, "two"), said(3, "three"), said(4, "four"), said(5, "five")]);
    third.receive(vec![echo(6, "more words", Some("k2"))]);
    gossip(&mut [&mut third, &mut author]);
    assert_eq!(outcome(&author, again), Some(Ok("k2".into())));
}

#[test]
fn of_a_chat_that_is_requested_again_nothing_is_known_before_it_has_said_something() {
    let browser = browser();
    let (mut leader, mut author) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut author]);
    let call = author.send("words", "k");
    gossip(&mut [&mut leader, &mut author]);
    let requests = |tab: &mut Tab| {
        let (op, _) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        tab.perform(op, Ok(Performed::Requested("chat".into())));
    };
    leader.connected(ALL);
    author.page(PageEvent::Cached);
    browser.borrow_mut().deaf = true; // it does not keep which chat it is
    requests(&mut leader);
    acknowledged(&mut leader);
    leader.kill();
    browser.borrow_mut().deaf = false;
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    gossip(&mut [&mut leader, &mut next]);
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut next, &mut author]);
    next.connected(ALL);
    gossip(&mut [&mut next, &mut author]);
    requests(&mut next);
    gossip(&mut [&mut next, &mut author]);
    assert_eq!((outcome(&author, call), status(&author, "k").is_some()), (None, true));
    next.send("what comes after it does not wait", "n");
    assert_eq!(next.actions(is_send), 1);
    next.receive(vec![echo(1, "words", Some("k"))]);
    gossip(&mut [&mut next, &mut author]);
    assert_eq!((outcome(&author, call), next.actions(is_send)), (kept(), 1));
}

#[test]
fn the_leader_that_sent_it_remembers_though_the_chat_was_put_away() {
    let (mut leader, mut author, call) = waiting(ALL);
    author.page(PageEvent::Cached);
    acknowledged(&mut leader);
    leader.receive(vec![ChatEventKind::Ended(None)]);
    leader.gesture(Gesture::StartNew);
    gossip(&mut [&mut leader]);
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut leader, &mut author]);
    assert_eq!((outcome(&author, call), author.texts().len()), (kept(), 0));
}

#[test]
fn what_the_visitor_dropped_in_another_tab_is_let_go() {
    for heard in [true, false] {
        let (mut leader, mut author, call) = waiting(ALL);
        let (op, _) = leader.action(is_send).expect("sent");
        if heard {
            leader.perform(op, Err(Error::new(Code::RateLimited, "no")));
            gossip(&mut [&mut leader, &mut author]);
            author.page(PageEvent::Cached);
        } else {
            author.page(PageEvent::Cached);
            leader.perform(op, Err(Error::new(Code::RateLimited, "no")));
        }
        leader.call(Call::DiscardMessage("k".into()));
        gossip(&mut [&mut leader]);
        author.wait(500);
        author.page(PageEvent::Restored);
        gossip(&mut [&mut leader, &mut author]);
        let expected = if heard { Some(Err(Code::RateLimited)) } else { broken() };
        assert_eq!((outcome(&author, call), status(&author, "k")), (expected, None));
    }
}

#[test]
fn what_failed_and_was_dropped_by_a_tab_that_is_gone_comes_back_nowhere() {
    let (mut leader, mut author, _) = waiting(ALL);
    leader.wait(1_000);
    let (op, _) = leader.action(is_send).expect("sent");
    leader.perform(op, Err(Error::new(Code::RateLimited, "no")));
    gossip(&mut [&mut leader, &mut author]);
    assert_eq!(status(&author, "k"), Some(Status::Failed));
    author.page(PageEvent::Cached);
    leader.call(Call::DiscardMessage("k".into()));
    leader.kill();
    let mut next = Tab::new(&author.browser);
    next.call(Call::Boot);
    next.connected(ALL);
    gossip(&mut [&mut leader, &mut next]);
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut next, &mut author]);
    assert_eq!((status(&next, "k"), status(&author, "k")), (None, None));
    assert!(!next.stored().contains("outbox"), "{}", next.stored());
}

#[test]
fn an_answer_that_comes_late_takes_no_receipt_back() {
    let (mut leader, mut author, call) = waiting(ALL);
    acknowledged(&mut leader);
    leader.receive(vec![ChatEventKind::Read(2)]);
    author.wait(500);
    author.page(PageEvent::Shown); // it asks, and hears of it before the answer
    gossip(&mut [&mut leader, &mut author]);
    assert_eq!((outcome(&author, call), status(&author, "k")), (kept(), Some(Status::Read)));
}

#[test]
fn the_same_key_again_waits_for_the_same_answer() {
    let (mut next, mut author, call) = led_by_another();
    let again = author.send("words", "k");
    next.receive(vec![echo(2, "words", Some("k"))]);
    next.connected(ALL);
    gossip(&mut [&mut next, &mut author]);
    assert_eq!((outcome(&author, call), outcome(&author, again)), (kept(), kept()));
    assert_eq!(next.actions(is_send), 0);
}

#[test]
fn it_ends_with_its_session() {
    for end in [Call::Shutdown { clear_storage: false }, Call::Destroy] {
        let (_, mut author, call) = led_by_another();
        author.call(end);
        assert_eq!((outcome(&author, call), author.texts().len()), (broken(), 0));
    }
}

#[test]
fn it_is_neither_told_nor_stored_as_something_that_waits() {
    let (mut next, mut author, call) = led_by_another();
    assert!(!next.stored().contains("outbox"), "{}", next.stored());
    let mut newcomer = Tab::new(&next.browser);
    newcomer.call(Call::Boot);
    gossip(&mut [&mut next, &mut author, &mut newcomer]);
    assert_eq!(status(&newcomer, "k"), None);
    author.call(Call::SetCookieConsent(false));
    author.call(Call::SetCookieConsent(true));
    assert!(!author.stored().contains("outbox"), "{}", author.stored());
    assert_eq!(outcome(&author, call), None);
}

#[test]
fn it_is_sent_where_its_author_has_it_in_memory_only() {
    let browser = browser();
    let (mut leader, mut heir, mut author) = (Tab::talking(&browser, ALL), Tab::new(&browser), Tab::new(&browser));
    heir.call(Call::Boot);
    author.call(Call::Boot);
    gossip(&mut [&mut leader, &mut heir, &mut author]);
    browser.borrow_mut().refusal = Some(Refusal::Full);
    let call = author.send("words", "k");
    browser.borrow_mut().refusal = None;
    leader.kill(); // before it heard of it, and kept it
    gossip(&mut [&mut leader, &mut heir, &mut author]);
    assert_eq!(status(&heir, "k"), Some(Status::Queued));
    heir.wait(500);
    heir.grant_lead();
    gossip(&mut [&mut heir, &mut author]);
    heir.connected(ALL);
    acknowledged(&mut heir);
    gossip(&mut [&mut heir, &mut author]);
    assert_eq!((outcome(&author, call), heir.actions(is_send)), (kept(), 1));
}

#[test]
fn what_was_delivered_into_a_chat_that_is_put_away_nobody_knows_who_did_not_send_it() {
    let (mut leader, mut author, call) = waiting(ALL);
    author.page(PageEvent::Cached);
    acknowledged(&mut leader);
    leader.receive(vec![ChatEventKind::Ended(None)]);
    leader.gesture(Gesture::StartNew);
    leader.kill();
    let mut next = Tab::new(&author.browser);
    next.call(Call::Boot);
    gossip(&mut [&mut leader, &mut next]);
    author.wait(500);
    author.page(PageEvent::Restored);
    gossip(&mut [&mut next, &mut author]);
    assert_eq!((outcome(&author, call), author.texts().len()), (broken(), 0));
    assert!(next.commands.is_empty(), "nobody connects for that");
}

#[test]
fn what_waited_in_a_chat_that_is_over_has_failed_for_all_that_is_known() {
    // Of a chat that is over the backend tells nothing more: who leads next cannot know.
    let (mut leader, mut author, call) = waiting(ALL);
    acknowledged(&mut leader);
    leader.receive(vec![ChatEventKind::Ended(None)]);
    leader.kill();
    gossip(&mut [&mut leader]);
    author.wait(500);
    author.grant_lead();
    assert_eq!((outcome(&author, call), status(&author, "k")), (Some(Err(Code::MessageSendFailed)), None));
    // Nor does a leader wait for what is on its way when the visitor ends the chat.
    let mut leader = Tab::talking(&browser(), ALL);
    let call = leader.send("words", "k");
    leader.call(Call::EndChat);
    let (op, _) = leader.action(|action| *action == Action::End).expect("to be ended");
    leader.perform(op, Ok(Performed::Done));
    assert_eq!((outcome(&leader, call), status(&leader, "k")), (Some(Err(Code::MessageSendFailed)), None));
}

#[test]
fn what_its_author_has_no_room_for_is_not_gone_but_kept_by_who_has() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, ALL);
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    browser.borrow_mut().refusal = Some(Refusal::Full);
    leader.send("words", "k");
    browser.borrow_mut().refusal = None;
    gossip(&mut [&mut leader, &mut other]);
    leader.kill(); // nothing of it has reached the backend
    other.wait(500);
    other.page(PageEvent::Shown);
    other.grant_lead();
    other.connected(ALL);
    other.receive(vec![said(1, "m1"), ChatEventKind::CaughtUp(2)]);
    assert_eq!((other.actions(is_send), status(&other, "k")), (1, Some(Status::Sending)));
}
