//! One Bayeux session: handshake, connect loop, advice, timers, and which carrier is tried. Not: what is published
//! over it (`cometd`), nor when to begin again after a failure (the chat session says so by [`Client::begin`]).
//!
//! Exactly one handshake or connect is outstanding at any time (`meta`). Message ids are never reused, so a reply
//! tells by its id alone whether it belongs to the present session.

mod probing;
mod replies;
mod steps;

pub(in crate::transport) use replies::Incoming;

use super::advice::Advice;
use super::line::{Line, META, REST};
use super::message::{self, Message, MessageId};
use crate::json::{Value, Writer};
use crate::time::Mono;
use crate::transport::link::{self, RequestId, SocketId};
use crate::transport::{ClosedReason, ConnectionType, Event};

/// A reply later than this is lost: `maxNetworkDelay`, in ms.
const NETWORK_DELAY: u64 = 10_000;
/// A socket that has not proven itself gets less, because long-polling is still to be tried.
const TRIAL: u64 = 5_000;
/// So does the first connect of a session that goes on over long-polling: faye keeps the old one held, though its
/// request is dead, and answers no other before that one's time is over.
const RESUMING: u64 = 3_000;
/// After this long, in ms, a socket is tried again where it had failed.
const SOCKET_AGAIN: u64 = 300_000;
/// In a row, before giving up: refused handshakes; sessions that die as soon as they are made.
const TRIES: u32 = 3;
/// A batch is cut before this many bytes; servers close the socket over 64 KiB.
pub(in crate::transport) const BATCH: usize = 60 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Nothing is under way; only `begin` changes that.
    Idle,
    /// A socket is being opened.
    Opening,
    /// The handshake is outstanding.
    Handshaking,
    /// There is a session, its first connect (or the first after a loss) has not succeeded yet.
    Connecting,
    /// The connect loop runs.
    Connected,
}

/// A message that waits for its reply.
#[derive(Clone, Copy, Debug)]
struct Awaited {
    id: MessageId,
    due: Mono,
}

/// A message that waits for a session, or for the request before it.
#[derive(Debug)]
struct Queued {
    id: MessageId,
    /// A subscription; else a publish.
    subscribes: bool,
    /// JSON: what is subscribed to, or the data.
    value: String,
}

/// The session.
#[derive(Debug)]
pub(in crate::transport) struct Client {
    /// Option: whether sockets may be used at all.
    web_sockets: bool,
    /// Where everything is published and heard.
    channel: String,
    /// The `ext` of handshakes: JSON, or empty.
    ext: String,
    line: Line,
    step: Step,
    /// What the present attempt travels on.
    carrier: ConnectionType,
    /// The carrier has carried a successful connect.
    proven: bool,
    /// The session is older than the line, and has not been heard of on it.
    resuming: bool,
    /// The present session has had a successful connect.
    lasting: bool,
    client_id: Option<String>,
    advice: Advice,
    next_id: MessageId,
    /// Smaller ids belong to earlier sessions.
    first_id: MessageId,
    /// The handshake or connect outstanding.
    meta: Option<Awaited>,
    /// Publishes and subscriptions on their way.
    awaited: Vec<Awaited>,
    queue: Vec<Queued>,
    /// When the socket must be open.
    open_due: Option<Mono>,
    /// When the next connect may leave.
    connect_at: Option<Mono>,
    /// When the last connect left, and how many in a row were answered at once.
    connected_at: Mono,
    quick: u32,
    /// When a connect last succeeded.
    alive_at: Mono,
    /// What worked last, in this browser session.
    remembered: Option<ConnectionType>,
    /// From when on a socket is tried although long-polling is remembered; set by the first attempt.
    socket_again_at: Option<Mono>,
    /// A socket opens again: the session moves there as soon as nothing is under way.
    moving: bool,
    /// Refused handshakes in a row.
    refused: u32,
    /// Sessions lost in a row without a held connect in between.
    lost: u32,
    /// Of these, on long-polling, those that never saw a successful connect: the cookie is blocked.
    blocked: u32,
    /// What the chat has not been told yet.
    failure: Option<Event>,
    remember: Option<ConnectionType>,
}

