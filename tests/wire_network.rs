//! The transport on a bad network, seeded: links that fail, stay mute or lag, a server that restarts. It must keep to
//! the contract of the link, answer every operation once, and never hang. Not: the session's own recovery (the simulation).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use serde_json::{Value, json};
use support_chat::time::Mono;
use support_chat::transport::{Action, ConnectionType, Event, Performed, link};
use wire_rig::chat::message;
use wire_rig::{Dice, Did, Rig, SERVICE};

/// Longer than any timer of the transport.
const LONG: u64 = 45_000;

/// A connect the server holds: on which link, under which id, until when.
struct Held {
    client: String,
    id: Value,
    on: On,
    until: Mono,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum On {
    Socket(u32),
    Request(u32),
}

/// The world: one server, and the network to it.
struct World {
    rig: Rig,
    dice: Dice,
    /// How likely a fault is, in a hundred.
    faults: u64,
    /// What is on its way to the page.
    coming: Vec<(Mono, link::Event)>,
    /// What is on its way to the server.
    going: Vec<(Mono, On, Vec<Value>)>,
    clients: Vec<String>,
    made: u32,
    held: Vec<Held>,
    /// Keys of the messages stored, in order.
    stored: Vec<String>,
    /// Sockets the server has seen open, and those that swallow everything.
    mute: Vec<u32>,
    told: Vec<Event>,
    /// When the session wants to connect again.
    again_at: Option<Mono>,
    wanted: bool,
    operations: u32,
}

impl World {
    fn new(seed: u64) -> World {
        let mut dice = Dice(seed);
        World {
            rig: Rig::new(dice.roll(3) > 0),
            faults: dice.roll(40),
            dice,
            coming: Vec::new(),
            going: Vec::new(),
            clients: Vec::new(),
            made: 0,
            held: Vec::new(),
            stored: Vec::new(),
            mute: Vec::new(),
            told: Vec::new(),
            again_at: None,
            wanted: false,
            operations: 0,
        }
    }

    fn is_fault(&mut self) -> bool {
        self.dice.roll(100) < self.faults
    }

    fn delay(&mut self) -> Mono {
        let lag = if self.is_fault() { self.dice.roll(12_000) } else { self.dice.roll(80) };
        self.rig.now.mono + 1 + lag
    }

    /// Runs for so long, in steps of whatever comes first.
    fn run(&mut self, ms: u64) {
        let end = self.rig.now.mono + ms;
        loop {
            self.carry();
            let due = self.coming.iter().map(|(at, _)| *at).chain(self.going.iter().map(|(at, ..)| *at));
            let due = due.chain(self.held.iter().map(|held| held.until)).chain(self.again_at);
            let next = due.chain(self.rig.cometd.poll_timeout()).min().unwrap_or(end).min(end);
            let now = self.rig.now.mono;
            self.rig.pass(next.saturating_sub(now));
            self.arrive();
            if self.rig.now.mono >= end {
                self.carry();
                return;
            }
        }
    }

    /// Takes what the transport did to the network.
    fn carry(&mut self) {
        while let Some(did) = self.rig.did.pop_front() {
            let at = self.delay();
            match did {
                Did::Opened(id) => match self.dice.roll(100) {
                    roll if roll >= self.faults => self.coming.push((at, link::Event::Opened(id))),
                    roll if roll % 3 == 0 => self.coming.push((at, link::Event::Closed(id, 1006))),
                    roll if roll % 3 == 1 => {
                        self.mute.push(id);
                        self.coming.push((at, link::Event::Opened(id)));
                    }
                    _ => {}
                },
                Did::Sent(id, _) if self.mute.contains(&id) => {}
                Did::Sent(id, messages) => {
                    // A socket keeps the order.
                    let last = self.going.iter().filter(|(_, on, _)| *on == On::Socket(id)).map(|(at, ..)| *at).max();
                    self.going.push((last.unwrap_or(0).max(at), On::Socket(id), messages));
                }
                Did::Posted(id, messages) => {
                    if self.is_fault() && self.dice.roll(2) == 0 {
                        self.coming.push((at, link::Event::Failed(id)));
                    } else {
                        self.going.push((at, On::Request(id), messages));
                    }
                }
                Did::Closed(id) => self.forget(On::Socket(id)),
                // What an aborted request carried may have arrived.
                Did::Beacon(..) => {}
                Did::Aborted(id) => self.held.retain(|held| held.on != On::Request(id)),
            }
        }
        let told = self.rig.told();
        for event in &told {
            match event {
                Event::Interrupted { .. } | Event::Closed(_) if self.wanted => {
                    self.again_at = Some(self.rig.now.mono + 500 + self.dice.roll(2_000));
                }
                _ => {}
            }
        }
        self.told.extend(told);
    }

