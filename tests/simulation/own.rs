//! A page's own store, as `page.js` keeps it for a session: the whole state in one object, read and written late, and by
//! nobody but the tab that leads or has wiped it. Each tab has a copy. Not: a browser's store (`browser`).

use crate::browser::TabId;
use crate::tab::{Input, Tab};
use crate::world::{Due, World};
use std::collections::{BTreeMap, VecDeque};
use support_chat::session::{Lock, LockEvent, PageEvent, SaveToken};
use support_chat::store::persisted::SESSION;
use support_chat::store::{Entries, Refusal};
use support_chat::time::Mono;

/// So long after a write, in ms, the word of an earlier logout may come: `READING` there.
const HEARD: Mono = 3_000;
/// Of what undoes a write: `UNDONE` there.
const UNDONE: SaveToken = SaveToken::MAX - 1;

/// Whose a saved session is, and as of which logout: the beginning of its text.
fn whose(session: Option<&String>) -> Option<String> {
    session.map(|text| text.split(',').take(3).collect::<Vec<_>>().join(","))
}

/// What one tab has of it.
#[derive(Default)]
pub(crate) struct Own {
    entries: BTreeMap<String, String>,
    /// It writes.
    leads: bool,
    /// The page is left, or put away: what is under way is not waited for.
    goes: bool,
    /// Since the last write.
    changed: bool,
    /// Somebody logged out here: that is written by whoever does it.
    wiped: bool,
    /// Saves that are in no write yet, and somebody waits for.
    waiting: Vec<SaveToken>,
    /// The write under way, with its saves.
    writing: Option<(u64, Vec<SaveToken>)>,
    /// Whose session is in the writes that have not got there, by their numbers.
    written: Vec<(u64, Option<String>)>,
    /// When this tab wrote last.
    done: Option<Mono>,
    /// Whose session, written too late, is looked for, by the number of the reading.
    undoing: Vec<(u64, String)>,
    /// The reading under way, how many wipes there were when it began, and what was changed meanwhile.
    reading: Option<(u64, u64, BTreeMap<String, Option<String>>)>,
    /// Wishes to read that wait for it.
    unread: u32,
    wipes: u64,
    /// It holds something, as far as is known here.
    holds: bool,
    last: u64,
}

impl Own {
    pub(crate) fn set(&mut self, name: &str, text: &str, token: Option<SaveToken>) {
        self.entries.insert(name.into(), text.into());
        if let Some((.., touched)) = &mut self.reading {
            touched.insert(name.into(), Some(text.into()));
        }
        // Whoever creates a visitor waits for that, and writes it though nobody leads yet.
        self.wiped |= token > Some(UNDONE);
        self.waiting.extend(token);
        self.changed = true;
    }

    /// Whose session is to be looked for, since it may have been written too late.
    fn remove(&mut self, name: &str, now: Mono) -> Option<String> {
        let mut late = None;
        if name == SESSION && !self.wiped {
            // Who logs out wipes: it was another tab.
            if self.writing.is_none() && self.done.is_some_and(|done| done + HEARD > now) {
                late = Some(whose(self.entries.get(name)).unwrap_or_default());
            }
            self.entries.retain(|name, _| ["epoch", "consent"].contains(&name.as_str()));
            self.wipes += 1;
        }
        self.changed |= self.entries.remove(name).is_some();
        if let Some((.., touched)) = &mut self.reading {
            touched.insert(name.into(), None);
        }
        late
    }

    pub(crate) fn wipe(&mut self, keep: &[&str]) {
        self.entries.retain(|name, _| keep.contains(&name.as_str()));
        (self.changed, self.wiped, self.holds) = (true, true, true);
        self.wipes += 1;
        self.hurry();
    }

    /// What is under way is not waited for.
    fn hurry(&mut self) {
        if let Some((_, tokens)) = self.writing.take() {
            self.waiting.extend(tokens);
        }
    }

    /// Whether it leads.
    pub(crate) fn lead(&mut self, leads: bool) {
        self.leads = leads;
    }

    /// What changes is written.
    pub(crate) fn writes(&self) -> bool {
        self.leads || self.wiped
    }

    /// Everything this tab has of it.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&String, &String)> {
        self.entries.iter()
    }

    fn settle(&mut self, tokens: Vec<SaveToken>, outcome: Result<(), Refusal>, inputs: &mut VecDeque<Input>) {
        if outcome.is_err() && tokens.is_empty() {
            inputs.push_back(Input::Stored(None, outcome));
        }
        for token in tokens {
            inputs.push_back(Input::Stored(Some(token), outcome));
        }
    }

    /// What was read, with what this tab knows better.
    fn learn(&mut self, found: Entries, touched: BTreeMap<String, Option<String>>) {
        self.holds = !found.is_empty();
        let kept = std::mem::replace(&mut self.entries, found.into_iter().collect());
        for (name, text) in kept {
            let number = |text: &String| text.parse::<u64>().ok();
            let other = self.entries.get(&name);
            let counts = (name == "epoch" || name == "term") && other.and_then(number) < number(&text);
            if counts || name == "consent" && other.is_none() {
                self.entries.insert(name, text);
            }
        }
        for (name, text) in touched {
            match text {
                Some(text) => drop(self.entries.insert(name, text)),
                None => drop(self.entries.remove(&name)),
            }
        }
    }
}

