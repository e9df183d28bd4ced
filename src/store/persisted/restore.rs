//! Everything a store held, read defensively: what can be used, what is to be removed, what is to be left alone.
//! Not: whose it is and whether it still counts (`session`).

use super::{Broken, OutboxEntry, SessionEntry, Tail, decode, decode_number, name, owned};
use crate::json::Value;

/// What a store held. What was absent or broken has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// The saved session.
    pub session: Option<SessionEntry>,
    /// Waiting messages of every visitor, in order.
    pub outbox: Vec<OutboxEntry>,
    /// Everything up to this index was read.
    pub read: u64,
    /// The draft: its counter and its text.
    pub draft: (u64, String),
    /// The panel was open.
    pub open: bool,
    /// The visitor's decision on keeping things.
    pub consent: Option<bool>,
    /// The end of the transcript.
    pub tail: Option<Tail>,
    /// How many logouts there were; absent: none.
    pub epoch: Option<u64>,
    /// How many leaders there were.
    pub term: u64,
    /// A logout was not finished.
    pub tombstone: bool,
    /// Names of broken entries: to be removed.
    pub remove: Vec<String>,
    /// Something was written by a newer version: everything is left untouched, and memory used.
    pub newer: bool,
    /// A line for each broken entry. Says its name, never what it held.
    pub log: Vec<String>,
}

/// Reads what a store held. Names we do not know are left as they are.
pub fn restore(entries: &[(String, String)]) -> Restored {
    let mut restored = Restored::default();
    for (name, text) in entries {
        match restored.take(name, text) {
            Ok(()) => {}
            Err(Broken::Newer) => {
                restored.newer = true;
                restored.log.push(["stored `", name, "` is of a newer version: left untouched"].concat());
            }
            Err(Broken::NotOurs) => {
                restored.log.push(["stored `", name, "` cannot be read: removed"].concat());
                restored.remove.push(name.clone());
            }
        }
    }
    restored.outbox.sort_by(|one, other| (one.at, &one.tab, one.seq).cmp(&(other.at, &other.tab, other.seq)));
    restored
}

impl Restored {
    fn take(&mut self, key: &str, text: &str) -> Result<(), Broken> {
        match key {
            name::SESSION => self.session = Some(SessionEntry::decode(text)?),
            name::TAIL => self.tail = Some(Tail::decode(text)?),
            name::READ => self.read = decode(text, &[], |root| root.number_at("index"))?,
            name::DRAFT => {
                self.draft = decode(text, &[], |root| Some((root.number_at("counter")?, owned(root, "text")?)))?
            }
            name::UI => self.open = decode(text, &[], |root| root.member("open").and_then(Value::boolean))?,
            name::CONSENT => {
                self.consent = Some(decode(text, &[], |root| root.member("given").and_then(Value::boolean))?);
            }
            name::EPOCH => self.epoch = Some(decode_number(text)?),
            name::TERM => self.term = decode_number(text)?,
            // Whatever it says, somebody began to log out: what is stored must not be drawn.
            name::TOMBSTONE => self.tombstone = true,
            _ => {
                if let Some(id) = key.strip_prefix(name::OUTBOX) {
                    let entry = OutboxEntry::decode(text)?;
                    // One message under two names would be sent under one key, but removed once.
                    if entry.client_message_id != id {
                        return Err(Broken::NotOurs);
                    }
                    self.outbox.push(entry);
                }
            }
        }
        Ok(())
    }
}