impl Client {
    pub(in crate::transport) fn new(
        server_url: String,
        channel: String,
        web_sockets: bool,
        remembered: Option<ConnectionType>,
    ) -> Self {
        Client {
            web_sockets,
            channel,
            ext: String::new(),
            line: Line::new(server_url),
            step: Step::Idle,
            carrier: ConnectionType::LongPolling,
            proven: false,
            resuming: false,
            lasting: false,
            client_id: None,
            advice: Advice::new(),
            next_id: 0,
            first_id: 0,
            meta: None,
            awaited: Vec::new(),
            queue: Vec::new(),
            open_due: None,
            connect_at: None,
            connected_at: 0,
            quick: 0,
            alive_at: 0,
            remembered,
            socket_again_at: None,
            moving: false,
            refused: 0,
            lost: 0,
            blocked: 0,
            failure: None,
            remember: None,
        }
    }

    // Commands.

    /// Connects, or connects anew. The session goes on where `same` says it is still the same visitor's and the
    /// server may still know it.
    pub(in crate::transport) fn begin(&mut self, ext: String, same: bool, now: Mono) {
        self.stop();
        self.failure = None;
        self.ext = ext;
        if !same {
            self.client_id = None;
        }
        let again = *self.socket_again_at.get_or_insert(now + SOCKET_AGAIN);
        self.proven = false;
        if self.web_sockets && (self.remembered != Some(ConnectionType::LongPolling) || now >= again) {
            self.carrier = ConnectionType::WebSocket;
            self.step = Step::Opening;
            self.open_due = Some(now + TRIAL);
            self.socket_again_at = Some(now + SOCKET_AGAIN);
            self.line.open_socket();
        } else {
            self.carrier = ConnectionType::LongPolling;
            self.line.use_requests();
            self.resume(now);
        }
    }

    /// What later handshakes of this attempt say.
    pub(in crate::transport) fn introduce(&mut self, ext: String) {
        self.ext = ext;
    }

    /// Ends the session, after the last publishes.
    pub(in crate::transport) fn disconnect(&mut self, last: Option<String>) {
        let connected = self.step == Step::Connected;
        if let Some(client_id) = self.client_id.take().filter(|_| connected) {
            let mut batch = Writer::new();
            batch.array();
            if let Some(data) = last {
                let id = self.next_id();
                batch.raw(&message::addressed(id, &client_id, &self.channel, "data", &data));
            }
            let id = self.next_id();
            batch.raw(&message::disconnect(id, &client_id)).end_array();
            self.line.send(META, batch.finish());
            self.line.leave();
        }
        self.stop();
    }

    /// Closes silently: if this page goes on after all, so does the session, and perhaps on another network.
    pub(in crate::transport) fn close(&mut self) {
        self.stop();
        self.socket_again_at = Some(0);
    }

    /// Posts a text to an address of the server, beside the session and whether or not there is one.
    pub(in crate::transport) fn beacon(&mut self, url: String, body: String) -> RequestId {
        self.line.beacon(url, body)
    }

    /// Publishes once there is a session.
    pub(in crate::transport) fn publish(&mut self, data: String) -> MessageId {
        let id = self.next_id();
        self.queue.push(Queued { id, subscribes: false, value: data });
        id
    }

    /// Subscribes to the channel.
    pub(in crate::transport) fn subscribe(&mut self) {
        let id = self.next_id();
        let mut value = Writer::new();
        value.string(&self.channel);
        self.queue.push(Queued { id, subscribes: true, value: value.finish() });
    }

    /// Makes a new session on the same line.
    pub(in crate::transport) fn handshake(&mut self, now: Mono) {
        self.step = Step::Handshaking;
        self.resuming = false;
        self.connect_at = None;
        // The chat publishes anew what is still to be done.
        self.queue.clear();
        self.awaited.clear();
        self.first_id = self.next_id();
        self.meta = Some(Awaited { id: self.first_id, due: now + self.patience() });
        let sockets = self.carrier == ConnectionType::WebSocket;
        self.line.send(META, message::handshake(self.first_id, sockets, &self.ext));
    }

    /// Gives the connection up; the chat session will ask again.
    pub(in crate::transport) fn fail(&mut self, reason: &'static str) {
        if self.step != Step::Idle {
            let retry_after = (self.advice.interval > 0).then_some(self.advice.interval);
            self.failure = Some(Event::Interrupted { retry_after, reason });
            self.stop();
        }
    }

    // Reports.

    /// A request failed, or was answered with an HTTP error. What it carried may have been done all the same.
    pub(in crate::transport) fn request_failed(&mut self, request: RequestId, status: u16, now: Mono) {
        let Some(slot) = self.line.ended(request) else { return };
        if slot == META && self.step == Step::Handshaking && matches!(status, 401 | 403) {
            self.handshake_refused("", None);
        } else {
            self.line_failed(if status == 0 { "network" } else { "http" }, now);
        }
    }

