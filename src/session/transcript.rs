//! The rows of one conversation: what the backend has, in its order and without a gap, then what waits to be sent.
//! Not: whose turn it is to send (`outbox`), nor what the page hears about it.

use super::view::Item;
use crate::message::{Content, Message, Role, Status};
use crate::store::persisted::OutboxEntry;
use crate::transport::Entry;
use std::rc::Rc;

/// Entries that came before the one they follow are held; a backend that never fills the gap cannot fill the memory.
const AHEAD_LIMIT: usize = 10_000;
/// No backend counts further; what follows an index is an index, too.
const LAST_INDEX: u64 = 1 << 53;

/// See the module.
#[derive(Default)]
pub(super) struct Transcript {
    /// Placed rows in the backend's order, then the visitor's own that have no place yet, in the order written.
    rows: Vec<Item>,
    /// How many rows are placed.
    placed: usize,
    /// Everything up to this index is here, or does not exist.
    applied: u64,
    /// Entries beyond a gap, by index.
    ahead: Vec<Entry>,
    /// For `Item::key`.
    last_key: u32,
}

/// What became of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A new row.
    Placed(Rc<Message>),
    /// The visitor's own waiting row got its place; `true` when this is the first word that the backend has it.
    Echo(Rc<Message>, bool),
    /// It is here already.
    Seen,
    /// Something before it is missing.
    Ahead,
}

impl Transcript {
    /// An empty one; keys go on from `last_key`, so that no two rows of an instance share one.
    pub(super) fn new(last_key: u32) -> Self {
        Transcript { last_key, ..Transcript::default() }
    }

    /// Puts an entry where it belongs. `conversation_id` is stamped on it.
    pub(super) fn apply(&mut self, entry: Entry, conversation_id: &str) -> Outcome {
        if entry.index > LAST_INDEX {
            return Outcome::Seen; // garbage
        }
        if entry.index > self.applied + 1 {
            return self.hold(entry);
        }
        if entry.index == self.applied + 1 {
            self.applied += 1;
        }
        self.place(entry, conversation_id)
    }

    /// Takes the next held entry that has no gap before it any more.
    pub(super) fn next_held(&mut self) -> Option<Entry> {
        let next = self.ahead.first()?;
        if next.index > self.applied + 1 { None } else { Some(self.ahead.remove(0)) }
    }

    /// Everything before `next` has been received: the gaps before it do not exist.
    pub(super) fn caught_up(&mut self, next: u64) {
        self.applied = self.applied.max(next.saturating_sub(1).min(LAST_INDEX));
    }

    /// Everything there is before the entry of this index, which is held or was, has been received: no gap exists there.
    pub(super) fn close_gaps(&mut self, until: u64) {
        for held in &self.ahead {
            if held.index <= until {
                self.applied = self.applied.max(held.index);
            }
        }
    }

    /// Restores what an earlier page had applied.
    pub(super) fn restore(&mut self, entries: Vec<Entry>, applied: u64, conversation_id: &str) {
        self.applied = applied;
        for entry in entries {
            if entry.index <= applied {
                self.place(entry, conversation_id);
            }
        }
    }

    /// Whatever is here, the backend is asked for everything after `index` again.
    pub(super) fn fetch_from(&mut self, index: u64) {
        self.applied = self.applied.min(index);
    }

    /// Adds the visitor's own message at the end; `None` when that key is here already.
    pub(super) fn push_outgoing(&mut self, message: Message) -> Option<Rc<Message>> {
        let id = message.client_message_id.clone()?;
        if self.find(&id).is_some() {
            return None;
        }
        let message = Rc::new(message);
        self.last_key += 1;
        self.rows.push(Item { key: self.last_key, revision: 0, message: message.clone() });
        Some(message)
    }

    /// Changes a row in place.
    pub(super) fn change(&mut self, client_message_id: &str, change: impl FnOnce(&mut Message)) -> Option<Rc<Message>> {
        let at = self.find(client_message_id)?;
        let row = self.rows.get_mut(at)?;
        change(Rc::make_mut(&mut row.message));
        row.revision += 1;
        Some(row.message.clone())
    }

    /// Takes a waiting row away.
    pub(super) fn remove_outgoing(&mut self, client_message_id: &str) -> bool {
        match self.find(client_message_id) {
            Some(at) if at >= self.placed => {
                self.rows.remove(at);
                true
            }
            _ => false,
        }
    }

    /// Agents have, or have read, the visitor's messages up to `index`: returns those whose status grew, oldest first.
    pub(super) fn receipt(&mut self, index: u64, status: Status) -> Vec<Rc<Message>> {
        let mut grown = Vec::new();
        for row in self.rows[..self.placed].iter_mut().rev() {
            let message = &row.message;
            let said = message.party.role == Role::Visitor && matches!(message.content, Content::Text(_));
            if !said || message.index > index {
                continue;
            }
            if row.message.status >= status {
                break; // receipts cover everything before them
            }
            Rc::make_mut(&mut row.message).status = status;
            row.revision += 1;
            grown.push(row.message.clone());
        }
        grown.reverse();
        grown
    }

