//! What tabs of one group tell each other: one JSON text per message, versioned. Not: what they do about it (`tabs`).

use crate::json::{self, Value, Writer};
use crate::store::persisted::{OutboxEntry, SavedConversation};
use crate::transport::ChatEvent;
use crate::transport::event_json::{read_event, write_event};

/// Version of the messages between tabs. Another version is another program: not listened to.
const VERSION: u64 = 1;

/// Who says it, and as of when.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// Somebody logged out. (The loader says it too, without a visitor.)
    Logout,
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
    /// One of the words below, about the lead.
    Sign(u64),
}

/// A follower asks whether the leader is there; whoever holds the lead says `HERE`.
pub(super) const PING: u64 = 0;
/// See `PING`.
pub(super) const HERE: u64 = 1;
/// The lead is to be had: its holder goes, or is hidden and cannot connect.
pub(super) const YIELD: u64 = 2;
/// Without locks: the sender takes the lead unless somebody objects.
pub(super) const CLAIM: u64 = 3;

/// A waiting message as the others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waits {
    /// What is stored of it.
    pub(super) entry: OutboxEntry,
    /// It is on its way.
    pub(super) sending: bool,
    /// The backend has it.
    pub(super) accepted: bool,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// Writes a message.
pub(super) fn encode(header: &Header, peer: &Peer) -> String {
    let mut out = Writer::new();
    out.object().name("v").number(VERSION).name("epoch").number(header.epoch).name("term").number(header.term);
    if header.leads {
        out.name("leads").boolean(true);
    }
    out.name("tab").string(&header.tab).name("visitor").string(&header.visitor).name("t");
    match peer {
        Peer::Logout => {
            out.string("logout");
        }
        Peer::Hello { conversation, from } => {
            out.string("hello").name("from").number(*from);
            optional(&mut out, "conversation", conversation.as_deref());
        }
        Peer::Snapshot(snapshot) => {
            out.string("snapshot");
            optional(&mut out, "to", snapshot.to.as_deref());
            optional(&mut out, "resume", snapshot.resume.as_deref());
            if let Some(conversation) = &snapshot.conversation {
                out.name("conversation").raw(&conversation.encode());
            }
            events(&mut out, &snapshot.events);
            out.name("applied").number(snapshot.applied).name("read").number(snapshot.read);
            connection(&mut out, &snapshot.connection);
            out.name("outbox").array();
            for waits in &snapshot.outbox {
                out.object();
                write_waits(&mut out, waits);
                out.end_object();
            }
            out.end_array();
        }
        Peer::Applied(list) => {
            out.string("applied");
            events(&mut out, list);
        }
        Peer::Connection(shared) => {
            out.string("connection");
            connection(&mut out, shared);
        }
        Peer::Outbox(waits) => {
            out.string("outbox");
            write_waits(&mut out, waits);
        }
        Peer::Gone { id, sent } => {
            out.string("gone").name("id").string(id).name("on").boolean(*sent);
        }
        Peer::Retry(id) => {
            out.string("retry").name("id").string(id);
        }
        Peer::Draft { counter, text } => {
            out.string("draft").name("counter").number(*counter).name("text").string(text);
        }
        Peer::Read(index) => {
            out.string("read").name("read").number(*index);
        }
        Peer::Typing(on) => {
            out.string("typing").name("on").boolean(*on);
        }
        Peer::Want(on) => {
            out.string("want").name("on").boolean(*on);
        }
        Peer::Start(conversation) => {
            out.string("start").name("conversation").raw(&conversation.encode());
        }
        Peer::End { call, clear, chat } => {
            out.string("end").name("call").number(u64::from(*call)).name("on").boolean(*clear);
            out.name("chat").string(chat);
        }
        Peer::Ended { to, call, error } => {
            out.string("ended").name("to").string(to).name("call").number(u64::from(*call));
            optional(&mut out, "error", error.as_deref());
        }
        Peer::Cleared => {
            out.string("cleared");
        }
        Peer::Sign(sign) => {
            out.string("sign").name("on").number(*sign);
        }
    }
    out.end_object();
    out.finish()
}

