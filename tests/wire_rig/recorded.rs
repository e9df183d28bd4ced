//! Plays a recorded exchange with a real server to the transport: it must do what the recorded client did where the
//! protocol leaves no choice, and hears what the recorded server said. Not: a test.
//!
//! Ids differ from the recorded ones, so each recorded client message is paired with ours of the same kind, and the
//! server's replies are given our ids. A recorded publish becomes an operation of ours; a recorded event becomes a
//! message of chat `c1`. What our client says besides (its subscription, its catching up) is answered here.

use super::chat::{RESUME, data};
use super::{Did, Rig, SERVICE, interrupted};
use serde_json::{Value, json};
use std::collections::VecDeque;
use support_chat::transport::{Action, Event, link};

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Open,
    Closed(u16),
    /// The recorded client's messages.
    Client(Vec<Value>),
    /// The recorded server's.
    Server(Vec<Value>),
    /// An HTTP error.
    Status(u16),
    /// A request without an answer.
    Failed,
}

/// The steps of a recording with their times in ms, of the connections named; of one section, unless it is empty.
pub fn steps(file: &str, section: &str, connections: &[&str]) -> Vec<(u64, Step)> {
    let path = format!("{}/tests/fixtures/wire/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut within = section.is_empty();
    let mut steps = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            within = section.is_empty() || title.starts_with(section);
        }
        let Some((time, rest)) = line.split_once(' ').filter(|_| within) else { continue };
        let Ok(seconds) = time.parse::<f64>() else { continue };
        let what = connections.iter().find_map(|name| match *name {
            "" => Some(rest),
            "XHR" => rest.strip_prefix("XHR#").and_then(|rest| Some(rest.split_once(' ')?.1)),
            name => rest.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')),
        });
        if let Some(step) = what.and_then(step) {
            steps.push(((seconds * 1000.0).round() as u64, step));
        }
    }
    assert!(!steps.is_empty(), "nothing recorded: {file} {section} {connections:?}");
    steps
}

fn step(what: &str) -> Option<Step> {
    let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
    let messages = || match serde_json::from_str(&rest[rest.find('[')?..]).ok()? {
        Value::Array(messages) => Some(messages),
        _ => None,
    };
    match word {
        "OPEN" | "open" => Some(Step::Open),
        "CLOSE" | "close" => Some(Step::Closed(rest.split(' ').next()?.parse().ok()?)),
        "ERROR" => Some(Step::Failed),
        ">" => Some(Step::Client(messages()?)),
        "<" => match rest.split(' ').next()?.parse() {
            Ok(status) if status != 200 => Some(Step::Status(status)),
            _ => Some(Step::Server(messages()?)),
        },
        _ => None,
    }
}

/// A message of ours that waits for its pair.
#[derive(Debug)]
struct Ours {
    message: Value,
    request: Option<u32>,
}

pub struct Replay {
    pub rig: Rig,
    start: Option<(u64, u64)>,
    /// Handshakes and connects in the order they left.
    metas: VecDeque<Ours>,
    publishes: VecDeque<Ours>,
    /// Recorded id, ours, and the request that carries it.
    pairs: Vec<(Value, Value, Option<u32>)>,
    /// How many events were played.
    pub played: u64,
    operations: u32,
    /// The session was told of a loss.
    lost: bool,
    /// Everything told to the session.
    pub told: Vec<Event>,
}

impl Replay {
    /// With chat `c1` open on the page.
    pub fn new(web_sockets: bool) -> Replay {
        let mut rig = Rig::new(web_sockets);
        rig.connect_with(Some(RESUME), Some("c1"), 0);
        let mut replay = Replay {
            rig,
            start: None,
            metas: VecDeque::new(),
            publishes: VecDeque::new(),
            pairs: Vec::new(),
            played: 0,
            operations: 0,
            lost: false,
            told: Vec::new(),
        };
        replay.sort();
        replay
    }

    /// The kind of what our client said last and the recorded one did not.
    pub fn unpaired(&self) -> Vec<&str> {
        self.metas.iter().map(|ours| ours.message["channel"].as_str().unwrap()).collect()
    }

    pub fn count(&self, fits: fn(&Event) -> bool) -> usize {
        self.told.iter().filter(|event| fits(event)).count()
    }

    pub fn play(&mut self, steps: &[(u64, Step)]) {
        for (at, step) in steps {
            let (start, first) = *self.start.get_or_insert((self.rig.now.mono, *at));
            self.rig.pass((start + at - first).saturating_sub(self.rig.now.mono));
            self.sort();
            // When the recorded client tried again, so does ours.
            if self.lost && !matches!(step, Step::Server(_)) {
                self.connect_again();
            }
            self.take(step);
            self.sort();
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Open => self.rig.open(),
            Step::Closed(code) => self.cut(*code),
            Step::Failed => self.end_meta(link::Event::Failed),
            Step::Status(status) => {
                let status = *status;
                self.end_meta(move |request| link::Event::Answered(request, status, "<html>".to_owned()));
            }
            Step::Client(messages) => self.pair(messages),
            Step::Server(messages) => self.hear(messages),
        }
    }

