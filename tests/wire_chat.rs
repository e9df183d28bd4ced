//! The chat dialect over Bayeux: what each operation says on the wire and what its answer brings. Not: refusals and ends
//! (`wire_refusals`), nor Bayeux itself (`wire_bayeux` and its neighbours).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::{Value, json};
use support_chat::message::{Content, Role};
use support_chat::transport::{Action, ChatEventKind, Event, Performed};
use wire_rig::chat::{RESUME, chatting, data, entries, hear, kinds, message, outcome};
use wire_rig::{Rig, SERVICE, Server, connected};

#[test]
fn a_chat_is_requested_with_its_key_only_where_the_server_lists_keys() {
    for (server, key) in [(Server::ours(), json!("cc1")), (Server::plain(), Value::Null)] {
        let (mut rig, mut server) = (Rig::new(true), server);
        rig.connect();
        rig.settle_with(&mut server);
        server.operation = |publish| {
            Some(
                json!({"chatId": "c1", "secureKey": "k1", "userId": "u1", "alias": "1", "statusCode": 0, "nextPosition": 2,
                "requestId": publish["id"], "messages": [{"index": 1, "type": "ParticipantJoined",
                    "from": {"nickname": "Lena", "participantId": "u1", "type": "Client"}}]}),
            )
        };
        rig.told();
        let chat = support_chat::transport::RequestChat {
            client_conversation_id: "cc1".into(),
            nickname: "Lena".into(),
            subject: Some("Shoes".into()),
            user_data: r#"{"source":"web","n":null}"#.into(),
        };
        rig.perform(4, Action::RequestChat(Box::new(chat)));
        rig.settle_with(&mut server);
        let data = &server.heard.last().unwrap()["data"];
        let wanted = json!({"operation": "requestChat", "nickname": "Lena", "subject": "Shoes", "userData": {"source": "web", "n": null}});
        for (name, value) in wanted.as_object().unwrap() {
            assert_eq!(&data[name], value);
        }
        assert_eq!(data["clientConversationId"], key);
        // First what must be kept, then the promise, then what happened in the chat.
        let told = rig.told();
        let [Event::Saved(saved), Event::Performed(4, Ok(Performed::Requested(id))), Event::Received(events)] =
            &told[..]
        else {
            panic!("{told:?}")
        };
        assert_eq!(id, "c1");
        assert!(saved.contains(r#""chatId":"c1","secureKey":"k1","userId":"u1","alias":"1""#));
        assert_eq!(events[0].conversation_id.as_deref(), Some("c1"));
        assert!(matches!(&events[0].kind, ChatEventKind::Entry(entry) if entry.content == Content::Joined));
    }
}

#[test]
fn the_other_operations_say_what_the_dialect_wants() {
    let mut rig = chatting(Server::ours());
    rig.say(2, "k2", "Hello \"you\"");
    rig.perform(3, Action::Typing(true));
    rig.perform(4, Action::Typing(false));
    rig.perform(5, Action::CatchUp(0));
    rig.perform(6, Action::CatchUp(7));
    rig.perform(7, Action::Read(9));
    rig.perform(8, Action::End);
    let wanted = [
        json!({"operation": "sendMessage", "message": "Hello \"you\"", "clientMessageId": "k2", "secureKey": "k1"}),
        json!({"operation": "startTyping", "secureKey": "k1"}),
        json!({"operation": "stopTyping", "secureKey": "k1"}),
        json!({"operation": "requestNotifications", "secureKey": "k1"}),
        json!({"operation": "requestNotifications", "transcriptPosition": 8, "secureKey": "k1"}),
        json!({"operation": "readReceipt", "index": 9, "secureKey": "k1"}),
        json!({"operation": "disconnect", "secureKey": "k1"}),
    ];
    for wanted in wanted {
        let message = &rig.sent()[0];
        assert_eq!((message["channel"].as_str(), &message["data"]), (Some(SERVICE), &wanted));
    }
}

#[test]
fn a_message_is_sent_when_the_chat_server_says_so_not_when_it_was_received() {
    let mut rig = chatting(Server::ours());
    rig.say(2, "k2", "Hello");
    let id = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}]));
    assert!(rig.told().is_empty());
    let mut echo = message(3, "Client", "Hello");
    echo["userData"] = json!({"clientMessageId": "k2"});
    hear(&mut rig, json!({"requestId": id, "messages": [echo], "nextPosition": 4}));
    let told = rig.told();
    assert_eq!(outcome(&told, 2), Some(Ok(Performed::Sent(3, None))));
    assert_eq!(entries(&told)[0].client_message_id.as_deref(), Some("k2"));
    assert_eq!(entries(&told)[0].party.role, Role::Visitor);
    rig.pass(19_000);
    assert!(rig.told().is_empty(), "nothing is waited for any more");
}

