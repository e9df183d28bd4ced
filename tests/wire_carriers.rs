//! Which carrier is taken, what falls back to what, what is remembered, and how a connection ends: rules 9 to 11 of
//! Bayeux. Not: what travels.

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::json;
use support_chat::transport::{Action, ClosedReason, ConnectionType, Event, Reason, RequestChat, link};
use wire_rig::{Did, Rig, SERVICE, Server, connected, interrupted};

/// A connected transport, with what it did and told looked at.
fn running(sockets: bool, mut server: Server) -> (Rig, Server) {
    let mut rig = Rig::new(sockets);
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    (rig, server)
}

fn channels(did: &Did) -> Vec<&str> {
    let (Did::Sent(_, messages) | Did::Posted(_, messages)) = did else { panic!("{did:?}") };
    messages.iter().map(|message| message["channel"].as_str().unwrap()).collect()
}

#[test]
fn rule_09_leaving_for_good_says_so_once_and_leaves_nothing_behind() {
    for reason in [Reason::Shutdown { clear: false }, Reason::Destroyed, Reason::Idle, Reason::Identity] {
        for sockets in [true, false] {
            let (mut rig, _) = running(sockets, Server::ours());
            rig.disconnect(reason);
            let did: Vec<_> = rig.did.drain(..).collect();
            match &did[..] {
                [sent @ Did::Sent(..), Did::Closed(_)] if sockets => assert_eq!(channels(sent), ["/meta/disconnect"]),
                [Did::Aborted(_), sent @ Did::Posted(..)] if !sockets => {
                    assert_eq!(channels(sent), ["/meta/disconnect"]);
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(rig.cometd.poll_timeout(), None);
            rig.pass(600_000);
            assert!(rig.is_quiet() && rig.told().is_empty());
        }
    }
}

#[test]
fn rule_09_a_reload_closes_without_a_word() {
    for sockets in [true, false] {
        let (mut rig, _) = running(sockets, Server::ours());
        rig.disconnect(Reason::Reload);
        assert!(matches!(rig.did.make_contiguous(), [Did::Closed(_)] | [Did::Aborted(_)]), "{:?}", rig.did);
        assert_eq!(rig.cometd.poll_timeout(), None);
    }
}

#[test]
fn rule_09_a_shutdown_ends_the_chat_where_the_server_does_not_keep_it() {
    for (server, wanted) in [(Server::plain(), vec!["disconnect"]), (Server::ours(), vec![])] {
        let (mut rig, mut server) = running(true, server);
        rig.open_chat();
        rig.did.clear();
        rig.disconnect(Reason::Shutdown { clear: true });
        server.heard.clear();
        server.replies(&rig.sent());
        assert_eq!(server.operations(), wanted);
        assert_eq!(server.heard.last().unwrap()["channel"], "/meta/disconnect");
    }
}

#[test]
fn rule_09_no_handshake_outlives_a_shutdown() {
    let mut rig = Rig::new(true);
    rig.connect();
    rig.open();
    rig.disconnect(Reason::Destroyed);
    rig.did.clear();
    assert_eq!(rig.cometd.poll_timeout(), None);
    rig.link(link::Event::Text(
        1,
        r#"[{"id":"1","channel":"/meta/handshake","successful":true,"clientId":"a"}]"#.into(),
    ));
    rig.pass(600_000);
    assert!(rig.is_quiet());
}

/// Long-polling takes over within the attempt, works, and is remembered.
fn fell_back(rig: &mut Rig, server: &mut Server) {
    let handshake = rig.did.iter().rfind(|did| matches!(did, Did::Posted(..))).expect("long-polling was not tried");
    assert_eq!(channels(handshake), ["/meta/handshake"]);
    rig.did.retain(|did| matches!(did, Did::Posted(..)));
    rig.settle_with(server);
    let told = rig.told();
    assert!(connected(&told) && !interrupted(&told), "{told:?}");
    assert_eq!(rig.remembered, Some(ConnectionType::LongPolling));
}

#[test]
fn rule_10_a_refused_upgrade_falls_back() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.cut(1006);
    fell_back(&mut rig, &mut server);
}

#[test]
fn rule_10_an_upgrade_that_is_never_answered_falls_back_after_five_seconds() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.did.clear();
    rig.pass(4_999);
    assert!(rig.is_quiet());
    rig.pass(1);
    assert!(matches!(rig.did[0], Did::Closed(_)));
    fell_back(&mut rig, &mut server);
}

#[test]
fn rule_10_a_mute_socket_falls_back_whether_it_swallows_the_handshake_or_the_connect() {
    for swallows_handshake in [true, false] {
        let (mut rig, mut server) = (Rig::new(true), Server::ours());
        rig.connect();
        rig.open();
        if !swallows_handshake {
            rig.frame(json!([{"id": "1", "channel": "/meta/handshake", "successful": true, "clientId": "a"}]));
        }
        rig.did.clear();
        rig.pass(5_000);
        assert!(matches!(rig.did[0], Did::Closed(_)));
        fell_back(&mut rig, &mut server);
    }
}