impl World {
    /// What concerns the store alone stays here.
    pub(crate) fn hear_of_own(&mut self, tab: &mut Tab, input: Input, inputs: &mut VecDeque<Input>) -> Option<Input> {
        match input {
            Input::Read(number, entries) => self.was_read(tab, number, entries, inputs),
            Input::Wrote(number, wipes, outcome) => self.was_written(tab, (number, wipes, outcome), inputs),
            input => {
                if matches!(input, Input::Lock(LockEvent::Lost(Lock::Lead))) {
                    tab.writes(false);
                }
                if let (Input::Page(page), Some(own)) = (&input, &mut tab.own) {
                    use PageEvent::{Cached, Frozen, Hidden, Leaving};
                    own.goes |= matches!(page, Leaving | Cached | Hidden | Frozen);
                }
                return Some(input);
            }
        }
        None
    }

    /// The session wants to read it: each wish is answered once, in order.
    pub(crate) fn read_own(&mut self, tab: &mut Tab) {
        let Some(own) = &mut tab.own else { return };
        own.unread += 1;
        self.read_next(tab.id, own);
    }

    /// One reading at a time, and none before what this tab has written got there.
    fn read_next(&mut self, id: TabId, own: &mut Own) {
        if own.unread == 0 || own.reading.is_some() || own.writing.is_some() {
            return;
        }
        own.unread -= 1;
        own.last += 1;
        own.reading = Some((own.last, own.wipes, BTreeMap::new()));
        let entries = self.browser(id).entries();
        self.later(self.plan.store_delay, Due::Input(id, Input::Read(own.last, entries)));
    }

    fn was_read(&mut self, tab: &mut Tab, number: u64, found: Entries, inputs: &mut VecDeque<Input>) {
        let id = tab.id;
        let Some(own) = &mut tab.own else { return };
        if let Some(place) = own.undoing.iter().position(|undoing| undoing.0 == number) {
            let (_, session) = own.undoing.remove(place);
            let there = whose(found.iter().find(|entry| entry.0 == SESSION).map(|entry| &entry.1));
            if there.is_none_or(|there| there == session) {
                own.waiting.push(UNDONE);
                (own.wiped, own.changed, own.holds) = (true, true, true);
                self.write_own(id, own, inputs);
            }
            return;
        }
        let Some((_, wipes, touched)) = own.reading.take_if(|reading| reading.0 == number) else { return };
        if wipes < own.wipes {
            own.unread += 1; // it may say what was deleted since
            return self.read_next(id, own);
        }
        own.learn(found, touched);
        inputs.push_back(Input::Loaded(Ok(own.entries.clone().into_iter().collect())));
        self.read_next(id, own);
    }

    pub(crate) fn remove_own(&mut self, tab: &mut Tab, name: &str) {
        let id = tab.id;
        let Some(own) = &mut tab.own else { return };
        if let Some(late) = own.remove(name, self.time) {
            self.undo(id, own, late);
        }
    }

    /// What this tab wrote in a session that is over may have landed after what was to delete it: it looks.
    fn undo(&mut self, id: TabId, own: &mut Own, session: String) {
        own.last += 1;
        own.undoing.push((own.last, session));
        let entries = self.browser(id).entries();
        self.later(self.plan.store_delay, Due::Input(id, Input::Read(own.last, entries)));
    }

    /// What was changed is written, by whoever does it.
    pub(crate) fn flush_own(&mut self, tab: &mut Tab, inputs: &mut VecDeque<Input>) {
        let id = tab.id;
        if tab.session.leads() {
            tab.writes(true);
        }
        let Some(own) = tab.own.as_mut().filter(|own| own.changed && tab.memory.is_none()) else { return };
        self.write_own(id, own, inputs);
    }

    fn write_own(&mut self, id: TabId, own: &mut Own, inputs: &mut VecDeque<Input>) {
        let idle = !own.writes();
        if own.writing.is_some() && !idle && !own.goes {
            return;
        }
        let state = own.entries.contains_key("session").then(|| own.entries.clone());
        if !idle {
            own.hurry();
            (own.goes, own.wiped, own.changed) = (false, false, false);
        }
        let tokens = std::mem::take(&mut own.waiting);
        if idle || state.is_none() && !own.holds {
            return own.settle(tokens, Ok(()), inputs);
        }
        own.holds = state.is_some();
        own.last += 1;
        own.writing = Some((own.last, tokens));
        own.written.push((own.last, whose(own.entries.get(SESSION))));
        let state = state.into_iter().flatten().collect();
        self.later(self.plan.store_delay, Due::Write(id, own.last, own.wipes, state));
    }

    /// A write gets there, whether its page lives on or not.
    pub(crate) fn arrive_at_own(&mut self, id: TabId, number: u64, wipes: u64, state: Entries) {
        let outcome = self.browser(id).replace(state);
        self.drive(id, Input::Wrote(number, wipes, outcome));
    }

    fn was_written(
        &mut self,
        tab: &mut Tab,
        (number, wipes, outcome): (u64, u64, Result<(), Refusal>),
        inputs: &mut VecDeque<Input>,
    ) {
        let id = tab.id;
        let Some(own) = &mut tab.own else { return };
        own.done = Some(self.time);
        let place = own.written.iter().position(|written| written.0 == number);
        let session = place.and_then(|place| own.written.remove(place).1);
        if let Some((_, tokens)) = own.writing.take_if(|writing| writing.0 == number) {
            own.settle(tokens, outcome, inputs);
            if outcome.is_ok() && own.changed {
                self.write_own(id, own, inputs);
            }
        }
        if let Some(session) = session.filter(|_| wipes < own.wipes) {
            self.undo(id, own, session);
        }
        self.read_next(id, own);
    }
}