    /// The socket goes away, with what had no reply.
    pub fn cut(&mut self, code: u16) {
        self.metas.clear();
        self.rig.cut(code);
        self.sort();
    }

    /// Nobody answers our requests.
    pub fn fail_requests(&mut self) {
        for request in std::mem::take(&mut self.rig.requests) {
            self.metas.retain(|ours| ours.request != Some(request));
            self.rig.link(link::Event::Failed(request));
        }
        self.sort();
    }

    /// The session's answer to a loss: once more.
    pub fn connect_again(&mut self) {
        self.lost = false;
        self.rig.connect_with(Some(RESUME), Some("c1"), self.played);
        self.sort();
    }

    fn end_meta(&mut self, event: impl Fn(u32) -> link::Event) {
        let request = self.pairs.iter().rev().find_map(|pair| pair.2.filter(|id| self.rig.requests.contains(id)));
        self.rig.link(event(request.expect("no request under way")));
    }

    fn pair(&mut self, messages: &[Value]) {
        for recorded in messages {
            let channel = recorded["channel"].as_str().unwrap();
            let ours = match channel {
                "/meta/handshake" | "/meta/connect" => {
                    let ours = self.metas.pop_front().unwrap_or_else(|| panic!("ours did not send {recorded}"));
                    assert_eq!(ours.message["channel"], channel, "the recorded client sent {recorded}");
                    assert_eq!(ours.message["connectionType"], recorded["connectionType"]);
                    assert_eq!(ours.message["clientId"], recorded["clientId"]);
                    ours
                }
                channel if channel.starts_with("/meta/") => continue,
                _ => {
                    self.operations += 1;
                    self.rig.perform(self.operations, Action::Typing(true));
                    self.sort();
                    // Behind another request it waits, and has no pair.
                    let Some(ours) = self.publishes.pop_front() else { continue };
                    ours
                }
            };
            self.pairs.push((recorded["id"].clone(), ours.message["id"].clone(), ours.request));
        }
    }

    fn hear(&mut self, messages: &[Value]) {
        let before = self.played;
        let mut request = None;
        let mut said = Vec::new();
        for recorded in messages {
            let mut message = recorded.clone();
            if recorded.get("data").is_some() {
                self.played += 1;
                message["channel"] = json!(SERVICE);
                let text = recorded["data"].to_string();
                message["data"] = data(json!({"messages": [super::chat::message(self.played, "Agent", &text)]}));
            }
            if let Some((_, ours, carrier)) = self.pairs.iter().rfind(|pair| pair.0 == recorded["id"]) {
                message["id"] = ours.clone();
                request = request.or(*carrier);
                if !recorded["channel"].as_str().unwrap().starts_with("/meta/") {
                    message["channel"] = json!(SERVICE);
                }
            }
            said.push(message);
        }
        match request {
            Some(request) if self.rig.requests.contains(&request) => self.rig.answer(request, json!(said)),
            None if self.rig.socket.is_some() => self.rig.frame(json!(said)),
            // The reply to a request our client did not make.
            _ => self.played = before,
        }
    }

    /// Sorts what our client did, and answers what the recorded one never said.
    pub fn sort(&mut self) {
        while let Some(did) = self.rig.did.pop_front() {
            let (request, messages) = match did {
                Did::Sent(_, messages) => (None, messages),
                Did::Posted(request, messages) => (Some(request), messages),
                Did::Opened(_) | Did::Closed(_) | Did::Beacon(..) => continue,
                Did::Aborted(id) => {
                    self.metas.retain(|ours| ours.request != Some(id));
                    continue;
                }
            };
            let mut replies = Vec::new();
            for message in messages {
                let reply = json!({"id": message["id"], "channel": message["channel"], "successful": true});
                let operation = message["data"]["operation"].as_str();
                match message["channel"].as_str().unwrap() {
                    "/meta/handshake" | "/meta/connect" => self.metas.push_back(Ours { message, request }),
                    SERVICE if operation == Some("startTyping") => self.publishes.push_back(Ours { message, request }),
                    SERVICE => {
                        let answer = data(json!({"requestId": message["id"], "nextPosition": self.played + 1}));
                        replies.extend([json!({"channel": SERVICE, "data": answer}), reply]);
                    }
                    _ => replies.push(reply),
                }
            }
            match request.filter(|_| !replies.is_empty()) {
                Some(request) => self.rig.answer(request, json!(replies)),
                None if !replies.is_empty() => self.rig.frame(json!(replies)),
                None => {}
            }
        }
        let told = self.rig.told();
        self.lost |= interrupted(&told);
        self.told.extend(told);
    }
}
