//! The list of a visitor's conversations: from the server's form into the page's, without what opens them. Not: who may
//! see them (the server).

use super::frame::{read_message, read_party};
use super::resume::Resume;
use crate::json::{Value, Writer, push_number};
use crate::message::{Content, Conversation, ConversationStatus, Party, Role};
use crate::time::{Wall, iso};
use crate::transport::{ChatEventKind, Conversations};

/// Reads the reply; what is no conversation is left out.
pub(super) fn read(data: Value<'_>, resume: &Resume, now: Wall) -> Conversations {
    let mut page = Writer::new();
    let mut open = None;
    page.object().name("items").array();
    for item in data.items_at("conversations") {
        let Some(about) = about(item) else { continue };
        write(&mut page, item, &about, now);
        if let (None, Some(key), true) = (&open, item.text_at("secureKey"), about.status != ConversationStatus::Ended) {
            let resume = Resume {
                chat_id: Some(about.id.clone()),
                secure_key: Some(key.to_owned()),
                user_id: None,
                alias: None,
                ..resume.clone()
            };
            open = Some((Box::new(about), resume.write()));
        }
    }
    page.end_array();
    if let Some(cursor) = data.text_at("nextCursor") {
        page.name("nextCursor").string(cursor);
    }
    page.end_object();
    Conversations { page: page.finish(), open }
}

fn about(item: Value<'_>) -> Option<Conversation> {
    let created_at = item.number_at("createdAt")?;
    Some(Conversation {
        id: item.owned_at("id").filter(|id| !id.is_empty())?,
        status: ConversationStatus::named(item.text_at("status")?)?,
        subject: item.owned_at("subject"),
        created_at,
        updated_at: item.number_at("updatedAt").unwrap_or(created_at),
        unread_count: item.number_at("unreadCount").and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        last_message: None,
        agent: item.member("agent").filter(|agent| agent.is_object()).map(|agent| read_party(Some(agent))),
    })
}

fn write(page: &mut Writer, item: Value<'_>, about: &Conversation, now: Wall) {
    page.object().name("id").string(&about.id).name("status").string(about.status.name());
    if let Some(subject) = &about.subject {
        page.name("subject").string(subject);
    }
    page.name("createdAt").string(&iso(about.created_at)).name("updatedAt").string(&iso(about.updated_at));
    page.name("unreadCount").number(u64::from(about.unread_count));
    if let Some(ChatEventKind::Entry(entry)) = item.member("lastMessage").and_then(|last| read_message(last, now))
        && let Content::Text(text) = &entry.content
    {
        let mut index = String::new();
        push_number(&mut index, entry.index);
        page.name("lastMessage").object().name("id").string(&index).name("conversationId").string(&about.id);
        page.name("index").number(entry.index);
        write_party(page.name("party"), &entry.party);
        page.name("content").object().name("type").string("text").name("text").string(text).end_object();
        page.name("createdAt").string(&iso(entry.time)).name("status").string("sent").end_object();
    }
    if let Some(agent) = &about.agent {
        write_party(page.name("agent"), agent);
    }
    for (name, opening, empty) in [("tags", '[', "[]"), ("customFields", '{', "{}")] {
        let given = item.member(name).map(Value::raw).filter(|raw| raw.starts_with(opening));
        page.name(name).raw(given.unwrap_or(empty));
    }
    page.end_object();
}

/// `Party` of the README.
fn write_party(writer: &mut Writer, party: &Party) {
    let roles = ["Client", "Agent", "Supervisor", "External"];
    let role = [Role::Visitor, Role::Agent, Role::Supervisor].iter().position(|role| *role == party.role).unwrap_or(3);
    writer.object().name("id").string(&party.id).name("name").string(&party.name);
    writer.name("type").string(roles[role]).name("is").object();
    for (place, name) in ["client", "agent", "supervisor", "external"].iter().enumerate() {
        writer.name(name).boolean(place == role);
    }
    writer.name("bot").boolean(false).end_object().end_object();
}
