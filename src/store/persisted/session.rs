//! The saved session: whose it is, with which backend, and which conversation is open. Not: its messages (`tail`).

use super::{Broken, begin, decode, end, id, owned, write_optional};
use crate::json::{Value, Writer};
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
        let mut writer = begin(1);
        writer.name("sid").string(&self.sid).name("epoch").number(self.epoch).name("term").number(self.term);
        writer.name("backend").string(&self.backend).name("visitorId").string(&self.visitor_id);
        write_optional(&mut writer, "userId", self.user_id.as_deref());
        write_optional(&mut writer, "resume", self.resume.as_deref());
        if let Some(conversation) = &self.conversation {
            conversation.write(writer.name("conversation"));
        }
        writer.name("applied").number(self.applied).name("usedAt").number(self.used_at);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<SavedSession, Broken> {
        decode(text, &[], |root| {
            Some(SavedSession {
                sid: id(root, "sid")?,
                epoch: root.number_at("epoch")?,
                term: root.number_at("term")?,
                backend: owned(root, "backend")?,
                visitor_id: id(root, "visitorId")?,
                user_id: owned(root, "userId"),
                resume: owned(root, "resume"),
                conversation: match root.member("conversation") {
                    Some(value) => Some(SavedConversation::read(value)?),
                    None => None,
                },
                applied: root.number_at("applied")?,
                used_at: root.number_at("usedAt")?,
            })
        })
    }
}

impl SavedConversation {
    /// As an object's text.
    pub fn encode(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    /// From such an object.
    pub fn read(value: Value<'_>) -> Option<SavedConversation> {
        Some(SavedConversation {
            id: id(value, "id"),
            local_id: id(value, "localId")?,
            client_conversation_id: id(value, "clientConversationId"),
            asked: value.member("asked")?.boolean()?,
            status: ConversationStatus::named(&value.text_at("status")?)?,
            created_at: value.number_at("createdAt")?,
            subject: owned(value, "subject"),
            metadata: owned(value, "metadata"),
            delivered: value.number_at("delivered")?,
            read: value.number_at("read")?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.object().name("localId").string(&self.local_id);
        write_optional(writer, "id", self.id.as_deref());
        write_optional(writer, "clientConversationId", self.client_conversation_id.as_deref());
        writer.name("asked").boolean(self.asked).name("status").string(self.status.name());
        writer.name("createdAt").number(self.created_at);
        write_optional(writer, "subject", self.subject.as_deref());
        write_optional(writer, "metadata", self.metadata.as_deref());
        writer.name("delivered").number(self.delivered).name("read").number(self.read).end_object();
    }
}
