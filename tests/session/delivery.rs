//! Nothing lost, nothing twice, in the server's order: one tab, every way a connection can fail it.

use crate::rig::{Tab, browser, echo, said};
use support_chat::error::{Code, Error};
use support_chat::lifecycle::State;
use support_chat::message::{Content, ConversationStatus, Status};
use support_chat::session::{Banner, Call, Change, ConnectionState, Event, Gesture};
use support_chat::transport::{Action, Capabilities, ChatEventKind, Performed};

pub(crate) fn all() -> Capabilities {
    Capabilities::IDEMPOTENCY.and(Capabilities::TYPING).and(Capabilities::RECEIPTS)
}

pub(crate) fn is_send(action: &Action) -> bool {
    matches!(action, Action::Send(_))
}

pub(crate) fn status(tab: &Tab, key: &str) -> Option<Status> {
    let items = tab.session.view().items.iter();
    let mut own = items.filter(|item| item.message.client_message_id.as_deref() == Some(key));
    let found = own.next().map(|item| item.message.status);
    assert!(own.next().is_none(), "{key} stands twice");
    found
}

#[test]
fn an_anonymous_page_view_costs_the_backend_nothing() {
    let mut tab = Tab::booted(&browser());
    tab.wait(600_000);
    assert!(tab.commands.is_empty());
}

#[test]
fn the_first_message_requests_the_chat_once_and_then_is_sent() {
    let mut tab = Tab::booted(&browser());
    let call = tab.send("hello", "k");
    assert_eq!(status(&tab, "k"), Some(Status::Queued));
    tab.connected(all());
    assert_eq!(tab.actions(is_send), 0);
    let (op, request) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    tab.perform(op, Ok(Performed::Requested("chat".into())));
    let (op, _) = tab.action(is_send).expect("sent");
    assert_eq!((status(&tab, "k"), tab.outcome(call)), (Some(Status::Sending), None));
    tab.perform(op, Ok(Performed::Sent(1, None)));
    assert_eq!(status(&tab, "k"), Some(Status::Sent));
    assert!(matches!(tab.outcome(call), Some(Ok(_))));
    assert!(matches!(request, Action::RequestChat(request) if !request.client_conversation_id.is_empty()));
}

#[test]
fn a_request_that_is_repeated_keeps_its_key() {
    let mut tab = Tab::booted(&browser());
    tab.send("hello", "k");
    tab.connected(all());
    let (_, first) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    tab.interrupted();
    tab.wait(1);
    tab.connected(all());
    let (_, second) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested again");
    assert_eq!(first, second);
    assert_eq!(tab.actions(|action| matches!(action, Action::RequestChat(_))), 2);
}

#[test]
fn echo_and_reply_are_one_bubble_in_either_order() {
    for echo_first in [true, false] {
        let mut tab = Tab::talking(&browser(), all());
        tab.send("second", "k");
        let (op, _) = tab.action(is_send).expect("sent");
        if echo_first {
            tab.receive(vec![echo(2, "second", Some("k"))]);
            tab.perform(op, Ok(Performed::Sent(2, None)));
        } else {
            tab.perform(op, Ok(Performed::Sent(2, None)));
            tab.receive(vec![echo(2, "second", Some("k"))]);
        }
        assert_eq!(tab.texts(), ["first", "second"]);
        let sent = tab.events.iter().filter(
            |event| matches!(event, Event::Message(Change::Sent, _, message) if message.client_message_id.as_deref() == Some("k")),
        );
        assert_eq!(sent.count(), 1);
    }
}

#[test]
fn an_older_message_that_arrives_late_is_inserted_in_its_place() {
    let mut tab = Tab::talking(&browser(), all());
    tab.receive(vec![said(3, "three")]);
    assert_eq!(tab.texts(), ["first"]); // held until the gap is filled
    let (op, action) = tab.action(|action| matches!(action, Action::CatchUp(_))).expect("asks for what is missing");
    assert_eq!(action, Action::CatchUp(1));
    tab.receive(vec![said(2, "two"), ChatEventKind::CaughtUp(4)]);
    tab.perform(op, Ok(Performed::Done));
    assert_eq!(tab.texts(), ["first", "two", "three"]);
    tab.receive(vec![said(2, "two again"), said(3, "three again")]);
    assert_eq!(tab.texts(), ["first", "two", "three"]);
}

