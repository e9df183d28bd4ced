//! The browser's stores of one namespace, which `web.js` keeps: `localStorage`, `sessionStorage`, and the cookie with
//! `sessionStorage` beside it. Not: which of them is used (`keeping`).

use crate::store::{Entries, Refusal, Store};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bundle.js")]
extern "C" {
    type Kept;
    fn kept(area: u32, namespace: &str, domain: Option<&str>, afterwards: u32) -> Kept;
    #[wasm_bindgen(method)]
    fn names(this: &Kept) -> Option<String>;
    #[wasm_bindgen(method)]
    fn item(this: &Kept, name: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    fn keep(this: &Kept, name: &str, text: Option<&str>) -> u32;
    #[wasm_bindgen(method)]
    fn leave(this: &Kept, leaving: bool);
}

/// Which of the browser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// Until somebody deletes it, in every tab.
    Local,
    /// As long as the tab.
    Session,
}

/// Keys `sc:<namespace>:<name>` of one area, or a cookie `sc-<namespace>`.
pub(crate) struct WebStorage(Kept);

impl WebStorage {
    /// Touches nothing yet: even asking for the area may throw.
    pub(crate) fn new(area: Area, namespace: &str) -> Self {
        WebStorage(kept(area as u32, namespace, None, 0))
    }

    /// A cookie that lives so many seconds after the page, for what must not be kept longer.
    pub(crate) fn cookie(namespace: &str, domain: Option<&str>, afterwards: u64) -> Self {
        WebStorage(kept(2, namespace, domain, afterwards.min(u32::MAX.into()) as u32))
    }

    /// One text.
    pub(crate) fn item(&self, name: &str) -> Option<String> {
        self.0.item(name)
    }

    /// The page leaves, or is back (or another tab left while this one stays): a cookie's seconds run, or stop.
    pub(crate) fn leave(&self, leaving: bool) {
        self.0.leave(leaving);
    }

    fn keep(&self, name: &str, text: Option<&str>) -> Result<(), Refusal> {
        match self.0.keep(name, text) {
            0 => Ok(()),
            1 => Err(Refusal::Full),
            _ => Err(Refusal::Blocked),
        }
    }
}

impl Store for WebStorage {
    fn load(&mut self) -> Result<Entries, Refusal> {
        let names = self.0.names().ok_or(Refusal::Blocked)?;
        let (mut entries, mut rest) = (Entries::new(), &*names);
        // Each ends with a zero.
        while let Some(end) = rest.bytes().position(|byte| byte == 0)
            && let Some((name, more)) = rest.split_at_checked(end)
        {
            if let Some(text) = self.item(name) {
                entries.push((name.to_owned(), text));
            }
            rest = more.get(1..).unwrap_or_default();
        }
        Ok(entries)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        self.keep(name, Some(text))
    }

    fn remove(&mut self, name: &str) -> Result<(), Refusal> {
        self.keep(name, None)
    }
}
