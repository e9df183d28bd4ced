//! Events of a conversation as JSON: what a page's own transport reports, what tabs tell each other, and the saved
//! tail of the transcript. Not: the dialect of a chat server (`cometd`), nor the events a page listens to.
//!
//! The shape is `TransportEvent` of `types.d.ts`; `caught-up` and `unknown` are spoken between tabs only.

use super::{ChatEvent, ChatEventKind, Entry};
use crate::json::{Value, Writer};
use crate::message::{Content, Party, Role};

/// The event in this object; `None` for a type we do not know, or one that lacks what makes it an event.
pub fn read_event(value: Value<'_>) -> Option<ChatEvent> {
    let kind = match value.text_at("type")? {
        "message" => {
            let content = read_content(value.member("content")?)?;
            // A message needs a place: without one it could neither be ordered nor told from a repeat.
            value.number_at("index").filter(|index| *index > 0)?;
            read_entry(value, content)
        }
        "joined" => read_entry(value, Content::Joined),
        "left" => read_entry(value, Content::Left),
        "typing" => ChatEventKind::Typing(read_party(value.member("party")), value.member("isTyping")?.boolean()?),
        "delivered" => ChatEventKind::Delivered(value.number_at("index")?),
        "read" => ChatEventKind::Read(value.number_at("index")?),
        "caught-up" => ChatEventKind::CaughtUp(value.number_at("index")?),
        "ended" => ChatEventKind::Ended(owned(value, "reason")),
        "unknown" => ChatEventKind::Unknown,
        _ => return None,
    };
    Some(ChatEvent { conversation_id: owned(value, "conversationId"), kind })
}

/// Writes it as [`read_event`] reads it.
pub fn write_event(writer: &mut Writer, event: &ChatEvent) {
    writer.object().name("type");
    match &event.kind {
        ChatEventKind::Entry(entry) => write_entry(writer, entry),
        ChatEventKind::Typing(party, is_typing) => {
            write_party(writer.string("typing").name("party"), party);
            writer.name("isTyping").boolean(*is_typing);
        }
        ChatEventKind::Delivered(index) => write_index(writer, "delivered", *index),
        ChatEventKind::Read(index) => write_index(writer, "read", *index),
        ChatEventKind::CaughtUp(index) => write_index(writer, "caught-up", *index),
        ChatEventKind::Ended(reason) => {
            writer.string("ended");
            write_optional(writer, "reason", reason);
        }
        ChatEventKind::Unknown => {
            writer.string("unknown");
        }
    }
    write_optional(writer, "conversationId", &event.conversation_id);
    writer.end_object();
}

/// A party; what is missing stays empty. Both our words for the role and the chat server's are understood.
pub fn read_party(value: Option<Value<'_>>) -> Party {
    let mut party = Party { id: String::new(), name: String::new(), role: Role::External, bot: None, avatar_url: None };
    if let Some(value) = value {
        party.id = owned(value, "id").unwrap_or_default();
        party.name = owned(value, "name").unwrap_or_default();
        party.role = value.text_at("type").map_or(Role::External, role_named);
        party.bot = value.member("is").and_then(|is| is.member("bot")).and_then(Value::boolean);
        party.avatar_url = owned(value, "avatarUrl");
    }
    party
}

/// Writes it as [`read_party`] reads it.
pub fn write_party(writer: &mut Writer, party: &Party) {
    writer.object().name("id").string(&party.id).name("name").string(&party.name);
    writer.name("type").string(role_name(party.role));
    if let Some(bot) = party.bot {
        writer.name("is").object().name("bot").boolean(bot).end_object();
    }
    write_optional(writer, "avatarUrl", &party.avatar_url);
    writer.end_object();
}

/// The word for a role.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Visitor => "visitor",
        Role::Agent => "agent",
        Role::Supervisor => "supervisor",
        Role::External => "external",
    }
}

/// The role a word means; somebody else when it means none.
pub fn role_named(word: &str) -> Role {
    match word {
        "visitor" | "Visitor" | "client" | "Client" => Role::Visitor,
        "agent" | "Agent" => Role::Agent,
        "supervisor" | "Supervisor" => Role::Supervisor,
        _ => Role::External,
    }
}

fn read_content(value: Value<'_>) -> Option<Content> {
    let kind = value.text_at("type")?;
    Some(match kind {
        "text" => Content::Text(owned(value, "text")?),
        "notice" => Content::Notice(owned(value, "text")?),
        "url" => Content::Url(owned(value, "url").or_else(|| owned(value, "text"))?),
        _ => Content::Other(kind.to_owned()),
    })
}

fn read_entry(value: Value<'_>, content: Content) -> ChatEventKind {
    ChatEventKind::Entry(Entry {
        index: value.number_at("index").unwrap_or(0),
        id: owned(value, "id"),
        client_message_id: owned(value, "clientMessageId"),
        party: read_party(value.member("party")),
        content,
        time: value.number_at("time").unwrap_or(0),
    })
}

fn write_entry(writer: &mut Writer, entry: &Entry) {
    let (kind, member, words) = match &entry.content {
        Content::Joined => ("joined", "", ""),
        Content::Left => ("left", "", ""),
        Content::Text(text) => ("text", "text", text.as_str()),
        Content::Notice(text) => ("notice", "text", text.as_str()),
        Content::Url(url) => ("url", "url", url.as_str()),
        Content::Other(name) => (name.as_str(), "", ""),
    };
    if matches!(entry.content, Content::Joined | Content::Left) {
        writer.string(kind);
    } else {
        writer.string("message").name("content").object().name("type").string(kind);
        if !member.is_empty() {
            writer.name(member).string(words);
        }
        writer.end_object();
    }
    writer.name("index").number(entry.index);
    write_optional(writer, "id", &entry.id);
    write_optional(writer, "clientMessageId", &entry.client_message_id);
    write_party(writer.name("party"), &entry.party);
    writer.name("time").number(entry.time);
}

fn write_index(writer: &mut Writer, kind: &str, index: u64) {
    writer.string(kind).name("index").number(index);
}

fn write_optional(writer: &mut Writer, name: &str, value: &Option<String>) {
    if let Some(value) = value {
        writer.name(name).string(value);
    }
}

fn owned(value: Value<'_>, name: &str) -> Option<String> {
    value.owned_at(name)
}