/// Reads a message; `None` for anything that is not one of ours.
pub(super) fn decode(text: &str) -> Option<(Header, Peer)> {
    let document = json::parse(text).ok()?;
    let root = document.root();
    if root.number_at("v")? != VERSION {
        return None;
    }
    let header = Header {
        epoch: root.number_at("epoch")?,
        term: root.number_at("term").unwrap_or(0),
        leads: root.member("leads").is_some(),
        tab: owned(root, "tab").unwrap_or_default(),
        visitor: owned(root, "visitor").unwrap_or_default(),
    };
    let on = || root.member("on")?.boolean();
    let peer = match root.text_at("t")? {
        "logout" => Peer::Logout,
        "hello" => Peer::Hello { conversation: owned(root, "conversation"), from: root.number_at("from")? },
        "snapshot" => Peer::Snapshot(Box::new(Snapshot {
            to: owned(root, "to"),
            conversation: root.member("conversation").and_then(SavedConversation::read),
            resume: owned(root, "resume"),
            events: read_events(root),
            applied: root.number_at("applied")?,
            connection: read_connection(root)?,
            outbox: root.member("outbox")?.items().filter_map(read_waits).collect(),
            read: root.number_at("read")?,
        })),
        "applied" => Peer::Applied(read_events(root)),
        "connection" => Peer::Connection(read_connection(root)?),
        "outbox" => Peer::Outbox(read_waits(root)?),
        "gone" => Peer::Gone { id: owned(root, "id")?, sent: on()? },
        "retry" => Peer::Retry(owned(root, "id")?),
        "draft" => Peer::Draft { counter: root.number_at("counter")?, text: owned(root, "text")? },
        "read" => Peer::Read(root.number_at("read")?),
        "typing" => Peer::Typing(on()?),
        "want" => Peer::Want(on()?),
        "start" => Peer::Start(root.member("conversation").and_then(SavedConversation::read)?),
        "end" => Peer::End { call: small(root, "call")?, clear: on()?, chat: owned(root, "chat")? },
        "ended" => Peer::Ended { to: owned(root, "to")?, call: small(root, "call")?, error: owned(root, "error") },
        "cleared" => Peer::Cleared,
        "sign" => Peer::Sign(root.number_at("on")?),
        _ => return None,
    };
    Some((header, peer))
}

fn optional(out: &mut Writer, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        out.name(name).string(text);
    }
}

fn events(out: &mut Writer, list: &[ChatEvent]) {
    out.name("events").array();
    for event in list {
        write_event(out, event);
    }
    out.end_array();
}

fn connection(out: &mut Writer, shared: &Shared) {
    out.name("state").number(shared.state).name("kind").number(shared.kind);
    out.name("caps").number(shared.capabilities);
    optional(out, "reason", shared.reason.as_deref());
}

fn write_waits(out: &mut Writer, waits: &Waits) {
    out.name("entry").raw(&waits.entry.encode());
    out.name("sending").boolean(waits.sending).name("accepted").boolean(waits.accepted);
}

fn read_waits(value: Value<'_>) -> Option<Waits> {
    let flag = |name| value.member(name).and_then(Value::boolean).unwrap_or(false);
    let entry = OutboxEntry::decode(value.member("entry")?.raw()).ok()?;
    Some(Waits { entry, sending: flag("sending"), accepted: flag("accepted") })
}

fn read_connection(value: Value<'_>) -> Option<Shared> {
    Some(Shared {
        state: value.number_at("state")?,
        kind: value.number_at("kind")?,
        reason: owned(value, "reason"),
        capabilities: value.number_at("caps")?,
    })
}

fn read_events(value: Value<'_>) -> Vec<ChatEvent> {
    value.member("events").map(|list| list.items().filter_map(read_event).collect()).unwrap_or_default()
}

fn owned(value: Value<'_>, name: &str) -> Option<String> {
    value.owned_at(name)
}

fn small(value: Value<'_>, name: &str) -> Option<u32> {
    u32::try_from(value.number_at(name)?).ok()
}