    fn forget(&mut self, on: On) {
        self.held.retain(|held| held.on != on);
        if let On::Socket(id) = on {
            self.coming.retain(|(_, event)| !matches!(event, link::Event::Text(of, _) | link::Event::Opened(of) | link::Event::Closed(of, _) if *of == id));
        }
    }

    /// Everything due now happens.
    fn arrive(&mut self) {
        let now = self.rig.now.mono;
        if self.again_at.is_some_and(|at| at <= now) {
            self.again_at = None;
            self.connect();
        }
        let (due, later) = std::mem::take(&mut self.going).into_iter().partition(|(at, ..)| *at <= now);
        self.going = later;
        let due: Vec<(Mono, On, Vec<Value>)> = due;
        for (_, on, messages) in due {
            self.serve(on, &messages);
        }
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|held| held.until <= now);
        self.held = later;
        for held in due {
            self.reply(held.on, vec![json!({"id": held.id, "channel": "/meta/connect", "successful": true})]);
        }
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.coming).into_iter().partition(|(at, _)| *at <= now);
        self.coming = later;
        for (_, event) in due {
            self.hand_over(event);
        }
    }

    /// The browser reports nothing of what was closed or aborted.
    fn hand_over(&mut self, event: link::Event) {
        let known = match &event {
            link::Event::Opened(id) | link::Event::Text(id, _) => self.rig.socket == Some(*id),
            link::Event::Closed(id, _) => {
                let known = self.rig.socket == Some(*id);
                if known {
                    self.rig.socket = None;
                }
                known
            }
            link::Event::Answered(id, ..) | link::Event::Failed(id) => self.rig.requests.contains(id),
        };
        if known {
            self.rig.link(event);
            self.carry();
        }
    }

    fn reply(&mut self, on: On, replies: Vec<Value>) {
        let at = self.delay();
        let text = Value::Array(replies).to_string();
        let event = match on {
            On::Socket(id) if self.is_fault() => link::Event::Closed(id, 1006),
            On::Socket(id) => link::Event::Text(id, text),
            On::Request(id) if self.is_fault() => link::Event::Failed(id),
            On::Request(id) => link::Event::Answered(id, 200, text),
        };
        self.coming.push((at, event));
    }

    fn serve(&mut self, on: On, messages: &[Value]) {
        if self.is_fault() && self.dice.roll(10) == 0 {
            // A restart: every session is gone, what is stored stays.
            self.clients.clear();
            self.held.clear();
        }
        let mut replies = Vec::new();
        for message in messages {
            let mut reply = json!({"id": message["id"], "channel": message["channel"], "successful": true});
            let client = message["clientId"].as_str().unwrap_or("").to_owned();
            let channel = message["channel"].as_str().unwrap();
            if channel == "/meta/handshake" {
                self.made += 1;
                let client = format!("client-{}", self.made);
                reply["clientId"] = json!(client);
                reply["ext"] = json!({"support-chat": {"capabilities": ["idempotency"], "visitorSecret": "s"}});
                reply["advice"] = json!({"reconnect": "retry", "interval": 0, "timeout": 20_000});
                self.clients.push(client);
            } else if !self.clients.contains(&client) {
                reply["successful"] = json!(false);
                reply["error"] = json!("402::session_unknown");
            } else if channel == "/meta/connect" && message["advice"]["timeout"] != 0 {
                // The rule of one outstanding connect, as a server sees it.
                self.held.retain(|held| held.client != client);
                self.held.push(Held { client, id: message["id"].clone(), on, until: self.rig.now.mono + 20_000 });
                continue;
            } else if channel == SERVICE {
                replies.push(json!({"channel": SERVICE, "data": self.perform(message)}));
            }
            replies.push(reply);
        }
        if !replies.is_empty() {
            self.reply(on, replies);
        }
    }

    fn perform(&mut self, publish: &Value) -> Value {
        let data = &publish["data"];
        let mut messages = Vec::new();
        if let Some(key) = data["clientMessageId"].as_str() {
            let place = self.stored.iter().position(|stored| stored == key).unwrap_or_else(|| {
                self.stored.push(key.to_owned());
                self.stored.len() - 1
            });
            let mut echo = message(place as u64 + 1, "Client", data["message"].as_str().unwrap());
            echo["userData"] = json!({"clientMessageId": key});
            messages.push(echo);
        }
        json!({"chatId": "c1", "secureKey": "k1", "statusCode": 0, "chatEnded": false, "requestId": publish["id"],
            "nextPosition": self.stored.len() + 1, "messages": messages})
    }

    fn connect(&mut self) {
        self.wanted = true;
        let saved = self.rig.saved.clone();
        let open = saved.as_ref().is_some_and(|saved| saved.contains("chatId"));
        self.rig.connect_with(saved.as_deref(), open.then_some("c1"), 0);
        self.carry();
    }

    /// Whether it is connected, going by what it told.
    fn is_connected(&self) -> bool {
        let state = self
            .told
            .iter()
            .rev()
            .find(|event| matches!(event, Event::Connected(..) | Event::Interrupted { .. } | Event::Closed(_)));
        matches!(state, Some(Event::Connected(..)))
    }

    fn act(&mut self) {
        self.operations += 1;
        let key = format!("k{}", self.operations);
        match self.dice.roll(6) {
            0 => self.rig.perform(self.operations, Action::RequestChat(Box::default())),
            1 => self.rig.perform(self.operations, Action::CatchUp(0)),
            2 => self.rig.perform(self.operations, Action::Typing(true)),
            _ => self.rig.say(self.operations, &key, "hello"),
        }
        self.carry();
    }
}

