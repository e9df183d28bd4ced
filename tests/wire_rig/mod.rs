//! What the tests of the wire share: the CometD transport under a fake clock, with the test as its browser and server.
//! Not: a test.

#![allow(clippy::unwrap_used, dead_code, unreachable_pub)] // each test file uses a part of it

pub mod chat;
pub mod recorded;
mod server;
pub mod users;

pub use server::Server;

use serde_json::{Value, json};
use std::collections::VecDeque;
use support_chat::time::Now;
use support_chat::transport::cometd::{Cometd, Config, Output};
use support_chat::transport::{
    Action, Command, Connect, ConnectionType, Event, Outgoing, Performed, Reason, RequestChat, link,
};

pub const SERVICE: &str = "/service/chatV2/customer-support";

/// Something the transport did on the link.
#[derive(Clone, Debug, PartialEq)]
pub enum Did {
    Opened(u32),
    Closed(u32),
    Aborted(u32),
    /// Messages on a socket.
    Sent(u32, Vec<Value>),
    /// Messages in a request.
    Posted(u32, Vec<Value>),
    /// A text that outlives the page: its number, address and JSON.
    Beacon(u32, String, Value),
}

pub struct Rig {
    pub cometd: Cometd,
    pub now: Now,
    /// What it did and the test has not looked at.
    pub did: VecDeque<Did>,
    /// What it told the session.
    pub events: Vec<Event>,
    pub remembered: Option<ConnectionType>,
    /// Requests that have not been answered, failed or aborted.
    pub requests: Vec<u32>,
    pub most_requests: usize,
    /// The socket that is open or opening.
    pub socket: Option<u32>,
    /// The id of the newest connect.
    pub held: Value,
    /// The id of the newest handshake.
    pub handshaken: Value,
    /// What the session was told to keep.
    pub saved: Option<String>,
}

impl Rig {
    pub fn new(web_sockets: bool) -> Rig {
        Rig::remembering(web_sockets, None)
    }

    pub fn remembering(web_sockets: bool, remembered: Option<ConnectionType>) -> Rig {
        let server_url = "https://chat.test/cometd".to_owned();
        let config = Config { server_url, channel: SERVICE.to_owned(), web_sockets, remembered };
        Rig {
            cometd: Cometd::new(config, 7),
            now: Now { mono: 1_000_000, wall: 1_755_000_000_000 },
            did: VecDeque::new(),
            events: Vec::new(),
            remembered: None,
            requests: Vec::new(),
            most_requests: 0,
            socket: None,
            held: Value::Null,
            handshaken: Value::Null,
            saved: None,
        }
    }

    pub fn command(&mut self, command: Command) {
        self.cometd.handle_command(command, self.now);
        self.drain();
    }

    /// With what was saved last, and no conversation.
    pub fn connect(&mut self) {
        let saved = self.saved.clone();
        self.connect_with(saved.as_deref(), None, 0);
    }

    pub fn connect_with(&mut self, resume: Option<&str>, conversation: Option<&str>, last_index: u64) {
        let resume = resume.map(str::to_owned);
        let conversation_id = conversation.map(str::to_owned);
        self.connect_as(Connect { resume, conversation_id, last_index, ..Connect::default() });
    }

    /// As whoever the rest says.
    pub fn connect_as(&mut self, connect: Connect) {
        let (visitor_id, locale) = ("v1".to_owned(), "en".to_owned());
        self.command(Command::Connect(Box::new(Connect { visitor_id, locale, ..connect })));
    }

    pub fn perform(&mut self, id: u32, action: Action) {
        self.command(Command::Perform(id, action));
    }

    pub fn say(&mut self, id: u32, key: &str, text: &str) {
        let outgoing =
            Outgoing { client_message_id: key.to_owned(), conversation_id: "c1".to_owned(), text: text.to_owned() };
        self.perform(id, Action::Send(outgoing));
    }

    pub fn disconnect(&mut self, reason: Reason) {
        self.command(Command::Disconnect(reason));
    }

    pub fn link(&mut self, event: link::Event) {
        if let link::Event::Answered(id, ..) | link::Event::Failed(id) = &event {
            self.requests.retain(|request| request != id);
        }
        self.cometd.handle_link(event, self.now);
        self.drain();
    }

