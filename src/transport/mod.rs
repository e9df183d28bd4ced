//! HOW messages travel, at chat level: what the session asks of any transport and what it hears back. A page's own
//! transport plugs in here. Not: sockets and requests (`link`), nor when to try again (the session decides that).
//!
//! The contract, for every transport:
//! - After [`Command::Connect`] the transport connects, brings every event after `last_index` (reported by
//!   [`Event::Received`]), and only then reports [`Event::Connected`]. The session sends nothing before that.
//! - A lost connection is [`Event::Interrupted`], once; the session asks to connect again, with backoff.
//!   [`Event::Closed`] means: do not try again by yourself.
//! - After either, operations still open have an unknown fate; their late results are ignored.
//! - Repeats and disorder are allowed: the session dedupes and orders by index.

mod bayeux;
pub mod cometd;
pub mod event_json;
pub mod link;
mod secrecy;

use crate::error::{Code, Error};
use crate::json::Value;
use crate::message::{Content, ConversationStatus, Party};
use crate::time::Wall;

/// Tells the results of operations apart.
pub type OpId = u32;

/// What the session asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Connect, or connect anew: there is never more than one connection. Replaces an attempt under way.
    Connect(Box<Connect>),
    /// Do something; answered by [`Event::Performed`] with the same id, unless the connection is lost first.
    Perform(OpId, Action),
    /// Close for good.
    Disconnect(Reason),
    /// Make credentials worthless, at once and outliving the page; legal without a connection, and followed by
    /// `Disconnect`. Answered by [`Event::Revoked`], once.
    Revoke(Box<Revoke>),
}

/// Whom to connect, and from where to go on.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Connect {
    /// The public id of the visitor.
    pub visitor_id: String,
    /// The identified user, and the proof. A user without one is told to the backend as an attribute only.
    pub user_id: Option<String>,
    /// The identity token: never stored, logged, or put in an address.
    pub token: Option<String>,
    /// What this transport last gave by [`Event::Saved`] (JSON), from a saved session. Holds credentials.
    pub resume: Option<String>,
    /// The conversation to catch up with; absent: none is open.
    pub conversation_id: Option<String>,
    /// The last index the session has applied without a gap; 0: everything is wanted.
    pub last_index: u64,
    /// BCP 47.
    pub locale: String,
}

/// What is to be worthless from now on.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Revoke {
    /// The anonymous visitor's secret too.
    pub clear: bool,
    /// As in [`Connect::resume`].
    pub resume: Option<String>,
    /// The identity token in use.
    pub token: Option<String>,
}

/// Why the connection is closed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Logout; `clear` when the visitor's id and secret are dropped as well.
    Shutdown {
        /// Drop the credentials.
        clear: bool,
    },
    /// The instance is gone; the session lives on for the next page.
    Destroyed,
    /// The page goes away; the session lives on. Nothing may be sent.
    Reload,
    /// The tab no longer leads, or has been idle; the session lives on.
    Idle,
    /// The backend takes us for somebody else: what it has to say to them is not for us.
    Identity,
}

/// What a connected transport can be asked to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Action {
    /// Open a conversation. The same `client_conversation_id` twice is one conversation, where the backend can.
    RequestChat(Box<RequestChat>),
    /// Send a message into the open conversation.
    Send(Outgoing),
    /// Tell that the visitor types or stopped.
    Typing(bool),
    /// End the open conversation.
    End,
    /// Bring every event after this index; answered with [`Event::Received`], then [`Event::Performed`].
    CatchUp(u64),
    /// The visitor has read up to this index (capability `receipts`).
    Read(u64),
    /// Go on as the user of this token, or renew it (capability `identify`).
    Identify(String),
    /// Newer values, as JSON object text `{user?, company?, context?}`.
    Update(String),
    /// The newest of the visitor's conversations, at most so many (capability `conversations`).
    Conversations(u32),
}

impl Action {
    /// What the backend must be able to do for it.
    pub fn needs(&self) -> Capabilities {
        match self {
            Action::Read(_) => Capabilities::RECEIPTS,
            Action::Identify(_) => Capabilities::IDENTIFY,
            Action::Conversations(_) => Capabilities::CONVERSATIONS,
            _ => Capabilities(0),
        }
    }
}

/// What opens a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RequestChat {
    /// Idempotency key.
    pub client_conversation_id: String,
    /// How agents see the visitor.
    pub nickname: String,
    /// What it is about.
    pub subject: Option<String>,
    /// JSON object text.
    pub user_data: String,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Idempotency key.
    pub client_message_id: String,
    /// The backend's id of the conversation.
    pub conversation_id: String,
    /// 1 to 4,000 characters.
    pub text: String,
}

/// What a transport reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Connected, and everything after `last_index` has been received.
    Connected(Capabilities, Option<ConnectionType>),
    /// Something happened in the conversation, in the order given.
    Received(Vec<ChatEvent>),
    /// The connection is lost, or could not be made.
    Interrupted {
        /// The backend asked to wait this long before trying again, in ms.
        retry_after: Option<u64>,
        /// For logs and `connection.reason`.
        reason: &'static str,
    },
    /// Closed; trying again would not help.
    Closed(ClosedReason),
    /// How an operation ended.
    Performed(OpId, Result<Performed, Error>),
    /// What [`Command::Revoke`] asked for was tried; whether it helped, nobody needs to know.
    Revoked,
    /// JSON to keep in the saved session and to give back as [`Connect::resume`]. Holds credentials: never logged.
    Saved(String),
    /// For the log; said once by whoever noticed. Never holds credentials.
    Notice(String),
}

