use super::*;
use crate::error::Code;
use crate::message::{Content, ConversationStatus, Party, Role};
use crate::transport::{ConnectionType, Entry};

fn saved() -> SavedSession {
    SavedSession {
        sid: "s1".into(),
        backend: "cometd https://chat.example/cometd".into(),
        visitor_id: "v1".into(),
        user_id: Some("u\"1".into()),
        resume: Some(r#"{"secret":"x"}"#.into()),
        conversation: Some(SavedConversation {
            id: Some("c1".into()),
            local_id: "local-1".into(),
            client_conversation_id: Some("k1".into()),
            status: ConversationStatus::Active,
            created_at: 5,
            subject: Some("Größe".into()),
        }),
        applied: 7,
        used_at: 9,
    }
}

fn waiting() -> OutboxEntry {
    OutboxEntry {
        client_message_id: "m1".into(),
        visitor_id: "v1".into(),
        conversation_id: Some("local-1".into()),
        tab: "t1".into(),
        seq: 3,
        at: 1_700_000_000_000,
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
    Tail { conversation_id: "c1".into(), entries: vec![entry(1, "a"), entry(2, "b")] }
}

/// Decodes any entry by its name, as a session does; what it says is thrown away.
fn broken(name: &str, text: &str) -> Option<Broken> {
    match name {
        SESSION | ASIDE => SavedSession::decode(text).err(),
        READ => ReadMark::decode(text).err(),
        DRAFT => Draft::decode(text).err(),
        UI => Ui::decode(text).err(),
        CONSENT => Consent::decode(text).err(),
        TAIL => Tail::decode(text).err(),
        LINK => Link::decode(text).err(),
        TOMBSTONE => Tombstone::decode(text).err(),
        EPOCH | TERM => decode_number(text).err(),
        _ => OutboxEntry::decode(name, text).err(),
    }
}

/// Every entry as version 1 writes it. Frozen: a page of any later version must still read these.
const FIXTURES: [(&str, &str); 12] = [
    (
        SESSION,
        r#"{"v":1,"sid":"s1","backend":"cometd https://chat.example/cometd","visitorId":"v1","userId":"u\"1","resume":"{\"secret\":\"x\"}","conversation":{"localId":"local-1","id":"c1","clientConversationId":"k1","status":"active","createdAt":5,"subject":"Größe"},"applied":7,"usedAt":9}"#,
    ),
    (
        "outbox:m1",
        r#"{"v":1,"clientMessageId":"m1","visitorId":"v1","conversationId":"local-1","tab":"t1","seq":3,"at":1700000000000,"text":"line\none","failed":"message_send_failed"}"#,
    ),
    (READ, r#"{"v":1,"conversationId":"c1","index":4}"#),
    (DRAFT, r#"{"v":1,"counter":2,"text":"hal"}"#),
    (UI, r#"{"v":1,"open":true}"#),
    (CONSENT, r#"{"v":1,"given":false}"#),
    (
        TAIL,
        r#"{"v":1,"conversationId":"c1","events":[{"type":"message","content":{"type":"text","text":"a"},"index":1,"id":"i1","party":{"id":"a1","name":"Ann","type":"agent","is":{"bot":false}},"time":1},{"type":"message","content":{"type":"text","text":"b"},"index":2,"id":"i2","party":{"id":"a1","name":"Ann","type":"agent","is":{"bot":false}},"time":2}]}"#,
    ),
    (
        ASIDE,
        r#"{"v":1,"sid":"s0","backend":"cometd https://chat.example/cometd","visitorId":"v0","applied":0,"usedAt":9}"#,
    ),
    (EPOCH, "12"),
    (TERM, "0"),
    (LINK, r#"{"v":1,"kind":"long-polling","at":8}"#),
    (TOMBSTONE, r#"{"sessionId":"s1","at":8}"#),
];

#[test]
fn what_is_written_is_the_frozen_text_and_reads_back() {
    let text = |name: &str| FIXTURES.iter().find(|fixture| fixture.0 == name).unwrap().1;
    assert_eq!(saved().encode(), text(SESSION));
    assert_eq!(SavedSession::decode(text(SESSION)), Ok(saved()));
    assert_eq!((waiting().name().as_str(), waiting().encode().as_str()), ("outbox:m1", text("outbox:m1")));
    assert_eq!(OutboxEntry::decode("outbox:m1", text("outbox:m1")), Ok(waiting()));
    assert_eq!(tail().encode(), text(TAIL));
    assert_eq!(Tail::decode(text(TAIL)), Ok(tail()));
    let read = ReadMark { conversation_id: "c1".into(), index: 4 };
    assert_eq!((read.encode().as_str(), ReadMark::decode(text(READ))), (text(READ), Ok(read)));
    let draft = Draft { counter: 2, text: "hal".into() };
    assert_eq!((draft.encode().as_str(), Draft::decode(text(DRAFT))), (text(DRAFT), Ok(draft)));
    let ui = Ui { open: true };
    assert_eq!((ui.encode().as_str(), Ui::decode(text(UI))), (text(UI), Ok(ui)));
    let consent = Consent { given: false };
    assert_eq!((consent.encode().as_str(), Consent::decode(text(CONSENT))), (text(CONSENT), Ok(consent)));
    let link = Link { kind: ConnectionType::LongPolling, at: 8 };
    assert_eq!((link.encode().as_str(), Link::decode(text(LINK))), (text(LINK), Ok(link)));
    let tombstone = Tombstone { session_id: "s1".into(), at: 8 };
    assert_eq!((tombstone.encode().as_str(), Tombstone::decode(text(TOMBSTONE))), (text(TOMBSTONE), Ok(tombstone)));
    assert_eq!((encode_number(12), decode_number("12")), ("12".into(), Ok(12)));
    assert!(SavedSession::decode(text(ASIDE)).is_ok());
}

#[test]
fn every_broken_state_has_its_outcome() {
    let long = format!(r#"{{"v":1,"text":"{}"}}"#, "x".repeat(1_000_000));
    for (name, good) in FIXTURES {
        assert_eq!(broken(name, good), None, "{name}");
        let cut = good.get(..good.len() / 2).unwrap_or("");
        for bad in
            ["", " ", "undefined", "null", "true", "[]", "{}", "\"v\"", "{\"v\":1}", "-1", "1.5", cut, long.as_str()]
        {
            // Half of a number is a number.
            if cut == bad && (name == EPOCH || name == TERM) && !bad.is_empty() {
                continue;
            }
            assert_eq!(broken(name, bad), Some(Broken::NotOurs), "{name}: {}", bad.get(..40).unwrap_or(bad));
        }
        // Every shorter text is refused as well, wherever it was cut.
        if good.starts_with('{') {
            for (end, _) in good.char_indices() {
                assert_eq!(broken(name, &good[..end]), Some(Broken::NotOurs), "{name} cut at {end}");
            }
        }
        if good.contains("\"v\":1") {
            for newer in ["\"v\":2", "\"v\":99999"] {
                assert_eq!(broken(name, &good.replace("\"v\":1", newer)), Some(Broken::Newer), "{name}");
            }
            for never in ["\"v\":0", "\"v\":\"1\"", "\"v\":null", "\"v\":-1"] {
                assert_eq!(broken(name, &good.replace("\"v\":1", never)), Some(Broken::NotOurs), "{name} {never}");
            }
            let more = good.replacen("\"v\":1", "\"v\":1,\"unheard\":{\"of\":[1]}", 1);
            assert_eq!(broken(name, &more), None, "{name} with an unknown key");
        }
    }
}

#[test]
fn a_wrong_type_of_any_field_never_panics() {
    for (name, good) in FIXTURES {
        for wrong in ["null", "7", "\"x\"", "[]", "{}", "true", "1e99"] {
            for (at, _) in good.match_indices("\":") {
                let end = good[at + 2..].find([',', '}']).map_or(good.len(), |end| at + 2 + end);
                broken(name, &[&good[..at + 2], wrong, &good[end..]].concat());
            }
        }
    }
}

#[test]
fn of_duplicates_the_first_wins() {
    let twice =
        Tail { conversation_id: "c1".into(), entries: vec![entry(1, "first"), entry(1, "second"), entry(2, "b")] };
    let read = Tail::decode(&twice.encode()).unwrap();
    assert_eq!(read.entries, [entry(1, "first"), entry(2, "b")]);
    // The same message under two names: the one whose name is its key.
    assert_eq!(broken("outbox:m2", &waiting().encode()), Some(Broken::NotOurs));
    assert_eq!(broken("outbox:m1", &waiting().encode()), None);
}

#[test]
fn a_tail_keeps_the_newest_that_fit() {
    let many = Tail { conversation_id: "c1".into(), entries: (1..=80).map(|index| entry(index, "x")).collect() };
    let read = Tail::decode(&many.encode()).unwrap();
    assert_eq!((read.entries.len(), read.entries[0].index), (50, 31));
    let long = "x".repeat(4_000);
    let big = Tail { conversation_id: "c1".into(), entries: (1..=50).map(|index| entry(index, &long)).collect() };
    assert!(big.encode().len() <= 65 * 1024);
    let read = Tail::decode(&big.encode()).unwrap();
    assert_eq!(read.entries.last(), Some(&entry(50, &long)));
    assert!((10..50).contains(&read.entries.len()));
}

#[test]
fn a_text_that_was_never_accepted_is_not_ours() {
    for text in [String::new(), "x".repeat(4_001)] {
        assert_eq!(broken("outbox:m1", &OutboxEntry { text, ..waiting() }.encode()), Some(Broken::NotOurs));
    }
}

#[test]
fn older_entries_are_migrated_step_by_step() {
    // Version 1 had `name`, version 2 calls it `title`, version 3 has it in capitals.
    let steps: [Step; 2] = [
        |root| {
            let mut writer = begin(2);
            writer.name("title").string(&root.text_at("name")?);
            Some(end(writer))
        },
        |root| {
            let mut writer = begin(3);
            writer.name("title").string(&root.text_at("title")?.to_uppercase());
            Some(end(writer))
        },
    ];
    let read = |text: &str| decode(text, &steps, |root| owned(root, "title"));
    assert_eq!(read(r#"{"v":1,"name":"a"}"#), Ok("A".into()));
    assert_eq!(read(r#"{"v":2,"title":"b"}"#), Ok("B".into()));
    assert_eq!(read(r#"{"v":3,"title":"c"}"#), Ok("c".into()));
    assert_eq!(read(r#"{"v":4,"title":"d"}"#), Err(Broken::Newer));
    for bad in [r#"{"v":0,"name":"a"}"#, r#"{"v":1,"title":"a"}"#, r#"{"v":2,"name":"a"}"#] {
        assert_eq!(read(bad), Err(Broken::NotOurs), "{bad}");
    }
}
