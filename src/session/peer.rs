//! What tabs of one group tell each other: one JSON text per message, versioned. Not: what they do about it (`hearing`).

use crate::json::{self, Fields, Form};
use crate::store::persisted::{OutboxEntry, SavedConversation};
use crate::transport::ChatEvent;

/// Version of the messages between tabs. Another version is another program: not listened to.
const VERSION: u64 = 1;

/// Who says it, and as of when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// The logout epoch of the sender.
    pub(super) epoch: u64,
    /// The sender's term; of a leader, or of the leader it follows.
    pub(super) term: u64,
    /// Whether the sender leads.
    pub(super) leads: bool,
    /// The sender.
    pub(super) tab: String,
    /// The visitor the group belongs to.
    pub(super) visitor: String,
}

/// One message. Not to be compared: that is 2 kB of the module.
#[derive(Clone, Debug)]
pub(super) enum Peer {
    /// Somebody logged out, and dropped the visitor too (`clear`), or made room for this user. (The loader says it as
    /// well, without a visitor.)
    Logout { clear: bool, user: Option<String> },
    /// A follower goes on as this user, without a proof.
    User(String),
    /// A follower has a proof of its user, and asks for the lead.
    Take,
    /// Newer values of user, company and context.
    Values(String),
    /// A follower came, or missed something: it has everything up to this index of this conversation.
    Hello { conversation: Option<String>, from: u64 },
    /// A leader's answer, or its greeting when it takes the lead: everything a follower needs.
    Snapshot(Box<Snapshot>),
    /// The leader applied these events.
    Applied(Vec<ChatEvent>),
    /// The connection changed.
    Connection(Shared),
    /// Somebody wrote a message, or its state changed; a follower's is for the leader to send.
    Outbox(Waits),
    /// A waiting message is gone: acknowledged (`sent`), or discarded.
    Gone { id: String, sent: bool },
    /// The visitor wants a failed message tried again.
    Retry(String),
    /// The composer holds this.
    Draft { counter: u64, text: String },
    /// Read up to here.
    Read(u64),
    /// A follower's visitor types, or stopped.
    Typing(bool),
    /// A follower needs, or no longer needs, a connection.
    Want(bool),
    /// A follower asks the leader to request the conversation, or to end it.
    Start(SavedConversation),
    /// See `Start`.
    End { call: u32, clear: bool, chat: String },
    /// The leader's answer to `End`; `error` is a code.
    Ended { to: String, call: u32, error: Option<String> },
    /// The conversation shown was closed by the visitor: an empty transcript follows.
    Cleared,
    /// This tab was in use then, in ms since 1970; 0: it is gone.
    Used(u64),
    /// One of the words below.
    Sign(u64),
}

impl Peer {
    /// What a follower says when it needs the leader.
    pub(super) fn needs_leader(&self) -> bool {
        use Peer::{End, Hello, Outbox, Retry, Start, Take, User, Values, Want};
        matches!(
            self,
            Hello { .. } | Outbox(_) | Start(_) | End { .. } | Retry(_) | Take | User(_) | Values(_) | Want(true)
        )
    }
}

/// A follower asks whether the leader is there; whoever holds the lead says `HERE`.
pub(super) const PING: u64 = 0;
/// See `PING`.
pub(super) const HERE: u64 = 1;
/// The lead is to be had: its holder goes, or is hidden and cannot connect.
pub(super) const YIELD: u64 = 2;
/// Without locks: the sender takes the lead unless somebody objects.
pub(super) const CLAIM: u64 = 3;

/// A follower's visitor, or page, wants the connection tried again.
pub(super) const AGAIN: u64 = 7;

/// What the sender wrote after a logout is gone; what others wrote since then may be, too.
pub(super) const UNDID: u64 = 4;

/// The visitor allows that things are stored.
pub(super) const ALLOWED: u64 = 5;
/// … or does not any more.
pub(super) const REVOKED: u64 = 6;

/// The visitor it is said of, whom another tab has just set aside, is a user by now.
pub(super) const MERGED: u64 = 7;