#[test]
fn after_a_loss_nothing_is_sent_before_the_catching_up_and_then_in_order() {
    let mut tab = Tab::talking(&browser(), all());
    tab.send("a", "ka");
    tab.send("b", "kb");
    tab.interrupted();
    assert_eq!(tab.state(), State::Reconnecting);
    let before = tab.actions(is_send);
    tab.wait(1);
    assert_eq!(tab.connects().last().map(|connect| connect.last_index), Some(1));
    tab.receive(vec![said(2, "meanwhile")]);
    assert_eq!(tab.actions(is_send), before);
    tab.connected(all());
    assert_eq!(tab.state(), State::Anonymous);
    let (op, action) = tab.action(is_send).expect("sent again");
    assert!(matches!(action, Action::Send(message) if message.client_message_id == "ka"));
    assert_eq!(tab.actions(is_send), before + 1);
    tab.perform(op, Ok(Performed::Sent(3, None)));
    let (op, action) = tab.action(is_send).expect("the next one");
    assert!(matches!(action, Action::Send(message) if message.client_message_id == "kb"));
    tab.perform(op, Ok(Performed::Sent(4, None)));
    assert_eq!(tab.texts(), ["first", "meanwhile", "a", "b"]);
}

#[test]
fn without_idempotency_a_message_in_doubt_waits_two_seconds_and_is_looked_for() {
    let mut tab = Tab::talking(&browser(), Capabilities::default());
    tab.send("a", "ka");
    tab.send("b", "kb");
    tab.interrupted();
    tab.wait(1);
    tab.connected(Capabilities::default());
    let before = tab.actions(is_send);
    tab.wait(1_990);
    assert_eq!(tab.actions(is_send), before);
    tab.wait(20);
    let (op, _) = tab.action(|action| matches!(action, Action::CatchUp(_))).expect("looks for it");
    tab.receive(vec![echo(2, "a", None)]);
    tab.perform(op, Ok(Performed::Done));
    let (_, action) = tab.action(is_send).expect("only the other is sent");
    assert!(matches!(action, Action::Send(message) if message.client_message_id == "kb"));
    assert_eq!(tab.texts(), ["first", "a", "b"]);
}

#[test]
fn a_send_that_never_settles_means_a_new_connection() {
    let mut tab = Tab::talking(&browser(), all());
    tab.send("a", "ka");
    let before = tab.connects().len();
    tab.wait(31_001);
    assert_eq!(tab.connects().len(), before + 1);
}

#[test]
fn a_refused_message_fails_and_can_be_tried_again_or_dropped() {
    let mut tab = Tab::talking(&browser(), all());
    let call = tab.send("a", "ka");
    let (op, _) = tab.action(is_send).expect("sent");
    tab.perform(op, Err(Error::new(Code::MessageInvalid, "no")));
    assert_eq!(tab.outcome(call), Some(Err(Code::MessageInvalid)));
    assert_eq!(status(&tab, "ka"), Some(Status::Failed));
    let retry = tab.call(Call::RetryMessage("ka".into()));
    let (op, _) = tab.action(is_send).expect("sent again");
    tab.perform(op, Err(Error::new(Code::RateLimited, "no")));
    assert_eq!(tab.outcome(retry), Some(Err(Code::RateLimited)));
    tab.gesture(Gesture::Discard("ka".into()));
    assert_eq!(status(&tab, "ka"), None);
    assert!(!tab.stored().contains("outbox"));
}

#[test]
fn the_same_key_twice_is_one_message() {
    let mut tab = Tab::talking(&browser(), all());
    let (a, b) = (tab.send("a", "k"), tab.send("a", "k"));
    let (op, _) = tab.action(is_send).expect("sent");
    tab.perform(op, Ok(Performed::Sent(2, None)));
    assert!(matches!((tab.outcome(a), tab.outcome(b)), (Some(Ok(_)), Some(Ok(_)))));
    let c = tab.send("a", "k");
    assert!(matches!(tab.outcome(c), Some(Ok(_))));
    assert_eq!(tab.texts(), ["first", "a"]);
}

