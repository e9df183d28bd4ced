//! `localStorage` and `sessionStorage` as stores of one namespace. Not: the cookie (`cookie`), nor which of them is used
//! (`keeping`).

use super::js;
use crate::store::{Entries, Refusal, Store};
use wasm_bindgen::JsValue;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// Until somebody deletes it, in every tab.
    Local,
    /// As long as the tab.
    Session,
}

/// Keys `sc:<namespace>:<name>` of one area.
pub(crate) struct WebStorage {
    area: Area,
    prefix: String,
}

impl WebStorage {
    /// Touches nothing yet: even asking for the area may throw.
    pub(crate) fn new(area: Area, namespace: &str) -> Self {
        WebStorage { area, prefix: ["sc:", namespace, ":"].concat() }
    }

    /// One text.
    pub(crate) fn item(&self, name: &str) -> Option<String> {
        self.open().ok()?.get_item(&self.key(name)).ok()?
    }

    /// Asked for anew each time: a browser may take it away while the page lives.
    fn open(&self) -> Result<web_sys::Storage, Refusal> {
        let window = web_sys::window().ok_or(Refusal::Blocked)?;
        let storage = match self.area {
            Area::Local => window.local_storage(),
            Area::Session => window.session_storage(),
        };
        storage.ok().flatten().ok_or(Refusal::Blocked)
    }

    fn key(&self, name: &str) -> String {
        [&self.prefix, name].concat()
    }
}

impl Store for WebStorage {
    fn load(&mut self) -> Result<Entries, Refusal> {
        let storage = self.open()?;
        let mut entries = Entries::new();
        for place in 0..storage.length().map_err(refusal)? {
            let Some(key) = storage.key(place).map_err(refusal)? else { continue };
            let Some(name) = key.strip_prefix(&self.prefix) else { continue };
            if let Some(text) = storage.get_item(&key).map_err(refusal)? {
                entries.push((name.to_owned(), text));
            }
        }
        Ok(entries)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        self.open()?.set_item(&self.key(name), text).map_err(refusal)
    }

    fn remove(&mut self, name: &str) -> Result<(), Refusal> {
        self.open()?.remove_item(&self.key(name)).map_err(refusal)
    }
}

/// Firefox gave its quota error a name of its own for long.
fn refusal(error: JsValue) -> Refusal {
    let name = js::member(&error, "name").as_string().unwrap_or_default();
    if name == "QuotaExceededError" || name == "NS_ERROR_DOM_QUOTA_REACHED" { Refusal::Full } else { Refusal::Blocked }
}