    /// The newest socket opens.
    pub fn open(&mut self) {
        self.link(link::Event::Opened(self.socket.unwrap()));
    }

    /// Text on the newest socket.
    pub fn text(&mut self, text: &str) {
        self.link(link::Event::Text(self.socket.unwrap(), text.to_owned()));
    }

    /// A frame of messages on the newest socket.
    pub fn frame(&mut self, messages: Value) {
        self.text(&messages.to_string());
    }

    pub fn answer(&mut self, request: u32, messages: Value) {
        self.link(link::Event::Answered(request, 200, messages.to_string()));
    }

    /// Lets time pass, timer by timer.
    pub fn pass(&mut self, ms: u64) {
        let end = self.now.mono + ms;
        while let Some(at) = self.cometd.poll_timeout().filter(|at| *at <= end) {
            let step = at.saturating_sub(self.now.mono);
            self.now = Now { mono: self.now.mono + step, wall: self.now.wall + step };
            self.cometd.handle_timeout(self.now);
            self.drain();
            let next = self.cometd.poll_timeout();
            assert!(next.is_none_or(|next| next > self.now.mono), "a timer that does not go away");
        }
        let step = end - self.now.mono;
        self.now = Now { mono: end, wall: self.now.wall + step };
    }

    /// The next thing done.
    pub fn next(&mut self) -> Did {
        self.did.pop_front().expect("it did nothing")
    }

    /// The next thing done is to send these: its messages.
    pub fn sent(&mut self) -> Vec<Value> {
        match self.next() {
            Did::Sent(_, messages) => messages,
            other => panic!("wanted a frame, got {other:?}"),
        }
    }

    /// The next thing done is a request: its number and messages.
    pub fn posted(&mut self) -> (u32, Vec<Value>) {
        match self.next() {
            Did::Posted(id, messages) => (id, messages),
            other => panic!("wanted a request, got {other:?}"),
        }
    }

    pub fn is_quiet(&self) -> bool {
        self.did.is_empty()
    }

