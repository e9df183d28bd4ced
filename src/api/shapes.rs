//! The shapes in which messages, conversations and events leave for JavaScript: as JSON, which costs a fraction of setting
//! members one by one. Not: how the text becomes an object, nor how calls come in (`convert`).

use crate::error::Error;
use crate::json::Writer;
use crate::message::{Content, Conversation, Message, Party};
use crate::session::{Change, Connection, ConversationChange, Event, Identity};
use crate::time::iso;

/// `Party.type` and the member of `Party.is`, by role.
const ROLES: [(&str, &str); 4] =
    [("Client", "client"), ("Agent", "agent"), ("Supervisor", "supervisor"), ("External", "external")];

/// Writes the members of an event's payload and answers its name.
pub(super) fn event(out: &mut Writer, event: &Event) -> &'static str {
    match event {
        Event::Ready(identity) => {
            identity_type(out, "identityType", Some(identity));
            "ready"
        }
        Event::State { state, previous, reason } => {
            text(out, "state", state.name());
            text(out, "previous", previous.name());
            given(out, "reason", *reason);
            "state"
        }
        Event::Error(reason) => {
            error(out.name("error"), reason);
            "error"
        }
        Event::Open => "open",
        Event::Close => "close",
        Event::Show => "show",
        Event::Hide => "hide",
        Event::LauncherShow => "launcher:show",
        Event::LauncherHide => "launcher:hide",
        Event::AuthExpired => "auth:expired",
        Event::AuthChanged { identity, previous } => {
            identity_type(out, "identityType", identity.as_ref());
            identity_type(out, "previous", previous.as_ref());
            "auth:changed"
        }
        Event::Connection(connection) => {
            text(out, "state", connection.state.name());
            given(out, "reason", connection.reason);
            "connection:state"
        }
        Event::Unread(count) => {
            number(out, "count", (*count).into());
            "unread:change"
        }
        Event::Conversation(change, about) => {
            conversation(out.name("conversation"), about);
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
            conversation(out.name("conversation"), about);
            message(out.name("message"), of);
            if let Some(reason) = &of.error {
                error(out.name("error"), reason);
            }
            match change {
                Change::Sending => "message:sending",
                Change::Sent => "message:sent",
                Change::Delivered => "message:delivered",
                Change::Received => "message:received",
                Change::Failed => "message:failed",
            }
        }
        Event::Read(about, index) => {
            conversation(out.name("conversation"), about);
            number(out, "index", *index);
            "message:read"
        }
        Event::Typing { start, conversation_id, party: who } => {
            text(out, "conversationId", conversation_id);
            party(out, "party", who);
            if *start { "typing:start" } else { "typing:stop" }
        }
        Event::Agent { joined, party: who } => {
            party(out, "party", who);
            if *joined { "agent:joined" } else { "agent:left" }
        }
        Event::StorageDegraded { wanted, reason } => {
            text(out, "wanted", wanted);
            text(out, "using", "memory");
            text(out, "reason", reason);
            "storage:degraded"
        }
    }
}

/// The members of an error; `page.js` makes it a real one.
pub(super) fn error(out: &mut Writer, error: &Error) {
    out.object();
    text(out, "message", &error.message);
    text(out, "code", error.code.name());
    number(out, "numeric", error.code.numeric().into());
    out.name("recoverable").boolean(error.code.recoverable());
    given(out, "reason", error.reason);
    out.end_object();
}

/// `Message` of the README.
pub(super) fn message(out: &mut Writer, message: &Message) {
    out.object();
    text(out, "id", &message.id);
    given(out, "clientMessageId", message.client_message_id.as_deref());
    text(out, "conversationId", &message.conversation_id);
    number(out, "index", message.index);
    party(out, "party", &message.party);
    out.name("content").object();
    content(out, message);
    out.end_object();
    text(out, "createdAt", &iso(message.created_at));
    text(out, "status", message.status.name());
    out.end_object();
}

/// `Conversation` of the README.
pub(super) fn conversation(out: &mut Writer, about: &Conversation) {
    out.object();
    text(out, "id", &about.id);
    text(out, "status", about.status.name());
    given(out, "subject", about.subject.as_deref());
    text(out, "createdAt", &iso(about.created_at));
    text(out, "updatedAt", &iso(about.updated_at));
    number(out, "unreadCount", about.unread_count.into());
    if let Some(last) = &about.last_message {
        message(out.name("lastMessage"), last);
    }
    if let Some(agent) = &about.agent {
        party(out, "agent", agent);
    }
    out.name("tags").raw("[]").name("customFields").raw("{}").end_object();
}

/// `chat.identity`.
pub(super) fn identity(out: &mut Writer, identity: Option<&Identity>) {
    out.object();
    identity_type(out, "type", identity);
    if let Some(identity) = identity {
        if let Some(user) = &identity.user_id {
            text(out, "userId", user);
            out.name("verified").boolean(identity.verified);
        }
        text(out, "visitorId", &identity.visitor_id);
    }
    out.end_object();
}

/// `chat.connection`.
pub(super) fn connection(out: &mut Writer, connection: Connection) {
    out.object();
    text(out, "state", connection.state.name());
    given(out, "type", connection.kind.map(|kind| kind.name()));
    given(out, "reason", connection.reason);
    out.end_object();
}

/// A member that is a text.
pub(super) fn text(out: &mut Writer, name: &str, text: &str) {
    out.name(name).string(text);
}

/// A text that may be absent.
pub(super) fn given(out: &mut Writer, name: &str, given: Option<&str>) {
    if let Some(given) = given {
        text(out, name, given);
    }
}

pub(super) fn number(out: &mut Writer, name: &str, number: u64) {
    out.name(name).number(number);
}

/// Nobody is `null`, which is not the same as not said.
fn identity_type(out: &mut Writer, name: &str, identity: Option<&Identity>) {
    match identity {
        Some(identity) => {
            text(out, name, if identity.user_id.is_some() { "authenticated" } else { "anonymous" });
        }
        None => {
            out.name(name).raw("null");
        }
    }
}

/// `Party` of the README.
fn party(out: &mut Writer, name: &str, party: &Party) {
    out.name(name).object();
    text(out, "id", &party.id);
    text(out, "name", &party.name);
    let role = party.role as usize;
    text(out, "type", ROLES.get(role).map_or("", |words| words.0));
    out.name("is").object();
    for (at, (_, word)) in ROLES.iter().enumerate() {
        out.name(word).boolean(at == role);
    }
    out.name("bot").boolean(party.bot.unwrap_or(false)).end_object();
    given(out, "avatarUrl", party.avatar_url.as_deref());
    out.end_object();
}

/// `Content` of the README. Joining and leaving are notices to whoever reads a transcript.
fn content(out: &mut Writer, message: &Message) {
    let (kind, member, words, more) = match &message.content {
        Content::Text(text) => ("text", "text", text.as_str(), ""),
        Content::Notice(text) => ("notice", "text", text.as_str(), ""),
        Content::Url(url) => ("url", "url", url.as_str(), ""),
        Content::Joined => ("notice", "text", message.party.name.as_str(), " joined"),
        Content::Left => ("notice", "text", message.party.name.as_str(), " left"),
        Content::Other(kind) => return text(out, "type", kind),
    };
    text(out, "type", kind);
    text(out, member, &[words, more].concat());
}