#[test]
fn messages_are_one_to_four_thousand_characters_and_two_hundred_may_wait() {
    let mut tab = Tab::booted(&browser());
    for text in ["", " \n ", "\u{200b} \u{feff}", &"x".repeat(4_001)] {
        let call = tab.send(text, "k");
        assert_eq!(tab.outcome(call), Some(Err(Code::MessageInvalid)));
    }
    for key in ["", "a:epoch", "epoch", "link", &"k".repeat(129)] {
        let call = tab.send("hello", key);
        assert_eq!(tab.outcome(call), Some(Err(Code::MessageInvalid)), "{key}");
    }
    for number in 0..200 {
        tab.send(&"ä".repeat(4_000), &number.to_string());
    }
    let call = tab.send("one more", "more");
    assert_eq!(tab.outcome(call), Some(Err(Code::RateLimited)));
    // The composer has given the words away: it gets them back.
    let revision = tab.session.view().draft_revision;
    tab.gesture(Gesture::Send("one more".into()));
    assert_eq!((tab.session.view().draft, tab.session.view().draft_revision), ("one more", revision + 1));
    // And hears why, until they are others.
    assert_eq!(tab.session.view().unsent, Some(Code::RateLimited));
    tab.gesture(Gesture::Send("x".repeat(4_001)));
    assert_eq!(tab.session.view().unsent, Some(Code::MessageInvalid));
    tab.gesture(Gesture::Draft("x".repeat(4_000)));
    assert_eq!(tab.session.view().unsent, None);
}

#[test]
fn a_reload_in_mid_conversation_resumes_and_sends_what_was_waiting() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, all());
    tab.receive(vec![said(2, "two")]);
    tab.send("a", "ka");
    tab.wait(1_000);
    tab.kill();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::Boot);
    assert_eq!(tab.outcome(boot), None);
    assert_eq!(tab.texts(), ["first", "two", "a"]); // drawn before the network answers
    let connect = tab.connects()[0].clone();
    assert_eq!((connect.last_index, connect.conversation_id.as_deref()), (2, Some("chat")));
    tab.receive(vec![said(3, "three")]);
    tab.connected(all());
    assert!(matches!(tab.outcome(boot), Some(Ok(_))));
    let (op, _) = tab.action(is_send).expect("sent after the resync");
    tab.perform(op, Ok(Performed::Sent(4, None)));
    assert_eq!(tab.texts(), ["first", "two", "three", "a"]);
    let received = tab.events.iter().filter(|event| matches!(event, Event::Message(Change::Received, ..)));
    assert_eq!(received.count(), 1); // what an earlier page reported is not reported again
}

#[test]
fn a_conversation_the_server_forgot_ends_visibly_and_a_new_one_can_begin() {
    let mut tab = Tab::talking(&browser(), all());
    tab.send("a", "ka");
    tab.receive(vec![ChatEventKind::Unknown]);
    assert_eq!(tab.session.view().status, ConversationStatus::Ended);
    assert_eq!(status(&tab, "ka"), Some(Status::Failed));
    tab.call(Call::RetryMessage("ka".into()));
    assert_eq!(tab.session.view().status, ConversationStatus::New);
    assert_eq!(tab.texts(), ["a"]);
    assert_eq!(tab.actions(|action| matches!(action, Action::RequestChat(_))), 2);
}

#[test]
fn end_chat_clears_that_chat_and_the_menu_leaves_the_ended_card() {
    for clear in [true, false] {
        let mut tab = Tab::talking(&browser(), all());
        tab.call(Call::Open);
        let call = if clear {
            tab.call(Call::EndChat)
        } else {
            tab.gesture(Gesture::EndChat);
            0
        };
        let (op, _) = tab.action(|action| *action == Action::End).expect("ends it at the backend");
        tab.perform(op, Ok(Performed::Done));
        assert_eq!(tab.session.view().look.open, !clear);
        assert_eq!(tab.texts().is_empty(), clear);
        assert!(!clear || matches!(tab.outcome(call), Some(Ok(_))));
        assert!(!clear || !tab.stored().contains("first"));
        if !clear {
            assert_eq!(tab.session.view().status, ConversationStatus::Ended);
            tab.gesture(Gesture::StartNew);
            assert!(tab.texts().is_empty());
        }
    }
}

#[test]
fn a_banner_appears_after_two_seconds_and_leaves_by_itself() {
    let mut tab = Tab::talking(&browser(), all());
    tab.interrupted();
    tab.wait(1_999);
    assert_eq!(tab.session.view().banner, None);
    tab.wait(1);
    assert_eq!(tab.session.view().banner, Some(Banner::Reconnecting));
    tab.connected(all());
    assert_eq!(tab.session.view().banner, None);
}

#[test]
fn attempts_follow_each_other_more_slowly_each_time() {
    let mut tab = Tab::talking(&browser(), all());
    for n in 0..5_u64 {
        tab.interrupted();
        let before = tab.connects().len();
        tab.wait(n * 750);
        tab.wait(n * 500 + 1);
        assert_eq!(tab.connects().len(), before + 1, "attempt {n}");
    }
}