    /// Everything told since the last look.
    pub fn told(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Answers like a server until nothing is left to answer, on either carrier; held connects stay unanswered.
    pub fn settle_with(&mut self, server: &mut Server) {
        while let Some(did) = self.did.pop_front() {
            match did {
                Did::Opened(_) => self.open(),
                Did::Sent(_, messages) => {
                    let replies = server.replies(&messages);
                    if !replies.is_empty() {
                        self.frame(Value::Array(replies));
                    }
                }
                Did::Posted(id, messages) => {
                    let replies = server.replies(&messages);
                    if !replies.is_empty() && self.requests.contains(&id) {
                        self.answer(id, Value::Array(replies));
                    }
                }
                Did::Closed(_) | Did::Aborted(_) | Did::Beacon(..) => {}
            }
        }
    }

    /// The same, until this operation was heard; it is not answered.
    pub fn settle_until(&mut self, server: &mut Server, operation: &str) {
        while server.operations().last() != Some(&operation) {
            let Did::Sent(_, messages) = self.next() else { continue };
            let replies = server.replies(&messages);
            if server.operations().last() != Some(&operation) && !replies.is_empty() {
                self.frame(Value::Array(replies));
            }
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.cometd.poll_output() {
            let command = match output {
                Output::Link(command) => command,
                Output::Event(event) => {
                    if let Event::Saved(saved) = &event {
                        self.saved = Some(saved.clone());
                    }
                    self.events.push(event);
                    continue;
                }
                Output::Remember(carrier) => {
                    self.remembered = Some(carrier);
                    continue;
                }
            };
            let did = match command {
                link::Command::Open(id, url) => {
                    assert_eq!(url, "wss://chat.test/cometd");
                    assert_eq!(self.socket, None, "two sockets");
                    self.socket = Some(id);
                    Did::Opened(id)
                }
                link::Command::Send(id, text) => {
                    assert_eq!(self.socket, Some(id));
                    Did::Sent(id, messages(&text))
                }
                link::Command::Close(id) => {
                    self.socket = None;
                    Did::Closed(id)
                }
                link::Command::Post(id, url, text) => {
                    assert_eq!(url, "https://chat.test/cometd");
                    self.requests.push(id);
                    self.most_requests = self.most_requests.max(self.requests.len());
                    Did::Posted(id, messages(&text))
                }
                link::Command::Beacon(id, url, text) => Did::Beacon(id, url, serde_json::from_str(&text).unwrap()),
                link::Command::Abort(id) => {
                    self.requests.retain(|request| *request != id);
                    Did::Aborted(id)
                }
            };
            if let Did::Sent(_, messages) | Did::Posted(_, messages) = &did {
                match messages[0]["channel"].as_str() {
                    Some("/meta/connect") => self.held = messages[0]["id"].clone(),
                    Some("/meta/handshake") => self.handshaken = messages[0]["id"].clone(),
                    _ => {}
                }
            }
            self.did.push_back(did);
        }
    }

    /// Requests a chat and has it granted: `c1`, opened by `k1`.
    pub fn open_chat(&mut self) {
        let chat = RequestChat {
            client_conversation_id: "cc1".to_owned(),
            nickname: "Lena".to_owned(),
            subject: None,
            user_data: r#"{"source":"web"}"#.to_owned(),
        };
        self.did.clear();
        self.perform(1, Action::RequestChat(Box::new(chat)));
        let did = self.next();
        let (Did::Sent(_, messages) | Did::Posted(_, messages)) = &did else { panic!("{did:?}") };
        let id = &messages[0]["id"];
        let data = json!({"chatId": "c1", "secureKey": "k1", "userId": "u1", "alias": "1", "statusCode": 0,
            "chatEnded": false, "nextPosition": 1, "requestId": id, "messages": []});
        let replies = json!([{"channel": SERVICE, "data": data}, {"id": id, "channel": SERVICE, "successful": true}]);
        match did {
            Did::Posted(request, _) => self.answer(request, replies),
            _ => self.frame(replies),
        }
        let requested = Event::Performed(1, Ok(Performed::Requested("c1".to_owned())));
        assert!(self.events.contains(&requested), "{:?}", self.events);
    }

    /// The id of the newest operation that was sent and not looked at; everything done is looked at then.
    pub fn newest_send(&mut self) -> Option<Value> {
        let mut newest = None;
        for did in self.did.drain(..) {
            if let Did::Sent(_, messages) | Did::Posted(_, messages) = did {
                let mut operations = messages.into_iter().filter(|message| message["channel"] == SERVICE);
                newest = operations.next_back().map(|message| message["id"].clone()).or(newest);
            }
        }
        newest
    }

    /// The socket goes away.
    pub fn cut(&mut self, code: u16) {
        let socket = self.socket.take().unwrap();
        self.link(link::Event::Closed(socket, code));
    }
}

/// What every frame must be: an array of messages with one channel each, a handshake alone, ids as strings.
pub fn messages(text: &str) -> Vec<Value> {
    let Value::Array(messages) = serde_json::from_str(text).unwrap() else { panic!("no array: {text}") };
    for message in &messages {
        let channel = message["channel"].as_str().unwrap();
        assert!(message["id"].is_string());
        if channel == "/meta/handshake" {
            assert_eq!(messages.len(), 1, "a handshake travels alone");
            assert!(message["version"].is_string() && message["supportedConnectionTypes"].is_array());
        } else {
            assert!(message["clientId"].is_string());
        }
        assert_eq!(channel == "/meta/connect", message["connectionType"].is_string());
    }
    assert!(text.len() <= 60 * 1024);
    messages
}

/// Answers catching up with nothing new after position 3.
pub fn catch_up(publish: &Value) -> Option<Value> {
    let data = json!({"chatId": "c1", "secureKey": "k", "statusCode": 0, "chatEnded": false, "nextPosition": 4,
        "requestId": publish["id"], "messages": []});
    (publish["data"]["operation"] == "requestNotifications").then_some(data)
}

pub fn connected(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Connected(..)))
}

pub fn interrupted(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Interrupted { .. }))
}

/// A small repeatable generator: splitmix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}
