//! One message that was written and not yet acknowledged. Not: the row of them (`session/outbox.rs`).

use super::{Broken, OUTBOX, begin, decode, end, id, owned, write_optional};
use crate::error::Code;
use crate::time::Wall;

/// Longer messages were never accepted, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A message that waits. Order: `(at, tab, seq)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Whose message it is: another visitor's is never sent.
    pub visitor_id: String,
    /// The tab that wrote it.
    pub tab: String,
    /// Counts the messages of that tab.
    pub seq: u64,
    /// When it was written, in ms since 1970.
    pub at: Wall,
    /// Idempotency key; the name of the entry says it too.
    pub client_message_id: String,
    /// The words.
    pub text: String,
    /// Refused with this code; waits for the visitor.
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
        writer.name("visitorId").string(&self.visitor_id).name("tab").string(&self.tab);
        writer.name("seq").number(self.seq).name("at").number(self.at);
        writer.name("clientMessageId").string(&self.client_message_id).name("text").string(&self.text);
        write_optional(&mut writer, "failed", self.failed.map(Code::name));
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<OutboxEntry, Broken> {
        decode(text, &[], |root| {
            let text = owned(root, "text")?;
            // A code of another version still means: it was refused.
            let code = |name: &str| Code::named(name).unwrap_or(Code::MessageSendFailed);
            Some(OutboxEntry {
                visitor_id: id(root, "visitorId")?,
                tab: owned(root, "tab")?,
                seq: root.number_at("seq")?,
                at: root.number_at("at")?,
                client_message_id: id(root, "clientMessageId")?,
                failed: root.text_at("failed").map(code),
                text: if (1..=LONGEST_TEXT).contains(&text.chars().count()) { text } else { return None },
            })
        })
    }
}