/// A waiting message as the others see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Waits {
    /// What is stored of it.
    pub(super) entry: OutboxEntry,
    /// It is on its way.
    pub(super) sending: bool,
    /// The backend has it. Both: it is gone from the store; a follower asks what became of it, and the leader, which has
    /// everything there is, does not have it.
    pub(super) accepted: bool,
    /// What had its place when it was sent.
    pub(super) after: u64,
    /// Whoever says it has no room for it in the store that tabs share.
    pub(super) unkept: bool,
}

/// Where the leader's connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shared {
    /// `ConnectionState` as a number.
    pub(super) state: u64,
    /// 0 none, 1 WebSocket, 2 long-polling.
    pub(super) kind: u64,
    /// Why it is lost.
    pub(super) reason: Option<String>,
    /// What the backend can do.
    pub(super) capabilities: u64,
}

/// Everything a follower needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// For one tab only; absent: for all.
    pub(super) to: Option<String>,
    /// The open conversation.
    pub(super) conversation: Option<SavedConversation>,
    /// What the transport wants back after a reload. Holds credentials; stays within the origin.
    pub(super) resume: Option<String>,
    /// The entries asked for, in order.
    pub(super) events: Vec<ChatEvent>,
    /// The leader has applied everything up to here.
    pub(super) applied: u64,
    /// The connection.
    pub(super) connection: Shared,
    /// What waits to be sent.
    pub(super) outbox: Vec<Waits>,
    /// The read mark.
    pub(super) read: u64,
    /// The user the leader is live as.
    pub(super) user: Option<String>,
    /// The backend has accepted a proof.
    pub(super) verified: bool,
    /// What pages have said of user, company and context.
    pub(super) values: Option<String>,
}

/// Writes a message.
pub(super) fn encode(header: Header, peer: Peer) -> String {
    let mut message = Said(header, peer);
    let mut form = Form::writing();
    message.fields(&mut form);
    form.finish()
}

/// Reads a message; `None` for anything that is not one of ours.
pub(super) fn decode(text: &str) -> Option<(Header, Peer)> {
    let document = json::parse(text).ok()?;
    let mut message = Said(Header::default(), Peer::Cleared);
    Form::read(document.root(), &mut message).then_some((message.0, message.1))
}

/// A message and who says it.
struct Said(Header, Peer);

impl Fields for Said {
    fn fields(&mut self, form: &mut Form<'_>) {
        let Said(header, peer) = self;
        let mut version = VERSION;
        form.number("v", &mut version);
        if version != VERSION {
            form.spoil();
        }
        form.number("epoch", &mut header.epoch);
        form.number_or_0("term", &mut header.term);
        yes_or_absent("leads", &mut header.leads, form);
        form.text_or_empty("tab", &mut header.tab);
        form.text_or_empty("visitor", &mut header.visitor);
        let word = form.word("t", name(peer));
        if form.reads().is_some() {
            match blank(word) {
                Some(blank) => *peer = blank,
                None => return form.spoil(),
            }
        }
        match peer {
            Peer::Cleared | Peer::Take => {}
            Peer::Logout { clear, user } => {
                yes_or_absent("clear", clear, form);
                form.maybe("user", user);
            }
            Peer::User(id) => form.text("id", id),
            Peer::Values(text) => form.text("values", text),
            Peer::Hello { conversation, from } => {
                form.number("from", from);
                form.maybe("conversation", conversation);
            }
            Peer::Snapshot(snapshot) => snapshot.fields(form),
            Peer::Applied(list) => form.list("events", list),
            Peer::Connection(shared) => shared.fields(form),
            Peer::Outbox(waits) => waits.fields(form),
            Peer::Gone { id, sent } => {
                form.text("id", id);
                form.flag("on", sent);
            }
            Peer::Retry(id) => form.text("id", id),
            Peer::Draft { counter, text } => {
                form.number("counter", counter);
                form.text("text", text);
            }
            Peer::Read(index) => form.number("read", index),
            Peer::Sign(sign) => form.number("on", sign),
            Peer::Used(at) => form.number("at", at),
            Peer::Typing(on) | Peer::Want(on) => form.flag("on", on),
            Peer::Start(conversation) => match form.enter("conversation", true) {
                Some(outside) => {
                    conversation.fields(form);
                    form.leave(outside);
                }
                None => form.spoil(),
            },
            Peer::End { call, clear, chat } => {
                call_field(call, form);
                form.flag("on", clear);
                form.text("chat", chat);
            }
            Peer::Ended { to, call, error } => {
                form.text("to", to);
                call_field(call, form);
                form.maybe("error", error);
            }
        }
    }
}

