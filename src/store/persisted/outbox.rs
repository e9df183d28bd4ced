//! One message that was written and not yet acknowledged. Not: the row of them (`session/outbox.rs`).

use super::{Broken, OUTBOX, begin, decode, end, id, owned, write_optional};
use crate::error::Code;
use crate::time::Wall;

/// Longer messages were never accepted, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A message that waits. Order: `(at, tab, seq)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Idempotency key; the name of the entry says it too.
    pub client_message_id: String,
    /// Whose message it is: another visitor's is never sent.
    pub visitor_id: String,
    /// Local or backend's id of the conversation it was written in; absent: a new one.
    pub conversation_id: Option<String>,
    /// The tab that wrote it.
    pub tab: String,
    /// Counts the messages of that tab.
    pub seq: u64,
    /// When it was written, in ms since 1970.
    pub at: Wall,
    /// The words.
    pub text: String,
    /// Why it was refused, if it was: it waits for the visitor.
    pub failed: Option<Code>,
}

impl OutboxEntry {
    /// The name it is kept under.
    pub fn name(&self) -> String {
        OutboxEntry::name_of(&self.client_message_id)
    }

    /// The name of the entry with this key.
    pub fn name_of(client_message_id: &str) -> String {
        [OUTBOX, client_message_id].concat()
    }

    /// As text.
    pub fn encode(&self) -> String {
        let mut writer = begin(1);
        writer.name("clientMessageId").string(&self.client_message_id).name("visitorId").string(&self.visitor_id);
        write_optional(&mut writer, "conversationId", self.conversation_id.as_deref());
        writer.name("tab").string(&self.tab).name("seq").number(self.seq).name("at").number(self.at);
        writer.name("text").string(&self.text);
        write_optional(&mut writer, "failed", self.failed.map(Code::name));
        end(writer)
    }

    /// From the text kept under this name. One whose key is not its name's is a duplicate of another: not ours.
    pub fn decode(name: &str, text: &str) -> Result<OutboxEntry, Broken> {
        let entry = decode(text, &[], |root| {
            Some(OutboxEntry {
                client_message_id: id(root, "clientMessageId")?,
                visitor_id: id(root, "visitorId")?,
                conversation_id: id(root, "conversationId"),
                tab: owned(root, "tab")?,
                seq: root.number_at("seq")?,
                at: root.number_at("at")?,
                text: owned(root, "text").filter(|text| (1..=LONGEST_TEXT).contains(&text.chars().count()))?,
                // A code of another version still means: it was refused.
                failed: root.text_at("failed").map(|name| Code::named(&name).unwrap_or(Code::MessageSendFailed)),
            })
        })?;
        if name.strip_prefix(OUTBOX) == Some(entry.client_message_id.as_str()) {
            Ok(entry)
        } else {
            Err(Broken::NotOurs)
        }
    }
}
