//! Users on the wire: tokens in handshakes, identifying in place, the list of conversations, and what a hostile server
//! makes of each. Not: logout (`wire_revoking`), nor when a token is fetched (the session).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::{Value, json};
use support_chat::error::Code;
use support_chat::message::ConversationStatus;
use support_chat::transport::{Action, Capabilities, ClosedReason, Connect, Event, Found, Performed};
use wire_rig::chat::outcome;
use wire_rig::users::{HOME, TOKEN, ann, connected_as};
use wire_rig::{Did, Rig, SERVICE, Server};

/// The answer to the operation that was sent last.
fn reply(rig: &mut Rig, extra: Value) {
    let mut data = json!({"statusCode": 0, "requestId": rig.newest_send().unwrap()});
    for (name, value) in extra.as_object().unwrap() {
        data[name] = value.clone();
    }
    rig.frame(json!([{"channel": SERVICE, "data": data}]));
}

#[test]
fn a_token_travels_in_the_handshake_and_the_secret_of_an_anonymous_history_does_not() {
    let mut server = Server::identifying();
    connected_as(ann(TOKEN, Some(HOME)), &mut server);
    assert_eq!(*server.introduced(), json!({"version": 1, "visitorId": "v1", "token": TOKEN}));
    connected_as(Connect { resume: Some(HOME.into()), ..Connect::default() }, &mut server);
    assert_eq!(*server.introduced(), json!({"version": 1, "visitorId": "v1", "visitorSecret": "s"}));
}

#[test]
fn a_user_without_a_token_is_named_so_that_a_server_may_ask_for_proof() {
    let mut server = Server::identifying();
    connected_as(Connect { user_id: Some("ann".into()), ..Connect::default() }, &mut server);
    assert_eq!(*server.introduced(), json!({"version": 1, "visitorId": "v1", "userId": "ann"}));
}

#[test]
fn a_handshake_refused_for_its_token_is_closed_with_the_code_and_not_repeated() {
    for code in [Code::AuthRequired, Code::AuthExpired, Code::InvalidToken] {
        let mut rig = Rig::new(true);
        rig.connect_as(ann(TOKEN, None));
        rig.open();
        let error = ["403::", code.name()].concat();
        rig.frame(json!([{"id": rig.handshaken, "channel": "/meta/handshake", "successful": false, "error": error,
            "advice": {"reconnect": "none"}}]));
        assert_eq!(rig.told(), [Event::Closed(ClosedReason::Auth(code))]);
        rig.did.clear();
        rig.pass(600_000);
        assert!(rig.is_quiet());
    }
}

#[test]
fn a_token_that_the_server_knows_as_another_users_is_refused_and_nothing_of_them_is_kept() {
    for (user, token, refused) in [("ben", TOKEN, true), ("ben", "opaque", true), ("ann", "opaque", false)] {
        let mut ext = Server::identifying().ext;
        ext.as_mut().unwrap()["support-chat"]["userId"] = json!(user);
        let mut rig = Rig::new(true);
        rig.connect_as(ann(token, None));
        rig.open();
        rig.did.clear();
        rig.frame(json!([{"id": rig.handshaken, "channel": "/meta/handshake", "successful": true, "clientId": "c",
            "supportedConnectionTypes": ["websocket"], "ext": ext}]));
        let closed = Event::Closed(ClosedReason::Auth(Code::InvalidToken));
        assert_eq!(rig.told().contains(&closed), refused, "{user} {token}");
        assert_eq!(rig.saved.is_some(), !refused, "what opens the history of somebody else");
        let messages = rig.did.iter().flat_map(|did| match did {
            Did::Sent(_, messages) => &messages[..],
            _ => &[],
        });
        assert_eq!(messages.filter(|message| message["channel"] == "/meta/subscribe").count(), usize::from(!refused));
        rig.pass(600_000);
    }
}

