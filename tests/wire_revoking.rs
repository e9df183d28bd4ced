//! Logout on the wire: where credentials are made worthless, by what, and that they are told to nobody else. Not: what is
//! wiped here (the session).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::{Value, json};
use support_chat::transport::{ChatEventKind, Command, Connect, Event, Reason, Revoke, link};
use wire_rig::chat::{RESUME, data, kinds};
use wire_rig::users::{HOME, TOKEN, ann, connected_as};
use wire_rig::{Did, Rig, SERVICE, Server, connected};

fn revoke(rig: &mut Rig, clear: bool, resume: Option<&str>, token: Option<&str>) {
    let (resume, token) = (resume.map(Into::into), token.map(Into::into));
    rig.command(Command::Revoke(Box::new(Revoke { clear, resume, token })));
}

fn beacons(rig: &Rig) -> Vec<(u32, String, Value)> {
    let beacon = |did: &Did| match did {
        Did::Beacon(id, url, body) => Some((*id, url.clone(), body.clone())),
        _ => None,
    };
    rig.did.iter().filter_map(beacon).collect()
}

#[test]
fn the_address_to_revoke_at_is_kept_and_outlives_the_chat() {
    let mut server = Server::identifying();
    connected_as(Connect::default(), &mut server);
    let mut rig = wire_rig::chat::chatting(server);
    let saved = rig.saved.clone().unwrap();
    assert!(saved.contains(r#""revokePath":"cometd/revoke""#), "{saved}");
    wire_rig::chat::hear(&mut rig, json!({"chatEnded": true}));
    assert_eq!(rig.saved.as_deref(), Some(r#"{"visitorSecret":"s3cret","revokePath":"cometd/revoke"}"#));
}

#[test]
fn credentials_go_to_no_address_but_the_servers_own() {
    let good = ["/revoke", "https://chat.test/revoke?x=1", "https://chat.test/\\evil"];
    let evil = [
        json!("https://evil.test/revoke"),
        json!("http://chat.test/revoke"),
        json!("https://chat.test.evil.test/revoke"),
        json!("https://chat.test@evil.test/revoke"),
        json!("https://chat.test:444/revoke"),
        json!("https://chat.test"),
        json!("https://chat.test//evil.test/"),
        json!("//evil.test/revoke"),
        json!("revoke"),
        json!("/re voke"),
        json!("/r\u{0}\u{2028}"),
        json!("javascript:alert(1)"),
        json!(""),
        json!("/".to_owned() + &"x".repeat(3_000)),
    ];
    let wrong = [json!(7), json!(null), json!(["/revoke"]), json!({})];
    for url in good.map(Value::from).iter().chain(&evil).chain(&wrong) {
        let mut server = Server::identifying();
        server.ext.as_mut().unwrap()["support-chat"]["revokeUrl"] = url.clone();
        let mut rig = Rig::new(true);
        rig.connect();
        rig.settle_with(&mut server);
        let told = rig.told();
        assert!(connected(&told), "{url}");
        let noticed = told.iter().any(|event| matches!(event, Event::Notice(_)));
        assert_eq!(noticed, evil.contains(url), "{url}");
        let kept = good.iter().any(|good| json!(good) == *url);
        let saved = rig.saved.clone().unwrap();
        assert_eq!(saved.contains("revokePath"), kept, "{url}");
    }
    // What the store says leads there as well, whoever wrote it.
    for path in ["https://evil.test/", "//evil.test/", "@evil.test/", ".evil.test/", "\\evil", ":444/", ""] {
        let stored = json!({"secureKey": "k", "revokePath": path}).to_string();
        let mut rig = Rig::new(true);
        revoke(&mut rig, false, Some(&stored), None);
        let [(_, to, _)] = &beacons(&rig)[..] else { panic!("{:?}", rig.did) };
        assert!(to.starts_with("https://chat.test/"), "{to}");
    }
}

#[test]
fn revoking_needs_no_connection_and_names_the_secret_only_when_it_is_dropped() {
    for clear in [false, true] {
        let mut rig = Rig::new(true);
        revoke(&mut rig, clear, Some(HOME), Some(TOKEN));
        let [(id, url, body)] = &beacons(&rig)[..] else { panic!("{:?}", rig.did) };
        assert_eq!(url, "https://chat.test/cometd/revoke");
        let mut wanted = json!({"secureKey": "k1", "token": TOKEN});
        if clear {
            wanted["visitorSecret"] = json!("s");
        }
        assert_eq!(*body, wanted);
        rig.disconnect(Reason::Shutdown { clear });
        assert!(rig.told().is_empty(), "it is waited for");
        let end = if clear { link::Event::Failed(*id) } else { link::Event::Answered(*id, 204, String::new()) };
        rig.link(end.clone());
        assert_eq!(rig.told(), [Event::Revoked]);
        rig.link(end);
        assert!(rig.told().is_empty(), "once");
    }
}

#[test]
fn the_request_that_revokes_survives_the_end_of_the_connection() {
    for sockets in [true, false] {
        let mut server = Server::identifying();
        let mut rig = Rig::new(sockets);
        rig.connect_as(ann(TOKEN, None));
        rig.settle_with(&mut server);
        rig.open_chat();
        rig.did.clear();
        let saved = rig.saved.clone();
        revoke(&mut rig, false, saved.as_deref(), Some(TOKEN));
        let id = beacons(&rig)[0].0;
        rig.disconnect(Reason::Shutdown { clear: false });
        assert!(!rig.did.contains(&Did::Aborted(id)));
        rig.told();
        rig.link(link::Event::Answered(id, 204, String::new()));
        assert_eq!(rig.told(), [Event::Revoked]);
    }
}

#[test]
fn without_an_address_the_last_words_of_the_connection_revoke() {
    for (clear, sockets) in [(false, true), (true, false)] {
        let mut server = Server::identifying();
        server.ext.as_mut().unwrap()["support-chat"].as_object_mut().unwrap().remove("revokeUrl");
        let mut rig = Rig::new(sockets);
        rig.connect_as(ann(TOKEN, None));
        rig.settle_with(&mut server);
        rig.told();
        rig.did.clear();
        revoke(&mut rig, clear, Some(r#"{"secureKey":"k1"}"#), Some(TOKEN));
        rig.disconnect(Reason::Shutdown { clear });
        assert_eq!(rig.told(), [Event::Revoked]);
        rig.did.retain(|did| !matches!(did, Did::Aborted(_)));
        let (Did::Sent(_, messages) | Did::Posted(_, messages)) = rig.next() else { panic!() };
        assert_eq!(messages[0]["data"], json!({"operation": "revoke", "clearStorage": clear}));
        assert_eq!(messages[1]["channel"], "/meta/disconnect");
    }
}

#[test]
fn a_token_under_way_is_revoked_when_the_server_says_where() {
    for (sockets, answered) in [(true, true), (false, true), (true, false)] {
        let mut server = Server::identifying();
        let mut rig = Rig::new(sockets);
        rig.connect_as(ann(TOKEN, None));
        if sockets {
            rig.next();
            rig.open();
        }
        let asked = rig.next();
        revoke(&mut rig, true, None, Some(TOKEN));
        rig.disconnect(Reason::Shutdown { clear: true });
        assert!(beacons(&rig).is_empty() && rig.told().is_empty());
        if answered {
            match asked {
                Did::Posted(id, messages) => rig.answer(id, server.replies(&messages).into()),
                Did::Sent(_, messages) => rig.frame(server.replies(&messages).into()),
                other => panic!("{other:?}"),
            }
            let (id, url, body) = beacons(&rig).remove(0);
            assert_eq!((&*url, body), ("https://chat.test/cometd/revoke", json!({"token": TOKEN})));
            assert!(rig.told().is_empty() && rig.saved.is_none());
            rig.link(link::Event::Answered(id, 204, String::new()));
            assert_eq!(rig.told(), [Event::Revoked]);
            rig.did.clear();
            rig.pass(60_000);
            assert!(rig.is_quiet(), "that was all");
        } else {
            rig.connect(); // the next visitor does not wait for it
            rig.settle_with(&mut server);
            assert!(connected(&rig.told()));
        }
    }
}

#[test]
fn where_nothing_can_be_revoked_nobody_waits() {
    // Nothing to revoke; a server that cannot; no connection.
    let mut rig = Rig::new(true);
    revoke(&mut rig, false, Some(r#"{"visitorSecret":"s","revokePath":"revoke"}"#), None);
    assert_eq!(rig.told(), [Event::Revoked]);
    revoke(&mut rig, true, Some("not json {"), None);
    assert_eq!(rig.told(), [Event::Revoked]);
    assert!(rig.is_quiet());
    let mut rig = wire_rig::chat::chatting(Server::plain());
    revoke(&mut rig, false, Some(RESUME), None);
    rig.disconnect(Reason::Shutdown { clear: false });
    assert_eq!(rig.told(), [Event::Revoked]);
    assert_eq!(rig.sent()[0]["data"]["operation"], "disconnect", "the chat is ended instead");
}

/// What a server says of a key that was revoked, and of the visitor's conversations.
fn rekeying(publish: &Value) -> Option<Value> {
    let id = &publish["id"];
    let operation = publish["data"]["operation"].as_str()?;
    match (operation, publish["data"]["secureKey"].as_str()) {
        ("conversations", _) => Some(json!({"statusCode": 0, "requestId": id, "conversations": [
            {"id": "c0", "secureKey": "of another"}, {"id": "c1", "secureKey": "k-new"}]})),
        (_, Some("k-new")) => Some(data(json!({"requestId": id, "secureKey": "k-new", "nextPosition": 1}))),
        _ => Some(json!({"statusCode": 2, "chatEnded": true, "requestId": id, "errors": [{"code": 50}]})),
    }
}

#[test]
fn the_visitor_whom_a_logout_kept_gets_a_new_key_to_the_conversation() {
    let (mut rig, mut server) = (Rig::new(true), Server::identifying());
    server.operation = rekeying;
    rig.connect_with(Some(RESUME), Some("c1"), 0);
    rig.settle_with(&mut server);
    let told = rig.told();
    assert!(connected(&told), "{told:?}");
    assert_eq!(kinds(&told), [ChatEventKind::CaughtUp(1)]);
    assert_eq!(server.operations(), ["requestNotifications", "conversations", "requestNotifications"]);
    assert!(rig.saved.as_deref().unwrap().contains(r#""secureKey":"k-new""#));
}

#[test]
fn a_conversation_that_is_listed_no_more_is_unknown_after_all() {
    for listed in [|_: &Value| json!([]), |_: &Value| json!([{"id": "c1"}]), |_: &Value| json!({"c1": "k"})] {
        let (mut rig, mut server) = (Rig::new(true), Server::identifying());
        rig.connect_with(Some(RESUME), Some("c1"), 0);
        server.operation = rekeying;
        rig.open();
        rig.settle_until(&mut server, "conversations");
        let id = server.heard.last().unwrap()["id"].clone();
        rig.frame(
            json!([{"channel": SERVICE, "data": {"statusCode": 0, "requestId": id, "conversations": listed(&id)}}]),
        );
        let told = rig.told();
        assert!(connected(&told), "{told:?}");
        assert_eq!(kinds(&told), [ChatEventKind::Unknown]);
        assert!(!rig.saved.as_deref().unwrap().contains("secureKey"));
    }
}

#[test]
fn a_new_key_that_opens_nothing_is_not_asked_for_again() {
    let (mut rig, mut server) = (Rig::new(true), Server::identifying());
    server.operation = |publish| {
        let id = &publish["id"];
        Some(match publish["data"]["operation"] == "conversations" {
            true => json!({"statusCode": 0, "requestId": id, "conversations": [{"id": "c1", "secureKey": "k-dead"}]}),
            false => json!({"statusCode": 2, "chatEnded": true, "requestId": id, "errors": [{"code": 50}]}),
        })
    };
    rig.connect_with(Some(RESUME), Some("c1"), 0);
    rig.settle_with(&mut server);
    let told = rig.told();
    assert!(connected(&told), "{told:?}");
    assert_eq!(kinds(&told), [ChatEventKind::Unknown]);
    assert_eq!(server.operations(), ["requestNotifications", "conversations", "requestNotifications"]);
}

#[test]
fn two_logouts_are_told_apart() {
    let mut rig = Rig::new(true);
    revoke(&mut rig, false, Some(HOME), Some(TOKEN));
    revoke(&mut rig, true, Some(HOME), None);
    let ids: Vec<u32> = beacons(&rig).iter().map(|beacon| beacon.0).collect();
    assert!(rig.told().is_empty());
    for id in [ids[1], ids[0]] {
        rig.link(link::Event::Failed(id));
        assert_eq!(rig.told(), [Event::Revoked]);
    }
}

#[test]
fn after_the_logout_no_token_is_left_to_say() {
    let mut server = Server::identifying();
    let mut rig = connected_as(ann(TOKEN, None), &mut server);
    rig.disconnect(Reason::Shutdown { clear: false });
    rig.saved = None;
    rig.connect();
    rig.settle_with(&mut server);
    assert_eq!(*server.introduced(), json!({"version": 1, "visitorId": "v1"}));
}
