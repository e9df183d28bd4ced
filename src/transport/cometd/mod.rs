//! The built-in transport: a chat in the Genesys chat v2 dialect, over Bayeux, with our extension where the server
//! knows it. Pure: it is told what happened and drained for what to do. Not: sockets (`browser`), nor the outbox and
//! the backoff (`session`).

mod answers;
mod frame;
mod identity;
mod listing;
mod operation;
mod resume;

use super::bayeux::client::{Client, Incoming};
use super::bayeux::message::MessageId;
use super::link::{self, RequestId};
use super::{Action, Capabilities, ChatEventKind, Command, Connect, ConnectionType, Event, Performed, Reason};
use crate::error::{Code, Error};
use crate::json::{self, Value};
use crate::queue::Queue;
use crate::time::{Mono, Now};
use frame::Frame;
use operation::Operation;
use resume::Resume;

/// What never changes while the transport lives.
#[derive(Clone, Debug)]
pub struct Config {
    /// Absolute address of the Bayeux server, `http:` or `https:`.
    pub server_url: String,
    /// The chat service's channel.
    pub channel: String,
    /// Whether a socket is tried at all.
    pub web_sockets: bool,
    /// What [`Output::Remember`] said last in this browser session.
    pub remembered: Option<ConnectionType>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// For the browser.
    Link(link::Command),
    /// For the session.
    Event(Event),
    /// Keep this for the browser session: it has proven to work.
    Remember(ConnectionType),
}

/// The transport.
pub struct Cometd {
    client: Client,
    /// Scheme, host and port of the server.
    origin: String,
    /// Public; part of every handshake.
    visitor_id: String,
    /// Whom the session is for, as far as the page says so.
    user_id: Option<String>,
    /// The proof of it. In memory only.
    token: Option<String>,
    /// Requests that revoke, until they are answered.
    revoking: Vec<RequestId>,
    /// What is to be revoked where the answer to the handshake under way says.
    owed: Option<String>,
    /// What is published before the disconnect that ends it all.
    last_words: Option<String>,
    /// The index from which the open conversation is wanted, when one is open.
    wanted: Option<u64>,
    /// What the server can do.
    capabilities: Capabilities,
    /// Credentials of visitor and chat.
    resume: Resume,
    /// What the session was last told of them.
    saved: String,
    /// The chat before this one.
    former: Option<String>,
    /// Everything up to this index of the open chat has been reported.
    applied: u64,
    /// Catching up has been asked for on this line …
    asked: bool,
    /// … and, as the key to the chat opened nothing, another key.
    rekeyed: bool,
    /// … and is done.
    caught_up: bool,
    /// The chat is said to have ended; before it is closed here, catching up is to be done.
    over: bool,
    /// `Connected` has been reported.
    ready: bool,
    /// Operations in the order they were asked for; our own catching up stands first.
    operations: Vec<Operation>,
    /// Something strange has been logged on this line.
    noticed: bool,
    /// State of the generator that spreads retries.
    jitter: u64,
    events: Queue<Event>,
}

impl Cometd {
    /// Does nothing yet. The seed only spreads retries.
    pub fn new(config: Config, seed: u64) -> Self {
        Cometd {
            origin: identity::origin(&config.server_url).to_owned(),
            client: Client::new(config.server_url, config.channel, config.web_sockets, config.remembered),
            visitor_id: String::new(),
            user_id: None,
            token: None,
            revoking: Vec::new(),
            owed: None,
            last_words: None,
            wanted: None,
            capabilities: Capabilities::TYPING,
            resume: Resume::default(),
            saved: Resume::default().write(),
            former: None,
            applied: 0,
            asked: false,
            rekeyed: false,
            caught_up: false,
            over: false,
            ready: false,
            operations: Vec::new(),
            noticed: false,
            jitter: seed,
            events: Queue::default(),
        }
    }

