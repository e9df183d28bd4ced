//! What there is to see: the part of a session the widget draws and the getters answer from. Not: how it is drawn.

use crate::error::Code;
use crate::lifecycle::State;
use crate::message::{ConversationStatus, Message, Party};
use crate::transport::ConnectionType;
use std::rc::Rc;

/// Who the session belongs to, as `chat.identity` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The visitor's public id.
    pub visitor_id: String,
    /// The identified user.
    pub user_id: Option<String>,
    /// Whether the backend accepted a proof.
    pub verified: bool,
}

/// Where the realtime connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names are those of `connection.state`
pub enum ConnectionState {
    #[default]
    Idle,
    Connecting,
    Connected,
    Reconnecting,
    Disconnected,
}

impl ConnectionState {
    /// As `connection.state` says it.
    pub fn name(self) -> &'static str {
        match self {
            ConnectionState::Idle => "idle",
            ConnectionState::Connecting => "connecting",
            ConnectionState::Connected => "connected",
            ConnectionState::Reconnecting => "reconnecting",
            ConnectionState::Disconnected => "disconnected",
        }
    }
}

/// `chat.connection`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Where it stands.
    pub state: ConnectionState,
    /// How it is connected, when the built-in transport is.
    pub kind: Option<ConnectionType>,
    /// Why it is lost.
    pub reason: Option<&'static str>,
}

/// What the line above the composer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Banner {
    /// Lost for more than 2 s, being restored.
    Reconnecting,
    /// The browser is offline; said at once.
    Offline,
    /// The backend said no; offers to try again.
    Refused,
    /// The browser blocks the cookie the backend needs.
    CookiesBlocked,
}

/// How the widget is to look, as far as calls change it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The panel is open.
    pub open: bool,
    /// Launcher and panel are not hidden by `hide()`.
    pub shown: bool,
    /// The launcher is not hidden.
    pub launcher: bool,
    /// Checked JSON object text of the theme.
    pub theme: String,
    /// Counts the changes of `theme`.
    pub theme_revision: u32,
    /// z-index of launcher and panel.
    pub z_index: i32,
}

/// One row of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Stays the same for as long as the row lives, through the echo and a change of index; unique in the instance.
    pub key: u32,
    /// Grows whenever the row is to be drawn anew.
    pub revision: u32,
    /// What it says.
    pub message: Rc<Message>,
}

/// A borrowed look at the session; O(1) to make.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The state of the instance.
    pub state: State,
    /// The rows in order: what the backend has, then what waits to be sent.
    pub items: &'a [Item],
    /// What the panel and launcher look like.
    pub look: &'a Look,
    /// The conversation's state; `New` when there is none.
    pub status: ConversationStatus,
    /// Grows whenever another conversation is shown: the transcript starts anew.
    pub generation: u32,
    /// The agent present.
    pub agent: Option<&'a Party>,
    /// Who types, 300 ms after they began.
    pub typing: Option<&'a Party>,
    /// Messages of others after the read mark.
    pub unread: u32,
    /// Key of the first unread row when the panel was opened: the "New messages" marker stands above it.
    pub marker: Option<u32>,
    /// What the composer should hold.
    pub draft: &'a str,
    /// Grows when the draft changed other than by this tab's composer: set the composer then, and only then.
    pub draft_revision: u32,
    /// A line about the connection.
    pub banner: Option<Banner>,
    /// Why what was written last came back into the composer.
    pub unsent: Option<Code>,
    /// Where the connection stands.
    pub connection: Connection,
    /// A saved conversation is being fetched and nothing of it is known yet: draw skeletons.
    pub loading: bool,
    /// The composer takes messages.
    pub writable: bool,
    /// Whether somebody logged out meanwhile is being found out: nothing is to be seen before.
    pub checking: bool,
}
