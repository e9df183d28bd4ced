//! The nouns everyone shares: party, message, conversation. Not: how they travel or are stored
//! (`transport/event_json.rs`), nor how JavaScript sees them (`api/shapes.rs`).

use crate::error::Error;
use crate::time::Wall;
use std::rc::Rc;

/// What somebody is in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The person on the page.
    Visitor,
    /// Whoever answers.
    Agent,
    /// An agent's supervisor.
    Supervisor,
    /// Somebody else; bots are external.
    #[default]
    External,
}

/// Somebody who takes part in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The backend's id of the participant.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Whether it is a bot, when known.
    pub bot: Option<bool>,
    /// An https address of a picture, when known.
    pub avatar_url: Option<String>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(String),
    /// Words of the system, shown without a bubble.
    Notice(String),
    /// An address pushed by an agent; shown as a link when it is one we allow.
    Url(String),
    /// The party joined.
    Joined,
    /// The party left.
    Left,
    /// Something this version does not draw, by its name on the wire; it keeps its place in the transcript.
    Other(String),
}

/// How many characters a text has. (The library's way of counting them is 1 kB.)
pub fn length(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Whether nothing of a text would be seen: spaces, and what has no width. (So does `widget/text.js`.)
pub fn blank(text: &str) -> bool {
    let unseen = |c| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    text.chars().all(|c| c.is_whitespace() || unseen(c))
}

/// How far a visitor's message has come. The order is the order in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// In the outbox; not yet handed to a connection.
    Queued,
    /// Handed to a connection.
    Sending,
    /// The backend has it. Every received message is at least this.
    Sent,
    /// An agent's device has it.
    Delivered,
    /// An agent read it.
    Read,
    /// Not sent; offered for retry and discard.
    Failed,
}

impl Status {
    /// As events and `Message.status` say it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Queued => "queued",
            Status::Sending => "sending",
            Status::Sent => "sent",
            Status::Delivered => "delivered",
            Status::Read => "read",
            Status::Failed => "failed",
        }
    }
}

/// One entry of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The backend's id, else the index as text, else the `client_message_id`.
    pub id: String,
    /// Present on messages of this visitor: the idempotency key.
    pub client_message_id: Option<String>,
    /// Of the conversation it belongs to.
    pub conversation_id: String,
    /// Its place in the backend's order; 0 while the backend has not given one.
    pub index: u64,
    /// Who said it.
    pub party: Party,
    /// What was said.
    pub content: Content,
    /// When, in ms since 1970; the backend's time once known.
    pub created_at: Wall,
    /// How far it has come.
    pub status: Status,
    /// Why it failed, when it did.
    pub error: Option<Error>,
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConversationStatus {
    /// Not yet requested, or being requested.
    #[default]
    New,
    /// Requested; nobody has joined yet.
    Queued,
    /// An agent is present.
    Active,
    /// Over, but a new message may reopen it.
    Resolved,
    /// Over.
    Ended,
}

impl Default for Content {
    fn default() -> Self {
        Content::Text(String::new())
    }
}

impl ConversationStatus {
    const ALL: [ConversationStatus; 5] = [Self::New, Self::Queued, Self::Active, Self::Resolved, Self::Ended];

    /// The one of this name.
    pub fn named(name: &str) -> Option<ConversationStatus> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// As `Conversation.status` says it.
    pub fn name(self) -> &'static str {
        match self {
            ConversationStatus::New => "new",
            ConversationStatus::Queued => "queued",
            ConversationStatus::Active => "active",
            ConversationStatus::Resolved => "resolved",
            ConversationStatus::Ended => "ended",
        }
    }
}

/// One thread of messages, as events and results show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The backend's id; `local-…` before there is one.
    pub id: String,
    /// Where it stands.
    pub status: ConversationStatus,
    /// What it is about, when the page said so.
    pub subject: Option<String>,
    /// In ms since 1970.
    pub created_at: Wall,
    /// In ms since 1970: the newest message, or the creation.
    pub updated_at: Wall,
    /// Messages of others after the read mark.
    pub unread_count: u32,
    /// The newest message.
    pub last_message: Option<Rc<Message>>,
    /// The agent present.
    pub agent: Option<Party>,
}
