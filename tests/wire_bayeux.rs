//! The rules of Bayeux a client must keep, by their numbers in `src/transport/bayeux/mod.rs`, each against a server of the test's
//! own under a fake clock. Not: the chat dialect, nor what else may go wrong (`wire_sessions`, `wire_carriers`).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::json;
use support_chat::error::Code;
use support_chat::transport::{Capabilities, ClosedReason, ConnectionType, Event};
use wire_rig::{Rig, SERVICE, Server, connected, interrupted};

#[test]
fn a_connection_is_made_and_reported_on_either_carrier() {
    for (sockets, carrier) in [(true, ConnectionType::WebSocket), (false, ConnectionType::LongPolling)] {
        let (mut rig, mut server) = (Rig::new(sockets), Server::ours());
        rig.connect();
        rig.settle_with(&mut server);
        let capabilities = Capabilities::from_bits(15);
        assert_eq!(rig.told().last(), Some(&Event::Connected(capabilities, Some(carrier))));
        assert_eq!(rig.remembered, Some(carrier));
        assert_eq!(server.count("/meta/subscribe"), 1);
    }
}

#[test]
fn rule_01_a_bare_object_is_taken_as_well_as_an_array() {
    let mut rig = Rig::new(true);
    rig.connect();
    rig.open();
    rig.did.clear();
    rig.frame(json!({"id": "1", "channel": "/meta/handshake", "successful": true, "clientId": "a"}));
    let id = rig.sent()[0]["id"].clone();
    rig.frame(json!({"id": id, "channel": "/meta/connect", "successful": true}));
    assert!(connected(&rig.told()));
}

#[test]
fn rule_02_the_handshake_goes_alone_and_nothing_leaves_before_its_reply() {
    let mut rig = Rig::new(true);
    rig.connect_with(Some(r#"{"secureKey":"k","chatId":"c1"}"#), Some("c1"), 4);
    rig.did.clear();
    rig.open();
    let handshake = rig.sent();
    assert_eq!(handshake[0]["channel"], "/meta/handshake");
    assert_eq!(handshake[0]["supportedConnectionTypes"], json!(["websocket", "long-polling"]));
    assert!(rig.is_quiet());
    let mut server = Server::ours();
    let replies = server.replies(&handshake);
    rig.frame(json!(replies));
    assert_eq!(rig.sent()[0]["channel"], "/meta/connect");
    let rest = rig.sent();
    let channels: Vec<_> = rest.iter().map(|message| message["channel"].as_str().unwrap()).collect();
    assert_eq!(channels, ["/meta/subscribe", SERVICE], "in the order they were asked for");
    assert!(rest.iter().all(|message| message["clientId"] == "client-1"));
}

#[test]
fn rule_03_one_connect_is_outstanding_and_the_interval_is_waited_for() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    let held = server.last_connect();
    rig.pass(5_000);
    assert!(rig.is_quiet());
    let advice = json!({"reconnect": "retry", "interval": 3000, "timeout": 20000});
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true, "advice": advice}]));
    rig.pass(2_999);
    assert!(rig.is_quiet());
    rig.pass(1);
    assert_eq!(rig.sent()[0]["channel"], "/meta/connect");
    rig.pass(5_000);
    assert!(rig.is_quiet());
}

#[test]
fn rule_03_a_server_that_holds_no_connect_is_not_asked_without_end() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.did.clear();
    let mut id = server.last_connect();
    let mut connects = 0;
    for _ in 0..6_000 {
        rig.frame(json!([{"id": id, "channel": "/meta/connect", "successful": true}]));
        rig.pass(10);
        if !rig.is_quiet() {
            id = rig.sent()[0]["id"].clone();
            connects += 1;
        }
    }
    assert!((30..120).contains(&connects), "{connects} in a minute");
}