#[test]
fn another_user_never_goes_on_with_the_session_of_the_one_before() {
    let next = [
        Connect { resume: Some(HOME.into()), ..Connect::default() },
        Connect { user_id: Some("bob".into()), ..ann("of.bob.x", Some(HOME)) },
        Connect { token: None, ..ann("", Some(HOME)) },
    ];
    for connect in next {
        let mut server = Server::identifying();
        server.ext.as_mut().unwrap()["support-chat"].as_object_mut().unwrap().remove("visitorSecret");
        let mut rig = connected_as(ann(TOKEN, Some(HOME)), &mut server);
        rig.connect_as(connect);
        rig.settle_with(&mut server);
        assert_eq!(server.clients, 2, "a session of its own");
        assert_ne!(server.introduced()["token"], TOKEN);
    }
    // The same user with a newer token does.
    let mut server = Server::identifying();
    server.ext.as_mut().unwrap()["support-chat"].as_object_mut().unwrap().remove("visitorSecret");
    let mut rig = connected_as(ann(TOKEN, Some(HOME)), &mut server);
    rig.connect_as(ann("new.er.one", Some(HOME)));
    rig.settle_with(&mut server);
    assert_eq!(server.clients, 1);
}

#[test]
fn identifying_in_place_says_whether_the_history_was_merged_and_counts_for_later_handshakes() {
    for merged in [true, false] {
        let mut server = Server::identifying();
        let mut rig = connected_as(Connect::default(), &mut server);
        rig.did.clear();
        rig.perform(7, Action::Identify(TOKEN.into()));
        let sent = rig.did.front().cloned();
        let Some(Did::Sent(_, messages)) = sent else { panic!("{sent:?}") };
        assert_eq!(messages[0]["data"], json!({"operation": "identify", "token": TOKEN}));
        reply(&mut rig, json!({"userId": "ann", "merged": merged}));
        let told = rig.told();
        assert_eq!(outcome(&told, 7), Some(Ok(Performed::Identified { user_id: "ann".into(), merged })));
        // A merged secret opens nothing any more, and is not kept.
        assert_eq!(rig.saved.as_deref().unwrap().contains("s3cret"), !merged);
        // The server forgets the session.
        let held = rig.held.clone();
        rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "402::x"}]));
        rig.settle_with(&mut server);
        assert_eq!(server.introduced()["token"], TOKEN);
        assert_eq!(server.introduced().get("visitorSecret"), None);
    }
}

#[test]
fn a_server_that_says_whose_a_token_is_only_at_the_next_handshake_is_believed() {
    let mut server = Server::identifying();
    let mut rig = connected_as(Connect::default(), &mut server);
    rig.perform(7, Action::Identify(TOKEN.into()));
    reply(&mut rig, json!({"merged": false}));
    rig.told();
    server.ext.as_mut().unwrap()["support-chat"]["userId"] = json!("ann");
    let held = rig.held.clone();
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "402::x"}]));
    rig.settle_with(&mut server);
    assert_eq!(server.introduced()["token"], TOKEN);
    assert!(!rig.told().iter().any(|event| matches!(event, Event::Closed(_))));
}

#[test]
fn a_token_that_did_not_arrive_is_given_again_in_the_anonymous_session() {
    let mut server = Server::identifying();
    let mut rig = connected_as(Connect::default(), &mut server);
    rig.perform(7, Action::Identify(TOKEN.into()));
    rig.did.clear();
    let held = rig.held.clone();
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "402::x"}]));
    server.heard.clear();
    rig.settle_with(&mut server);
    assert_eq!(server.introduced()["visitorSecret"], "s3cret", "or nothing could be merged");
    assert_eq!(server.introduced().get("token"), None);
    assert_eq!(server.operations(), ["identify"]);
}

#[test]
fn a_renewed_token_is_the_one_of_the_next_handshake_even_before_it_was_answered() {
    let mut server = Server::identifying();
    let mut rig = connected_as(ann(TOKEN, None), &mut server);
    rig.perform(7, Action::Identify("new.er.one".into()));
    let held = rig.held.clone();
    rig.frame(json!([{"id": held, "channel": "/meta/connect", "successful": false, "error": "402::x"}]));
    rig.settle_with(&mut server);
    assert_eq!(server.introduced()["token"], "new.er.one");
}

