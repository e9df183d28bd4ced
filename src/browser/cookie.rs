//! The cookie store: what must not outlive the visit by more than a while stands in one cookie, the rest in
//! `sessionStorage`. Not: when the page leaves (the driver says so).
//!
//! The cookie has no `Max-Age` while the page lives, so that a crash can be recovered from; leaving rewrites it with the
//! allowed time. A page that finds no cookie was away too long: the rest is deleted unread.

use super::js;
use super::storage::{Area, WebStorage};
use crate::json::push_number;
use crate::store::{Entries, Refusal, Store};
use js_sys::{Array, encode_uri_component};
use wasm_bindgen::JsCast;

/// What stands in the cookie.
const INSIDE: [&str; 6] = ["session", "read", "epoch", "term", "consent", "tombstone"];
/// Longer ones vanish silently at 4 kB; two namespaces should fit.
const LONGEST: usize = 2048;
/// First entry of every cookie: its version.
const MARK: &str = "v";

/// See the module.
pub(crate) struct CookieStore {
    name: String,
    /// Everything behind the value but `Max-Age`.
    attributes: String,
    /// Seconds the cookie lives after the page.
    afterwards: u64,
    rest: WebStorage,
    /// Set while the page is leaving: the seconds are running.
    leaving: bool,
}

impl CookieStore {
    /// Touches nothing yet.
    pub(crate) fn new(namespace: &str, domain: Option<&str>, afterwards: u64) -> Self {
        let mut attributes = String::from(";Path=/;SameSite=Lax");
        if js::words(&js::global("location"), "protocol").as_deref() == Some("https:") {
            attributes.push_str(";Secure");
        }
        if let Some(domain) = domain {
            attributes.push_str(";Domain=");
            attributes.push_str(domain);
        }
        let rest = WebStorage::new(Area::Session, namespace);
        CookieStore { name: ["sc-", namespace, "="].concat(), attributes, afterwards, rest, leaving: false }
    }

    /// The cookie's entries; `None` without a cookie. Everything written begins with the mark that tells an empty cookie
    /// from none.
    fn read(&self) -> Result<Option<Entries>, Refusal> {
        let found = js::cookie(&self.name);
        if found.is_undefined() {
            return Err(Refusal::Blocked);
        }
        if !found.is_object() {
            return Ok(None);
        }
        let mut entries = js::pairs(found.unchecked_ref::<Array>());
        entries.retain(|(name, _)| name != MARK);
        Ok(Some(entries))
    }

    fn write(&self, entries: &Entries) -> Result<(), Refusal> {
        let mut cookie = [&self.name, MARK, "=1"].concat();
        for (name, text) in entries {
            cookie.push('&');
            cookie.push_str(name);
            cookie.push('=');
            cookie.push_str(&encode_uri_component(text).as_string().unwrap_or_default());
        }
        if cookie.len() > LONGEST {
            return Err(Refusal::Full);
        }
        let mut attributes = self.attributes.clone();
        if self.leaving {
            attributes.push_str(";Max-Age=");
            push_number(&mut attributes, self.afterwards);
        }
        let gone = self.leaving && self.afterwards == 0;
        if js::bake(&cookie, &attributes) || gone { Ok(()) } else { Err(Refusal::Blocked) }
    }

    /// Changes one entry of the cookie.
    fn put(&mut self, name: &str, text: Option<&str>) -> Result<(), Refusal> {
        let mut entries = self.read()?.unwrap_or_default();
        let before = entries.len();
        entries.retain(|(other, _)| other != name);
        if text.is_none() && entries.len() == before {
            return Ok(());
        }
        if let Some(text) = text {
            entries.push((name.to_owned(), text.to_owned()));
        }
        self.write(&entries)
    }
}

impl Store for CookieStore {
    fn load(&mut self) -> Result<Entries, Refusal> {
        let inside = self.read()?;
        let mut entries = self.rest.load()?;
        match inside {
            Some(inside) => {
                // An entry too big for the cookie stands with the rest; the cookie's word wins.
                entries.retain(|(name, _)| inside.iter().all(|(other, _)| other != name));
                entries.extend(inside);
            }
            None => {
                for (name, _) in entries.drain(..) {
                    self.rest.remove(&name)?;
                }
            }
        }
        Ok(entries)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        if !INSIDE.contains(&name) {
            // Without a cookie the next page would delete it unread.
            if self.read()?.is_none() {
                self.write(&Entries::new())?;
            }
            return self.rest.set(name, text);
        }
        match self.put(name, Some(text)) {
            Err(Refusal::Full) => {
                self.put(name, None)?;
                self.rest.set(name, text)
            }
            done => {
                self.rest.remove(name)?;
                done
            }
        }
    }

    fn remove(&mut self, name: &str) -> Result<(), Refusal> {
        if INSIDE.contains(&name) {
            self.put(name, None)?;
        }
        self.rest.remove(name)
    }
}

impl CookieStore {
    /// The page leaves, or is back (or another tab left while this one stays): the seconds run, or stop.
    pub(crate) fn leave(&mut self, leaving: bool) {
        self.leaving = leaving;
        if let Ok(Some(entries)) = self.read() {
            let _ = self.write(&entries);
        }
    }
}