/// Why a transport gave up. The word is the reason of the state `disconnected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedReason {
    /// The identity was not accepted, with the code that says why: `auth_required`, `auth_expired` or
    /// `invalid_token`.
    Auth(Code),
    /// The backend said no.
    Refused,
    /// The backend talks to no page of this origin.
    Origin,
    /// Long-polling needs a cookie the browser blocks.
    CookiesBlocked,
}

/// How the built-in transport is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionType {
    /// One socket.
    WebSocket,
    /// Held requests.
    LongPolling,
}

impl ConnectionType {
    /// As `connection.type` says it, and Bayeux.
    pub fn name(self) -> &'static str {
        match self {
            ConnectionType::WebSocket => "websocket",
            ConnectionType::LongPolling => "long-polling",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<ConnectionType> {
        [ConnectionType::WebSocket, ConnectionType::LongPolling].into_iter().find(|kind| kind.name() == name)
    }
}

/// What an operation brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// Nothing but success.
    Done,
    /// `Send`: the index the backend gave, 0 if it told none, and its own id of the message.
    Sent(u64, Option<String>),
    /// `RequestChat`: the backend's id of the conversation.
    Requested(String),
    /// `Identify`: whether the anonymous history became the user's.
    Identified {
        /// As the backend knows them.
        user_id: String,
        /// It did.
        merged: bool,
    },
    /// `Conversations`: the newest that is not over.
    Found(Option<Box<Found>>),
}

/// A conversation begun elsewhere that can be gone on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The backend's name for it.
    pub id: String,
    /// Waiting or active.
    pub status: ConversationStatus,
    /// Given when it was begun.
    pub subject: Option<String>,
    /// Milliseconds since 1970 (UTC).
    pub created_at: u64,
    /// Messages to the visitor that no device has shown.
    pub unread_count: u32,
    /// What [`Connect::resume`] must be to go on with it.
    pub resume: String,
}

impl Found {
    /// What every backend says of a conversation. Absent: it is over, or none.
    pub(crate) fn read(item: Value<'_>) -> Option<Box<Found>> {
        let status = item.text_at("status").and_then(ConversationStatus::named)?;
        let id = item.owned_at("id").filter(|id| !id.is_empty())?;
        let open = status != ConversationStatus::Ended;
        open.then(|| Box::new(Found { id, status, subject: item.owned_at("subject"), ..Found::default() }))
    }
}

/// Something that happened in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatEvent {
    /// Of which conversation; absent: the open one.
    pub conversation_id: Option<String>,
    /// What.
    pub kind: ChatEventKind,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ChatEventKind {
    /// An entry of the transcript: a message, a notice, somebody joined or left.
    Entry(Entry),
    /// Somebody types, or stopped. Never has an index.
    Typing(Party, bool),
    /// Agents' devices have everything up to this index.
    Delivered(u64),
    /// Agents have read everything up to this index.
    Read(u64),
    /// Everything before this index has been received: what is still missing does not exist.
    CaughtUp(u64),
    /// The conversation is over. The text is for logs.
    Ended(Option<String>),
    /// The backend does not know this conversation (any more).
    #[default]
    Unknown,
}

/// One entry of the transcript, as the backend tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1 up; 0: the transport has no order (only for joined and left).
    pub index: u64,
    /// The backend's id, if it has one.
    pub id: Option<String>,
    /// The visitor's own key, echoed.
    pub client_message_id: Option<String>,
    /// Who.
    pub party: Party,
    /// What.
    pub content: Content,
    /// When, in ms since 1970.
    pub time: Wall,
}

/// What a backend can do beyond the least; a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u16);

impl Capabilities {
    /// Typing travels both ways.
    pub const TYPING: Capabilities = Capabilities(1);
    /// The same message or request twice is one.
    pub const IDEMPOTENCY: Capabilities = Capabilities(2);
    /// Delivered and read travel both ways.
    pub const RECEIPTS: Capabilities = Capabilities(4);
    /// The backend keeps conversations of a visitor beyond the connection (it knows our extension).
    pub const KEEPS: Capabilities = Capabilities(8);
    /// Identity tokens are verified, renewed and revoked.
    pub const IDENTIFY: Capabilities = Capabilities(16);
    /// Earlier conversations can be listed.
    pub const CONVERSATIONS: Capabilities = Capabilities(32);

    /// The capability of this name; the empty set for one this version does not use.
    pub fn named(name: &str) -> Capabilities {
        match name {
            "typing" => Self::TYPING,
            "idempotency" => Self::IDEMPOTENCY,
            "receipts" => Self::RECEIPTS,
            "identify" => Self::IDENTIFY,
            "conversations" => Self::CONVERSATIONS,
            _ => Capabilities(0),
        }
    }

    /// Both sets together.
    pub fn and(self, other: Capabilities) -> Capabilities {
        Capabilities(self.0 | other.0)
    }

    /// Whether everything in `other` is there.
    pub fn has(self, other: Capabilities) -> bool {
        self.0 & other.0 == other.0
    }

    /// As a number, for messages between tabs.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// From such a number.
    pub fn from_bits(bits: u16) -> Capabilities {
        Capabilities(bits & 63)
    }
}
