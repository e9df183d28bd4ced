//! A page's own store: `{read(), write(object | null)}`, plain or with promises. It gets the whole state as one object,
//! `{v: 1, entries: {name: text}}`; here that object is taken apart and put together. Not: what the texts say.
//!
//! One write is under way at a time; what changes meanwhile goes with the next. Forgetting does not wait.

use super::convert::{json_text, parsed};
use crate::browser::inbox::{Inbox, Input};
use crate::browser::{StateStore, js};
use crate::json::{self, Writer};
use crate::session::SaveToken;
use crate::store::persisted::{CONSENT, EPOCH, SESSION, TERM, decode_number};
use crate::store::{Entries, Refusal};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

/// How long `read` and `write` may take, in ms.
const READ: u32 = 3_000;
const WRITE: u32 = 1_000;
/// The version of the assembled object.
const VERSION: u64 = 1;

/// See the module.
pub(super) struct JsStore {
    page: JsValue,
    entries: RefCell<Entries>,
    leads: Cell<bool>,
    /// Something changed since the last write.
    changed: Cell<bool>,
    /// Saves somebody waits for, that are not in a write yet; and those in the write under way.
    waiting: RefCell<Vec<SaveToken>>,
    writing: RefCell<Option<Writing>>,
    reading: RefCell<Option<Timeout>>,
    /// Wishes to read that wait for the reading under way.
    unread: Cell<u32>,
    /// Counts writes, and reads: late answers are told from the present one's.
    number: Cell<u32>,
    reads: Cell<u32>,
    /// Writes up to this one were begun before somebody logged out: one that is done only now is undone.
    erased: Cell<u32>,
    ended: Cell<bool>,
    /// The page's store holds nothing, as far as we know.
    empty: Cell<bool>,
    /// Somebody logged out: that is written by whoever does it.
    wiped: Cell<bool>,
    me: Weak<JsStore>,
}

struct Writing {
    tokens: Vec<SaveToken>,
    _patience: Timeout,
}

impl JsStore {
    /// Touches nothing yet.
    pub(super) fn new(page: JsValue) -> Rc<Self> {
        Rc::new_cyclic(|me| JsStore {
            page,
            entries: RefCell::default(),
            leads: Cell::new(false),
            changed: Cell::new(false),
            waiting: RefCell::default(),
            writing: RefCell::default(),
            reading: RefCell::default(),
            unread: Cell::new(0),
            number: Cell::new(0),
            reads: Cell::new(0),
            erased: Cell::new(0),
            ended: Cell::new(false),
            empty: Cell::new(true),
            wiped: Cell::new(false),
            me: me.clone(),
        })
    }

    /// Every wish to read is answered once, in order, by a reading begun after it: one waits for the other.
    fn read(&self, inbox: &Inbox) {
        if self.reading.borrow().is_some() || self.unread.get() > 0 {
            return self.unread.set(self.unread.get() + 1);
        }
        self.begin_reading(inbox);
    }

    fn begin_reading(&self, inbox: &Inbox) {
        let (late, answered, failed) = (self.me.clone(), self.me.clone(), self.me.clone());
        let (on_late, on_answer, on_failure) = (inbox.clone(), inbox.clone(), inbox.clone());
        let number = self.reads.get().wrapping_add(1);
        self.reads.set(number);
        let patience = Timeout::new(READ, move || finish_read(&late, number, &on_late, Err(Refusal::Timeout)));
        self.reading.replace(Some(patience));
        match js::call(&self.page, "read", &[]) {
            Ok(value) => js::when(
                &value,
                move |value| finish_read(&answered, number, &on_answer, taken_apart(&value)),
                move |_| finish_read(&failed, number, &on_failure, Err(Refusal::Corrupt)),
            ),
            Err(_) => finish_read(&self.me, number, inbox, Err(Refusal::Corrupt)),
        }
    }

    fn write(&self, inbox: &Inbox) {
        if !(self.wiped.get() || self.leads.get()) || self.ended.get() {
            // Whoever leads writes it; here it is as safe as it can be.
            return self.settle(self.waiting.take(), Ok(()), inbox);
        }
        if self.writing.borrow().is_some() {
            return;
        }
        self.wiped.set(false);
        self.changed.set(false);
        let state = self.assembled();
        if self.empty.replace(state.is_null()) && state.is_null() {
            return self.settle(self.waiting.take(), Ok(()), inbox);
        }
        let number = self.number.get().wrapping_add(1);
        self.number.set(number);
        let (late, done, failed) = (self.me.clone(), self.me.clone(), self.me.clone());
        let (on_late, on_done, on_failure) = (inbox.clone(), inbox.clone(), inbox.clone());
        let _patience = Timeout::new(WRITE, move || finish_write(&late, number, &on_late, Err(Refusal::Timeout)));
        self.writing.replace(Some(Writing { tokens: self.waiting.take(), _patience }));
        match js::call(&self.page, "write", &[&state]) {
            // A store without promises is done at once: nothing has to wait for a later task.
            Ok(value) if !value.is_object() => finish_write(&self.me, number, inbox, Ok(())),
            Ok(promise) => js::when(
                &promise,
                move |_| finish_write(&done, number, &on_done, Ok(())),
                move |_| finish_write(&failed, number, &on_failure, Err(Refusal::Blocked)),
            ),
            Err(_) => finish_write(&self.me, number, inbox, Err(Refusal::Blocked)),
        }
    }

