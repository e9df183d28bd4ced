//! What an instance holds of the browser, which `web.js` keeps by kind and number: sockets, requests, locks, the timer,
//! the frame, the channel of the tabs, the page's listeners. Here is what can be asked of it, and what its reports are.
//! Not: what follows from them (`driver`).

use super::inbox::{Inbox, Input};
use super::js;
use crate::session::{Lock, LockCommand, LockEvent, PageEvent};
use crate::time::Mono;
use crate::transport::link::{Command, Event};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bundle.js")]
extern "C" {
    type Held;
    #[wasm_bindgen(js_name = shell)]
    fn hold(tell: &JsValue, host: &JsValue) -> Held;
    #[wasm_bindgen(method, js_name = letGo)]
    fn let_go(this: &Held, kind: u32, id: u32);
    #[wasm_bindgen(method)]
    fn end(this: &Held);
    #[wasm_bindgen(method)]
    fn open(this: &Held, id: u32, address: &str);
    #[wasm_bindgen(method)]
    fn join(this: &Held, name: &str) -> bool;
    #[wasm_bindgen(method)]
    fn send(this: &Held, kind: u32, id: u32, text: &str);
    #[wasm_bindgen(method)]
    fn post(this: &Held, id: u32, address: &str, body: &str, lasting: bool);
    #[wasm_bindgen(method)]
    fn lock(this: &Held, id: u32, name: &str, steal: bool);
    #[wasm_bindgen(method)]
    fn arm(this: &Held, ms: u32);
    #[wasm_bindgen(method)]
    fn frame(this: &Held);
    #[wasm_bindgen(method)]
    fn listen(this: &Held);

    /// The user data of a conversation: what the page is, and over it what the page said.
    #[wasm_bindgen(js_name = about)]
    pub(super) fn with_page(given: &str) -> String;
}

// The kinds of things, as `web.js` counts them.
const SOCKET: u32 = 0;
const REQUEST: u32 = 1;
const LOCK: u32 = 2;
const TIMER: u32 = 3;
const CHANNEL: u32 = 5;

/// The page's events, as `web.js` counts them.
const PAGE: [PageEvent; 10] = [
    PageEvent::Online,
    PageEvent::Offline,
    PageEvent::Shown,
    PageEvent::Hidden,
    PageEvent::Leaving,
    PageEvent::Cached,
    PageEvent::Restored,
    PageEvent::Frozen,
    PageEvent::Resumed,
    PageEvent::Focused,
];

/// Browsers keep delays in 31 bits; a longer one would fire at once. It fires early instead, and is armed again.
const LONGEST: u64 = 0x7fff_ffff;

/// See the module.
pub(super) struct Shell {
    held: Held,
    /// Other tabs can be spoken to.
    pub(super) joined: bool,
    /// When the timer fires.
    due: Cell<Option<Mono>>,
}

impl Shell {
    /// Joins the other tabs of the namespace, where the browser lets it. The host is left what frees the page after a trap.
    pub(super) fn new(namespace: &str, host: &JsValue, inbox: &Inbox) -> Self {
        let inbox = inbox.clone();
        let tell = js::callback(move |text, event, id, number| inbox.report(event, id, number, text));
        let held = hold(&tell, host);
        let joined = held.join(&["sc:", namespace].concat());
        Shell { held, joined, due: Cell::new(None) }
    }

    /// Lets go of everything. Nothing is reported any more.
    pub(super) fn end(&self) {
        self.held.end();
    }

    /// Carries an order of the built-in transport out.
    pub(super) fn link(&self, command: &Command) {
        match command {
            Command::Open(id, address) => self.held.open(*id, address),
            Command::Send(id, text) => self.held.send(SOCKET, *id, text),
            Command::Close(id) => self.held.let_go(SOCKET, *id),
            Command::Post(id, address, body) => self.held.post(*id, address, body, false),
            Command::Beacon(id, address, body) => self.held.post(*id, address, body, true),
            Command::Abort(id) => self.held.let_go(REQUEST, *id),
        }
    }

    /// Does with a lock what the session asks.
    pub(super) fn lock(&self, command: &LockCommand) {
        match command {
            LockCommand::Acquire(lock, name) => self.held.lock(*lock as u32, name, false),
            LockCommand::Steal(lock, name) => self.held.lock(*lock as u32, name, true),
            LockCommand::Release(lock) => self.held.let_go(LOCK, *lock as u32),
        }
    }

    /// Tells the other tabs.
    pub(super) fn post(&self, text: &str) {
        self.held.send(CHANNEL, 0, text);
    }

    /// The one timer fires at the deadline, or never. The same deadline again changes nothing.
    pub(super) fn arm(&self, due: Option<Mono>, now: Mono) {
        if self.due.replace(due) == due {
            return;
        }
        match due {
            Some(due) => self.held.arm(delay(due, now)),
            None => self.held.let_go(TIMER, 0),
        }
    }

    /// The timer fired.
    pub(super) fn fired(&self) {
        self.due.set(None);
    }

    /// Asks for a frame.
    pub(super) fn frame(&self) {
        self.held.frame();
    }

    /// Reports the page's events from now on; first how it stands, where that is not visible and with a network.
    pub(super) fn listen(&self) {
        self.held.listen();
    }
}

/// In ms from now; a late one is due at once.
fn delay(due: Mono, now: Mono) -> u32 {
    due.saturating_sub(now).min(LONGEST) as u32
}

/// What a report of `web.js` is; `None` for a frame.
pub(super) fn input(event: u32, id: u32, number: u32, text: String) -> Option<Input> {
    Some(match event {
        0 => Input::Timeout,
        2 => Input::Link(Event::Opened(id)),
        3 => Input::Link(Event::Text(id, text)),
        4 => Input::Link(Event::Closed(id, number as u16)),
        5 => Input::Link(Event::Answered(id, number as u16, text)),
        6 => Input::Link(Event::Failed(id)),
        7 => Input::Peer(text),
        8 => {
            let lock = if id == Lock::Lead as u32 { Lock::Lead } else { Lock::Create };
            Input::Lock(match number {
                0 => LockEvent::Lost(lock),
                1 => LockEvent::Acquired(lock),
                _ => LockEvent::Missing(lock),
            })
        }
        9 => Input::Page(*PAGE.get(number as usize)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_delay_browsers_cannot_count_is_the_longest_they_can() {
        assert_eq!(delay(5, 3), 2);
        assert_eq!(delay(3, 5), 0);
        assert_eq!(delay(u64::MAX, 0), 0x7fff_ffff);
    }
}