#[test]
fn rule_03_a_publish_never_waits_behind_the_held_connect_and_requests_are_two_at_most() {
    let (mut rig, mut server) = (Rig::new(false), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    assert_eq!(rig.requests.len(), 1, "the held connect");
    rig.open_chat();
    rig.did.clear();
    rig.say(2, "k2", "one");
    let (first, messages) = rig.posted();
    assert_eq!(messages[0]["data"]["message"], "one");
    rig.say(3, "k3", "two");
    rig.say(4, "k4", "three");
    assert!(rig.is_quiet(), "the second request is taken");
    rig.answer(first, json!([]));
    let (_, messages) = rig.posted();
    let texts: Vec<_> = messages.iter().map(|message| message["data"]["message"].as_str().unwrap()).collect();
    assert_eq!(texts, ["two", "three"]);
    assert_eq!(rig.most_requests, 2);
}

#[test]
fn rule_04_the_latest_advice_counts_also_from_another_reply_and_stays_until_the_next() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.say(2, "k2", "one");
    let id = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true, "advice": {"interval": 700}}]));
    for _ in 0..2 {
        let held = rig.held.clone();
        rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true}]));
        rig.pass(699);
        assert!(rig.is_quiet());
        rig.pass(1);
        assert_eq!(rig.sent()[0]["channel"], "/meta/connect");
    }
}

#[test]
fn rule_04_a_block_for_the_connection_type_has_the_last_word() {
    let mut rig = Rig::new(true);
    let mut server = Server::ours();
    server.advice = json!({"interval": 9000, "websocket": {"interval": 40}, "long-polling": {"interval": 8000}});
    rig.connect();
    rig.settle_with(&mut server);
    rig.pass(40);
    assert_eq!(rig.sent()[0]["channel"], "/meta/connect");
}

#[test]
fn rule_04_the_late_reply_of_a_removed_session_changes_nothing() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    let old = server.last_connect();
    rig.say(2, "k2", "one");
    let publish = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": publish, "channel": SERVICE, "successful": false, "error": "402::session_unknown"}]));
    rig.settle_with(&mut server);
    assert_eq!(server.clients, 2);
    rig.told();
    rig.frame(json!([{"id": old, "channel": "/meta/connect", "successful": true, "advice": {"reconnect": "none"}}]));
    assert!(rig.told().is_empty() && rig.is_quiet());
    let held = server.last_connect();
    assert_ne!(held, old);
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true}]));
    assert_eq!(rig.sent()[0]["clientId"], "client-2", "the new session lives");
}

#[test]
fn rule_04_none_and_a_negative_interval_mean_neither_and_handshake_means_never_connect() {
    for advice in [json!({"reconnect": "none"}), json!({"interval": -1})] {
        let (mut rig, mut server) = (Rig::new(true), Server::ours());
        rig.connect();
        rig.settle_with(&mut server);
        rig.told();
        let held = server.last_connect();
        rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true, "advice": advice}]));
        assert_eq!(rig.told(), [Event::Closed(ClosedReason::Refused)]);
        rig.did.clear();
        rig.pass(600_000);
        assert!(rig.is_quiet() && rig.cometd.poll_timeout().is_none());
    }
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    let held = server.last_connect();
    let advice = json!({"reconnect": "handshake"});
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": true, "advice": advice}]));
    assert_eq!(rig.sent()[0]["channel"], "/meta/handshake");
}

#[test]
fn rule_05_ids_come_back_as_strings_or_numbers_and_an_event_is_what_has_data() {
    let mut rig = Rig::new(true);
    rig.connect();
    rig.open();
    rig.did.clear();
    rig.frame(json!([{"id": 1, "channel": "/meta/handshake", "successful": true, "clientId": "a"}]));
    let id: u64 = rig.sent()[0]["id"].as_str().unwrap().parse().unwrap();
    rig.frame(json!([{"id": id, "channel": "/meta/connect", "successful": true}]));
    assert!(connected(&rig.told()));
    rig.open_chat();
    rig.did.clear();
    rig.told();
    rig.say(2, "k2", "one");
    let publish = rig.sent()[0]["id"].clone();
    // As faye sends it: with the publisher's id, and `successful` besides.
    let data = json!({"chatId": "c1", "statusCode": 0, "messages": [{"index": 9, "type": "Message", "text": "hi"}]});
    rig.frame(json!([{"id": publish, "channel": SERVICE, "successful": true, "data": data}]));
    assert!(matches!(&rig.told()[..], [Event::Received(events)] if events.len() == 1));
}

