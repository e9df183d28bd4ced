//! A page's own store, which `page_store.js` speaks with: it keeps the texts, and gives the page the whole of them as one
//! object. Here its reports are read. Not: what the texts say.

use super::page;
use crate::browser::inbox::{Inbox, Input};
use crate::browser::{Loaded, StateStore, js};
use crate::json::{self, Document, Value, Writer};
use crate::session::SaveToken;
use crate::store::{Entries, Refusal};
use wasm_bindgen::JsValue;

/// What `page_store.js` made of the page's object.
pub(super) struct JsStore(JsValue);

impl JsStore {
    /// Touches nothing yet.
    pub(super) fn new(page: &JsValue, inbox: &Inbox) -> Self {
        let inbox = inbox.clone();
        let told = js::callback(move |report, _, _, _| hear(&report, &inbox));
        JsStore(page::store(page, &told))
    }

    fn tell(&self, name: &str, text: &str) {
        js::tell(&self.0, name, text);
    }
}

impl StateStore for JsStore {
    fn load(&self, _: &Inbox) {
        self.tell("load", "");
    }

    fn set(&self, name: &str, text: &str, token: Option<SaveToken>) {
        let mut writer = Writer::new();
        writer.array().string(name).string(text).number(token.unwrap_or(0).into()).end_array();
        self.tell("set", &writer.finish());
    }

    fn remove(&self, name: &str) {
        self.tell("remove", name);
    }

    fn wipe(&self, keep: &[&str]) {
        let mut writer = Writer::new();
        writer.array();
        for name in keep {
            writer.string(name);
        }
        writer.end_array();
        self.tell("wipe", &writer.finish());
    }

    fn flush(&self, _: &Inbox) {
        self.tell("flush", "");
    }

    fn lead(&self, how: &str) {
        self.tell("lead", how);
    }

    fn end(&self) {
        self.tell("end", "");
    }
}

/// What was loaded, or why not; or what became of a save. More than can be read at once is nothing of ours.
fn hear(report: &str, inbox: &Inbox) {
    let document = json::parse(report);
    let root = document.as_ref().ok().map(Document::root);
    match root.and_then(|root| root.member("stored")) {
        Some(token) => {
            let why = root.and_then(|root| root.text_at("why"));
            let token = token.number_u64().map(|token| token as SaveToken);
            inbox.later(Input::Stored(token, why.map_or(Ok(()), |why| Err(refusal(why)))));
        }
        None => inbox.feed(Input::Loaded(loaded(root.and_then(|root| root.member("loaded"))))),
    }
}

fn loaded(found: Option<Value<'_>>) -> Loaded {
    let Some(found) = found.filter(|found| found.is_array()) else {
        return Err(refusal(found.and_then(Value::text).unwrap_or("")));
    };
    let mut entries = Entries::new();
    let mut items = found.items();
    while let (Some(name), Some(text)) = (items.next(), items.next()) {
        entries.push((name.text().unwrap_or("").to_owned(), text.text().unwrap_or("").to_owned()));
    }
    Ok(entries)
}

fn refusal(word: &str) -> Refusal {
    let known = [Refusal::Blocked, Refusal::Newer, Refusal::Timeout];
    known.into_iter().find(|refusal| refusal.name() == word).unwrap_or(Refusal::Corrupt)
}
