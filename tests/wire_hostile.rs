//! Recorded frames, spoilt: a server, a proxy or a stranger may send anything, and the transport must neither panic nor
//! lose its way. Not: frames that follow the protocol.

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::{Value, json};
use support_chat::transport::{Action, Event, Performed, link};
use wire_rig::chat::{RESUME, data, message, outcome};
use wire_rig::{Dice, Rig, SERVICE, Server, connected};

/// Every frame a recorded server sent, and some of the chat's.
fn frames() -> Vec<String> {
    let folder = format!("{}/tests/fixtures/wire", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut frames = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines().filter(|line| line.contains(" < ")) {
            frames.extend(line.find(" [").map(|at| line[at + 1..].to_owned()));
        }
    }
    assert!(frames.len() > 300);
    let chat = json!([{"channel": SERVICE, "data": data(json!({"nextPosition": 3, "requestId": "9",
        "messages": [message(1, "Client", "one"), message(2, "Agent", "two")], "errors": [{"code": 50}]}))}]);
    frames.extend(std::iter::repeat_n(chat.to_string(), 100));
    frames
}

/// The same frame with a few bytes, members or values gone wrong.
fn spoil(dice: &mut Dice, frame: &str, ours: &[Value]) -> String {
    // Half of them talk about messages that really are under way.
    let mut text = frame.to_owned();
    if let Ok(Value::Array(mut messages)) = serde_json::from_str(frame)
        && dice.roll(4) > 0
    {
        for message in &mut messages {
            spoil_value(dice, message, ours, 0);
        }
        text = Value::Array(messages).to_string();
    }
    if dice.roll(3) == 0 {
        let mut bytes = text.into_bytes();
        for _ in 0..dice.roll(4) {
            let at = dice.roll(bytes.len().max(1) as u64) as usize;
            match dice.roll(3) {
                0 => bytes.truncate(at),
                1 if at < bytes.len() => bytes[at] = dice.roll(128) as u8,
                _ => bytes.insert(at.min(bytes.len()), b"[]{}\",:\\0-e"[dice.roll(11) as usize]),
            }
        }
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    text
}

fn spoil_value(dice: &mut Dice, value: &mut Value, ours: &[Value], depth: u32) {
    let strange = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(u64::MAX),
        json!("9".repeat(40)),
        json!([]),
        json!({}),
        json!(""),
        json!("none"),
        json!("handshake"),
        json!("/meta/connect"),
        json!("/meta/handshake"),
        json!("/meta/disconnect"),
        json!(SERVICE),
        json!("402::session_unknown"),
        json!(false),
        json!("\u{0}\u{2028}"),
    ];
    match value {
        Value::Object(members) => {
            if dice.roll(3) == 0 && members.contains_key("id") && !ours.is_empty() {
                members.insert("id".to_owned(), ours[dice.roll(ours.len() as u64) as usize].clone());
            }
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                match dice.roll(14) {
                    0 => drop(members.remove(&name)),
                    1 => drop(members.insert(name, strange[dice.roll(strange.len() as u64) as usize].clone())),
                    _ => spoil_value(dice, members.get_mut(&name).unwrap(), ours, depth + 1),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spoil_value(dice, item, ours, depth + 1)),
        other if depth > 0 && dice.roll(20) == 0 => *other = strange[dice.roll(strange.len() as u64) as usize].clone(),
        _ => {}
    }
}

#[test]
fn spoilt_frames_neither_panic_nor_break_the_connection_for_good() {
    let frames = frames();
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let sockets = dice.roll(2) == 0;
        let mut rig = Rig::new(sockets);
        let mut server = Server::ours();
        let resume = (dice.roll(2) == 0).then_some(RESUME);
        rig.connect_with(resume, resume.map(|_| "c1"), 0);
        // Any moment of a connection may be hit: sometimes before it stands.
        if dice.roll(3) > 0 {
            server.operation = wire_rig::catch_up;
            rig.settle_with(&mut server);
        }
        for round in 0..40 {
            let ours: Vec<Value> = [rig.held.clone(), rig.handshaken.clone(), json!(round.to_string())].into();
            let frame = &frames[dice.roll(frames.len() as u64) as usize];
            let text = spoil(&mut dice, frame, &ours);
            if let Some(socket) = rig.socket {
                match dice.roll(30) {
                    0 => rig.cut(1006),
                    1 => rig.link(link::Event::Opened(socket)),
                    _ => rig.text(&text),
                }
            } else if let Some(request) = rig.requests.first().copied() {
                match dice.roll(20) {
                    0 => rig.link(link::Event::Failed(request)),
                    1 => rig.link(link::Event::Answered(request, dice.roll(600) as u16, text)),
                    _ => rig.link(link::Event::Answered(request, 200, text)),
                }
            }
            match dice.roll(8) {
                0 => rig.say(round, "k", "one"),
                1 => rig.perform(round, Action::CatchUp(dice.roll(4))),
                2 => rig.pass(dice.roll(12_000)),
                3 => rig.connect(),
                _ => {}
            }
            assert!(rig.requests.len() <= 2, "seed {seed}");
            // Strangers' events, old numbers: nothing comes of them.
            rig.link(link::Event::Text(999, text_of(&frames, &mut dice)));
            rig.link(link::Event::Answered(999, 200, text_of(&frames, &mut dice)));
            rig.link(link::Event::Closed(999, 1000));
        }
        recovers(rig, seed);
    }
}

