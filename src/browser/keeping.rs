//! Where an instance keeps its state: carries out the session's orders on the store the options name, or in memory.
//! Not: what is kept and when (the session).

use super::inbox::{Inbox, Input};
use super::storage::{Area, WebStorage};
use super::{Loaded, StateStore};
use crate::session::SaveToken;
use crate::store::memory::Memory;
use crate::store::persisted::{LINK, TOMBSTONE, decode_number};
use crate::store::{Entries, Refusal, Store};
use std::cell::{Cell, RefCell};

/// The store the options name.
pub(crate) enum Backing {
    /// `local` or `session`.
    Web(WebStorage),
    /// `cookie`.
    Cookie(WebStorage),
    /// `memory`.
    Memory,
    /// The page's own.
    Page(Box<dyn StateStore>),
}

/// See the module.
pub(crate) struct Keeping {
    backing: RefCell<Backing>,
    /// Used instead of the backing for want of consent, or because the backing failed.
    memory: RefCell<Memory>,
    in_memory: Cell<bool>,
    /// For `link`, which is kept as long as the tab, whatever the store.
    tab: RefCell<WebStorage>,
}

impl Keeping {
    /// Touches nothing yet.
    pub(crate) fn new(backing: Backing, namespace: &str) -> Self {
        let in_memory = Cell::new(matches!(backing, Backing::Memory));
        let tab = RefCell::new(WebStorage::new(Area::Session, namespace));
        Keeping { backing: RefCell::new(backing), memory: RefCell::default(), in_memory, tab }
    }

    /// Reads everything; reported through the inbox.
    pub(crate) fn load(&self, inbox: &Inbox) {
        match self.page(|store| store.load(inbox)) {
            Some(()) => {}
            None => inbox.feed(Input::Loaded(self.read())),
        }
    }

    /// A number that is written there, where asking costs next to nothing.
    pub(crate) fn number(&self, name: &str) -> u64 {
        match &*self.backing.borrow() {
            Backing::Web(store) | Backing::Cookie(store) if !self.in_memory.get() => {
                store.item(name).and_then(|text| decode_number(&text).ok()).unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// Keeps one text; the outcome is reported when it is waited for, or bad.
    pub(crate) fn save(&self, name: &str, text: &str, token: Option<SaveToken>, inbox: &Inbox) {
        if self.page(|store| store.set(name, text, token)).is_none() {
            let outcome = self.own(&mut |store| store.set(name, text));
            report(token, outcome, inbox);
        }
    }

    /// Forgets one text.
    pub(crate) fn remove(&self, name: &str, inbox: &Inbox) {
        if self.page(|store| store.remove(name)).is_none() {
            report(None, self.own(&mut |store| store.remove(name)), inbox);
        }
    }

    /// Forgets all texts but those named.
    pub(crate) fn wipe(&self, keep: &[&str], inbox: &Inbox) {
        if !keep.contains(&LINK) && !self.in_memory.get() {
            // Blocked storage holds nothing.
            let _ = self.tab.borrow_mut().remove(LINK);
        }
        if self.page(|store| store.wipe(keep)).is_some() {
            return;
        }
        let outcome = self.own(&mut |store| {
            for (name, _) in store.load()? {
                if name != TOMBSTONE && !keep.contains(&name.as_str()) {
                    store.remove(&name)?;
                }
            }
            // Last of all: a page that dies before that leaves it behind, and the next one goes on.
            if keep.contains(&TOMBSTONE) { Ok(()) } else { store.remove(TOMBSTONE) }
        });
        report(None, outcome, inbox);
    }

    /// The changes of a turn are complete.
    pub(crate) fn flush(&self, inbox: &Inbox) {
        self.page(|store| store.flush(inbox));
    }

    /// Turns to memory, or back to the backing.
    pub(crate) fn use_memory(&self, memory: bool) {
        if memory && !self.in_memory.get() {
            // Without consent nothing of ours stays; blocked storage holds nothing.
            let _ = self.tab.borrow_mut().remove(LINK);
        }
        self.in_memory.set(memory || matches!(*self.backing.borrow(), Backing::Memory));
    }

    /// Whether this tab leads: see `StateStore::lead`.
    pub(crate) fn lead(&self, how: &str) {
        if let Backing::Page(store) = &*self.backing.borrow() {
            store.lead(how);
        }
    }

    /// The page leaves or is back; true when other tabs should say that they are still there.
    pub(crate) fn leave(&self, leaving: bool) -> bool {
        match &*self.backing.borrow() {
            Backing::Cookie(store) if !self.in_memory.get() => store.leave(leaving),
            _ => return false,
        }
        true
    }

    /// Keeps the connection type that worked. Failing costs the next page one attempt, nothing else.
    pub(crate) fn remember(&self, link: &str) {
        if !self.in_memory.get() {
            let _ = self.tab.borrow_mut().set(LINK, link);
        }
    }

    /// The instance is gone.
    pub(crate) fn end(&self) {
        if let Backing::Page(store) = &*self.backing.borrow() {
            store.end();
        }
    }

    fn read(&self) -> Loaded {
        let mut entries = Entries::new();
        self.own(&mut |store| {
            entries = store.load()?;
            Ok(())
        })?;
        Ok(entries)
    }

    /// Does it on the page's store, when that is in use. The shared borrow may nest: the page's code may call back.
    fn page(&self, act: impl FnOnce(&dyn StateStore)) -> Option<()> {
        match &*self.backing.borrow() {
            Backing::Page(store) if !self.in_memory.get() => {
                act(&**store);
                Some(())
            }
            _ => None,
        }
    }

    /// Does it on a store of ours.
    fn own(&self, act: &mut dyn FnMut(&mut dyn Store) -> Result<(), Refusal>) -> Result<(), Refusal> {
        if self.in_memory.get() {
            return act(&mut *self.memory.borrow_mut());
        }
        match &mut *self.backing.borrow_mut() {
            Backing::Web(store) | Backing::Cookie(store) => act(store),
            Backing::Memory | Backing::Page(_) => Ok(()),
        }
    }
}

fn report(token: Option<SaveToken>, outcome: Result<(), Refusal>, inbox: &Inbox) {
    if token.is_some() || outcome.is_err() {
        // After what is being done: a refusal turns to memory, and the rest of a logout is for the store.
        inbox.later(Input::Stored(token, outcome));
    }
}
