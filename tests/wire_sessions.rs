//! More rules of Bayeux, by their numbers in `src/transport/bayeux/mod.rs`: sessions that die, batches, errors, hostile frames. Not:
//! the first seven (`wire_bayeux`), nor fallback and shutdown (`wire_carriers`).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::json;
use support_chat::transport::{Action, ChatEventKind, ClosedReason, Event};
use wire_rig::{Did, Rig, SERVICE, Server, connected, interrupted};

#[test]
fn rule_08_an_unknown_client_shakes_hands_resubscribes_and_catches_up_without_a_word() {
    for error in ["402::session_unknown", "402::Unknown client", "401:client-1:Unknown client"] {
        let (mut rig, mut server) = (Rig::new(true), Server::ours());
        server.operation = wire_rig::catch_up;
        rig.connect_with(Some(r#"{"secureKey":"k","chatId":"c1"}"#), Some("c1"), 3);
        rig.settle_with(&mut server);
        assert!(connected(&rig.told()));
        let held = server.last_connect();
        server.heard.clear();
        rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": error,
            "advice": {"reconnect": "handshake", "interval": 0}}]));
        rig.settle_with(&mut server);
        assert_eq!(server.clients, 2);
        assert_eq!((server.count("/meta/subscribe"), server.operations()), (1, vec!["requestNotifications"]));
        assert!(!rig.events.iter().any(|event| matches!(event, Event::Interrupted { .. } | Event::Connected(..))));
        let caught_up = |event: &Event| matches!(event, Event::Received(events) if events.iter().any(|event| event.kind == ChatEventKind::CaughtUp(4)));
        assert!(rig.events.iter().any(caught_up), "{:?}", rig.events);
    }
}

#[test]
fn rule_08_sessions_that_die_again_and_again_are_an_interruption() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    for _ in 0..3 {
        let held = server.last_connect();
        rig.frame(
            json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "402::session_unknown"}]),
        );
        rig.settle_with(&mut server);
    }
    assert_eq!(server.clients, 3);
    assert!(interrupted(&rig.told()));
}

#[test]
fn rule_08_a_missing_parameter_is_no_unknown_client() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.told();
    rig.say(2, "k2", "one");
    let id = rig.sent()[0]["id"].clone();
    let error = "402:subscription:Missing required parameter";
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": false, "error": error}]));
    assert!(matches!(&rig.told()[..], [Event::Performed(2, Err(_))]));
    assert!(rig.is_quiet());
}

#[test]
fn rule_12_several_clients_in_a_browser_poll_at_the_interval_until_they_are_not_any_more() {
    let (mut rig, mut server) = (Rig::new(false), Server::ours());
    server.advice = json!({"interval": 2000, "multiple-clients": true, "reconnect": "retry", "timeout": 5000});
    rig.connect();
    rig.settle_with(&mut server);
    for _ in 0..3 {
        assert!(rig.is_quiet());
        rig.pass(2_000);
        let (request, messages) = rig.posted();
        assert_eq!(messages[0]["advice"]["timeout"], 0, "it asks again");
        let replies = server.replies(&messages);
        rig.answer(request, json!(replies));
    }
    rig.pass(2_000);
    let (request, messages) = rig.posted();
    server.advice = json!({"interval": 0, "reconnect": "retry", "timeout": 5000});
    let replies = server.replies(&messages);
    rig.answer(request, json!(replies));
    assert_eq!(rig.posted().1[0].get("advice"), None, "it is held again, at once");
}