#[test]
fn on_a_plain_server_what_is_said_of_a_second_chat_is_not_taken_for_the_transcript_of_this_one() {
    let mut rig = chatting(Server::plain());
    rig.perform(2, Action::CatchUp(0));
    let second = json!({"chatId": "c2", "secureKey": "k2", "userId": "u1", "statusCode": 0, "chatEnded": false,
        "nextPosition": 2, "messages": [message(1, "Client", "Hello")]});
    rig.frame(json!([{"channel": SERVICE, "data": second}]));
    assert_eq!(outcome(&rig.told(), 2), None);
    hear(&mut rig, json!({"messages": [message(1, "Client", "Hello"), message(2, "Agent", "Hi")], "nextPosition": 3}));
    assert_eq!(outcome(&rig.told(), 2), Some(Ok(Performed::Done)));
}

#[test]
fn on_a_plain_server_ones_own_echo_is_known_by_text_and_order() {
    let mut rig = chatting(Server::plain());
    for (id, key, text) in [(2, "k2", "Hello"), (3, "k3", "Hello"), (4, "k4", "Bye")] {
        rig.say(id, key, text);
        let id = rig.sent()[0]["id"].clone();
        rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}]));
    }
    hear(&mut rig, json!({"messages": [message(1, "Agent", "Hello"), message(2, "Client", "Hello")]}));
    let told = rig.told();
    assert_eq!(outcome(&told, 2), Some(Ok(Performed::Sent(2, None))));
    assert_eq!(outcome(&told, 3), None);
    let keys: Vec<_> = entries(&told).into_iter().map(|entry| entry.client_message_id).collect();
    assert_eq!(keys, [None, Some("k2".to_owned())]);
    // A repeat of what was there before is nobody's echo.
    hear(&mut rig, json!({"messages": [message(2, "Client", "Hello")]}));
    assert_eq!(outcome(&rig.told(), 3), None);
    hear(&mut rig, json!({"messages": [message(3, "Client", " Hello "), message(4, "Client", "Bye")]}));
    let told = rig.told();
    assert_eq!(outcome(&told, 3), Some(Ok(Performed::Sent(3, None))));
    assert_eq!(outcome(&told, 4), Some(Ok(Performed::Sent(4, None))));
}

#[test]
fn resuming_reports_what_was_missed_then_that_nothing_is_missing_then_the_connection() {
    // A plain server's answer is known by an entry that was known already.
    for (server, position) in [(Server::ours(), 4), (Server::plain(), 3)] {
        let (mut rig, mut server) = (Rig::new(true), server);
        server.operation = |publish| {
            Some(data(json!({"nextPosition": 6, "requestId": publish["id"],
                "messages": [message(4, "Agent", "a"), message(5, "Agent", "b")]})))
        };
        rig.connect_with(Some(RESUME), Some("c1"), 3);
        rig.settle_with(&mut server);
        let asked = server.heard.iter().find(|heard| heard["data"]["operation"] == "requestNotifications").unwrap();
        assert_eq!(asked["data"]["transcriptPosition"], position);
        let told = rig.told();
        let received = told.iter().position(|event| matches!(event, Event::Received(_))).unwrap();
        let connected = told.iter().position(|event| matches!(event, Event::Connected(..))).unwrap();
        assert!(received < connected);
        assert_eq!(kinds(&told).last(), Some(&ChatEventKind::CaughtUp(6)));
        assert_eq!(entries(&told).iter().map(|entry| entry.index).collect::<Vec<_>>(), [4, 5]);
    }
}

#[test]
fn an_end_told_while_catching_up_comes_after_what_was_missed() {
    let (mut rig, mut server) = (Rig::new(true), Server::ours());
    server.operation = |_| None;
    rig.connect_with(Some(RESUME), Some("c1"), 3);
    rig.settle_with(&mut server);
    let asked = server.heard.iter().find(|heard| heard["data"]["operation"] == "requestNotifications").unwrap();
    let id = asked["id"].clone();
    hear(&mut rig, json!({"nextPosition": 5, "chatEnded": true}));
    let told = rig.told();
    assert_eq!(kinds(&told), [], "what was missed is not known yet");
    assert!(!connected(&told));
    // The answer itself need not repeat it.
    hear(&mut rig, json!({"nextPosition": 5, "requestId": id, "messages": [message(4, "Client", "mine")]}));
    let told = rig.told();
    let kinds = kinds(&told);
    assert!(matches!(&kinds[..], [ChatEventKind::Entry(_), ChatEventKind::CaughtUp(5), ChatEventKind::Ended(None)]));
    assert!(connected(&told));
}