fn name(peer: &Peer) -> &'static str {
    match peer {
        Peer::Logout { .. } => "logout",
        Peer::User(_) => "user",
        Peer::Take => "take",
        Peer::Values(_) => "values",
        Peer::Hello { .. } => "hello",
        Peer::Snapshot(_) => "snapshot",
        Peer::Applied(_) => "applied",
        Peer::Connection(_) => "connection",
        Peer::Outbox(_) => "outbox",
        Peer::Gone { .. } => "gone",
        Peer::Retry(_) => "retry",
        Peer::Draft { .. } => "draft",
        Peer::Read(_) => "read",
        Peer::Typing(_) => "typing",
        Peer::Want(_) => "want",
        Peer::Start(_) => "start",
        Peer::End { .. } => "end",
        Peer::Ended { .. } => "ended",
        Peer::Cleared => "cleared",
        Peer::Sign(_) => "sign",
        Peer::Used(_) => "used",
    }
}

/// The message of this name, to be filled.
fn blank(name: &str) -> Option<Peer> {
    let text = String::new();
    Some(match name {
        "logout" => Peer::Logout { clear: false, user: None },
        "user" => Peer::User(text),
        "take" => Peer::Take,
        "values" => Peer::Values(text),
        "hello" => Peer::Hello { conversation: None, from: 0 },
        "snapshot" => Peer::Snapshot(Box::default()),
        "applied" => Peer::Applied(Vec::new()),
        "connection" => Peer::Connection(Shared::default()),
        "outbox" => Peer::Outbox(Waits::default()),
        "gone" => Peer::Gone { id: text, sent: false },
        "retry" => Peer::Retry(text),
        "draft" => Peer::Draft { counter: 0, text },
        "read" => Peer::Read(0),
        "typing" => Peer::Typing(false),
        "want" => Peer::Want(false),
        "start" => Peer::Start(SavedConversation::default()),
        "end" => Peer::End { call: 0, clear: false, chat: text },
        "ended" => Peer::Ended { to: text, call: 0, error: None },
        "cleared" => Peer::Cleared,
        "sign" => Peer::Sign(0),
        "used" => Peer::Used(0),
        _ => return None,
    })
}

impl Fields for Snapshot {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.maybe("to", &mut self.to);
        form.maybe("resume", &mut self.resume);
        SavedConversation::maybe(&mut self.conversation, form);
        form.list("events", &mut self.events);
        form.number("applied", &mut self.applied);
        form.number("read", &mut self.read);
        self.connection.fields(form);
        form.list("outbox", &mut self.outbox);
        form.maybe("user", &mut self.user);
        yes_or_absent("verified", &mut self.verified, form);
        form.maybe("values", &mut self.values);
    }
}

impl Fields for Shared {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.number("state", &mut self.state);
        form.number("kind", &mut self.kind);
        form.number("caps", &mut self.capabilities);
        form.maybe("reason", &mut self.reason);
    }
}

impl Fields for Waits {
    fn fields(&mut self, form: &mut Form<'_>) {
        match form.enter("entry", true) {
            Some(outside) => {
                self.entry.fields(form);
                form.leave(outside);
            }
            None => form.spoil(),
        }
        form.flag("sending", &mut self.sending);
        form.flag("accepted", &mut self.accepted);
        form.number_or_0("after", &mut self.after);
        yes_or_absent("unkept", &mut self.unkept, form);
    }
}

/// A flag that is written only when it is set.
fn yes_or_absent(name: &str, flag: &mut bool, form: &mut Form<'_>) {
    let mut member = flag.then_some(true);
    form.maybe_flag(name, &mut member);
    *flag = member == Some(true);
}

fn call_field(call: &mut u32, form: &mut Form<'_>) {
    let mut number = u64::from(*call);
    form.number("call", &mut number);
    match u32::try_from(number) {
        Ok(number) => *call = number,
        Err(_) => form.spoil(),
    }
}
