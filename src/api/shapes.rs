//! The shapes in which messages, conversations and events leave for JavaScript. Not: how calls come in (`convert`).

use crate::message::{Content, Conversation, Message, Party, Role};
use crate::session::{Change, ConversationChange, Event, Identity};
use crate::time::iso;
use serde::Serialize;

/// `Party` of the README.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartyShape<'a> {
    id: &'a str,
    name: &'a str,
    r#type: &'static str,
    is: Is,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_url: Option<&'a str>,
}

#[derive(Serialize)]
struct Is {
    client: bool,
    agent: bool,
    supervisor: bool,
    external: bool,
    bot: bool,
}

/// `Content` of the README.
#[derive(Serialize)]
struct ContentShape<'a> {
    r#type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// `Message` of the README.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageShape<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<&'a str>,
    conversation_id: &'a str,
    index: f64,
    party: PartyShape<'a>,
    content: ContentShape<'a>,
    created_at: String,
    status: &'static str,
}

/// `Conversation` of the README.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConversationShape<'a> {
    id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    created_at: String,
    updated_at: String,
    unread_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message: Option<MessageShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<PartyShape<'a>>,
    tags: [(); 0],
    custom_fields: Nothing,
}

/// An empty object.
#[derive(Serialize)]
struct Nothing {}

/// Every payload there is: one shape with what each event has costs a fraction of one shape per event.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<ConversationShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<PartyShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wanted: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    using: Option<&'static str>,
}

/// Name and payload of an event. Errors are real ones, and put in by `convert`.
pub(super) fn event(event: &Event) -> (&'static str, Payload<'_>) {
    let mut payload = Payload::default();
    let name = match event {
        Event::Ready(identity) => {
            payload.identity_type = Some(identity_type(identity));
            "ready"
        }
        Event::State { state, previous, reason } => {
            payload.state = Some(state.name());
            payload.previous = Some(previous.name());
            payload.reason = *reason;
            "state"
        }
        Event::Error(_) => "error",
        Event::Open => "open",
        Event::Close => "close",
        Event::Show => "show",
        Event::Hide => "hide",
        Event::LauncherShow => "launcher:show",
        Event::LauncherHide => "launcher:hide",
        Event::AuthExpired => "auth:expired",
        Event::AuthChanged { identity, previous } => {
            payload.identity_type = identity.as_ref().map(identity_type);
            payload.previous = previous.as_ref().map(identity_type);
            "auth:changed"
        }
        Event::Connection(connection) => {
            payload.state = Some(connection.state.name());
            payload.reason = connection.reason;
            "connection:state"
        }
        Event::Unread(count) => {
            payload.count = Some(*count);
            "unread:change"
        }
        Event::Conversation(change, about) => {
            payload.conversation = Some(conversation(about));
            match change {
                ConversationChange::Started => "conversation:started",
                ConversationChange::Opened => "conversation:opened",
                ConversationChange::Updated => "conversation:updated",
                ConversationChange::Assigned => "conversation:assigned",
                ConversationChange::Resolved => "conversation:resolved",
                ConversationChange::Ended => "conversation:ended",
            }
        }
        Event::Message(change, about, of) => {
            payload.conversation = Some(conversation(about));
            payload.message = Some(message(of));
            match change {
                Change::Sending => "message:sending",
                Change::Sent => "message:sent",
                Change::Delivered => "message:delivered",
                Change::Received => "message:received",
                Change::Failed => "message:failed",
            }
        }
        Event::Read(about, index) => {
            payload.conversation = Some(conversation(about));
            payload.index = Some(*index as f64);
            "message:read"
        }
        Event::Typing { start, conversation_id, party: who } => {
            payload.conversation_id = Some(conversation_id);
            payload.party = Some(party(who));
            if *start { "typing:start" } else { "typing:stop" }
        }
        Event::Agent { joined, party: who } => {
            payload.party = Some(party(who));
            if *joined { "agent:joined" } else { "agent:left" }
        }
        Event::StorageDegraded { wanted, reason } => {
            payload.wanted = Some(wanted);
            payload.using = Some("memory");
            payload.reason = Some(reason);
            "storage:degraded"
        }
    };
    (name, payload)
}

/// A message for JavaScript.
pub(super) fn message(message: &Message) -> MessageShape<'_> {
    MessageShape {
        id: &message.id,
        client_message_id: message.client_message_id.as_deref(),
        conversation_id: &message.conversation_id,
        index: message.index as f64,
        party: party(&message.party),
        content: content(message),
        created_at: iso(message.created_at),
        status: message.status.name(),
    }
}

/// A conversation for JavaScript.
pub(super) fn conversation(about: &Conversation) -> ConversationShape<'_> {
    ConversationShape {
        id: &about.id,
        status: about.status.name(),
        subject: about.subject.as_deref(),
        created_at: iso(about.created_at),
        updated_at: iso(about.updated_at),
        unread_count: about.unread_count,
        last_message: about.last_message.as_deref().map(message),
        agent: about.agent.as_ref().map(party),
        tags: [],
        custom_fields: Nothing {},
    }
}

/// `anonymous` or `authenticated`.
pub(super) fn identity_type(identity: &Identity) -> &'static str {
    if identity.user_id.is_some() { "authenticated" } else { "anonymous" }
}

fn party(party: &Party) -> PartyShape<'_> {
    let is = |role| party.role == role;
    PartyShape {
        id: &party.id,
        name: &party.name,
        r#type: match party.role {
            Role::Visitor => "Client",
            Role::Agent => "Agent",
            Role::Supervisor => "Supervisor",
            Role::External => "External",
        },
        is: Is {
            client: is(Role::Visitor),
            agent: is(Role::Agent),
            supervisor: is(Role::Supervisor),
            external: is(Role::External),
            bot: party.bot.unwrap_or(false),
        },
        avatar_url: party.avatar_url.as_deref(),
    }
}

/// Joining and leaving are notices to whoever reads a transcript.
fn content(message: &Message) -> ContentShape<'_> {
    let (kind, text, url) = match &message.content {
        Content::Text(text) => ("text", Some(text.clone()), None),
        Content::Notice(text) => ("notice", Some(text.clone()), None),
        Content::Url(url) => ("url", None, Some(url.as_str())),
        Content::Joined => ("notice", Some([&message.party.name, " joined"].concat()), None),
        Content::Left => ("notice", Some([&message.party.name, " left"].concat()), None),
        Content::Other(kind) => (kind.as_str(), None, None),
    };
    ContentShape { r#type: kind, text, url }
}
