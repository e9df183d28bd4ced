//! Chat operations: what is under way, and how each looks on the wire. Not: what comes back (`frame`).

use super::resume::Resume;
use crate::error::{Code, Error};
use crate::json::Writer;
use crate::time::Mono;
use crate::transport::bayeux::client::BATCH;
use crate::transport::bayeux::message::MessageId;
use crate::transport::{Action, Capabilities, OpId};

/// An operation that has not been answered.
pub(super) struct Operation {
    /// The session's; `None` for our own catching up while connecting.
    pub(super) id: Option<OpId>,
    pub(super) action: Action,
    /// The index of its echo, when that came before its answer.
    pub(super) echo: u64,
    /// It left for the chat before this one.
    pub(super) stale: bool,
    /// The publish that carries it; 0 while it has not left.
    pub(super) sent: MessageId,
    /// When its answer must be there.
    pub(super) due: Mono,
    /// How often the server asked to try again.
    pub(super) tries: u32,
    /// When it may leave again.
    pub(super) again_at: Mono,
}

impl Operation {
    pub(super) fn new(id: Option<OpId>, action: Action) -> Self {
        Operation { id, action, echo: 0, stale: false, sent: 0, due: 0, tries: 0, again_at: 0 }
    }
}

impl Operation {
    /// Whether it sends these words.
    pub(super) fn says(&self, words: &str) -> bool {
        matches!(&self.action, Action::Send(sent) if sent.text.trim() == words.trim())
    }
}

/// The `data` of the publish.
pub(super) fn write(action: &Action, resume: &Resume, capabilities: Capabilities) -> Result<String, Error> {
    let keyed = capabilities.has(Capabilities::IDEMPOTENCY);
    let mut writer = Writer::new();
    writer.object().name("operation");
    if let Action::RequestChat(chat) = action {
        writer.string("requestChat").name("nickname").string(&chat.nickname);
        if let Some(subject) = &chat.subject {
            writer.name("subject").string(subject);
        }
        writer.name("userData").raw(if chat.user_data.is_empty() { "{}" } else { &chat.user_data });
        if keyed {
            writer.name("clientConversationId").string(&chat.client_conversation_id);
        }
    } else if let Action::Identify(token) = action {
        writer.string("identify").name("token").string(token);
    } else if let Action::Conversations(limit) = action {
        writer.string("conversations").name("limit").number(u64::from(*limit));
    } else {
        let Some(secure_key) = &resume.secure_key else {
            return Err(Error::new(Code::SessionNotFound, "no chat is open"));
        };
        match action {
            Action::Send(outgoing) => {
                writer.string("sendMessage").name("message").string(&outgoing.text);
                if keyed {
                    writer.name("clientMessageId").string(&outgoing.client_message_id);
                }
            }
            Action::Typing(true) => drop(writer.string("startTyping")),
            Action::Typing(false) => drop(writer.string("stopTyping")),
            Action::CatchUp(index) => {
                writer.string("requestNotifications");
                // The position is the first one wanted; absent, everything. A plain server does not say what it
                // answers: what is known already is asked for once more, so that its answer is known by that.
                if *index > 0 {
                    let known = u64::from(!capabilities.has(Capabilities::KEEPS));
                    writer.name("transcriptPosition").number(index.saturating_add(1 - known));
                }
            }
            Action::Read(index) => drop(writer.string("readReceipt").name("index").number(*index)),
            Action::Update(values) => drop(writer.string("updateData").name("userData").raw(values)),
            _ => drop(writer.string("disconnect")),
        }
        writer.name("secureKey").string(secure_key);
    }
    writer.end_object();
    let text = writer.finish();
    // Room for the envelope. A batch can be cut, a message cannot.
    if text.len() > BATCH - 1024 {
        return Err(Error::new(Code::MessageInvalid, "too large for the wire"));
    }
    Ok(text)
}
