//! What carries Bayeux text: one socket, or at most two requests. It only keeps the books and says what the browser
//! shall do. Not: what the text says and which carrier to take (`client`).

use crate::queue::Queue;
use crate::transport::link::{Command, RequestId, SocketId};

/// Which of the two requests: one for handshake and connect, which the server holds …
pub(super) const META: usize = 0;
/// … and one for everything else, so that nothing waits behind a held connect.
pub(super) const REST: usize = 1;

/// How text travels now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    Nothing,
    /// A socket that is not open yet.
    Opening(SocketId),
    Socket(SocketId),
    Requests,
}

/// The line to the server.
#[derive(Debug)]
pub(super) struct Line {
    http: String,
    ws: String,
    carrier: Carrier,
    /// A socket that is opened only to see whether it opens.
    probe: Option<SocketId>,
    /// The request under way of each kind.
    slots: [Option<RequestId>; 2],
    /// For sockets and requests alike; never reused.
    next: u32,
    commands: Queue<Command>,
}

impl Line {
    pub(super) fn new(server_url: String) -> Self {
        // `https` becomes `wss`, `http` becomes `ws`.
        let mut ws = String::from("ws");
        ws.push_str(server_url.strip_prefix("http").unwrap_or(""));
        Line {
            http: server_url,
            ws,
            carrier: Carrier::Nothing,
            probe: None,
            slots: [None; 2],
            next: 0,
            commands: Queue::default(),
        }
    }

    /// Starts to open a socket, after closing what was there.
    pub(super) fn open_socket(&mut self) {
        self.close();
        self.next += 1;
        self.carrier = Carrier::Opening(self.next);
        self.commands.push(Command::Open(self.next, self.ws.clone()));
    }

    /// Opens a socket beside the requests.
    pub(super) fn probe(&mut self) {
        self.next += 1;
        self.probe = Some(self.next);
        self.commands.push(Command::Open(self.next, self.ws.clone()));
    }

    /// Whether one is being opened.
    pub(super) fn probes(&self) -> bool {
        self.probe.is_some()
    }

    /// Its fate, or that of whichever there is, is known; false when it is not ours.
    pub(super) fn end_probe(&mut self, id: Option<SocketId>, close: bool) -> bool {
        let Some(probe) = self.probe.filter(|probe| id.is_none_or(|id| id == *probe)) else { return false };
        self.probe = None;
        if close {
            self.commands.push(Command::Close(probe));
        }
        true
    }

    /// Takes requests from now on, after closing what was there.
    pub(super) fn use_requests(&mut self) {
        self.close();
        self.carrier = Carrier::Requests;
    }

    /// Closes whatever is open; nothing will be heard of it.
    pub(super) fn close(&mut self) {
        if let Carrier::Opening(id) | Carrier::Socket(id) = self.carrier {
            self.commands.push(Command::Close(id));
        }
        self.end_probe(None, true);
        self.abort(META);
        self.abort(REST);
        self.carrier = Carrier::Nothing;
    }

    /// Forgets the carrier without stopping it: the last words are still on their way.
    pub(super) fn leave(&mut self) {
        self.slots = [None; 2];
        self.close();
    }

    /// Gives a request up.
    pub(super) fn abort(&mut self, slot: usize) {
        if let Some(id) = self.slots[slot].take() {
            self.commands.push(Command::Abort(id));
        }
    }

    /// Sends text, on the socket or as the request of this kind.
    pub(super) fn send(&mut self, slot: usize, text: String) {
        match self.carrier {
            Carrier::Socket(id) => self.commands.push(Command::Send(id, text)),
            Carrier::Requests => {
                self.abort(slot);
                self.next += 1;
                self.slots[slot] = Some(self.next);
                self.commands.push(Command::Post(self.next, self.http.clone(), text));
            }
            Carrier::Nothing | Carrier::Opening(_) => {}
        }
    }

    /// Posts a text beside the line: nothing that happens to the line touches it.
    pub(super) fn beacon(&mut self, url: String, body: String) -> RequestId {
        self.next += 1;
        self.commands.push(Command::Beacon(self.next, url, body));
        self.next
    }

    /// Whether text of this kind can be sent now.
    pub(super) fn is_free(&self, slot: usize) -> bool {
        match self.carrier {
            Carrier::Socket(_) => true,
            Carrier::Requests => self.slots[slot].is_none(),
            Carrier::Nothing | Carrier::Opening(_) => false,
        }
    }

    /// Whether this is our socket, and opened before.
    pub(super) fn hears(&self, id: SocketId) -> bool {
        self.carrier == Carrier::Socket(id)
    }

    /// Notes that the socket is open; false when it is not ours.
    pub(super) fn opened(&mut self, id: SocketId) -> bool {
        let ours = self.carrier == Carrier::Opening(id);
        if ours {
            self.carrier = Carrier::Socket(id);
        }
        ours
    }

    /// Notes that the socket is gone; false when it is not ours.
    pub(super) fn closed(&mut self, id: SocketId) -> bool {
        let ours = matches!(self.carrier, Carrier::Opening(own) | Carrier::Socket(own) if own == id);
        if ours {
            self.carrier = Carrier::Nothing;
        }
        ours
    }

    /// Notes that a request has ended; tells which it was.
    pub(super) fn ended(&mut self, id: RequestId) -> Option<usize> {
        let slot = self.slots.iter().position(|slot| *slot == Some(id))?;
        self.slots[slot] = None;
        Some(slot)
    }

    pub(super) fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop()
    }
}
