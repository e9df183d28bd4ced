//! Events of a conversation as JSON: what a page's own transport reports, what tabs tell each other, and the saved
//! tail of the transcript. Not: the dialect of a chat server (`cometd`), nor the events a page listens to.
//!
//! The shape is `TransportEvent` of `types.d.ts`; `caught-up` and `unknown` are spoken between tabs only.

use super::{ChatEvent, ChatEventKind, Entry};
use crate::json::{Fields, Form, Value};
use crate::message::{Content, Party, Role};

/// The event in this object; `None` for a type we do not know, or one that lacks what makes it an event.
pub fn read_event(value: Value<'_>) -> Option<ChatEvent> {
    let mut event = ChatEvent::default();
    Form::read(value, &mut event).then_some(event)
}

/// The events in this array; those that are none are left out.
pub fn read_events(within: Value<'_>, name: &str) -> Vec<ChatEvent> {
    let mut events = Listed { name, events: Vec::new() };
    Form::read(within, &mut events);
    events.events
}

/// Events by the name of their list, which other lists of events share their reader with.
struct Listed<'a> {
    name: &'a str,
    events: Vec<ChatEvent>,
}

impl Fields for Listed<'_> {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.list(self.name, &mut self.events);
    }
}

impl Fields for ChatEvent {
    fn fields(&mut self, form: &mut Form<'_>) {
        let word = form.word("type", event_name(&self.kind));
        if form.reads().is_some() {
            self.kind = blank_event(word);
        }
        match &mut self.kind {
            ChatEventKind::Entry(entry) => entry.fields(form),
            ChatEventKind::Typing(party, is_typing) => {
                party_fields(party, form);
                form.flag("isTyping", is_typing);
            }
            ChatEventKind::Delivered(index) | ChatEventKind::Read(index) | ChatEventKind::CaughtUp(index) => {
                form.number("index", index);
            }
            ChatEventKind::Ended(reason) => form.maybe("reason", reason),
            ChatEventKind::Unknown if word != "unknown" => form.spoil(),
            ChatEventKind::Unknown => {}
        }
        form.maybe("conversationId", &mut self.conversation_id);
    }
}

/// Read, it must have a place: without one a message could neither be ordered nor told from a repeat.
impl Fields for Entry {
    fn fields(&mut self, form: &mut Form<'_>) {
        let message = !matches!(self.content, Content::Joined | Content::Left);
        if message {
            match form.enter("content", true) {
                Some(outside) => {
                    content_fields(&mut self.content, form);
                    form.leave(outside);
                }
                None => form.spoil(),
            }
        }
        form.number_or_0("index", &mut self.index);
        if message && self.index == 0 {
            form.spoil();
        }
        form.maybe("id", &mut self.id);
        form.maybe("clientMessageId", &mut self.client_message_id);
        party_fields(&mut self.party, form);
        form.number_or_0("time", &mut self.time);
    }
}

fn content_fields(content: &mut Content, form: &mut Form<'_>) {
    let reads = form.reads();
    if reads.is_some() {
        let text = String::new();
        *content = match form.word("type", "") {
            "text" => Content::Text(text),
            "notice" => Content::Notice(text),
            "url" => Content::Url(text),
            other => Content::Other(other.to_owned()),
        };
    } else {
        form.word(
            "type",
            match content {
                Content::Notice(_) => "notice",
                Content::Url(_) => "url",
                Content::Other(name) => name,
                _ => "text",
            },
        );
    }
    match content {
        // A page's own transport may call an address `text`, too.
        Content::Url(url) if reads.is_some_and(|from| from.text_at("url").is_none()) => form.text("text", url),
        Content::Url(url) => form.text("url", url),
        Content::Text(text) | Content::Notice(text) => form.text("text", text),
        _ => {}
    }
}

/// What is missing of it stays empty. Both our words for the role and the chat server's are understood.
fn party_fields(party: &mut Party, form: &mut Form<'_>) {
    let Some(outside) = form.enter("party", true) else { return };
    form.text_or_empty("id", &mut party.id);
    form.text_or_empty("name", &mut party.name);
    party.role = role_named(form.maybe_word("type", Some(role_name(party.role))).unwrap_or(""));
    if let Some(outside) = form.enter("is", party.bot.is_some()) {
        form.maybe_flag("bot", &mut party.bot);
        form.leave(outside);
    }
    form.maybe("avatarUrl", &mut party.avatar_url);
    form.leave(outside);
}

fn event_name(kind: &ChatEventKind) -> &'static str {
    match kind {
        ChatEventKind::Entry(Entry { content: Content::Joined, .. }) => "joined",
        ChatEventKind::Entry(Entry { content: Content::Left, .. }) => "left",
        ChatEventKind::Entry(_) => "message",
        ChatEventKind::Typing(..) => "typing",
        ChatEventKind::Delivered(_) => "delivered",
        ChatEventKind::Read(_) => "read",
        ChatEventKind::CaughtUp(_) => "caught-up",
        ChatEventKind::Ended(_) => "ended",
        ChatEventKind::Unknown => "unknown",
    }
}

/// The kind of this name, to be filled; also for a name we do not know, `Unknown`.
fn blank_event(name: &str) -> ChatEventKind {
    let entry = |content| ChatEventKind::Entry(Entry { content, ..Entry::default() });
    match name {
        "message" => entry(Content::default()),
        "joined" => entry(Content::Joined),
        "left" => entry(Content::Left),
        "typing" => ChatEventKind::Typing(Party::default(), false),
        "delivered" => ChatEventKind::Delivered(0),
        "read" => ChatEventKind::Read(0),
        "caught-up" => ChatEventKind::CaughtUp(0),
        "ended" => ChatEventKind::Ended(None),
        _ => ChatEventKind::Unknown,
    }
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
