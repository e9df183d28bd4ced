//! What scenarios begin with: options, people and what they say. Not: how it gets to a tab (`rig`).

use support_chat::message::{Content, Party, Role};
use support_chat::session::{Config, UpdateLimit};
use support_chat::transport::{ChatEventKind, Entry};

pub(crate) fn config() -> Config {
    Config {
        lazy: true,
        cookie_consent: true,
        kept_for: None,
        storage: "local",
        namespace: "default".into(),
        locale: "en".into(),
        backend: "cometd:https://chat.example/cometd".into(),
        sound: true,
        nickname: "User".into(),
        subject: None,
        user_data: "{}".into(),
        theme: "{}".into(),
        z_index: 1,
        token_provider: None,
        update_limit: UpdateLimit { per_second: 1, per_minute: 20 },
    }
}

pub(crate) fn agent() -> Party {
    Party { id: "a1".into(), name: "Maya".into(), role: Role::Agent, bot: None, avatar_url: None }
}

fn visitor() -> Party {
    Party { id: "v".into(), name: "User".into(), role: Role::Visitor, bot: None, avatar_url: None }
}

/// Something an agent said.
pub(crate) fn said(index: u64, text: &str) -> ChatEventKind {
    entry(index, agent(), Content::Text(text.into()), None)
}

/// The echo of a visitor's message.
pub(crate) fn echo(index: u64, text: &str, key: Option<&str>) -> ChatEventKind {
    entry(index, visitor(), Content::Text(text.into()), key)
}

fn entry(index: u64, party: Party, content: Content, key: Option<&str>) -> ChatEventKind {
    ChatEventKind::Entry(Entry {
        index,
        id: None,
        client_message_id: key.map(str::to_owned),
        party,
        content,
        time: 1_700_000_000_000_u64.saturating_add(index),
    })
}
