//! The chat server's frames, and what is read from the events they bring. Not: a test.

use super::{Rig, SERVICE, Server};
use serde_json::{Value, json};
use support_chat::transport::{ChatEventKind, Entry, Event, Performed};

pub const RESUME: &str = r#"{"visitorSecret":"s","chatId":"c1","secureKey":"k1","userId":"u1","alias":"1"}"#;

/// Connected, with chat `c1` open.
pub fn chatting(mut server: Server) -> Rig {
    let mut rig = Rig::new(true);
    rig.connect();
    rig.settle_with(&mut server);
    rig.open_chat();
    rig.did.clear();
    rig.told();
    rig
}

/// A frame of the chat server; `extra` is merged over an ordinary one.
pub fn data(extra: Value) -> Value {
    let mut data = json!({"chatId": "c1", "userId": "u1", "alias": "1", "secureKey": "k1", "statusCode": 0,
        "chatEnded": false, "nextPosition": 1, "messages": []});
    for (name, value) in extra.as_object().unwrap() {
        data[name] = value.clone();
    }
    data
}

pub fn hear(rig: &mut Rig, extra: Value) {
    rig.frame(json!([{"channel": SERVICE, "data": data(extra)}]));
}

pub fn message(index: u64, role: &str, text: &str) -> Value {
    json!({"index": index, "type": "Message", "text": text, "utcTime": 1_755_000_000_000_u64,
        "from": {"nickname": "Maya", "participantId": "p", "type": role}})
}

/// The kinds of everything received.
pub fn kinds(events: &[Event]) -> Vec<ChatEventKind> {
    let received = |event: &Event| match event {
        Event::Received(events) => events.clone(),
        _ => Vec::new(),
    };
    events.iter().flat_map(received).map(|event| event.kind).collect()
}

pub fn entries(events: &[Event]) -> Vec<Entry> {
    let entry = |kind| match kind {
        ChatEventKind::Entry(entry) => Some(entry),
        _ => None,
    };
    kinds(events).into_iter().filter_map(entry).collect()
}

pub fn outcome(events: &[Event], wanted: u32) -> Option<Result<Performed, &'static str>> {
    events.iter().find_map(|event| match event {
        Event::Performed(id, result) if *id == wanted => Some(result.clone().map_err(|error| error.code.name())),
        _ => None,
    })
}