    /// What the session asks.
    pub fn handle_command(&mut self, command: Command, now: Now) {
        match command {
            Command::Connect(connect) => self.connect(*connect, now.mono),
            Command::Perform(id, action) => {
                if !self.ready {
                    let error = Error::new(Code::NetworkError, "not connected");
                    self.events.push(Event::Performed(id, Err(error)));
                } else if !self.capabilities.has(action.needs()) {
                    // Nobody waits for a receipt.
                    let silent = matches!(action, Action::Read(_));
                    let result = if silent { Ok(Performed::Done) } else { Err(identity::unsupported()) };
                    self.events.push(Event::Performed(id, result));
                } else {
                    self.renew(&action);
                    self.operations.push(Operation::new(Some(id), action));
                }
            }
            Command::Disconnect(reason) => self.disconnect(reason),
            Command::Revoke(revoke) => self.revoke(*revoke),
        }
        self.finish(now.mono);
    }

    /// What the browser reports.
    pub fn handle_link(&mut self, event: link::Event, now: Now) {
        match event {
            link::Event::Opened(socket) => self.client.opened(socket, now.mono),
            link::Event::Closed(socket, _) => self.client.closed(socket, now.mono),
            link::Event::Text(socket, text) => {
                if self.client.hears(socket) {
                    self.read(&text, now);
                }
            }
            link::Event::Answered(request, ..) | link::Event::Failed(request) if self.was_revoking(request) => {
                self.events.push(Event::Revoked);
            }
            link::Event::Answered(request, 200, text) => {
                if let Some(meta) = self.client.request_answered(request) {
                    self.read(&text, now);
                    self.client.request_read(meta, now.mono);
                }
            }
            link::Event::Answered(request, status, _) => self.client.request_failed(request, status, now.mono),
            link::Event::Failed(request) => self.client.request_failed(request, 0, now.mono),
        }
        self.finish(now.mono);
    }

    /// Whether this request was a revocation; it is over.
    fn was_revoking(&mut self, request: RequestId) -> bool {
        let found = self.revoking.iter().position(|other| *other == request);
        found.map(|at| self.revoking.swap_remove(at)).is_some()
    }