#[test]
fn rule_06_the_first_connect_after_a_handshake_or_a_failure_is_not_held() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    let timeouts = |server: &Server| {
        let connects = server.heard.iter().filter(|message| message["channel"] == "/meta/connect");
        connects.map(|message| message["advice"]["timeout"] == 0).collect::<Vec<_>>()
    };
    assert_eq!(timeouts(&server), [true, false]);
    rig.cut(1006);
    assert!(interrupted(&rig.told()));
    rig.connect();
    rig.settle_with(&mut server);
    assert_eq!(timeouts(&server), [true, false, true, false]);
    assert_eq!(server.clients, 1, "the session goes on");
    assert!(connected(&rig.told()));
}

#[test]
fn rule_07_a_reply_is_late_after_ten_seconds_and_a_connect_after_its_timeout_and_ten_more() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    rig.pass(29_999);
    assert!(rig.told().is_empty());
    rig.pass(1);
    assert_eq!(rig.told(), [Event::Interrupted { retry_after: None, reason: "timeout" }]);

    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.told();
    rig.say(2, "k2", "one");
    rig.pass(9_999);
    assert!(rig.told().is_empty());
    rig.pass(1);
    assert!(interrupted(&rig.told()));
    assert!(rig.cometd.poll_timeout().is_none(), "it waits to be asked again");
}

#[test]
fn rule_07_three_refused_handshakes_in_a_row_end_it() {
    for (sockets, advice) in [(true, json!({"reconnect": "handshake"})), (false, json!({"reconnect": "retry"}))] {
        let mut rig = Rig::new(sockets);
        for attempt in 1..=3 {
            rig.connect();
            if sockets {
                rig.open();
            }
            rig.did.clear();
            let reply = json!([{"id": attempt.to_string(), "channel": "/meta/handshake", "successful": false,
                "error": "403::no", "advice": advice}]);
            match rig.requests.first() {
                Some(request) => rig.answer(*request, reply),
                None => rig.frame(reply),
            }
            let refused = Event::Interrupted { retry_after: None, reason: "refused" };
            let closed = Event::Closed(ClosedReason::Refused);
            assert_eq!(rig.told(), [if attempt < 3 { refused } else { closed }]);
        }
    }
}

#[test]
fn rule_07_a_refusal_that_advises_none_ends_it_at_once_and_one_for_token_or_origin_says_so() {
    for (error, reason) in [
        ("403::denied", ClosedReason::Refused),
        ("403::invalid_token", ClosedReason::Auth(Code::InvalidToken)),
        ("403::invalid_origin", ClosedReason::Origin),
    ] {
        let mut rig = Rig::new(true);
        rig.connect();
        rig.open();
        rig.frame(json!([{"id": "1", "channel": "/meta/handshake", "successful": false, "error": error,
            "advice": {"reconnect": "none"}}]));
        assert_eq!(rig.told(), [Event::Closed(reason)]);
    }
}

#[test]
fn rule_07_after_too_long_a_time_it_shakes_hands_instead_of_connecting() {
    for (pause, clients) in [(30_000, 1), (30_001, 2)] {
        let (mut rig, mut server) = (Rig::new(true), Server::ours());
        server.advice = json!({"reconnect": "retry", "interval": 0, "timeout": 20000, "maxInterval": 10000});
        rig.connect();
        rig.settle_with(&mut server);
        rig.cut(1006);
        rig.pass(pause);
        rig.connect();
        rig.settle_with(&mut server);
        assert_eq!(server.clients, clients);
    }
}
