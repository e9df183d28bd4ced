//! One WebSocket of the built-in transport. Not: what its frames mean (`transport/cometd`).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::transport::link::{Event, SocketId};
use wasm_bindgen::JsValue;

/// Closed by the browser without a word from the server.
pub(crate) const ABNORMAL: u16 = 1006;

/// An open or opening socket. Dropping it closes it silently.
pub(crate) struct Socket {
    pub(crate) id: SocketId,
    socket: JsValue,
    _teardown: Teardown,
}

impl Socket {
    /// Opens one; `None` when the browser refuses even to try (address, content security policy).
    pub(crate) fn open(id: SocketId, address: &str, teardowns: &Teardowns, inbox: &Inbox) -> Option<Socket> {
        let inbox = inbox.clone();
        // Bayeux speaks text; a binary frame is nobody's.
        let heard = js::callback(move |said| {
            inbox.feed(Input::Link(match (said.as_string(), said.as_f64()) {
                (Some(text), _) => Event::Text(id, text),
                (None, Some(code)) => Event::Closed(id, code as u16),
                (None, None) => Event::Opened(id),
            }));
        });
        let socket = js::socket(address, &heard)?;
        let _teardown = teardowns.method(&socket, "close");
        Some(Socket { id, socket, _teardown })
    }

    /// Sends a text frame. On a socket that is closing it is lost, and `Closed` follows.
    pub(crate) fn send(&self, text: &str) {
        js::tell(&self.socket, "send", text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        js::hang_up(&self.socket);
    }
}
