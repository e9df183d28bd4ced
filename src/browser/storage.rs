//! `localStorage` and `sessionStorage` as stores of one namespace. Not: the cookie (`cookie`), nor which of them is used
//! (`keeping`).

use super::js;
use crate::store::{Entries, Refusal, Store};

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
    session: bool,
    prefix: String,
}

impl WebStorage {
    /// Touches nothing yet: even asking for the area may throw.
    pub(crate) fn new(area: Area, namespace: &str) -> Self {
        WebStorage { session: area == Area::Session, prefix: ["sc:", namespace, ":"].concat() }
    }

    /// One text.
    pub(crate) fn item(&self, name: &str) -> Option<String> {
        js::item(self.session, &self.key(name))
    }

    fn key(&self, name: &str) -> String {
        [&self.prefix, name].concat()
    }

    fn keep(&self, name: &str, text: Option<&str>) -> Result<(), Refusal> {
        match js::keep(self.session, &self.key(name), text) {
            0 => Ok(()),
            1 => Err(Refusal::Full),
            _ => Err(Refusal::Blocked),
        }
    }
}

impl Store for WebStorage {
    fn load(&mut self) -> Result<Entries, Refusal> {
        js::entries(self.session, &self.prefix).map(|flat| js::pairs(&flat)).ok_or(Refusal::Blocked)
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        self.keep(name, Some(text))
    }

    fn remove(&mut self, name: &str) -> Result<(), Refusal> {
        self.keep(name, None)
    }
}