#[test]
fn rule_13_an_event_before_the_reply_to_the_subscription_is_delivered() {
    let mut rig = Rig::new(true);
    rig.connect_with(Some(r#"{"secureKey":"k","chatId":"c1"}"#), Some("c1"), 0);
    rig.open();
    rig.frame(json!([{"id": "1", "channel": "/meta/handshake", "successful": true, "clientId": "a"}]));
    rig.told();
    let data = json!({"chatId": "c1", "messages": [{"index": 1, "type": "Message", "text": "hi"}]});
    rig.frame(json!([{"channel": SERVICE, "data": data}]));
    assert!(matches!(&rig.told()[..], [Event::Received(_)]));
}

#[test]
fn rule_14_a_batch_is_cut_before_sixty_kilobytes_and_a_message_too_big_is_refused() {
    let (mut rig, mut server) = (Rig::new(false), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.told();
    rig.say(2, "k2", "first");
    let (first, _) = rig.posted();
    for id in 3..6 {
        rig.say(id, "k", &"x".repeat(25_000));
    }
    rig.answer(first, json!([]));
    let (second, messages) = rig.posted();
    assert_eq!(messages.len(), 2, "the third would make it too big");
    rig.answer(second, json!([]));
    assert_eq!(rig.posted().1.len(), 1);
    rig.say(9, "k9", &"x".repeat(61_000));
    let [Event::Performed(9, Err(error))] = &rig.told()[..] else { panic!() };
    assert_eq!(error.code.name(), "message_invalid");
}

#[test]
fn rule_15_a_publish_refused_with_402_shakes_hands_and_is_sent_again_with_its_key() {
    for sockets in [true, false] {
        let (mut rig, mut server) = (Rig::new(sockets), Server::ours());
        rig.connect();
        rig.settle_with(&mut server);
        rig.open_chat();
        rig.did.clear();
        rig.told();
        rig.say(2, "k2", "one");
        let did = rig.next();
        let (Did::Sent(_, messages) | Did::Posted(_, messages)) = &did else { panic!() };
        let reply = json!([{"id": messages[0]["id"], "channel": SERVICE, "error": "402::session_unknown", "successful": false}]);
        match did {
            Did::Posted(request, _) => rig.answer(request, reply),
            _ => rig.frame(reply),
        }
        server.heard.clear();
        rig.settle_with(&mut server);
        assert_eq!(server.clients, 2);
        let again = server.heard.iter().find(|message| message["data"]["operation"] == "sendMessage").unwrap();
        assert_eq!(again["data"]["clientMessageId"], "k2");
        assert_eq!(again["clientId"], "client-2");
        assert!(!interrupted(&rig.told()));
        assert!(rig.most_requests <= 2);
    }
}

#[test]
fn rule_15_without_keys_what_may_have_been_done_is_not_sent_again() {
    let (mut rig, mut server) = (Rig::new(true), Server::plain());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.told();
    rig.say(2, "k2", "one");
    rig.say(3, "k3", "two");
    rig.sent();
    let second = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": second, "channel": SERVICE, "error": "402::session_unknown", "successful": false}]));
    assert_eq!(rig.told(), [Event::Interrupted { retry_after: None, reason: "session_unknown" }]);
}

#[test]
fn rule_15_a_disconnect_without_id_is_the_servers() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    rig.frame(json!([{"channel": "/meta/disconnect", "successful": true}]));
    assert_eq!(rig.told(), [Event::Closed(ClosedReason::Refused)]);
}

#[test]
fn rule_16_a_close_with_1000_is_a_loss_and_html_is_not_read() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    rig.cut(1000);
    assert!(interrupted(&rig.told()));

    let (mut rig, mut server) = (Rig::new(false), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    let held = rig.requests[0];
    rig.link(support_chat::transport::link::Event::Answered(held, 500, "<html>".into()));
    assert_eq!(rig.told(), [Event::Interrupted { retry_after: None, reason: "http" }]);
}

#[test]
fn rule_17_what_is_no_message_is_said_once_and_changes_nothing() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.told();
    let deep = "[".repeat(5_000);
    let strange = [
        "",
        "garbage",
        "1",
        "null",
        "[1,null,\"x\",[]]",
        "{}",
        r#"[{"channel":5}]"#,
        r#"[{"channel":"/other","data":1}]"#,
        r#"[{"channel":"/service/chatV2/customer-support","data":17}]"#,
        r#"[{"channel":"/meta/connect","successful":true}]"#,
        r#"[{"channel":"/meta/connect","id":"99999999999999999999","successful":false,"advice":{"reconnect":"none"}}]"#,
        r#"[{"channel":"/meta/handshake","id":"1","successful":true,"clientId":"evil"}]"#,
        &deep,
    ];
    for text in strange {
        rig.text(text);
    }
    let told = rig.told();
    assert!(matches!(&told[..], [Event::Notice(_)]), "{told:?}");
    assert!(rig.is_quiet());
    rig.perform(7, Action::Typing(true));
    assert_eq!(rig.sent()[0]["clientId"], "client-1");
}
