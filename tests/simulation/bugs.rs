//! Mistakes put in on purpose, around a session that does not make them: what it hears or says is bent as if it did.
//! A simulation that does not find them is worth nothing. Not: anything that runs without being asked for.

use crate::plan::{Fault, Plan, Wire};
use crate::tab::Input;
use support_chat::error::{Code, Error};
use support_chat::lifecycle::State;
use support_chat::session::{Event as Told, LockEvent, Output, Session, Settled};
use support_chat::store::Entries;
use support_chat::store::persisted::SavedSession;
use support_chat::transport::{Action, ChatEventKind, Command, Event};

/// See the module.
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
    /// The last messages stay in the store when somebody logs out.
    KeepTail,
    /// A tab that comes back does not compare the logout epoch.
    IgnoreEpoch,
    /// A tab from which the lead was taken goes on leading.
    KeepLead,
    /// The identity token is stored.
    StoreToken,
    /// A user without a token is connected as nobody.
    Anonymous,
    /// A logout is not told to the other tabs.
    Whisper,
    /// The promise of a message that was sent is broken.
    Deny,
    /// What was told last is told once more when the session is over.
    Trail,
}

pub(crate) const BUGS: [(Bug, &str); 12] = [
    (Bug::SkipDedupe, "skip the dedupe"),
    (Bug::DropOutbox, "drop the outbox on reload"),
    (Bug::ResendFirst, "wrong order of resync and resend"),
    (Bug::RepeatRequest, "repeat the chat request"),
    (Bug::KeepTail, "keep the tail at logout"),
    (Bug::IgnoreEpoch, "ignore the epoch on return"),
    (Bug::KeepLead, "do not fence the old term"),
    (Bug::StoreToken, "store the token"),
    (Bug::Anonymous, "go on as nobody without a token"),
    (Bug::Whisper, "tell no other tab of a logout"),
    (Bug::Deny, "break the promise of what was sent"),
    (Bug::Trail, "tell the news once more after a logout"),
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
            Bug::KeepTail | Bug::Trail => plan.faults.push(Fault::Logout),
            Bug::IgnoreEpoch => {
                plan.tabs = 2;
                plan.faults.extend([Fault::Cache, Fault::Logout]);
            }
            Bug::KeepLead => {
                plan.tabs = 2;
                plan.faults.push(Fault::Hang);
            }
            Bug::StoreToken | Bug::Anonymous => {
                plan.users = 1;
                plan.identifies = true;
                plan.faults.extend([Fault::SignIn, Fault::Reset]);
            }
            Bug::Whisper => {
                plan.tabs = 2;
                plan.pace = 1_000;
                plan.store_delay = 40; // one that answers at once tells of it
                plan.faults = vec![Fault::Logout];
            }
            Bug::Deny => {}
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

    /// What a tab hears of a lock, another tab, or the store, as it comes back; false: nothing.
    pub(crate) fn lets_hear(self, input: &mut Input, waking: bool, session: &Session) -> bool {
        match (self, input) {
            (Bug::KeepLead, Input::Lock(LockEvent::Lost(_))) => false,
            (Bug::KeepLead, Input::Peer(text)) => !(waking && text.contains("\"leads\"")),
            (Bug::IgnoreEpoch, Input::Loaded(Ok(entries))) if waking => {
                // As if the store still held this tab's visitor.
                entries.retain(|(name, _)| name != "epoch" && name != "session");
                if let Some(identity) = session.identity() {
                    let (visitor_id, user_id) = (identity.visitor_id, identity.user_id);
                    let own = SavedSession { visitor_id, user_id, ..SavedSession::default() };
                    entries.push(("session".to_owned(), own.encode()));
                }
                true
            }
            _ => true,
        }
    }

    /// What the session wants done, on its way to whoever does it; false: not at all.
    pub(crate) fn lets_do(self, output: &mut Output, token: Option<&str>) -> bool {
        match (self, output) {
            (Bug::KeepTail, Output::Wipe { keep }) => {
                *keep = &["consent", "epoch", "term", "session", "aside", "tail"];
                true
            }
            (Bug::KeepTail, Output::Remove(name)) => name != "tail",
            (Bug::Whisper, Output::Peer(text)) => {
                !["logout", "want", "sign"].iter().any(|last| text.contains(&format!("\"t\":\"{last}\"")))
            }
            (Bug::Deny, Output::Settle(_, result)) => {
                if let Ok(Settled::Message(_)) = result {
                    *result = Err(Error::new(Code::Aborted, "as if it was discarded"));
                }
                true
            }
            (Bug::StoreToken, Output::Save { name, text, .. }) if name == "session" => {
                text.extend(token);
                true
            }
            _ => true,
        }
    }

    /// What the session says unasked, after this.
    pub(crate) fn says_after(self, output: &Output, told: &mut Option<String>) -> Option<Output> {
        match (self, output) {
            (Bug::Trail, Output::Peer(text)) if text.contains("\"t\":\"applied\"") => *told = Some(text.clone()),
            (Bug::Trail, Output::Emit(Told::State { state: State::Shutdown, .. })) => {
                return told.take().map(Output::Peer);
            }
            _ => {}
        }
        None
    }

    /// What the session asks of the transport.
    pub(crate) fn bend_command(self, command: &mut Command, fresh: u64) {
        if let (Bug::Anonymous, Command::Connect(connect)) = (self, &mut *command) {
            connect.user_id = connect.user_id.take().filter(|_| connect.token.is_some() && fresh.is_multiple_of(2));
        }
        if let (Bug::RepeatRequest, Command::Perform(_, Action::RequestChat(request))) = (self, command) {
            request.client_conversation_id = format!("fresh-{fresh}");
        }
    }
}
