//! The saved session: whose it is, with which backend, and which conversation is open. Not: its messages (`tail`).

use super::{Broken, decode, encode};
use crate::json::{Fields, Form};
use crate::message::ConversationStatus;
use crate::time::Wall;

/// What a later page needs to go on with this session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSession {
    /// Local random id of this saved session, unknown to the server; a tombstone names it.
    pub sid: String,
    /// The logout epoch it was made in; another one: it is wiped.
    pub epoch: u64,
    /// The term of the leader that wrote it.
    pub term: u64,
    /// Transport kind and server: the session is used with the same ones only.
    pub backend: String,
    /// The public id.
    pub visitor_id: String,
    /// The identified user.
    pub user_id: Option<String>,
    /// JSON of the transport's own. Holds credentials: never logged.
    pub resume: Option<String>,
    /// The open conversation, or the last one.
    pub conversation: Option<SavedConversation>,
    /// The last index applied without a gap.
    pub applied: u64,
    /// When it was last used, in ms since 1970: it expires from then on.
    pub used_at: Wall,
    /// Its page was left, or hidden, since: what is beside it is no copy of what another window has.
    pub left: Option<bool>,
}

/// A conversation as far as it is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedConversation {
    /// The backend's id, once there is one.
    pub id: Option<String>,
    /// `local-…`, an alias for good.
    pub local_id: String,
    /// The idempotency key of its request; absent: nothing asked for it yet.
    pub client_conversation_id: Option<String>,
    /// Its request has left: the backend may know it, though its id never came back.
    pub asked: bool,
    /// Where it stands.
    pub status: ConversationStatus,
    /// In ms since 1970.
    pub created_at: Wall,
    /// What it is about.
    pub subject: Option<String>,
    /// JSON object text, passed to the backend.
    pub metadata: Option<String>,
    /// Agents have everything up to this index.
    pub delivered: u64,
    /// Agents have read everything up to this index.
    pub read: u64,
}

impl SavedSession {
    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<SavedSession, Broken> {
        let mut session = SavedSession::default();
        decode(text, &[], &mut session).map(|()| session)
    }
}

impl Fields for SavedSession {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.id("sid", &mut self.sid);
        form.number("epoch", &mut self.epoch);
        form.number("term", &mut self.term);
        form.text("backend", &mut self.backend);
        form.id("visitorId", &mut self.visitor_id);
        form.maybe("userId", &mut self.user_id);
        form.maybe("resume", &mut self.resume);
        SavedConversation::maybe(&mut self.conversation, form);
        form.number("applied", &mut self.applied);
        form.number("usedAt", &mut self.used_at);
        form.maybe_flag("left", &mut self.left);
    }
}

impl SavedConversation {
    /// It is, or is to be, open at the backend.
    pub fn requested(&self) -> bool {
        self.client_conversation_id.is_some() && self.status != ConversationStatus::Ended
    }

    /// The member `conversation`, which may be absent.
    pub fn maybe(conversation: &mut Option<SavedConversation>, form: &mut Form<'_>) {
        if let Some(outside) = form.enter("conversation", conversation.is_some()) {
            conversation.get_or_insert_default().fields(form);
            form.leave(outside);
        }
    }
}

impl Fields for SavedConversation {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.id("localId", &mut self.local_id);
        form.maybe_id("id", &mut self.id);
        form.maybe_id("clientConversationId", &mut self.client_conversation_id);
        form.flag("asked", &mut self.asked);
        match ConversationStatus::named(form.word("status", self.status.name())) {
            Some(status) => self.status = status,
            None => form.spoil(),
        }
        form.number("createdAt", &mut self.created_at);
        form.maybe("subject", &mut self.subject);
        form.maybe("metadata", &mut self.metadata);
        form.number("delivered", &mut self.delivered);
        form.number("read", &mut self.read);
    }
}