#[test]
fn rule_10_a_server_that_offers_no_sockets_on_a_socket_falls_back_with_a_session_of_its_own() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    rig.connect();
    rig.open();
    rig.did.clear();
    rig.frame(json!([{"id": "1", "channel": "/meta/handshake", "successful": true, "clientId": "abc123",
        "supportedConnectionTypes": ["long-polling"]}]));
    fell_back(&mut rig, &mut server);
    assert!(server.heard.iter().all(|message| message["clientId"] != "abc123"));
}

#[test]
fn rule_10_a_socket_that_has_proven_itself_is_lost_not_given_up() {
    let (mut rig, mut server) = running(true, Server::ours());
    rig.cut(1006);
    assert!(interrupted(&rig.told()) && rig.is_quiet());
    rig.connect();
    assert!(matches!(rig.did[0], Did::Opened(_)));
    rig.settle_with(&mut server);
    assert!(connected(&rig.told()));
}

#[test]
fn rule_10_when_neither_carries_anything_nothing_is_remembered() {
    let mut rig = Rig::new(true);
    for _ in 0..3 {
        rig.connect();
        rig.cut(1006);
        let request = rig.requests[0];
        rig.link(link::Event::Failed(request));
        assert_eq!(rig.told(), [Event::Interrupted { retry_after: None, reason: "network" }]);
        rig.did.clear();
    }
    assert_eq!(rig.remembered, None);
}

#[test]
fn rule_10_long_polling_is_remembered_and_the_socket_tried_again_after_five_minutes() {
    let mut rig = Rig::remembering(true, Some(ConnectionType::LongPolling));
    let mut server = Server::ours();
    for (pause, opens_socket) in [(0, false), (299_000, false), (1_000, true)] {
        rig.disconnect(Reason::Idle);
        rig.did.clear();
        rig.requests.clear();
        rig.pass(pause);
        rig.connect();
        assert_eq!(matches!(rig.did[0], Did::Opened(_)), opens_socket, "after {pause}");
        rig.settle_with(&mut server);
    }
    assert_eq!(rig.remembered, Some(ConnectionType::WebSocket));
}

/// On requests for five minutes: every connect held is answered in time.
fn long_on_requests() -> (Rig, Server) {
    let mut rig = Rig::remembering(true, Some(ConnectionType::LongPolling));
    let mut server = Server::ours();
    rig.connect();
    rig.settle_with(&mut server);
    rig.told();
    for _ in 0..15 {
        rig.pass(20_000);
        if rig.did.iter().any(|did| matches!(did, Did::Opened(_))) {
            break;
        }
        answer_held(&mut rig);
    }
    assert!(matches!(rig.did.back(), Some(Did::Opened(_))), "{:?}", rig.did);
    rig.did.clear();
    (rig, server)
}

fn answer_held(rig: &mut Rig) {
    let (request, id) = (rig.requests[0], rig.held.clone());
    rig.answer(request, json!([{"id": id, "channel": "/meta/connect", "successful": true}]));
}

#[test]
fn rule_10_a_session_that_lives_long_on_requests_moves_to_a_socket_that_opens() {
    let (mut rig, mut server) = long_on_requests();
    assert!(rig.told().is_empty(), "it goes on meanwhile");
    rig.open();
    assert!(interrupted(&rig.told()));
    rig.did.clear();
    rig.connect();
    assert!(matches!(rig.did[0], Did::Opened(_)));
    rig.settle_with(&mut server);
    assert!(connected(&rig.told()));
    assert_eq!(rig.remembered, Some(ConnectionType::WebSocket));
}

#[test]
fn rule_10_a_socket_that_still_does_not_open_disturbs_nothing() {
    for refused in [true, false] {
        let (mut rig, _) = long_on_requests();
        if refused {
            rig.cut(1006);
        } else {
            rig.pass(5_000);
            assert!(matches!(rig.next(), Did::Closed(_)), "it is not waited for any longer");
        }
        for _ in 0..14 {
            answer_held(&mut rig);
            rig.pass(20_000);
        }
        assert!(rig.told().is_empty());
        assert!(!rig.did.iter().any(|did| matches!(did, Did::Opened(_))), "not before five more minutes");
    }
}

#[test]
fn rule_10_what_is_under_way_is_not_put_in_doubt_for_a_socket() {
    let (mut rig, mut server) = long_on_requests();
    let (nickname, user_data) = ("User".into(), "{}".into());
    let request = RequestChat { client_conversation_id: "k".into(), nickname, subject: None, user_data };
    rig.perform(1, Action::RequestChat(Box::new(request)));
    rig.open();
    rig.settle_with(&mut server);
    assert!(!interrupted(&rig.told()), "it is not answered yet");
    let posted = server.heard.iter().rev().find(|message| message["channel"] == SERVICE).unwrap().clone();
    answer_held(&mut rig);
    let data = json!({"requestId": posted["id"], "chatId": "c1", "userId": "u", "secureKey": "k", "alias": "1",
        "messages": [], "nextPosition": 1, "chatEnded": false, "statusCode": 0});
    let request = rig.requests[0];
    let held = rig.held.clone();
    rig.answer(
        request,
        json!([{"channel": SERVICE, "data": data},
        {"id": held, "channel": "/meta/connect", "successful": true}]),
    );
    assert!(interrupted(&rig.told()), "now nothing is under way");
}