#[test]
fn a_refused_token_refuses_that_operation_only() {
    for code in ["invalid_token", "auth_expired", "rate_limited"] {
        let mut server = Server::identifying();
        let mut rig = connected_as(Connect::default(), &mut server);
        rig.open_chat();
        rig.did.clear();
        rig.told();
        rig.perform(7, Action::Identify(TOKEN.into()));
        // Even where the server says nonsense about a chat.
        reply(&mut rig, json!({"statusCode": 2, "chatEnded": true, "errors": [{"code": code}]}));
        assert_eq!(
            rig.told(),
            [Event::Performed(
                7,
                Err(support_chat::error::Error::new(Code::named(code).unwrap(), "refused by the chat server"))
            )]
        );
        rig.say(8, "k8", "still here");
        assert!(rig.newest_send().is_some());
    }
}

#[test]
fn what_the_server_does_not_list_is_unsupported_and_nothing_is_sent() {
    let mut rig = connected_as(Connect::default(), &mut Server::ours());
    rig.did.clear();
    rig.perform(7, Action::Identify(TOKEN.into()));
    rig.perform(8, Action::Conversations(5));
    let told = rig.told();
    assert_eq!(outcome(&told, 7), Some(Err("unsupported")));
    assert_eq!(outcome(&told, 8), Some(Err("unsupported")));
    assert!(rig.is_quiet());
    let mut rig = Rig::new(true);
    rig.connect();
    rig.settle_with(&mut Server::identifying());
    let both = Capabilities::IDENTIFY.and(Capabilities::CONVERSATIONS);
    assert!(rig.told().iter().any(|event| matches!(event, Event::Connected(all, _) if all.has(both))));
}

