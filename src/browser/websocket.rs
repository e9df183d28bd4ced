//! One WebSocket of the built-in transport. Not: what its frames mean (`transport/cometd`).

use super::inbox::{Inbox, Input};
use super::teardown::{Teardown, Teardowns};
use crate::transport::link::{Event, SocketId};
use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// Closed by the browser without a word from the server.
pub(crate) const ABNORMAL: u16 = 1006;

/// An open or opening socket. Dropping it closes it silently.
pub(crate) struct Socket {
    pub(crate) id: SocketId,
    socket: WebSocket,
    _opened: Closure<dyn Fn()>,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _closed: Closure<dyn Fn(CloseEvent)>,
    _teardown: Teardown,
}

impl Socket {
    /// Opens one; `None` when the browser refuses even to try (address, content security policy).
    pub(crate) fn open(id: SocketId, address: &str, teardowns: &Teardowns, inbox: &Inbox) -> Option<Socket> {
        let socket = WebSocket::new(address).ok()?;
        let report = inbox.clone();
        let opened = Closure::<dyn Fn()>::new(move || report.feed(Input::Link(Event::Opened(id))));
        let report = inbox.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // Bayeux speaks text; a binary frame is nobody's.
            if let Some(text) = event.data().as_string() {
                report.feed(Input::Link(Event::Text(id, text)));
            }
        });
        let report = inbox.clone();
        // `error` carries nothing and is always followed by `close`.
        let closed = Closure::<dyn Fn(CloseEvent)>::new(move |event: CloseEvent| {
            report.feed(Input::Link(Event::Closed(id, event.code())));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        let _teardown = teardowns.method(&socket, "close");
        Some(Socket { id, socket, _opened: opened, _heard: heard, _closed: closed, _teardown })
    }

    /// Sends a text frame. On a socket that is closing it is lost, and `Closed` follows.
    pub(crate) fn send(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