#[test]
fn rule_10_a_socket_that_opens_and_is_mute_is_not_tried_again_at_once() {
    let (mut rig, mut server) = long_on_requests();
    rig.open();
    rig.told();
    rig.connect();
    rig.open();
    rig.did.clear();
    rig.pass(5_000); // not a word
    rig.settle_with(&mut server);
    assert!(connected(&rig.told()), "on requests again");
    rig.did.clear();
    for _ in 0..14 {
        rig.pass(20_000);
        answer_held(&mut rig);
    }
    assert!(rig.told().is_empty() && !rig.did.iter().any(|did| matches!(did, Did::Opened(_))));
}

#[test]
fn rule_10_a_socket_that_is_being_tried_is_closed_with_the_rest() {
    let (mut rig, _) = long_on_requests();
    rig.disconnect(Reason::Destroyed);
    assert!(rig.did.iter().any(|did| matches!(did, Did::Closed(_))));
    assert_eq!(rig.cometd.poll_timeout(), None);
}

#[test]
fn rule_10_after_the_page_was_offline_the_socket_is_tried_again_at_once() {
    let mut rig = Rig::remembering(true, Some(ConnectionType::LongPolling));
    let mut server = Server::ours();
    rig.connect();
    rig.settle_with(&mut server);
    rig.disconnect(Reason::Reload);
    rig.did.clear();
    rig.connect();
    assert!(matches!(rig.did[0], Did::Opened(_)));
}

#[test]
fn a_session_that_is_not_taken_up_on_long_polling_is_made_anew_after_three_seconds() {
    // faye: the dead request still counts as the held connect.
    let (mut rig, mut server) = running(false, Server::ours());
    let held = rig.requests[0];
    rig.link(link::Event::Failed(held));
    assert!(interrupted(&rig.told()));
    rig.connect();
    assert_eq!(channels(&rig.next()), ["/meta/connect"]);
    rig.pass(2_999);
    assert!(rig.is_quiet());
    rig.pass(1);
    assert!(matches!(rig.next(), Did::Aborted(_)));
    rig.settle_with(&mut server);
    let told = rig.told();
    assert!(connected(&told) && !interrupted(&told));
    assert_eq!(server.clients, 2);
}

#[test]
fn rule_11_three_sessions_that_die_before_their_first_connect_mean_blocked_cookies() {
    let mut rig = Rig::new(false);
    rig.connect();
    for _ in 0..3 {
        rig.did.clear();
        let handshake = rig.requests[0];
        let id = rig.handshaken.clone();
        rig.answer(handshake, json!([{"id": id, "channel": "/meta/handshake", "successful": true, "clientId": "a"}]));
        assert!(rig.told().is_empty());
        let connect = rig.requests[0];
        let held = rig.held.clone();
        rig.answer(
            connect,
            json!([{"id": held, "channel": "/meta/connect", "successful": false,
            "error": "402::session_unknown", "advice": {"reconnect": "handshake", "interval": 0}}]),
        );
    }
    assert_eq!(rig.told(), [Event::Closed(ClosedReason::CookiesBlocked)]);
    assert!(rig.requests.is_empty() && rig.cometd.poll_timeout().is_none());
}

#[test]
fn an_interruption_says_how_long_the_server_wants_to_be_left_alone() {
    let (mut rig, server) = running(true, Server::ours());
    let held = server.last_connect();
    let advice = json!({"reconnect": "retry", "interval": 4000});
    rig.frame(
        json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "503::busy", "advice": advice}]),
    );
    assert_eq!(rig.told(), [Event::Interrupted { retry_after: Some(4000), reason: "connect_refused" }]);
}

#[test]
fn connecting_anew_replaces_what_there_was() {
    for sockets in [true, false] {
        let (mut rig, mut server) = running(sockets, Server::ours());
        rig.connect();
        assert!(matches!(rig.next(), Did::Closed(_) | Did::Aborted(_)));
        rig.settle_with(&mut server);
        assert!(connected(&rig.told()));
        assert_eq!((server.clients, rig.most_requests <= 2), (1, true));
    }
}

#[test]
fn another_visitor_gets_a_session_of_their_own() {
    let (mut rig, mut server) = running(true, Server::ours());
    rig.connect_with(None, None, 0);
    rig.settle_with(&mut server);
    assert_eq!(server.clients, 2, "without the secret it is somebody else");
}
