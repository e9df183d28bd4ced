//! What tabs of one browser share: the store, the locks, and who is there. Tabs may see late what others wrote there, each of
//! them in the order in which it was written. Not: the tabs themselves (`tab`).

use crate::users::UserId;
use std::collections::BTreeMap;
use support_chat::store::memory::Memory;
use support_chat::store::persisted::{EPOCH, TERM, decode_number};
use support_chat::store::{Entries, Refusal, Store};

const NUMBERS: [&str; 2] = [EPOCH, TERM];

/// Names a tab for good: another load of the page is another one.
pub(crate) type TabId = u32;

/// See the module.
#[derive(Default)]
pub(crate) struct Browser {
    store: Memory,
    /// The numbers in it: of the last logout, and of the lead's last change.
    numbers: [u64; 2],
    /// By so much, in ms, others see late what a tab wrote.
    lag: u64,
    /// What everybody sees.
    seen: BTreeMap<String, String>,
    /// What was written after that: when, by whom, and what stands there now.
    written: Vec<(u64, TabId, String, Option<String>)>,
    /// Since when a tab looks: at first it sees all there is.
    looking: BTreeMap<TabId, u64>,
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
    pub(crate) fn new(lag: u64) -> Browser {
        Browser { lag, ..Browser::default() }
    }

    /// What this tab sees of the store.
    pub(crate) fn load(&mut self, tab: TabId, now: u64) -> Result<Entries, Refusal> {
        if self.lag == 0 {
            return self.store.load();
        }
        let known = self.written.iter().take_while(|write| write.0 + self.lag <= now).count();
        for (_, _, name, text) in self.written.drain(..known) {
            put(&mut self.seen, name, text);
        }
        let since = *self.looking.entry(tab).or_insert(now);
        let mut view = self.seen.clone();
        for (_, _, name, text) in self.written.iter().filter(|(at, by, ..)| *by == tab || *at <= since) {
            put(&mut view, name.clone(), text.clone());
        }
        Ok(view.into_iter().collect())
    }

    /// The same, of one entry.
    fn item(&mut self, tab: TabId, now: u64, wanted: &str) -> Option<&str> {
        let since = *self.looking.entry(tab).or_insert(now);
        let sees = |at: u64, by: TabId| by == tab || at <= since || at + self.lag <= now;
        let late = self.written.iter().rev().find(|(at, by, name, _)| name == wanted && sees(*at, *by));
        late.map_or_else(|| self.seen.get(wanted).map(String::as_str), |write| write.3.as_deref())
    }

    pub(crate) fn set(&mut self, tab: TabId, now: u64, name: &str, text: &str) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::Full);
        }
        self.write(tab, now, name, Some(text));
        self.store.set(name, text)
    }

    /// What a tab does not see, browsers do not remove for it.
    pub(crate) fn remove(&mut self, tab: TabId, now: u64, name: &str) {
        if self.lag == 0 || self.item(tab, now, name).is_some() {
            self.write(tab, now, name, None);
            let _ = self.store.remove(name);
        }
    }

    fn write(&mut self, tab: TabId, now: u64, name: &str, text: Option<&str>) {
        if let Some(at) = NUMBERS.iter().position(|number| *number == name) {
            self.numbers[at] = number(text);
        }
        if self.lag > 0 {
            self.written.push((now, tab, name.to_owned(), text.map(str::to_owned)));
        }
    }

    /// Everything is another one.
    pub(crate) fn replace(&mut self, entries: Entries) -> Result<(), Refusal> {
        if self.full {
            return Err(Refusal::Full);
        }
        self.store = Memory::new();
        entries.iter().try_for_each(|(name, text)| self.store.set(name, text))
    }

    /// The number of the last logout, and how often the lead has changed hands, as far as this tab sees them written.
    pub(crate) fn numbers(&mut self, tab: TabId, now: u64) -> [u64; 2] {
        if self.lag == 0 {
            return self.numbers;
        }
        NUMBERS.map(|name| number(self.item(tab, now, name)))
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

fn number(text: Option<&str>) -> u64 {
    text.and_then(|text| decode_number(text).ok()).unwrap_or(0)
}

fn put(entries: &mut BTreeMap<String, String>, name: String, text: Option<String>) {
    match text {
        Some(text) => entries.insert(name, text),
        None => entries.remove(&name),
    };
}