#[test]
fn an_update_is_done_when_answered_and_by_a_plain_server_when_received() {
    for (server, plain) in [(Server::identifying(), false), (Server::plain(), true)] {
        let mut rig = wire_rig::chat::chatting(server);
        rig.perform(7, Action::Update(r#"{"user":{"name":"Ann"},"context":{"page":null}}"#.into()));
        let message = rig.sent()[0].clone();
        assert_eq!(
            message["data"],
            json!({"operation": "updateData", "userData": {"user": {"name": "Ann"}, "context": {"page": null}}, "secureKey": "k1"})
        );
        rig.frame(json!([{"id": message["id"], "channel": SERVICE, "successful": true}]));
        assert_eq!(outcome(&rig.events, 7).is_some(), plain);
        wire_rig::chat::hear(&mut rig, json!({"requestId": message["id"]}));
        assert_eq!(outcome(&rig.told(), 7), Some(Ok(Performed::Done)));
    }
    let mut rig = connected_as(Connect::default(), &mut Server::identifying());
    rig.perform(7, Action::Update("{}".into()));
    assert_eq!(outcome(&rig.told(), 7), Some(Err("session_not_found")), "the session holds it until there is a chat");
}

fn found(reply_with: Value) -> Option<Box<Found>> {
    let mut rig = connected_as(ann(TOKEN, None), &mut Server::identifying());
    rig.did.clear();
    rig.perform(7, Action::Conversations(5));
    let Some(Did::Sent(_, messages)) = rig.did.front() else { panic!() };
    assert_eq!(messages[0]["data"], json!({"operation": "conversations", "limit": 5}));
    reply(&mut rig, reply_with);
    match outcome(&rig.told(), 7) {
        Some(Ok(Performed::Found(found))) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_the_conversations_the_newest_that_is_not_over_is_found_with_what_opens_it() {
    let maya = json!({"nickname": "Maya", "participantId": "p1", "type": "Agent"});
    let found = found(json!({"nextCursor": "next", "conversations": [
        {"id": "c9", "status": "ended", "createdAt": 1_600_000_000_000_u64, "secureKey": "not for an ended one"},
        {"id": "c2", "status": "active", "subject": "Shoes", "createdAt": 1_755_000_000_123_u64,
            "updatedAt": 1_755_000_009_000_u64, "unreadCount": 2, "lastIndex": 4, "secureKey": "k-open", "agent": maya},
        {"id": "c1", "status": "queued", "createdAt": 0, "secureKey": "k-older"},
    ]}))
    .expect("found");
    assert_eq!((found.id.as_str(), found.status, found.unread_count), ("c2", ConversationStatus::Active, 2));
    assert_eq!((found.subject.as_deref(), found.created_at), (Some("Shoes"), 1_755_000_000_123));
    let resume: Value = serde_json::from_str(&found.resume).unwrap();
    assert_eq!((&resume["chatId"], &resume["secureKey"]), (&json!("c2"), &json!("k-open")));
    assert_eq!(resume["revokePath"], "cometd/revoke");
    assert_eq!(resume.get("alias"), None);
}

#[test]
fn what_is_no_conversation_or_opens_none_is_left_out_and_in_what_is_no_list_nothing_is_found() {
    for strange in
        [json!({}), json!({"conversations": 7}), json!({"conversations": {"id": "c"}}), json!({"nextCursor": 7})]
    {
        assert_eq!(found(strange), None);
    }
    let found = found(
        json!({"conversations": [null, 7, "c1", [], {}, {"id": 7}, {"id": "", "status": "active", "createdAt": 1, "secureKey": "k"},
        {"id": "c1", "status": "gone", "createdAt": 1, "secureKey": "k"},
        {"id": "c1", "status": "active", "createdAt": "yesterday", "secureKey": "k"},
        {"id": "c1", "status": "active", "createdAt": 1e300, "secureKey": "k"},
        {"id": "c1", "status": "active", "createdAt": 1, "secureKey": 7},
        {"id": "c2", "status": "active", "createdAt": u64::MAX, "unreadCount": -1, "subject": null, "secureKey": "k"}]}),
    )
    .expect("found");
    assert_eq!((found.id.as_str(), found.unread_count, found.subject), ("c2", 0, None));
}

#[test]
fn nonsense_for_an_answer_is_no_proof_of_a_merge() {
    for strange in
        [json!({"userId": 7, "merged": "yes"}), json!({}), json!({"merged": null, "chatId": "c1", "secureKey": "k"})]
    {
        let mut rig = connected_as(Connect::default(), &mut Server::identifying());
        rig.did.clear();
        rig.perform(7, Action::Identify(TOKEN.into()));
        reply(&mut rig, strange);
        let merged = Performed::Identified { user_id: String::new(), merged: false };
        assert_eq!(outcome(&rig.told(), 7), Some(Ok(merged)));
        assert!(rig.saved.as_deref().unwrap().contains("s3cret"));
    }
}

#[test]
fn no_token_is_said_in_a_notice_or_an_error() {
    let mut server = Server::identifying();
    server.ext.as_mut().unwrap()["support-chat"]["revokeUrl"] = json!(["https://evil.test/?", TOKEN].concat());
    let mut rig = Rig::new(true);
    rig.connect_as(ann(TOKEN, None));
    rig.settle_with(&mut server);
    rig.perform(7, Action::Identify(TOKEN.into()));
    reply(&mut rig, json!({"statusCode": 2, "errors": [{"code": TOKEN, "description": TOKEN}]}));
    rig.perform(8, Action::Identify(TOKEN.into()));
    let id = rig.newest_send().unwrap();
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": false, "error": (["403::", TOKEN].concat())}]));
    rig.frame(json!([{"channel": SERVICE, "data": TOKEN}]));
    let told = rig.told();
    assert!(told.len() > 4, "{told:?}");
    assert!(!format!("{told:?}").contains("head"), "{told:?}");
}

#[test]
fn a_catching_up_refused_for_its_token_is_closed_for_auth_and_begun_anew_with_the_next() {
    let mut server = Server::identifying();
    let mut rig = Rig::new(true);
    let connect =
        Connect { conversation_id: Some("c1".into()), ..ann(TOKEN, Some(r#"{"chatId":"c1","secureKey":"k1"}"#)) };
    rig.connect_as(connect.clone());
    rig.settle_with(&mut server);
    let asked = server.heard.iter().find(|heard| heard["data"]["operation"] == "requestNotifications").unwrap();
    let id = asked["id"].clone();
    let refusal = json!({"statusCode": 2, "errors": [{"code": "auth_expired"}], "requestId": id});
    rig.frame(json!([{"channel": SERVICE, "data": refusal}]));
    assert!(rig.told().contains(&Event::Closed(ClosedReason::Auth(Code::AuthExpired))), "{:?}", rig.told());
    rig.did.clear();
    rig.connect_as(Connect { token: Some("head.body.next".into()), ..connect });
    rig.settle_with(&mut server);
    assert_eq!(server.count("/meta/handshake"), 2, "the old session knows the old token");
}
