//! Events as JSON: what is written reads back the same, and what a page's transport may send is understood or dropped.
//! Not: the dialect of a chat server.

#![allow(clippy::unwrap_used)] // also in what the tests call

use support_chat::json::{self, Fields, Form};
use support_chat::message::{Content, Party, Role};
use support_chat::transport::event_json::read_event;
use support_chat::transport::{ChatEvent, ChatEventKind, Entry};

fn read(text: &str) -> Option<ChatEvent> {
    read_event(json::parse(text).unwrap().root())
}

fn party(role: Role) -> Party {
    Party { id: "7".into(), name: "Ann \"A\"".into(), role, bot: Some(true), avatar_url: Some("https://a/b".into()) }
}

fn entry(content: Content) -> ChatEventKind {
    let client_message_id = Some("key".to_owned());
    ChatEventKind::Entry(Entry {
        index: 3,
        id: None,
        client_message_id,
        party: party(Role::Agent),
        content,
        time: 1_755_000_000_123,
    })
}

#[test]
fn every_event_reads_back_as_it_was_written() {
    let kinds = [
        entry(Content::Text("a\u{2028}😀\n".into())),
        entry(Content::Notice("n".into())),
        entry(Content::Url("https://x/?a=\"".into())),
        entry(Content::Joined),
        entry(Content::Left),
        entry(Content::Other("FileUploaded".into())),
        ChatEventKind::Typing(party(Role::Visitor), true),
        ChatEventKind::Typing(party(Role::Supervisor), false),
        ChatEventKind::Typing(Party { bot: None, avatar_url: None, ..party(Role::External) }, false),
        ChatEventKind::Delivered(1),
        ChatEventKind::Read(1 << 53),
        ChatEventKind::CaughtUp(0),
        ChatEventKind::Ended(None),
        ChatEventKind::Ended(Some("gone".into())),
        ChatEventKind::Unknown,
    ];
    for kind in kinds {
        for conversation_id in [None, Some("c1".to_owned())] {
            let mut event = ChatEvent { conversation_id, kind: kind.clone() };
            let mut form = Form::writing();
            event.fields(&mut form);
            let text = form.finish();
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
            assert_eq!(read(&text), Some(event), "{text}");
        }
    }
}

#[test]
fn the_chat_servers_words_for_roles_are_understood_too() {
    for (word, role) in
        [("Client", Role::Visitor), ("Agent", Role::Agent), ("supervisor", Role::Supervisor), ("?", Role::External)]
    {
        let text = format!(r#"{{"type":"typing","isTyping":true,"party":{{"type":"{word}"}}}}"#);
        match read(&text).unwrap().kind {
            ChatEventKind::Typing(party, true) => assert_eq!(party.role, role),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn missing_parts_are_empty_but_a_message_needs_its_place_and_its_content() {
    let event = read(r#"{"type":"message","index":1,"content":{"type":"text","text":"hi"}}"#).unwrap();
    assert!(matches!(event.kind, ChatEventKind::Entry(Entry { index: 1, time: 0, .. })));
    assert!(matches!(read(r#"{"type":"joined"}"#).unwrap().kind, ChatEventKind::Entry(Entry { index: 0, .. })));
    let dropped = [
        r#"{"type":"message","content":{"type":"text","text":"hi"}}"#,
        r#"{"type":"message","index":0,"content":{"type":"text","text":"hi"}}"#,
        r#"{"type":"message","index":-4,"content":{"type":"text","text":"hi"}}"#,
        r#"{"type":"message","index":1}"#,
        r#"{"type":"message","index":1,"content":{"type":"text","text":5}}"#,
        r#"{"type":"typing","party":{}}"#,
        r#"{"type":"read"}"#,
        r#"{"type":"hologram"}"#,
        r#"{"type":1}"#,
        r#"[]"#,
        r#"null"#,
    ];
    for text in dropped {
        assert_eq!(read(text), None, "{text}");
    }
}
