//! How many messages a second the pure core takes in, natively: from the text of a frame to what the page is told.
//! Run by `cargo xtask bench`, which reads criterion's medians. Not: a browser (`benches/measures`), nor a test.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // the tests' rig
#![allow(missing_docs)] // what criterion's macros make

#[allow(dead_code)]
#[path = "../tests/session/given.rs"]
mod given;
#[path = "../tests/wire_rig/mod.rs"]
mod wire_rig;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use std::hint::black_box;
use support_chat::session::{Call, Ids, LockCommand, LockEvent, Output, Session};
use support_chat::store::Store;
use support_chat::store::memory::Memory;
use support_chat::time::Now;
use support_chat::transport::cometd::{self, Cometd};
use support_chat::transport::{Action, Capabilities, Command, Event, Performed, link};
use wire_rig::chat::{chatting, data, hear, message};
use wire_rig::{Rig, SERVICE, Server};

/// As many as the longest transcript that is measured in the browser.
const MESSAGES: u64 = 10_000;

/// One frame for each message, as the example server sends them.
fn frames() -> Vec<String> {
    let text = "Message: the burr is in stock and leaves today.";
    let frame = |index| {
        let said = data(json!({"nextPosition": index + 1, "messages": [message(index, "Agent", text)]}));
        json!([{"channel": SERVICE, "data": said}]).to_string()
    };
    (2..MESSAGES + 2).map(frame).collect()
}

/// A transport in chat `c1` that has heard its first message.
fn listening() -> Rig {
    let mut rig = chatting(Server::ours());
    hear(&mut rig, json!({"nextPosition": 2, "messages": [message(1, "Client", "first")]}));
    rig.told();
    rig
}

/// A session with everything a browser would do for it, except what costs the browser's time.
struct Page {
    session: Session,
    store: Memory,
    now: Now,
    /// Events told.
    told: u64,
    /// What the transport was last asked to do.
    asked: Option<(u32, Action)>,
}

impl Page {
    /// In chat `c1`, with its first message sent.
    fn talking() -> Page {
        let now = Now { mono: 1_000, wall: 1_700_000_000_000 };
        let mut last = 0_u128;
        let ids = Ids(Box::new(move || {
            last += 0x1_0000_0001;
            last
        }));
        let session = Session::new(given::config(), ids, 1, now);
        let mut page = Page { session, store: Memory::default(), now, told: 0, asked: None };
        page.drain();
        page.call(1, Call::Boot);
        let text = "first".into();
        page.call(2, Call::SendMessage { conversation_id: None, text, client_message_id: Some("m1".into()) });
        page.report(Event::Connected(Capabilities::from_bits(15), None));
        let Some((op, Action::RequestChat(_))) = page.asked.take() else { panic!("no chat is requested") };
        page.report(Event::Performed(op, Ok(Performed::Requested("c1".into()))));
        let Some((op, Action::Send(_))) = page.asked.take() else { panic!("nothing is sent") };
        page.report(Event::Performed(op, Ok(Performed::Sent(1, None))));
        page.told = 0;
        page
    }

    fn call(&mut self, id: u32, call: Call) {
        self.session.call(id, call, self.now);
        self.drain();
    }

    fn report(&mut self, event: Event) {
        self.session.handle_transport(event, self.now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Load => {
                    let loaded = self.store.load();
                    self.session.handle_loaded(loaded, self.now);
                }
                Output::Save { name, text, token } => {
                    let kept = self.store.set(&name, &text);
                    self.session.handle_stored(token, kept, self.now);
                }
                Output::Lock(LockCommand::Acquire(lock, _)) => {
                    self.session.handle_lock(LockEvent::Acquired(lock), self.now);
                }
                Output::Transport(Command::Perform(op, action)) => self.asked = Some((op, action)),
                Output::Emit(_) => self.told += 1,
                other => drop(black_box(other)),
            }
        }
    }
}

/// Hands one frame to the transport; what it reports goes to `told`.
fn hand_over(cometd: &mut Cometd, socket: u32, frame: String, now: Now, mut told: impl FnMut(Event)) {
    cometd.handle_link(link::Event::Text(socket, frame), now);
    while let Some(output) = cometd.poll_output() {
        match output {
            cometd::Output::Event(event) => told(event),
            other => drop(black_box(other)),
        }
    }
}

/// The transport alone.
fn events(frames: Vec<String>) -> Vec<Event> {
    let mut rig = listening();
    let (socket, now) = (rig.socket.unwrap(), rig.now);
    let mut events = Vec::new();
    for frame in frames {
        hand_over(&mut rig.cometd, socket, frame, now, |event| events.push(event));
    }
    events
}

fn core(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("core");
    group.throughput(Throughput::Elements(MESSAGES));
    let frames = frames();
    let reported = events(frames.clone());
    assert!(reported.len() as u64 >= MESSAGES, "a frame without an event");

    group.bench_function("transport", |bencher| {
        let ready = || (listening(), frames.clone());
        bencher.iter_batched(
            ready,
            |(mut rig, frames)| {
                let (socket, now) = (rig.socket.unwrap(), rig.now);
                for frame in frames {
                    hand_over(&mut rig.cometd, socket, frame, now, |event| drop(black_box(event)));
                }
                rig
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("session", |bencher| {
        let ready = || (Page::talking(), reported.clone());
        bencher.iter_batched(
            ready,
            |(mut page, events)| {
                for event in events {
                    page.report(event);
                }
                assert!(page.told >= MESSAGES, "{} events", page.told);
                page
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("whole", |bencher| {
        let ready = || (listening(), Page::talking(), frames.clone());
        bencher.iter_batched(
            ready,
            |(mut rig, mut page, frames)| {
                let (socket, now) = (rig.socket.unwrap(), rig.now);
                for frame in frames {
                    hand_over(&mut rig.cometd, socket, frame, now, |event| page.report(event));
                }
                assert!(page.told >= MESSAGES, "{} events", page.told);
                (rig, page)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, core);
criterion_main!(benches);
