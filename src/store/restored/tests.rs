//! Tests of the persisted entries: what is written reads back, what is broken is refused. No store is involved.

use super::*;
use crate::error::Code;
use crate::message::{Content, ConversationStatus, Party, Role};
use crate::store::persisted::SavedConversation;
use crate::transport::Entry;

fn saved() -> SavedSession {
    SavedSession {
        sid: "s1".into(),
        epoch: 2,
        term: 3,
        backend: "cometd https://chat.example/cometd".into(),
        visitor_id: "v1".into(),
        user_id: Some("u\"1".into()),
        resume: Some(r#"{"secret":"x"}"#.into()),
        conversation: Some(SavedConversation {
            id: Some("c1".into()),
            local_id: "local-1".into(),
            client_conversation_id: Some("k1".into()),
            asked: true,
            status: ConversationStatus::Active,
            created_at: 5,
            subject: Some("Größe".into()),
            metadata: Some("{}".into()),
            delivered: 4,
            read: 3,
        }),
        applied: 7,
        used_at: 9,
        left: None,
    }
}

fn waiting() -> OutboxEntry {
    OutboxEntry {
        visitor_id: "v1".into(),
        tab: "t1".into(),
        seq: 3,
        at: 1_700_000_000_000,
        client_message_id: "m1".into(),
        text: "line\none".into(),
        failed: Some(Code::MessageSendFailed),
    }
}

fn entry(index: u64, text: &str) -> Entry {
    let party = Party { id: "a1".into(), name: "Ann".into(), role: Role::Agent, bot: Some(false), avatar_url: None };
    let id = Some(format!("i{index}"));
    Entry { index, id, client_message_id: None, party, content: Content::Text(text.into()), time: index }
}

fn tail() -> Tail {
    Tail { conversation_id: "c1".into(), entries: vec![entry(1, "a"), entry(2, "b")], epoch: 6 }
}

fn read() -> ReadMark {
    ReadMark { conversation_id: "c1".into(), index: 4 }
}

fn draft() -> Draft {
    Draft { counter: 2, text: "hal".into(), visitor_id: None, epoch: 5 }
}

/// Every entry as version 1 writes it. Frozen: a page of any later version must still read these.
const FIXTURES: [(&str, &str); 9] = [
    (
        "session",
        r#"{"v":1,"sid":"s1","epoch":2,"term":3,"backend":"cometd https://chat.example/cometd","visitorId":"v1","userId":"u\"1","resume":"{\"secret\":\"x\"}","conversation":{"localId":"local-1","id":"c1","clientConversationId":"k1","asked":true,"status":"active","createdAt":5,"subject":"Größe","metadata":"{}","delivered":4,"read":3},"applied":7,"usedAt":9}"#,
    ),
    (
        "outbox:m1",
        r#"{"v":1,"visitorId":"v1","tab":"t1","seq":3,"at":1700000000000,"clientMessageId":"m1","text":"line\none","failed":"message_send_failed"}"#,
    ),
    ("read", r#"{"v":1,"conversationId":"c1","index":4}"#),
    ("draft", r#"{"v":1,"counter":2,"text":"hal","epoch":5}"#),
    ("ui", r#"{"v":1,"open":true}"#),
    ("consent", r#"{"v":1,"given":false}"#),
    (
        "tail",
        r#"{"v":1,"conversationId":"c1","events":[{"type":"message","content":{"type":"text","text":"a"},"index":1,"id":"i1","party":{"id":"a1","name":"Ann","type":"agent","is":{"bot":false}},"time":1},{"type":"message","content":{"type":"text","text":"b"},"index":2,"id":"i2","party":{"id":"a1","name":"Ann","type":"agent","is":{"bot":false}},"time":2}],"epoch":6}"#,
    ),
    ("epoch", "12"),
    ("term", "0"),
];

fn fixtures() -> Vec<(String, String)> {
    FIXTURES.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect()
}

fn fixture(name: &str) -> &'static str {
    FIXTURES.iter().find(|fixture| fixture.0 == name).unwrap().1
}

/// What the fixtures say.
fn whole() -> Restored {
    Restored {
        session: Some(saved()),
        outbox: vec![waiting()],
        read: Some(read()),
        draft: Some(draft()),
        open: true,
        consent: Some(false),
        tail: Some(tail()),
        epoch: Some(12),
        ..Restored::default()
    }
}

/// The same with one of them at its default, as after that name was lost.
fn without(name: &str) -> Restored {
    let mut restored = whole();
    match name {
        "session" => restored.session = None,
        "outbox:m1" => restored.outbox.clear(),
        "read" => restored.read = None,
        "draft" => restored.draft = None,
        "ui" => restored.open = false,
        "consent" => restored.consent = None,
        "tail" => restored.tail = None,
        "epoch" => restored.epoch = None,
        _ => {}
    }
    restored
}

/// The fixtures, one of them with another text.
fn restored_with(name: &str, text: &str) -> Restored {
    let mut entries = fixtures();
    entries.retain(|(other, _)| other != name);
    entries.push((name.into(), text.into()));
    restore(&entries)
}

#[test]
fn what_is_written_is_the_frozen_text_and_reads_back() {
    assert_eq!(saved().encode(), fixture("session"));
    assert_eq!((waiting().name().as_str(), waiting().encode().as_str()), ("outbox:m1", fixture("outbox:m1")));
    assert_eq!(read().encode(), fixture("read"));
    assert_eq!(draft().encode(), fixture("draft"));
    assert_eq!(Ui { open: true }.encode(), fixture("ui"));
    assert_eq!(Consent { given: false }.encode(), fixture("consent"));
    assert_eq!(tail().encode(), fixture("tail"));
    let tombstone = persisted::Tombstone { session_id: "s1".into(), at: 8 };
    assert_eq!(tombstone.encode(), r#"{"sessionId":"s1","at":8}"#);
    assert_eq!(persisted::Tombstone::decode(&tombstone.encode()), Ok(tombstone));
    assert_eq!(persisted::encode_number(12), fixture("epoch"));
    assert_eq!(restore(&fixtures()), whole());
    assert_eq!(restore(&Entries::new()), Restored::default());
    // Before it was kept of which logout they are.
    let bare = |name: &str, epoch: &str| fixture(name).replace(epoch, "");
    assert_eq!(Draft::decode(&bare("draft", r#","epoch":5"#)), Ok(Draft { epoch: 0, ..draft() }));
    assert_eq!(Tail::decode(&bare("tail", r#","epoch":6"#)), Ok(Tail { epoch: 0, ..tail() }));
}

#[test]
fn a_broken_entry_is_removed_and_logged_and_the_rest_is_used() {
    let long = format!(r#"{{"v":1,"text":"{}"}}"#, "x".repeat(1_000_000));
    for (name, good) in FIXTURES {
        let mut texts: Vec<String> = [
            "",
            " ",
            "undefined",
            "null",
            "true",
            "[]",
            "{}",
            "\"v\"",
            "{\"v\":1}",
            "-1",
            "1.5",
            "\u{0}",
            long.as_str(),
        ]
        .map(String::from)
        .into();
        for never in ["\"v\":0", "\"v\":\"1\"", "\"v\":null", "\"v\":-1"] {
            texts.push(good.replace("\"v\":1", never));
        }
        // Cut anywhere; half of a bare number is a number.
        texts.extend(good.char_indices().map(|(end, _)| good[..end].to_owned()));
        texts.retain(|text| text != good && !(good.len() < 3 && text == "1"));
        for text in texts {
            if good.len() < 3 && text == "0" {
                continue;
            }
            let mut expected = without(name);
            expected.remove.push(name.into());
            assert_eq!(restored_with(name, &text), expected, "{name}: {}", text.get(..60).unwrap_or(&text));
        }
    }
}

#[test]
fn a_newer_entry_is_left_untouched() {
    for (name, good) in FIXTURES.iter().filter(|(_, text)| text.starts_with('{')) {
        for newer in ["{\"v\":2", "{\"v\":99999,\"unheard\":\"of\""] {
            let restored = restored_with(name, &good.replacen("{\"v\":1", newer, 1));
            assert!(restored.newer && restored.remove.is_empty(), "{name}");
        }
    }
}

#[test]
fn unknown_names_and_keys_are_left() {
    let mut entries = fixtures();
    for (name, text) in [("link", "{}"), ("later", "{\"v\":7}"), ("", ""), ("Session", "x")] {
        entries.push((name.into(), text.into()));
    }
    assert_eq!(restore(&entries), whole());
    for (name, good) in FIXTURES.iter().filter(|(_, text)| text.starts_with('{')) {
        let more = good.replacen("{\"v\":1", "{\"unheard\":{\"of\":[1]},\"v\":1", 1);
        assert_eq!(restored_with(name, &more), whole(), "{name}");
    }
}

#[test]
fn a_logout_under_way_counts_whatever_its_text() {
    for text in ["", "{", r#"{"sessionId":"s1","at":8}"#] {
        assert!(restored_with("tombstone", text).tombstone);
    }
}

#[test]
fn a_wrong_type_of_any_field_never_panics() {
    for (name, good) in FIXTURES {
        for wrong in ["null", "7", "\"x\"", "[]", "{}", "true", "1e99"] {
            for (at, _) in good.match_indices("\":") {
                let end = good[at + 2..].find([',', '}']).map_or(good.len(), |end| at + 2 + end);
                restored_with(name, &[&good[..at + 2], wrong, &good[end..]].concat());
            }
        }
    }
}

#[test]
fn of_duplicates_the_first_wins() {
    let entries = vec![entry(1, "first"), entry(1, "second"), entry(2, "b")];
    let read = Tail::decode(&Tail { entries, ..tail() }.encode()).unwrap();
    assert_eq!(read.entries, [entry(1, "first"), entry(2, "b")]);
    // The same message under two names: the one whose name is its key.
    let restored = restored_with("outbox:m2", fixture("outbox:m1"));
    assert_eq!((restored.outbox, restored.remove), (vec![waiting()], vec!["outbox:m2".to_owned()]));
}

#[test]
fn waiting_messages_come_in_the_order_they_were_written() {
    let entry = |id: &str, at, tab: &str, seq| OutboxEntry {
        client_message_id: id.into(),
        at,
        tab: tab.into(),
        seq,
        ..waiting()
    };
    let written = [entry("z", 1, "b", 9), entry("y", 2, "a", 1), entry("x", 2, "a", 2), entry("w", 2, "b", 1)];
    let mut entries: Vec<_> = written.iter().map(|entry| (entry.name(), entry.encode())).collect();
    entries.sort();
    assert_eq!(restore(&entries).outbox, written);
}

#[test]
fn a_tail_keeps_the_newest_that_fit() {
    let many = Tail { entries: (1..=80).map(|index| entry(index, "x")).collect(), ..tail() };
    let read = Tail::decode(&many.encode()).unwrap();
    assert_eq!((read.entries.len(), read.entries[0].index), (50, 31));
    let long = "x".repeat(4_000);
    let big = Tail { entries: (1..=50).map(|index| entry(index, &long)).collect(), ..tail() };
    assert!(big.encode().len() <= 65 * 1024);
    let read = Tail::decode(&big.encode()).unwrap();
    assert_eq!(read.entries.last(), Some(&entry(50, &long)));
    assert!((10..50).contains(&read.entries.len()));
}

#[test]
fn a_text_that_was_never_accepted_is_not_ours() {
    for text in [String::new(), "x".repeat(4_001)] {
        assert_eq!(OutboxEntry::decode(&OutboxEntry { text, ..waiting() }.encode()), Err(Broken::NotOurs));
    }
}
