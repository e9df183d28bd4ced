//! What a session wants done, events included. Not: who does it (`browser/driver.rs`).

use super::call::{CallId, ProviderId};
use super::input::Lock;
use super::view::{Connection, Identity};
use crate::error::Error;
use crate::lifecycle::State;
use crate::message::{Conversation, Message, Party};
use crate::transport;
use std::rc::Rc;

/// Ties a save to the report about it.
pub type SaveToken = u32;

/// One thing to do. `Load`, `Save`, `Remove`, `Wipe`, `UseMemory`, `UseStore`, `Lock` and `Peer` are carried out before
/// the call that caused them returns; the others wait their turn in one queue.
#[derive(Debug, PartialEq)]
pub enum Output {
    /// Read the store; answer with `handle_loaded`.
    Load,
    /// Keep this text under this name; answer with `handle_stored` when a token is given.
    Save {
        /// Name within the namespace.
        name: String,
        /// What to keep.
        text: String,
        /// Given when the session waits for it.
        token: Option<SaveToken>,
    },
    /// Forget this name.
    Remove(String),
    /// Forget every name of the namespace except these, and empty transcript and composer in the DOM, now.
    Wipe {
        /// What stays in the store.
        keep: &'static [&'static str],
    },
    /// Empty transcript and composer in the DOM, now; what is stored is not this tab's affair.
    Blank,
    /// From now on keep things in memory (the real store is left as it is).
    UseMemory,
    /// Back to the configured store: consent was given.
    UseStore,
    /// A lock of the group.
    Lock(LockCommand),
    /// A text for the other tabs of the namespace.
    Peer(String),
    /// Ask a token provider; answer with `handle_token` once. At most one is asked at a time.
    AskToken {
        /// Comes back with the answer.
        ask: u32,
        /// Whom.
        provider: ProviderId,
        /// `boot`, `identify`, `expiring`, `rejected` or `resume`.
        reason: &'static str,
    },
    /// Of the token providers only this one is still of use (absent: none).
    KeepProvider(Option<ProviderId>),
    /// For the transport.
    Transport(transport::Command),
    /// A call is answered.
    Settle(CallId, Result<Settled, Error>),
    /// An event for the page's listeners.
    Emit(Event),
    /// The view changed; draw in the next frame.
    Render,
    /// A message came: let it be heard, here and in no other tab.
    Sound,
    /// For the log.
    Log(Level, String),
    /// The instance is to be taken apart; nothing follows.
    Destroy,
}

/// How loud a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who look closely.
    Debug,
    /// Milestones.
    Info,
    /// Something is off, and was dealt with.
    Warn,
    /// Something failed.
    Error,
}

/// What is to happen to a lock. Names are those of the Web Locks API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockCommand {
    /// Wait for it.
    Acquire(Lock, String),
    /// Take it from whoever holds it; the wait for it is over.
    Steal(Lock, String),
    /// Give it up, or stop waiting.
    Release(Lock),
}

/// What a promise resolves with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing.
    Nothing,
    /// A message.
    Message(Rc<Message>),
    /// A conversation.
    Conversation(Box<Conversation>),
    /// Messages in order.
    Transcript(Vec<Rc<Message>>),
    /// JSON of a page of conversations, as the transport gave it.
    Json(String),
}

/// What happened to a message of the visitor, or that one came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the event's name
pub enum Change {
    Sending,
    Sent,
    Delivered,
    Received,
    Failed,
}

/// What happened to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the event's name
pub enum ConversationChange {
    Started,
    Opened,
    Updated,
    Assigned,
    Resolved,
    Ended,
}

/// An event of the README's list, with its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the event's name
pub enum Event {
    Ready(Identity),
    State { state: State, previous: State, reason: Option<&'static str> },
    Error(Error),
    Open,
    Close,
    Show,
    Hide,
    LauncherShow,
    LauncherHide,
    AuthExpired,
    AuthChanged { identity: Option<Identity>, previous: Option<Identity> },
    Connection(Connection),
    Unread(u32),
    Conversation(ConversationChange, Box<Conversation>),
    Message(Change, Box<Conversation>, Rc<Message>),
    Read(Box<Conversation>, u64),
    Typing { start: bool, conversation_id: String, party: Party },
    Agent { joined: bool, party: Party },
    StorageDegraded { wanted: &'static str, reason: &'static str },
}
