//! One message that was written and not yet acknowledged. Not: the row of them (`session/outbox.rs`).

use super::{Broken, OUTBOX, decode, encode};
use crate::error::Code;
use crate::json::{Fields, Form};
use crate::message::length;
use crate::time::Wall;
use std::cmp::Ordering;

/// Longer messages were never accepted, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A message that waits. Order: `(at, tab, seq)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

    /// Whether it was written after the other one, or is it.
    pub fn is_after(&self, other: &OutboxEntry) -> bool {
        match self.at.cmp(&other.at).then_with(|| self.tab.cmp(&other.tab)) {
            Ordering::Less => false,
            Ordering::Equal => self.seq >= other.seq,
            Ordering::Greater => true,
        }
    }

    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<OutboxEntry, Broken> {
        let mut entry = OutboxEntry::default();
        decode(text, &[], &mut entry).map(|()| entry)
    }
}

impl Fields for OutboxEntry {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.id("visitorId", &mut self.visitor_id);
        form.text("tab", &mut self.tab);
        form.number("seq", &mut self.seq);
        form.number("at", &mut self.at);
        form.id("clientMessageId", &mut self.client_message_id);
        form.text("text", &mut self.text);
        if !(1..=LONGEST_TEXT).contains(&length(&self.text)) {
            form.spoil();
        }
        // A code of another version still means: it was refused.
        let failed = form.maybe_word("failed", self.failed.map(Code::name));
        self.failed = failed.map(|name| Code::named(name).unwrap_or(Code::MessageSendFailed));
    }
}