#[test]
fn typing_goes_out_at_most_every_three_seconds_and_stops_after_five() {
    let mut tab = Tab::talking(&browser(), all());
    for _ in 0..30 {
        tab.gesture(Gesture::Draft(format!("{}", tab.now.mono)));
        tab.wait(100);
    }
    assert_eq!(tab.actions(|action| *action == Action::Typing(true)), 1);
    tab.gesture(Gesture::Draft("more".into()));
    assert_eq!(tab.actions(|action| *action == Action::Typing(true)), 2);
    tab.wait(5_000);
    assert_eq!(tab.actions(|action| *action == Action::Typing(false)), 1);
}

#[test]
fn an_agents_typing_appears_after_a_moment_and_expires() {
    let mut tab = Tab::talking(&browser(), all());
    tab.receive(vec![ChatEventKind::Typing(crate::rig::agent(), true)]);
    assert!(tab.session.view().typing.is_none());
    tab.wait(300);
    assert!(tab.session.view().typing.is_some());
    tab.wait(9_700);
    assert!(tab.session.view().typing.is_none());
    tab.receive(vec![ChatEventKind::Typing(crate::rig::agent(), true)]);
    tab.wait(400);
    tab.receive(vec![said(2, "there")]);
    assert!(tab.session.view().typing.is_none());
}

#[test]
fn unread_counts_agents_until_the_end_is_seen() {
    let mut tab = Tab::talking(&browser(), all());
    tab.receive(vec![said(2, "two"), said(3, "three")]);
    assert_eq!(tab.session.view().unread, 2);
    tab.call(Call::Open);
    assert_eq!(tab.session.view().unread, 2);
    tab.gesture(Gesture::AtEnd(true));
    assert_eq!(tab.session.view().unread, 0);
    assert_eq!(tab.actions(|action| *action == Action::Read(3)), 1);
}

#[test]
fn receipts_raise_the_status_of_everything_before_them() {
    let mut tab = Tab::talking(&browser(), all());
    tab.send("a", "ka");
    let (op, _) = tab.action(is_send).expect("sent");
    tab.perform(op, Ok(Performed::Sent(2, None)));
    tab.receive(vec![ChatEventKind::Delivered(2)]);
    assert_eq!((status(&tab, "m1"), status(&tab, "ka")), (Some(Status::Delivered), Some(Status::Delivered)));
    tab.receive(vec![ChatEventKind::Read(1)]);
    assert_eq!((status(&tab, "m1"), status(&tab, "ka")), (Some(Status::Read), Some(Status::Delivered)));
}

#[test]
fn only_what_the_visitor_said_is_delivered_or_read() {
    let mut tab = Tab::talking(&browser(), all());
    let ChatEventKind::Entry(mut entry) = echo(2, "a", Some("ka")) else { panic!("no entry") };
    entry.content = Content::Joined;
    entry.client_message_id = None;
    tab.events.clear();
    tab.receive(vec![ChatEventKind::Entry(entry), ChatEventKind::Delivered(2), ChatEventKind::Read(2)]);
    let told = |change: Change| move |event: &Event| matches!(event, Event::Message(kind, _, about) if *kind == change && about.index == 2);
    assert!(!tab.events.iter().any(told(Change::Delivered)));
}

#[test]
fn a_late_answer_of_a_lost_connection_changes_nothing() {
    let mut tab = Tab::talking(&browser(), all());
    tab.send("a", "ka");
    let (op, _) = tab.action(is_send).expect("sent");
    tab.interrupted();
    tab.perform(op, Err(Error::new(Code::InternalError, "too late")));
    assert_eq!(status(&tab, "ka"), Some(Status::Sending));
}

#[test]
fn connections_that_are_lost_as_soon_as_they_come_about_are_tried_more_slowly_each_time() {
    let mut tab = Tab::talking(&browser(), all());
    let before = tab.connects().len();
    for _ in 0..1_000 {
        tab.interrupted();
        tab.wait(50);
        if tab.session.view().connection.state != ConnectionState::Connected {
            tab.connected(all());
        }
    }
    // 50 s: after 0, 1, 2, … seconds.
    assert!(tab.connects().len() - before < 15, "{}", tab.connects().len() - before);
}

#[test]
fn an_index_beyond_all_counting_is_garbage() {
    let mut tab = Tab::talking(&browser(), all());
    for index in [u64::MAX, u64::MAX - 1] {
        tab.receive(vec![said(index, "garbage"), ChatEventKind::CaughtUp(index), said(index, "garbage")]);
    }
    assert_eq!(tab.texts(), ["first"]);
}
