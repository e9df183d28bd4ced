//! Messages written and not yet acknowledged, in the order they were written. Not: how they look (`transcript`), nor
//! the connection they wait for (`delivery`).

use super::call::CallId;
use super::output::SaveToken;
use crate::store::persisted::OutboxEntry;
use crate::transport::OpId;

/// The most that may wait.
pub(super) const LIMIT: usize = 200;

/// How far a waiting message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not yet handed to a connection.
    Queued,
    /// Handed to the present connection.
    Sending(OpId),
    /// Handed to a connection that was lost: the backend may have it.
    Doubt,
    /// The backend has it, but has not told its place yet.
    Accepted,
    /// Refused; waits for the visitor.
    Failed,
    /// Another tab has taken it from the store: sent, or dropped. Who leads, and has the whole transcript, knows which.
    Gone,
}

/// One waiting message.
pub(super) struct Waiting {
    /// What is stored of it.
    pub(super) entry: OutboxEntry,
    /// How far it has come.
    pub(super) stage: Stage,
    /// The backend's id of the conversation it was handed over in.
    pub(super) chat: Option<String>,
    /// What had its place in the conversation shown by then: its own can only come after it. 0: not known.
    pub(super) after: u64,
    /// The store has it: only then may it leave.
    pub(super) durable: bool,
    /// Of the save that is waited for; 0: none.
    pub(super) token: SaveToken,
    /// Promises that wait for it.
    pub(super) calls: Vec<CallId>,
}

/// The last keys of something.
#[derive(Default)]
struct Keys(Vec<String>);

impl Keys {
    fn note(&mut self, key: &str) {
        if self.0.len() >= LIMIT {
            self.0.remove(0);
        }
        self.0.push(key.to_owned());
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|other| other == key)
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Vec<Waiting>,
    /// Keys of the last messages the backend was seen to have: another tab may still ask about one.
    sent: Keys,
    /// … and of the last that were dropped.
    dropped: Keys,
}

impl Outbox {
    /// Puts it where its author's order says.
    pub(super) fn add(&mut self, waiting: Waiting) {
        let at = self.waiting.iter().rposition(|other| waiting.entry.is_after(&other.entry));
        self.waiting.insert(at.map_or(0, |at| at + 1), waiting);
    }

    /// By its key.
    pub(super) fn find(&mut self, client_message_id: &str) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.entry.client_message_id == client_message_id)
    }

    /// By the operation that carries it.
    pub(super) fn sent_as(&mut self, op: OpId) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.stage == Stage::Sending(op))
    }

    /// Takes it out.
    pub(super) fn take(&mut self, client_message_id: &str) -> Option<Waiting> {
        let at = self.waiting.iter().position(|waiting| waiting.entry.client_message_id == client_message_id)?;
        Some(self.waiting.remove(at))
    }

    /// The backend has it.
    pub(super) fn note_sent(&mut self, client_message_id: &str) {
        self.sent.note(client_message_id);
    }

    /// Whether the backend was seen to have it, in this conversation or an earlier one.
    pub(super) fn was_sent(&self, client_message_id: &str) -> bool {
        self.sent.has(client_message_id)
    }

    /// It was discarded, or ended with its conversation.
    pub(super) fn note_dropped(&mut self, client_message_id: &str) {
        self.dropped.note(client_message_id);
    }

    /// Whether it was dropped.
    pub(super) fn was_dropped(&self, client_message_id: &str) -> bool {
        self.dropped.has(client_message_id)
    }

    /// Another conversation: what the backend has needs no more care, and what waits has no place in it yet.
    pub(super) fn begin_another(&mut self) {
        self.waiting.retain_mut(|waiting| {
            waiting.after = 0;
            waiting.stage != Stage::Accepted
        });
    }

    /// Takes everything out.
    pub(super) fn take_all(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting)
    }

    /// The next to send. One at a time: a later message never overtakes one that is tried again.
    pub(super) fn next(&mut self) -> Option<&mut Waiting> {
        let done = |stage| matches!(stage, Stage::Failed | Stage::Accepted | Stage::Gone);
        let next = self.waiting.iter_mut().find(|waiting| !done(waiting.stage))?;
        (next.stage == Stage::Queued && next.durable).then_some(next)
    }

    /// The connection is lost: what it carried is in doubt.
    pub(super) fn doubt(&mut self) {
        for waiting in &mut self.waiting {
            if matches!(waiting.stage, Stage::Sending(_)) {
                waiting.stage = Stage::Doubt;
            }
        }
    }

    /// Another tab led until now: it may have sent anything of this, in whichever chat is open.
    pub(super) fn doubt_all(&mut self) {
        for waiting in &mut self.waiting {
            if matches!(waiting.stage, Stage::Sending(_) | Stage::Queued) {
                waiting.stage = Stage::Doubt;
            }
            waiting.chat = None;
        }
    }

    /// Whether anything is in doubt.
    pub(super) fn in_doubt(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.stage == Stage::Doubt)
    }

    /// What was in doubt is not at the backend, or may safely be repeated: it is sent again.
    pub(super) fn requeue(&mut self) {
        for waiting in &mut self.waiting {
            if waiting.stage == Stage::Doubt {
                waiting.stage = Stage::Queued;
            }
        }
    }

    /// Something waits for a connection.
    pub(super) fn wants_connection(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.stage != Stage::Failed)
    }

    /// The keys of those that are asked for, in order.
    pub(super) fn keys(&self, which: &dyn Fn(&Waiting) -> bool) -> Vec<String> {
        let mut keys = Vec::new();
        for waiting in &self.waiting {
            if which(waiting) {
                keys.push(waiting.entry.client_message_id.clone());
            }
        }
        keys
    }

    /// In order.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Waiting> {
        self.waiting.iter()
    }

    /// In order, to change.
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Waiting> {
        self.waiting.iter_mut()
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}
