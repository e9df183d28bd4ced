//! WHAT the stored strings say: one entry per fact, never one blob, each with its version. Not: who keeps them
//! (`Store`), nor when they are written (`session`).
//!
//! | name | written by | says |
//! |---|---|---|
//! | `session` | the leader | [`SessionEntry`] |
//! | `outbox:<clientMessageId>` | its author; the leader removes it | [`OutboxEntry`] |
//! | `read` | any tab, merged by max | everything up to this index was read |
//! | `draft` | any tab, the highest counter wins | what the composer held |
//! | `ui` | any tab | whether the panel was open |
//! | `consent` | any tab | the visitor's decision |
//! | `tail` | the leader | [`Tail`] |
//! | `epoch` | logout and change of user | a bare number |
//! | `term` | each new leader | a bare number |
//! | `tombstone` | logout | which saved session is over, and since when; no version, the loader writes it too |

mod outbox;
mod restore;
mod session;
mod tail;

pub use outbox::OutboxEntry;
pub use restore::{Restored, restore};
pub use session::{ConversationEntry, SessionEntry};
pub use tail::Tail;

use crate::json::{Value, Writer, parse};
use crate::time::Wall;

/// The names of entries.
#[allow(missing_docs)] // the table of the module says what each is
pub mod name {
    pub const SESSION: &str = "session";
    pub const READ: &str = "read";
    pub const DRAFT: &str = "draft";
    pub const UI: &str = "ui";
    pub const CONSENT: &str = "consent";
    pub const TAIL: &str = "tail";
    pub const EPOCH: &str = "epoch";
    pub const TERM: &str = "term";
    pub const TOMBSTONE: &str = "tombstone";
    pub(super) const OUTBOX: &str = "outbox:";

    /// The name of the message with this key.
    pub fn outbox(client_message_id: &str) -> String {
        [OUTBOX, client_message_id].concat()
    }
}

/// Longer entries are not ours: the longest we write is a tail.
const LONGEST: usize = 256 * 1024;

/// Why an entry cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Not JSON, cut short, of the wrong shape, too long: to be removed and logged; the rest is used.
    NotOurs,
    /// Written by a newer version: to be left untouched, and memory used instead of the store.
    Newer,
}

/// The read mark as text.
pub fn encode_read(index: u64) -> String {
    let mut writer = begin(1);
    writer.name("index").number(index);
    end(writer)
}

/// The draft as text; `counter` counts its changes over all tabs.
pub fn encode_draft(counter: u64, text: &str) -> String {
    let mut writer = begin(1);
    writer.name("counter").number(counter).name("text").string(text);
    end(writer)
}

/// How the panel was left, as text.
pub fn encode_ui(open: bool) -> String {
    let mut writer = begin(1);
    writer.name("open").boolean(open);
    end(writer)
}

/// The visitor's decision, as text.
pub fn encode_consent(given: bool) -> String {
    let mut writer = begin(1);
    writer.name("given").boolean(given);
    end(writer)
}

/// A logout under way, as text. Holds no credential.
pub fn encode_tombstone(sid: &str, at: Wall) -> String {
    let mut writer = Writer::new();
    writer.object().name("sessionId").string(sid).name("at").number(at);
    end(writer)
}

/// From one version's JSON to the next one's, without looking anywhere else.
type Step = fn(Value<'_>) -> Option<String>;

/// Reads an entry of any version up to the current one, which is one more than there are steps.
fn decode<T>(text: &str, steps: &[Step], read: fn(Value<'_>) -> Option<T>) -> Result<T, Broken> {
    if text.len() > LONGEST {
        return Err(Broken::NotOurs);
    }
    let document = parse(text).map_err(|_| Broken::NotOurs)?;
    let version = document.root().number_at("v").ok_or(Broken::NotOurs)?;
    let current = steps.len() as u64 + 1;
    if version > current {
        return Err(Broken::Newer);
    }
    let missing = usize::try_from(current - version).ok().filter(|_| version > 0).ok_or(Broken::NotOurs)?;
    let mut migrated: Option<String> = None;
    for step in steps.iter().skip(steps.len() - missing) {
        let next = match &migrated {
            None => step(document.root()),
            Some(text) => parse(text).ok().and_then(|document| step(document.root())),
        };
        migrated = Some(next.ok_or(Broken::NotOurs)?);
    }
    match &migrated {
        None => read(document.root()),
        Some(text) => parse(text).ok().and_then(|document| read(document.root())),
    }
    .ok_or(Broken::NotOurs)
}

/// Bare digits, since the loader counts `epoch` too.
fn decode_number(text: &str) -> Result<u64, Broken> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(Broken::NotOurs)
}

/// Opens an entry of this version; the caller closes the object.
fn begin(version: u64) -> Writer {
    let mut writer = Writer::new();
    writer.object().name("v").number(version);
    writer
}

fn end(mut writer: Writer) -> String {
    writer.end_object();
    writer.finish()
}

fn write_optional(writer: &mut Writer, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        writer.name(name).string(value);
    }
}

fn owned(value: Value<'_>, name: &str) -> Option<String> {
    Some(value.text_at(name)?.into_owned())
}

/// A text that must not be empty nor absurdly long: ids.
fn id(value: Value<'_>, name: &str) -> Option<String> {
    owned(value, name).filter(|text| (1..=512).contains(&text.len()))
}

#[cfg(test)]
mod tests;
