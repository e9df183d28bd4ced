//! The chat dialect over Bayeux: refusals, busy servers, silence, and chats that end or are not known. Not: what goes
//! well (`wire_chat`).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::json;
use support_chat::transport::{Action, ChatEventKind, Event, Performed};
use wire_rig::chat::{RESUME, chatting, hear, kinds, message, outcome};
use wire_rig::{Rig, SERVICE, Server, connected};

#[test]
fn a_chat_the_server_does_not_know_is_told_and_forgotten_and_the_connection_stands() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    server.operation = |publish| {
        Some(json!({"messages": [], "statusCode": 2, "chatEnded": true, "requestId": publish["id"],
            "errors": [{"code": 50, "description": "unknown session"}]}))
    };
    rig.connect_with(Some(RESUME), Some("c1"), 3);
    rig.settle_with(&mut server);
    let told = rig.told();
    assert_eq!(kinds(&told), [ChatEventKind::Unknown]);
    assert!(connected(&told));
    assert_eq!(rig.saved.as_deref(), Some(r#"{"visitorSecret":"s3cret"}"#));
}

#[test]
fn a_conversation_without_a_key_to_open_it_is_unknown() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect_with(None, Some("c1"), 3);
    rig.settle_with(&mut server);
    let told = rig.told();
    assert_eq!(kinds(&told), [ChatEventKind::Unknown]);
    assert!(connected(&told));
}

#[test]
fn an_end_by_either_side_is_told_and_the_chat_forgotten() {
    let mut rig = chatting(Server::ours());
    let left = json!({"index": 1, "type": "ParticipantLeft", "from": {"nickname": "Maya", "participantId": "p", "type": "Agent"}});
    hear(&mut rig, json!({"chatEnded": true, "messages": [left]}));
    let told = rig.told();
    assert_eq!(kinds(&told).last(), Some(&ChatEventKind::Ended(None)));
    assert_eq!(rig.saved.as_deref(), Some(r#"{"visitorSecret":"s3cret"}"#));
    rig.say(2, "k2", "too late");
    assert_eq!(outcome(&rig.told(), 2), Some(Err("session_not_found")));

    let mut rig = chatting(Server::plain());
    rig.perform(2, Action::End);
    rig.sent();
    hear(&mut rig, json!({"chatEnded": true}));
    let told = rig.told();
    assert_eq!(kinds(&told), [ChatEventKind::Ended(None)]);
    assert_eq!(outcome(&told, 2), Some(Ok(Performed::Done)));
}

#[test]
fn a_refusal_refuses_that_operation_only_unless_the_chat_is_over() {
    let cases = [
        (json!("message_invalid"), false, "message_invalid", None),
        (json!("rate_limited"), false, "rate_limited", None),
        (json!(51), false, "internal_error", None),
        (json!(52), false, "internal_error", None),
        (json!({}), false, "internal_error", None),
        (json!("chat_ended"), true, "message_send_failed", Some(ChatEventKind::Ended(None))),
        (json!(50), true, "session_not_found", Some(ChatEventKind::Unknown)),
    ];
    for (code, ended, wanted, kind) in cases {
        let mut rig = chatting(Server::ours());
        rig.say(2, "k2", "Hello");
        rig.say(3, "k3", "there");
        let id = rig.sent()[0]["id"].clone();
        hear(&mut rig, json!({"statusCode": 2, "chatEnded": ended, "requestId": id, "errors": [{"code": code}]}));
        let told = rig.told();
        assert_eq!(outcome(&told, 2), Some(Err(wanted)));
        assert_eq!(outcome(&told, 3), None);
        assert_eq!(kinds(&told), Vec::from_iter(kind));
    }
}

#[test]
fn a_busy_server_is_asked_again_later_with_the_same_key_and_in_order() {
    let mut rig = chatting(Server::ours());
    rig.say(2, "k2", "one");
    let first = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"channel": SERVICE, "data": {"statusCode": 1, "requestId": first, "chatEnded": true}}]));
    assert!(rig.told().is_empty(), "nothing else in it is valid");
    rig.say(3, "k3", "two");
    assert!(rig.is_quiet(), "the second waits for the first");
    rig.pass(1_300);
    let messages = rig.sent();
    let keys: Vec<_> = messages.iter().map(|message| message["data"]["clientMessageId"].as_str().unwrap()).collect();
    assert_eq!(keys, ["k2", "k3"]);
}

#[test]
fn a_server_that_stays_busy_is_given_up() {
    let mut rig = chatting(Server::ours());
    rig.say(2, "k2", "one");
    for _ in 0..6 {
        assert_eq!(outcome(&rig.events, 2), None);
        let id = rig.newest_send().unwrap();
        rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}, {"channel": SERVICE, "data": {"statusCode": 1, "requestId": id}}]));
        rig.pass(7_000);
        let held = rig.held.clone();
        rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true}]));
    }
    assert_eq!(outcome(&rig.told(), 2), Some(Err("transport_unavailable")));
}

#[test]
fn what_is_never_answered_is_an_interruption_after_thirty_seconds() {
    let mut rig = chatting(Server::ours());
    rig.say(2, "k2", "one");
    let id = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}]));
    rig.pass(15_000);
    let held = rig.held.clone();
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true}]));
    rig.pass(14_999);
    assert!(rig.told().is_empty());
    rig.pass(1);
    assert_eq!(rig.told(), [Event::Interrupted { retry_after: None, reason: "timeout" }]);
}

#[test]
fn frames_of_a_chat_that_is_over_are_not_mixed_into_the_next() {
    let mut rig = chatting(Server::ours());
    hear(
        &mut rig,
        json!({"chatId": "c0", "secureKey": "k0", "messages": [message(9, "Agent", "old")], "chatEnded": true}),
    );
    assert!(rig.told().is_empty());
    rig.say(2, "k2", "Hello");
    assert_eq!(rig.sent()[0]["data"]["secureKey"], "k1");
}

#[test]
fn nothing_is_performed_without_a_connection() {
    let mut rig = Rig::new(true);
    rig.say(2, "k2", "Hello");
    assert_eq!(outcome(&rig.told(), 2), Some(Err("network_error")));
    rig.connect();
    rig.say(3, "k3", "Hello");
    assert_eq!(outcome(&rig.told(), 3), Some(Err("network_error")));
}