    /// All rows, placed ones first.
    pub(super) fn rows(&self) -> &[Item] {
        &self.rows
    }

    /// The rows the backend has.
    pub(super) fn placed(&self) -> &[Item] {
        &self.rows[..self.placed]
    }

    /// The last index without a gap before it.
    pub(super) fn applied(&self) -> u64 {
        self.applied
    }

    /// Whether something is missing.
    pub(super) fn has_gap(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// The last entry there is, held ones too.
    pub(super) fn newest(&self) -> u64 {
        self.ahead.last().map_or(self.applied, |held| held.index)
    }

    /// The last key given to a row.
    pub(super) fn last_key(&self) -> u32 {
        self.last_key
    }

    /// The row of one of the visitor's own messages. Looked for from the end: that is where it nearly always is.
    pub(super) fn find(&self, client_message_id: &str) -> Option<usize> {
        self.rows.iter().rposition(|row| row.message.client_message_id.as_deref() == Some(client_message_id))
    }

    /// Whether one of the visitor's own messages has its place.
    pub(super) fn placed_at(&self, client_message_id: &str) -> bool {
        self.find(client_message_id).is_some_and(|at| at < self.placed)
    }

    /// The first of the visitor's own words after that index that are nobody's yet, and are these, are this message.
    pub(super) fn claim(&mut self, entry: &OutboxEntry, after: u64) -> bool {
        for row in &mut self.rows[..self.placed] {
            let message = &row.message;
            let free = message.party.role == Role::Visitor && message.client_message_id.is_none();
            if free && message.index > after && matches!(&message.content, Content::Text(text) if *text == entry.text) {
                Rc::make_mut(&mut row.message).client_message_id = Some(entry.client_message_id.clone());
                return true;
            }
        }
        false
    }

    fn hold(&mut self, entry: Entry) -> Outcome {
        match self.ahead.binary_search_by_key(&entry.index, |held| held.index) {
            Ok(_) => Outcome::Seen,
            Err(_) if self.ahead.len() >= AHEAD_LIMIT => Outcome::Ahead, // the next catching-up brings it again
            Err(at) => {
                self.ahead.insert(at, entry);
                Outcome::Ahead
            }
        }
    }

    /// Where a row of this index belongs; `None` when there is one. Searched from the end, where it nearly always is.
    fn place_of(&self, index: u64) -> Option<usize> {
        let mut at = self.placed;
        if index == 0 {
            return Some(at); // the transport has no order for it: where it came
        }
        for (row_at, row) in self.placed().iter().enumerate().rev() {
            match row.message.index {
                0 => {}
                same if same == index => return None,
                before if before < index => break,
                _ => at = row_at,
            }
        }
        Some(at)
    }

    fn place(&mut self, entry: Entry, conversation_id: &str) -> Outcome {
        let Some(at) = self.place_of(entry.index) else { return Outcome::Seen };
        let waiting = entry.client_message_id.as_deref().and_then(|id| self.find(id));
        if let Some(from) = waiting {
            if from < self.placed {
                return Outcome::Seen; // the same message under another index: the first one stands
            }
            let mut row = self.rows.remove(from);
            let first = row.message.status != Status::Sent;
            let message = Rc::make_mut(&mut row.message);
            message.index = entry.index;
            message.created_at = entry.time;
            message.conversation_id = conversation_id.to_owned();
            message.status = Status::Sent;
            message.error = None;
            if let Some(id) = entry.id {
                message.id = id;
            }
            row.revision += 1;
            let message = row.message.clone();
            self.rows.insert(at, row);
            self.placed += 1;
            return Outcome::Echo(message, first);
        }
        let message = Rc::new(message(entry, conversation_id));
        self.last_key += 1;
        self.rows.insert(at, Item { key: self.last_key, revision: 0, message: message.clone() });
        self.placed += 1;
        Outcome::Placed(message)
    }
}

/// A received entry as a message.
fn message(entry: Entry, conversation_id: &str) -> Message {
    let id = match entry.id {
        Some(id) => id,
        None => entry.index.to_string(),
    };
    Message {
        id,
        client_message_id: entry.client_message_id,
        conversation_id: conversation_id.to_owned(),
        index: entry.index,
        party: entry.party,
        content: entry.content,
        created_at: entry.time,
        status: Status::Sent,
        error: None,
    }
}

/// The entry a placed message came from: for the saved tail and for other tabs.
pub(super) fn entry(message: &Message) -> Entry {
    Entry {
        index: message.index,
        id: (!message.id.is_empty()).then(|| message.id.clone()),
        client_message_id: message.client_message_id.clone(),
        party: message.party.clone(),
        content: message.content.clone(),
        time: message.created_at,
    }
}
