//! Messages and views for tests of the widget. Not part of any build that ships.

use crate::lifecycle::State;
use crate::message::{Content, ConversationStatus, Message, Party, Role, Status};
use crate::session::{Connection, ConnectionState, Item, Look, View};
use crate::time::Wall;
use std::rc::Rc;

pub(super) fn party(role: Role, name: &str) -> Party {
    Party { id: name.into(), name: name.into(), role, bot: None, avatar_url: None }
}

pub(super) fn item(key: u32, party: Party, content: Content, at: Wall, status: Status) -> Item {
    let own = (party.role == Role::Visitor).then(|| format!("c{key}"));
    let message = Message {
        id: format!("m{key}"),
        client_message_id: own,
        conversation_id: "1".into(),
        index: u64::from(key),
        party,
        content,
        created_at: at,
        status,
        error: None,
    };
    Item { key, revision: 0, message: Rc::new(message) }
}

pub(super) fn agent(key: u32, text: &str, at: Wall) -> Item {
    item(key, party(Role::Agent, "Maya Keller"), Content::Text(text.into()), at, Status::Sent)
}

pub(super) fn visitor(key: u32, text: &str, at: Wall, status: Status) -> Item {
    item(key, party(Role::Visitor, "Lena"), Content::Text(text.into()), at, status)
}

pub(super) fn notice(key: u32, content: Content, at: Wall) -> Item {
    item(key, party(Role::Agent, "Maya Keller"), content, at, Status::Sent)
}

/// What a view borrows from.
#[allow(dead_code)] // the native tests use the messages only
pub(super) struct Scene {
    pub(super) items: Vec<Item>,
    pub(super) look: Look,
    pub(super) status: ConversationStatus,
    pub(super) agent: Option<Party>,
    pub(super) typing: bool,
    pub(super) draft: String,
    pub(super) connection: Connection,
}

#[allow(dead_code)]
impl Scene {
    /// An open panel with these rows.
    pub(super) fn open(items: Vec<Item>) -> Scene {
        Scene {
            items,
            look: Look { open: true, shown: true, launcher: true, z_index: 10, ..Look::default() },
            status: ConversationStatus::Active,
            agent: Some(party(Role::Agent, "Maya Keller")),
            typing: false,
            draft: String::new(),
            connection: Connection { state: ConnectionState::Connected, kind: None, reason: None },
        }
    }

    pub(super) fn view(&self) -> View<'_> {
        View {
            state: State::Anonymous,
            items: &self.items,
            look: &self.look,
            status: self.status,
            generation: 1,
            agent: self.agent.as_ref(),
            typing: if self.typing { self.agent.as_ref() } else { None },
            unread: 0,
            marker: None,
            draft: &self.draft,
            draft_revision: 1,
            banner: None,
            unsent: None,
            connection: self.connection,
            loading: false,
            checking: false,
            writable: true,
        }
    }
}
