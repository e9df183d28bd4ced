//! The way between a tab's transport and the backend: one connection after the other, frames in order, late, or lost.
//! Not: what the frames say.

use crate::backend::Peer;
use crate::browser::TabId;
use support_chat::transport::link::{self, RequestId, SocketId};
use support_chat::transport::{Action, Connect, Event, OpId};

/// Names a connection for good.
pub(crate) type ConnectionId = usize;

/// What a tab sends.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    Hello(Box<Connect>),
    Perform(OpId, Action),
    Bye,
    /// Bayeux.
    Text(String),
}

/// What a connection is for its tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// The model's transport.
    Chat,
    Socket(SocketId),
    Request(RequestId),
}

/// What travels.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    Up(Request),
    Down(Event),
    Link(link::Event),
}

/// One connection.
pub(crate) struct Connection {
    pub(crate) tab: TabId,
    pub(crate) carrier: Carrier,
    /// Whom it was made for.
    pub(crate) visitor: String,
    /// What the backend knows of it.
    pub(crate) peer: Peer,
    /// When the last frame of each direction arrives: none overtakes another.
    last_up: u64,
    last_down: u64,
    /// When it broke.
    broken: Option<u64>,
    /// What was on its way to the backend then is lost too.
    loses: bool,
    /// It carries the last words of a transport that is done: nobody waits for it.
    pub(crate) left: bool,
    /// Events still to be lost on a connection that lives on.
    pub(crate) drops: u32,
}

impl Connection {
    pub(crate) fn new(tab: TabId, carrier: Carrier, visitor: String) -> Connection {
        Connection {
            tab,
            carrier,
            visitor,
            peer: Peer::default(),
            last_up: 0,
            last_down: 0,
            broken: None,
            loses: false,
            left: false,
            drops: 0,
        }
    }

    /// When a frame sent now arrives.
    pub(crate) fn arrival(&mut self, up: bool, now: u64, delay: u64) -> u64 {
        let last = if up { &mut self.last_up } else { &mut self.last_down };
        *last = (*last).max(now + delay);
        *last
    }

    /// From now on nothing gets through.
    pub(crate) fn break_off(&mut self, now: u64, loses: bool) {
        if self.broken.is_none() {
            self.broken = Some(now);
            self.loses = loses;
        }
    }

    pub(crate) fn broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Whether a frame sent at that time arrives.
    pub(crate) fn carries(&self, up: bool, sent: u64) -> bool {
        match self.broken {
            None => true,
            Some(broken) => up && !self.loses && sent < broken,
        }
    }
}
