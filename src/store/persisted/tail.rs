//! The end of the transcript as it was last seen, so that a reload draws it at once. Not: the truth; the backend has it.

use super::{Broken, decode, encode};
use crate::json::{Fields, Form};
use crate::transport::{ChatEvent, ChatEventKind, Entry};

/// The most entries that are kept.
const MOST: usize = 50;
/// The most bytes they may take.
const ROOM: usize = 64 * 1024;

/// The last entries of one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// The backend's id of the conversation.
    pub conversation_id: String,
    /// In order of their indices, each once.
    pub entries: Vec<Entry>,
    /// The logout epoch it was written in.
    pub epoch: u64,
}

impl Tail {
    /// As text; the oldest entries are left out until it fits.
    pub fn encode(&self) -> String {
        let mut size = 0;
        let mut kept = Tail { conversation_id: self.conversation_id.clone(), entries: Vec::new(), epoch: self.epoch };
        for entry in self.entries.iter().rev().take(MOST) {
            let mut event = ChatEvent { conversation_id: None, kind: ChatEventKind::Entry(entry.clone()) };
            let mut form = Form::writing();
            event.fields(&mut form);
            size += form.finish().len() + 1;
            if size > ROOM {
                break;
            }
            kept.entries.insert(0, entry.clone());
        }
        encode(&mut kept)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Tail, Broken> {
        let mut tail = Tail::default();
        decode(text, &[], &mut tail).map(|()| tail)
    }

    /// Of entries with the same index or key the first wins.
    fn add(&mut self, entry: Entry) {
        for other in &self.entries {
            if (entry.index != 0 && other.index == entry.index)
                || (entry.client_message_id.is_some() && other.client_message_id == entry.client_message_id)
            {
                return;
            }
        }
        self.entries.push(entry);
    }
}

/// One entry that cannot be read makes all of it worthless: a hole in the transcript would never be filled.
impl Fields for Tail {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.id("conversationId", &mut self.conversation_id);
        let mut events = Vec::new();
        for entry in std::mem::take(&mut self.entries) {
            events.push(ChatEvent { conversation_id: None, kind: ChatEventKind::Entry(entry) });
        }
        form.list("events", &mut events);
        form.number_or_0("epoch", &mut self.epoch);
        let listed = form.reads().map(|from| from.items_at("events").count());
        if listed.is_some_and(|listed| listed != events.len()) {
            form.spoil();
        }
        for event in events {
            match event.kind {
                ChatEventKind::Entry(entry) => self.add(entry),
                _ => form.spoil(),
            }
        }
        if self.entries.len() > MOST {
            form.spoil();
        }
    }
}