    /// `null`, which deletes everything, when there is no saved session: what else there is serves one.
    fn assembled(&self) -> JsValue {
        let entries = self.entries.borrow();
        if entries.iter().all(|(name, _)| name != SESSION) {
            return JsValue::NULL;
        }
        let mut writer = Writer::new();
        writer.object().name("v").number(VERSION).name("entries").object();
        for (name, text) in entries.iter() {
            writer.name(name).string(text);
        }
        writer.end_object().end_object();
        parsed(&writer.finish())
    }

    fn settle(&self, tokens: Vec<SaveToken>, outcome: Result<(), Refusal>, inbox: &Inbox) {
        if tokens.is_empty() && outcome.is_err() {
            inbox.later(Input::Stored(None, outcome));
        }
        for token in tokens {
            inbox.later(Input::Stored(Some(token), outcome));
        }
    }
}

/// The store as the driver holds it.
pub(super) struct Held(pub(super) Rc<JsStore>);

impl StateStore for Held {
    fn load(&self, inbox: &Inbox) {
        self.0.read(inbox);
    }

    fn set(&self, name: &str, text: &str, token: Option<SaveToken>) {
        let mut entries = self.0.entries.borrow_mut();
        entries.retain(|(other, _)| other != name);
        entries.push((name.to_owned(), text.to_owned()));
        self.0.waiting.borrow_mut().extend(token);
        self.0.changed.set(true);
    }

    fn remove(&self, name: &str) {
        let mut entries = self.0.entries.borrow_mut();
        let before = entries.len();
        entries.retain(|(other, _)| other != name);
        if entries.len() != before {
            self.0.changed.set(true);
        }
    }

    fn wipe(&self, keep: &[&str]) {
        self.0.entries.borrow_mut().retain(|(name, _)| keep.contains(&name.as_str()));
        self.0.changed.set(true);
        self.0.wiped.set(true);
        self.0.empty.set(false);
        // A logout handler navigates away at once: a write under way is not waited for.
        self.0.erased.set(self.0.number.get());
        self.0.number.set(self.0.number.get().wrapping_add(1));
        if let Some(writing) = self.0.writing.take() {
            self.0.waiting.borrow_mut().extend(writing.tokens);
        }
    }

    fn flush(&self, inbox: &Inbox) {
        if self.0.changed.get() {
            self.0.write(inbox);
        }
    }

    fn lead(&self, leads: bool) {
        self.0.leads.set(leads);
        // What this tab kept for itself while it followed goes with the first change it writes.
    }

    fn end(&self) {
        self.0.ended.set(true);
        let _dropped = (self.0.reading.take(), self.0.writing.take());
    }
}

fn finish_read(store: &Weak<JsStore>, number: u32, inbox: &Inbox, outcome: Result<Entries, Refusal>) {
    let Some(store) = store.upgrade().filter(|store| store.reads.get() == number) else { return };
    if store.reading.take().is_none() {
        return;
    }
    let outcome = outcome.map(|read| {
        store.empty.set(read.is_empty());
        let kept = store.entries.take();
        store.entries.replace(with_counters(read, kept));
        store.entries.borrow().clone()
    });
    inbox.feed(Input::Loaded(outcome));
    if store.unread.get() > 0 && !store.ended.get() {
        store.unread.set(store.unread.get() - 1);
        store.begin_reading(inbox);
    }
}

fn finish_write(store: &Weak<JsStore>, number: u32, inbox: &Inbox, outcome: Result<(), Refusal>) {
    let Some(store) = store.upgrade() else { return };
    if store.number.get() != number {
        if number <= store.erased.get() {
            // It landed after what was to delete it.
            store.wiped.set(true);
            store.empty.set(false);
            store.changed.set(true);
            store.write(inbox);
        }
        return;
    }
    let Some(writing) = store.writing.take() else { return };
    store.settle(writing.tokens, outcome, inbox);
    if outcome.is_ok() && store.changed.get() {
        store.write(inbox);
    }
}

/// What this page knows survives a `write(null)`, and a store that forgets or gives back what it once read: counters
/// never go back, and the visitor's word on consent stands.
fn with_counters(mut read: Entries, kept: Entries) -> Entries {
    for (name, text) in kept {
        if ![EPOCH, TERM, CONSENT].contains(&name.as_str()) {
            continue;
        }
        match read.iter_mut().find(|(other, _)| *other == name) {
            Some((_, other)) if name != CONSENT && decode_number(other).ok() < decode_number(&text).ok() => {
                *other = text
            }
            Some(_) => {}
            None => read.push((name, text)),
        }
    }
    read
}

/// Nothing, `null` and `{}` are an empty store.
fn taken_apart(value: &JsValue) -> Result<Entries, Refusal> {
    if value.is_undefined() || value.is_null() {
        return Ok(Entries::new());
    }
    let text = json_text(value).ok_or(Refusal::Corrupt)?;
    let document = json::parse(&text).map_err(|_| Refusal::Corrupt)?;
    let root = document.root();
    if !root.is_object() {
        return Err(Refusal::Corrupt);
    }
    if root.number_at("v").is_some_and(|version| version > VERSION) {
        return Err(Refusal::Newer);
    }
    let entries = root.member("entries").into_iter().flat_map(json::Value::members);
    Ok(entries.filter_map(|(name, value)| Some((name.to_owned(), value.text()?.to_owned()))).collect())
}