#[test]
fn a_bad_network_never_leaves_it_hanging() {
    let (mut lost, mut sessions, mut long_polling) = (0, 0, 0);
    for seed in 0..300 {
        let mut world = World::new(seed);
        world.connect();
        for _ in 0..30 {
            let pause = world.dice.roll(3_000);
            world.run(pause);
            if world.is_connected() {
                world.act();
            } else if world.dice.roll(20) == 0 {
                world.connect();
            }
            assert!(world.rig.most_requests <= 2, "seed {seed}");
        }
        world.faults = 0;
        world.run(LONG);
        world.run(LONG);
        assert!(world.is_connected(), "seed {seed}: {:?}", world.told.iter().rev().take(4).collect::<Vec<_>>());
        let before = world.stored.len();
        world.rig.perform(9_000, Action::RequestChat(Box::default()));
        world.run(1_000);
        world.rig.say(9_001, "last", "hello");
        world.run(1_000);
        let sent = world.told.iter().find_map(|event| match event {
            Event::Performed(9_001, Ok(Performed::Sent(index, _))) => Some(*index),
            _ => None,
        });
        assert_eq!(sent, Some(before as u64 + 1), "seed {seed}");
        // Whatever was asked for was answered, or the connection was lost meanwhile.
        let losses =
            world.told.iter().filter(|event| matches!(event, Event::Interrupted { .. } | Event::Closed(_))).count();
        lost += losses;
        sessions += world.made;
        long_polling += u32::from(world.rig.remembered == Some(ConnectionType::LongPolling));
        for id in 1..=world.operations {
            let answered =
                world.told.iter().filter(|event| matches!(event, Event::Performed(of, _) if *of == id)).count();
            assert!(
                answered == 1 || (answered == 0 && losses > 0),
                "seed {seed}: operation {id} answered {answered} times"
            );
        }
    }
    assert!(
        lost > 500 && sessions > 500 && long_polling > 50,
        "the network is too good: {lost} {sessions} {long_polling}"
    );
}
