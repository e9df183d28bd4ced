//! What tabs of one browser share: the store, the locks, and who is there. Not: the tabs themselves (`tab`).

use crate::users::UserId;
use support_chat::store::memory::Memory;
use support_chat::store::persisted::{EPOCH, TERM, decode_number};
use support_chat::store::{Entries, Refusal, Store};

/// Names a tab for good: another load of the page is another one.
pub(crate) type TabId = u32;

/// See the module.
#[derive(Default)]
pub(crate) struct Browser {
    store: Memory,
    /// Of what is stored.
    epoch: u64,
    /// The same.
    term: u64,
    /// Writing is refused.
    pub(crate) full: bool,
    /// Who is signed in at the site.
    pub(crate) login: Option<UserId>,
    /// Whose session was saved last: visitor, and user, and as of which logout.
    pub(crate) owner: Option<(String, Option<String>, u64)>,
    /// By name: who holds it, then who waits, in order.
    locks: Vec<(String, Vec<TabId>)>,
}

impl Browser {
    pub(crate) fn load(&mut self) -> Result<Entries, Refusal> {
        self.store.load()
    }

    pub(crate) fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::Full);
        }
        if name == EPOCH {
            self.epoch = decode_number(text).unwrap_or(0);
        }
        if name == TERM {
            self.term = decode_number(text).unwrap_or(0);
        }
        self.store.set(name, text)
    }

    pub(crate) fn remove(&mut self, name: &str) {
        if name == EPOCH {
            self.epoch = 0;
        }
        if name == TERM {
            self.term = 0;
        }
        let _ = self.store.remove(name);
    }

    /// Everything is another one.
    pub(crate) fn replace(&mut self, entries: Entries) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::Full);
        }
        self.store = Memory::new();
        entries.iter().try_for_each(|(name, text)| self.store.set(name, text))
    }

    /// How many logouts are written there.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How often the lead has changed hands, as far as is written there.
    pub(crate) fn term(&self) -> u64 {
        self.term
    }

    /// Everything stored.
    pub(crate) fn entries(&mut self) -> Entries {
        self.store.load().unwrap_or_default()
    }

    /// Stands in line; true when it is held at once.
    pub(crate) fn acquire(&mut self, tab: TabId, name: &str) -> bool {
        if let Some((_, line)) = self.locks.iter_mut().find(|lock| lock.0 == name) {
            line.push(tab);
            return line.len() == 1;
        }
        self.locks.push((name.into(), vec![tab]));
        true
    }

    /// Takes it from whoever holds it; returns who did.
    pub(crate) fn steal(&mut self, tab: TabId, name: &str) -> Option<TabId> {
        let (_, line) = self.locks.iter_mut().find(|lock| lock.0 == name)?;
        line.retain(|other| *other != tab);
        let robbed = (!line.is_empty()).then(|| line.remove(0));
        line.insert(0, tab);
        robbed
    }

    /// Leaves the line; returns who holds it now instead.
    pub(crate) fn release(&mut self, tab: TabId, name: &str) -> Option<TabId> {
        let (_, line) = self.locks.iter_mut().find(|lock| lock.0 == name)?;
        let held = line.first() == Some(&tab);
        line.retain(|other| *other != tab);
        line.first().copied().filter(|_| held)
    }

    /// Whether this tab holds it.
    pub(crate) fn holds(&self, tab: TabId, name: &str) -> bool {
        self.locks.iter().any(|(other, line)| other == name && line.first() == Some(&tab))
    }
}