fn text_of(frames: &[String], dice: &mut Dice) -> String {
    frames[dice.roll(frames.len() as u64) as usize].clone()
}

/// After whatever it was, a good server is enough.
fn recovers(mut rig: Rig, seed: u64) {
    let mut server = Server::ours();
    server.operation = |publish| {
        let requested = publish["data"]["operation"] == "requestChat";
        let messages = if requested { json!([]) } else { json!([message(1, "Client", "hello")]) };
        Some(data(json!({"requestId": publish["id"], "messages": messages})))
    };
    rig.did.clear();
    rig.told();
    rig.connect_with(None, None, 0);
    rig.settle_with(&mut server);
    let told = rig.told();
    assert!(connected(&told), "seed {seed}: {told:?}");
    rig.perform(1000, Action::RequestChat(Box::default()));
    rig.settle_with(&mut server);
    rig.say(1001, "k", "hello");
    rig.settle_with(&mut server);
    let told = rig.told();
    assert!(matches!(outcome(&told, 1001), Some(Ok(Performed::Sent(..)))), "seed {seed}: {told:?}");
}

#[test]
fn garbage_where_a_reply_should_be_is_an_interruption_not_a_hang() {
    let mut rig = Rig::new(false);
    rig.connect();
    let request = rig.requests[0];
    rig.link(link::Event::Answered(request, 200, "<html>sign in to the hotel's network</html>".to_owned()));
    let told = rig.told();
    assert!(matches!(&told[..], [Event::Notice(_), Event::Interrupted { reason: "protocol", .. }]), "{told:?}");
}

#[test]
fn nothing_secret_is_said_in_a_notice_or_an_error() {
    let mut rig = Rig::new(true);
    rig.connect_with(Some(RESUME), Some("c1"), 0);
    rig.open();
    for frame in frames() {
        if rig.socket.is_none() {
            rig.connect_with(Some(RESUME), Some("c1"), 0);
            rig.open();
        }
        rig.text(&frame);
    }
    rig.connect_with(Some(RESUME), Some("c1"), 0);
    rig.open();
    rig.text(r#"[{"channel":"/service/chatV2/customer-support","data":{"secureKey":"k1 leaked","statusCode":"x"}}]"#);
    let told = rig.told();
    let notices = told.iter().filter(|event| matches!(event, Event::Notice(_)));
    assert!(notices.clone().count() > 0);
    for event in told.iter().filter(|event| !matches!(event, Event::Saved(_))) {
        let text = format!("{event:?}");
        assert!(!text.contains("k1") && !text.contains("leaked"), "{text}");
    }
}
