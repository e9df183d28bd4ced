//! The handle as the driver sees it: events, answers, log lines, the launcher. Not: who listens (`handle.js`), nor what
//! the launcher looks like (`launcher.js`).

use super::{convert, page};
use crate::browser::{Host, js};
use crate::error::Error;
use crate::json::push_number;
use crate::session::{CallId, Event, Level, Look, ProviderId, Settled};
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// See the module.
pub(super) struct HostSide {
    /// What `page.js` made of the object the handle gave.
    side: JsValue,
    /// The quietest level that is logged; 4: none.
    level: u8,
    last_call: Cell<CallId>,
    /// What the launcher was last told.
    #[cfg(feature = "widget")]
    told: std::cell::RefCell<String>,
    #[cfg(feature = "panic-test")]
    pub(super) panic_after_emit: Cell<bool>,
}

impl HostSide {
    /// The handle's side of a new instance.
    pub(super) fn new(side: JsValue, level: u8) -> Self {
        HostSide {
            side,
            level,
            last_call: Cell::new(0),
            #[cfg(feature = "widget")]
            told: Default::default(),
            #[cfg(feature = "panic-test")]
            panic_after_emit: Cell::new(false),
        }
    }

    /// A new call, and what it was given.
    pub(super) fn wait(&self, name: &str, entry: &JsValue) -> (CallId, String) {
        let call = self.last_call.get() + 1;
        self.last_call.set(call);
        (call, page::said(&self.side, call, name, entry))
    }

    /// None of these throws: a listener that does is its business.
    fn tell(&self, name: &str, text: &str) {
        js::tell(&self.side, name, text);
    }
}

impl Host for HostSide {
    fn emit(&self, event: Event) {
        self.tell("emit", &convert::envelope(&event));
        #[cfg(feature = "panic-test")]
        assert!(!self.panic_after_emit.get(), "on purpose, under a listener");
    }

    fn settle(&self, call: CallId, result: Result<Settled, Error>) {
        self.tell("settle", &convert::settled(call, &result));
    }

    fn log(&self, level: Level, line: &str) {
        if (level as u8) >= self.level {
            self.tell(["debug", "info", "warn", "error"][level as usize], line);
        }
    }

    fn ask_token(&self, ask: u32, provider: ProviderId, reason: &str) {
        let text = convert::written(&mut |out| {
            out.array().number(ask.into()).number(provider.into()).string(reason).end_array();
        });
        self.tell("askToken", &text);
    }

    fn keep_provider(&self, wanted: Option<ProviderId>) {
        let mut text = String::new();
        push_number(&mut text, wanted.unwrap_or(0).into());
        self.tell("keepProvider", &text);
    }

    fn sound(&self) {
        // The headless package has none.
        self.tell("sound", "");
    }

    #[cfg(feature = "widget")]
    fn launcher(&self, unread: u32, look: &Look) {
        let look = convert::look(unread, look);
        if *self.told.borrow() != look {
            self.tell("launcher", &look);
            self.told.replace(look);
        }
    }

    /// There is none.
    #[cfg(not(feature = "widget"))]
    fn launcher(&self, _: u32, _: &Look) {}

    #[cfg(feature = "widget")]
    fn focus_launcher(&self, from_panel: bool) {
        self.tell("focus", if from_panel { "panel" } else { "" });
    }
}