    /// A request was answered. Its text is to be read now, then comes [`Client::request_read`] with what this gives.
    pub(in crate::transport) fn request_answered(&mut self, request: RequestId) -> Option<Option<MessageId>> {
        let slot = self.line.ended(request)?;
        Some(self.meta.map(|meta| meta.id).filter(|_| slot == META))
    }

    /// The text of a request has been read: it should have held the reply.
    pub(in crate::transport) fn request_read(&mut self, meta: Option<MessageId>, now: Mono) {
        if meta.is_some() && self.meta.map(|meta| meta.id) == meta {
            self.line_failed("protocol", now);
        }
    }

    /// Whether text on this socket is for us.
    pub(in crate::transport) fn hears(&self, socket: SocketId) -> bool {
        self.line.hears(socket)
    }

    /// One message from the server.
    pub(in crate::transport) fn handle_message<'a>(&mut self, value: Value<'a>, now: Mono) -> Incoming<'a> {
        let Some(message) = Message::read(value) else { return Incoming::Strange };
        match message.channel {
            "/meta/handshake" => self.handle_handshake(message, now),
            "/meta/connect" => self.handle_connect(&message, now),
            // Without our id: the server ends the session. (Ours is never waited for.)
            "/meta/disconnect" if message.id.is_none() && self.step == Step::Connected => {
                self.give_up(ClosedReason::Refused);
                Incoming::Nothing
            }
            channel => match value.member("data") {
                // An event has data, whatever else it has: faye's carry the publisher's id.
                Some(data) if !channel.starts_with("/meta/") => {
                    if channel == self.channel {
                        Incoming::Data(data)
                    } else {
                        Incoming::Strange
                    }
                }
                _ => self.handle_reply(&message),
            },
        }
    }

    pub(in crate::transport) fn handle_timeout(&mut self, now: Mono) {
        let is_due = |due: Option<Mono>| due.is_some_and(|due| due <= now);
        if is_due(self.connect_at) {
            self.connect(now);
        }
        self.probe(now);
        if is_due(self.open_due) || self.reply_due() <= now {
            if self.resuming && self.carrier == ConnectionType::LongPolling {
                self.handshake(now);
            } else {
                self.line_failed("timeout", now);
            }
        }
    }

    // What is to be done.

    /// Sends what is queued as far as it may leave. Called after every input.
    pub(in crate::transport) fn flush(&mut self, now: Mono) {
        while self.step >= Step::Connecting && !self.queue.is_empty() && self.line.is_free(REST) {
            let Some(client_id) = &self.client_id else { return };
            let mut batch = String::from("[");
            let mut taken = 0;
            for queued in &self.queue {
                let (channel, name) = if queued.subscribes {
                    ("/meta/subscribe", "subscription")
                } else {
                    (self.channel.as_str(), "data")
                };
                let text = message::addressed(queued.id, client_id, channel, name, &queued.value);
                if taken > 0 && batch.len() + text.len() > BATCH {
                    break;
                }
                if taken > 0 {
                    batch.push(',');
                }
                batch.push_str(&text);
                taken += 1;
                self.awaited.push(Awaited { id: queued.id, due: now + NETWORK_DELAY });
            }
            batch.push(']');
            self.queue.drain(..taken);
            self.line.send(REST, batch);
        }
    }

    pub(in crate::transport) fn poll_timeout(&self) -> Option<Mono> {
        let mut first = self.reply_due();
        for at in [self.open_due, self.connect_at, self.probe_at()] {
            first = first.min(at.unwrap_or(Mono::MAX));
        }
        Some(first).filter(|at| *at < Mono::MAX)
    }

    pub(in crate::transport) fn poll_command(&mut self) -> Option<link::Command> {
        self.line.poll_command()
    }

    /// Interrupted or closed, told once.
    pub(in crate::transport) fn poll_failure(&mut self) -> Option<Event> {
        self.failure.take()
    }

    /// Another carrier than last time has proven itself.
    pub(in crate::transport) fn poll_remember(&mut self) -> Option<ConnectionType> {
        self.remember.take()
    }

    pub(in crate::transport) fn carrier(&self) -> ConnectionType {
        self.carrier
    }

    /// Whether there is a session to publish in.
    pub(in crate::transport) fn has_session(&self) -> bool {
        self.step >= Step::Connecting
    }

    /// Whether a handshake is under way.
    pub(in crate::transport) fn is_shaking(&self) -> bool {
        self.step == Step::Handshaking
    }

    /// Whether the connect loop runs.
    pub(in crate::transport) fn is_open(&self) -> bool {
        self.step == Step::Connected
    }
}
