//! Mistakes put in on purpose, around a session that does not make them: what it hears or says is bent as if it did.
//! A simulation that does not find them is worth nothing. Not: anything that runs without being asked for.

use crate::plan::{Fault, Plan, Wire};
use support_chat::store::Entries;
use support_chat::transport::{Action, ChatEventKind, Command, Event};

/// The four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// One's own echo is not known again.
    SkipDedupe,
    /// What waits to be sent is not read after a reload.
    DropOutbox,
    /// What was missed comes only after what is in doubt was sent again.
    ResendFirst,
    /// A chat is requested under a new key each time.
    RepeatRequest,
}

pub(crate) const BUGS: [(Bug, &str); 4] = [
    (Bug::SkipDedupe, "skip the dedupe"),
    (Bug::DropOutbox, "drop the outbox on reload"),
    (Bug::ResendFirst, "wrong order of resync and resend"),
    (Bug::RepeatRequest, "repeat the chat request"),
];

impl Bug {
    /// A schedule in which the mistake can show at all: what it needs is allowed, nothing is forced.
    pub(crate) fn suit(self, mut plan: Plan) -> Plan {
        plan.wire = Wire::Chat; // the mistakes are made at that level
        match self {
            Bug::SkipDedupe => plan.idempotency = true,
            Bug::DropOutbox => plan.faults.extend([Fault::Reload, Fault::Offline]),
            Bug::ResendFirst => {
                plan.idempotency = false;
                plan.faults.push(Fault::Reset);
            }
            Bug::RepeatRequest => {
                plan.idempotency = true;
                plan.faults.push(Fault::Reset);
            }
        }
        plan
    }

    /// What the store held, on its way to the session.
    pub(crate) fn bend_loaded(self, entries: &mut Entries) {
        if self == Bug::DropOutbox {
            entries.retain(|(name, _)| !name.starts_with("outbox:"));
        }
    }

    /// What the transport reports, on its way to the session.
    pub(crate) fn bend_event(self, event: &mut Event) {
        if let (Bug::SkipDedupe, Event::Received(events)) = (self, event) {
            for event in events {
                if let ChatEventKind::Entry(entry) = &mut event.kind {
                    entry.client_message_id = None;
                }
            }
        }
    }

    /// What the session asks of the transport.
    pub(crate) fn bend_command(self, command: &mut Command, fresh: u64) {
        if let (Bug::RepeatRequest, Command::Perform(_, Action::RequestChat(request))) = (self, command) {
            request.client_conversation_id = format!("fresh-{fresh}");
        }
    }
}