#[test]
fn an_end_told_on_a_connection_that_lost_a_message_comes_after_that_message() {
    let (mut rig, mut server) = (chatting(Server::ours()), Server::ours());
    rig.say(2, "k2", "mine");
    let id = rig.sent()[0]["id"].clone();
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}]));
    hear(&mut rig, json!({"nextPosition": 3, "chatEnded": true}));
    assert_eq!(kinds(&rig.told()), [], "what was missed is not known yet");
    server.operation = |publish| {
        assert_eq!(publish["data"]["operation"], "requestNotifications");
        let mut mine = message(2, "Client", "mine");
        mine["userData"] = json!({"clientMessageId": "k2"});
        Some(data(json!({"nextPosition": 3, "chatEnded": true, "requestId": publish["id"], "messages": [mine]})))
    };
    rig.settle_with(&mut server);
    let told = rig.told();
    assert_eq!(entries(&told)[0].client_message_id.as_deref(), Some("k2"));
    assert_eq!(kinds(&told).last(), Some(&ChatEventKind::Ended(None)));
}

#[test]
fn a_resume_without_the_servers_request_ids_is_known_by_its_kind() {
    let (mut rig, mut server) = (Rig::new(true), Server::plain());
    server.operation = |_| Some(data(json!({"messages": [message(1, "Agent", "a")], "nextPosition": 2})));
    rig.connect_with(Some(RESUME), Some("c1"), 0);
    rig.settle_with(&mut server);
    assert!(connected(&rig.told()));
}

#[test]
fn every_kind_of_message_becomes_an_event_or_keeps_its_place() {
    let mut rig = chatting(Server::ours());
    let from = json!({"nickname": "Maya", "participantId": "p", "type": "Agent"});
    let of = |kind: &str, extra: Value| {
        let mut message = json!({"type": kind, "from": from});
        for (name, value) in extra.as_object().unwrap() {
            message[name] = value.clone();
        }
        message
    };
    let messages = json!([
        of("Message", json!({"index": 1, "text": "hi"})),
        of("CustomNotice", json!({"index": 2, "text": "n"})),
        of("Notice", json!({"index": 3, "text": "m"})),
        of("PushUrl", json!({"index": 4, "text": "https://x"})),
        of("ParticipantJoined", json!({"index": 5})),
        of("ParticipantLeft", json!({"index": 6})),
        of("FileUploaded", json!({"index": 7, "text": "f"})),
        of("TypingStarted", json!({})),
        of("TypingStopped", json!({})),
        of("Delivered", json!({"userData": {"index": 3}})),
        of("Read", json!({"userData": {"index": 2}})),
        of("ParticipantJoined", json!({})),
        of("QueueUpdate", json!({"userData": {"position": 2}})),
    ]);
    hear(&mut rig, json!({"messages": messages}));
    let told = rig.told();
    let contents: Vec<_> = entries(&told).into_iter().map(|entry| (entry.index, entry.content)).collect();
    let wanted = [
        (1, Content::Text("hi".into())),
        (2, Content::Notice("n".into())),
        (3, Content::Notice("m".into())),
        (4, Content::Url("https://x".into())),
        (5, Content::Joined),
        (6, Content::Left),
        (7, Content::Other("FileUploaded".into())),
        (0, Content::Joined),
    ];
    assert_eq!(contents, wanted);
    let others: Vec<_> = kinds(&told).into_iter().filter(|kind| !matches!(kind, ChatEventKind::Entry(_))).collect();
    assert!(matches!(&others[..], [ChatEventKind::Typing(party, true), ChatEventKind::Typing(_, false),
        ChatEventKind::Delivered(3), ChatEventKind::Read(2)] if party.role == Role::Agent && party.name == "Maya"));
}

#[test]
fn typing_is_done_when_received_and_receipts_are_silent_where_the_server_has_none() {
    let mut rig = chatting(Server::plain());
    rig.perform(2, Action::Read(5));
    assert!(rig.is_quiet());
    rig.perform(3, Action::Typing(true));
    let id = rig.sent()[0]["id"].clone();
    assert_eq!(outcome(&rig.events, 3), None);
    rig.frame(json!([{"id": id, "channel": SERVICE, "successful": true}]));
    let told = rig.told();
    assert_eq!((outcome(&told, 2), outcome(&told, 3)), (Some(Ok(Performed::Done)), Some(Ok(Performed::Done))));
}

#[test]
fn a_key_that_changes_on_the_way_is_saved_and_used() {
    let mut rig = chatting(Server::ours());
    hear(&mut rig, json!({"alias": "2", "secureKey": "k9"}));
    assert!(
        matches!(&rig.told()[..], [Event::Saved(saved)] if saved.contains(r#""secureKey":"k9""#) && saved.contains(r#""alias":"2""#))
    );
    rig.say(2, "k2", "Hello");
    assert_eq!(rig.sent()[0]["data"]["secureKey"], "k9");
}