    /// The moment given by [`Cometd::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Now) {
        self.client.handle_timeout(now.mono);
        if self.operations.iter().any(|operation| operation.sent > 0 && operation.due <= now.mono) {
            self.client.fail("timeout");
        }
        self.finish(now.mono);
    }

    /// What to do next; asked until there is nothing.
    pub fn poll_output(&mut self) -> Option<Output> {
        if let Some(command) = self.client.poll_command() {
            return Some(Output::Link(command));
        }
        if let Some(carrier) = self.client.poll_remember() {
            return Some(Output::Remember(carrier));
        }
        self.events.pop().map(Output::Event)
    }

    /// When [`Cometd::handle_timeout`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Mono> {
        let mut first = self.client.poll_timeout().unwrap_or(Mono::MAX);
        for operation in &self.operations {
            let at = if operation.sent > 0 { operation.due } else { operation.again_at };
            if at > 0 {
                first = first.min(at);
            }
        }
        Some(first).filter(|at| *at < Mono::MAX)
    }

    fn connect(&mut self, connect: Connect, now: Mono) {
        let resume = Resume::read(connect.resume.as_deref());
        let same = self.visitor_id == connect.visitor_id
            && self.user_id == connect.user_id
            && self.token.is_some() == connect.token.is_some()
            && self.resume.secret == resume.secret;
        self.visitor_id = connect.visitor_id;
        self.user_id = connect.user_id;
        self.token = connect.token;
        self.last_words = None;
        self.owed = None;
        self.saved = resume.write();
        self.resume = resume;
        if connect.conversation_id.is_some() && connect.conversation_id != self.resume.chat_id {
            self.resume.forget_chat(); // credentials of another chat open this one not, and must not be written into
        }
        self.wanted = connect.conversation_id.map(|_| connect.last_index);
        self.applied = connect.last_index;
        self.noticed = false;
        self.forget_operations();
        self.client.begin(self.introduction(), same, now);
    }

    fn disconnect(&mut self, reason: Reason) {
        self.forget_operations();
        match reason {
            Reason::Reload => self.client.close(),
            Reason::Idle | Reason::Identity | Reason::Destroyed => self.client.disconnect(None),
            Reason::Shutdown { .. } => {
                // A server that keeps nothing beyond the connection would leave an agent alone in the chat.
                let ends = !self.capabilities.has(Capabilities::KEEPS);
                let last = operation::write(&Action::End, &self.resume, self.capabilities).ok();
                if self.owed.is_none() {
                    self.client.disconnect(self.last_words.take().or(last.filter(|_| ends)));
                }
                self.client.introduce(String::new());
                (self.user_id, self.token) = (None, None);
                self.resume = Resume::default();
                self.saved = self.resume.write();
                // Whoever waits for the revocation is still to hear of it.
                let mut events = std::mem::take(&mut self.events);
                while let Some(event) = events.pop() {
                    if matches!(event, Event::Revoked) {
                        self.events.push(event);
                    }
                }
            }
        }
    }

    /// Reads a frame of the link. Nothing in it is trusted.
    fn read(&mut self, text: &str, now: Now) {
        let Ok(document) = json::parse(text) else { return self.notice() };
        let root = document.root();
        if root.is_array() {
            for message in root.items() {
                self.handle_message(message, now);
            }
        } else {
            self.handle_message(root, now);
        }
    }

    fn handle_message(&mut self, message: Value<'_>, now: Now) {
        match self.client.handle_message(message, now.mono) {
            Incoming::Nothing => {}
            Incoming::Strange => self.notice(),
            Incoming::Handshaken(ext) => self.handle_handshake(ext),
            Incoming::Opened => {
                self.ask_to_catch_up();
                self.report_connected();
            }
            Incoming::Data(data) => match Frame::read(data) {
                Some(frame) => self.handle_frame(&frame, now),
                None => self.notice(),
            },
            Incoming::Reply(id, error) => self.handle_reply(id, error),
            Incoming::Lost(refused) => self.handle_lost(refused, now.mono),
        }
    }

    fn handle_handshake(&mut self, ext: Option<Value<'_>>) {
        if !self.learn_terms(ext) {
            return;
        }
        if let Some(body) = self.owed.take() {
            return self.revoke_late(body);
        }
        self.save();
        self.client.subscribe();
        self.asked = false;
        self.ask_to_catch_up();
    }

    /// Asks for what happened since, once on each line and after each handshake.
    fn ask_to_catch_up(&mut self) {
        if self.asked {
            return;
        }
        self.asked = true;
        self.rekeyed = false;
        if self.wanted.is_none() {
            self.caught_up = true;
        } else if self.resume.secure_key.is_some() {
            while let Some(own) = self.operations.iter().position(|operation| operation.id.is_none()) {
                self.operations.remove(own);
            }
            self.operations.insert(0, Operation::new(None, Action::CatchUp(self.applied)));
        } else {
            // Nothing opens the conversation the session remembers.
            self.forget_chat(ChatEventKind::Unknown);
            self.caught_up = true;
        }
    }

    fn report_connected(&mut self) {
        if self.caught_up && !self.ready && self.client.is_open() {
            self.ready = true;
            self.events.push(Event::Connected(self.capabilities, Some(self.client.carrier())));
        }
    }

    fn handle_reply(&mut self, id: MessageId, error: Option<&str>) {
        let Some(place) = self.operations.iter().position(|operation| operation.sent == id) else { return };
        match error {
            Some(error) => {
                let colon = error.bytes().rposition(|byte| byte == b':').map_or(0, |at| at + 1);
                let tail = error.get(colon..).and_then(Code::named);
                self.settle(Some(place), Err(Error::new(tail.unwrap_or(Code::ProtocolError), "refused by the server")));
            }
            None if self.is_done_when_received(place) => {
                self.settle(Some(place), Ok(Performed::Done));
            }
            None => {}
        }
    }

    /// Received is all that can be said of typing, and by a plain server of an update; everything else is answered on
    /// the channel.
    fn is_done_when_received(&self, place: usize) -> bool {
        match &self.operations[place].action {
            Action::Typing(_) => true,
            Action::Update(_) => !self.capabilities.has(Capabilities::KEEPS),
            _ => false,
        }
    }

    /// The server forgot the session. A new one is made at once, unless something is under way that may have been
    /// done and must not be done twice.
    fn handle_lost(&mut self, refused: Option<MessageId>, now: Mono) {
        let keyed = self.capabilities.has(Capabilities::IDEMPOTENCY);
        for operation in &mut self.operations {
            let repeatable = keyed || !matches!(operation.action, Action::Send(_) | Action::RequestChat(_));
            if operation.sent > 0 && Some(operation.sent) != refused && !repeatable {
                return self.client.fail("session_unknown");
            }
        }
        for operation in &mut self.operations {
            operation.sent = 0;
        }
        self.client.handshake(now);
    }
}
