//! Everything a store held, read with suspicion: what can be used, what is broken, what is not to be touched. Not:
//! what one text means (`persisted`), nor whether a session may use it (`session/boot.rs`).

use super::Entries;
use super::persisted::{
    self, ASIDE, Broken, CONSENT, Consent, DRAFT, Draft, EPOCH, OUTBOX, OutboxEntry, READ, ReadMark, SESSION,
    SavedSession, TAIL, TERM, TOMBSTONE, Tail, UI, Ui,
};

/// What can be used of a store.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// The saved session.
    pub session: Option<SavedSession>,
    /// An anonymous visitor's, while a user's is the saved one.
    pub aside: Option<SavedSession>,
    /// Waiting messages of any visitor, in the order they were written; of two with one key the first.
    pub outbox: Vec<OutboxEntry>,
    /// The read mark.
    pub read: Option<ReadMark>,
    /// What the composer held.
    pub draft: Option<Draft>,
    /// The panel was open.
    pub open: bool,
    /// The visitor's decision.
    pub consent: Option<bool>,
    /// The last messages.
    pub tail: Option<Tail>,
    /// The logout epoch.
    pub epoch: Option<u64>,
    /// The newest leader's term.
    pub term: u64,
    /// A logout was begun and not finished.
    pub tombstone: bool,
    /// Names whose text is broken: to be removed.
    pub remove: Vec<String>,
    /// A newer version wrote something here: nothing of it is to be touched.
    pub newer: bool,
}

impl Restored {
    /// Where its author's order says. (A library sort costs the module 3 kB.)
    fn put(&mut self, entry: OutboxEntry) {
        let at = self.outbox.iter().rposition(|other| entry.is_after(other)).map_or(0, |before| before + 1);
        self.outbox.insert(at, entry);
    }
}

/// Reads everything; never fails.
pub fn restore(entries: &Entries) -> Restored {
    let mut restored = Restored::default();
    for (name, text) in entries {
        let outcome = match name.as_str() {
            SESSION => SavedSession::decode(text).map(|session| restored.session = Some(session)),
            ASIDE => SavedSession::decode(text).map(|session| restored.aside = Some(session)),
            READ => ReadMark::decode(text).map(|read| restored.read = Some(read)),
            DRAFT => Draft::decode(text).map(|draft| restored.draft = Some(draft)),
            UI => Ui::decode(text).map(|ui| restored.open = ui.open),
            CONSENT => Consent::decode(text).map(|consent| restored.consent = Some(consent.given)),
            TAIL => Tail::decode(text).map(|tail| restored.tail = Some(tail)),
            EPOCH => persisted::decode_number(text).map(|epoch| restored.epoch = Some(epoch)),
            TERM => persisted::decode_number(text).map(|term| restored.term = term),
            // Whatever it says, somebody began to log out: what is stored must not be drawn.
            TOMBSTONE => {
                restored.tombstone = true;
                Ok(())
            }
            _ if name.starts_with(OUTBOX) => match OutboxEntry::decode(text) {
                // One message under two names: the one whose name is its key, or it would be removed but once.
                Ok(entry) if entry.name() == *name => {
                    restored.put(entry);
                    Ok(())
                }
                Ok(_) => Err(Broken::NotOurs),
                Err(broken) => Err(broken),
            },
            _ => Ok(()), // not ours to judge: left
        };
        match outcome {
            Ok(()) => {}
            Err(Broken::Newer) => restored.newer = true,
            Err(Broken::NotOurs) => restored.remove.push(name.clone()),
        }
    }
    restored
}

#[cfg(test)]
mod tests;
