//! The handle as the driver sees it: events, answers, log lines. Not: who listens (`handle.js`).

use super::convert;
use super::launcher::Launcher;
use crate::browser::{Host, clock, js};
use crate::error::Error;
use crate::json::push_number;
use crate::session::{CallId, Event, Ids, Level, Look, Settled};
use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

/// See the module.
pub(super) struct HostSide {
    /// The object the handle gave.
    host: JsValue,
    launcher: Option<Launcher>,
    logger: Option<Function>,
    /// The quietest level that is logged; 4: none.
    level: u8,
    /// Promises not yet settled: call, resolve, reject.
    waiting: RefCell<Vec<(CallId, Function, Function)>>,
    next_call: Cell<CallId>,
    /// Event ids: this instance's, then a count.
    instance: String,
    events: Cell<u64>,
    #[cfg(feature = "panic-test")]
    pub(super) panic_after_emit: Cell<bool>,
}

impl HostSide {
    /// The handle's side of a new instance.
    pub(super) fn new(host: JsValue, logger: Option<Function>, level: u8) -> Self {
        HostSide {
            launcher: Launcher::of(&host),
            host,
            logger,
            level,
            waiting: RefCell::default(),
            next_call: Cell::new(1),
            instance: Ids(Box::new(clock::random)).fresh(),
            events: Cell::new(0),
            #[cfg(feature = "panic-test")]
            panic_after_emit: Cell::new(false),
        }
    }

    /// A new call, and who waits for it.
    pub(super) fn wait(&self, resolve: Function, reject: Function) -> CallId {
        let call = self.next_call.replace(self.next_call.get() + 1);
        self.waiting.borrow_mut().push((call, resolve, reject));
        call
    }
}

impl Host for HostSide {
    fn emit(&self, event: Event) {
        self.events.set(self.events.get() + 1);
        let mut id = [&self.instance, "-"].concat();
        push_number(&mut id, self.events.get());
        let envelope = convert::envelope(&event, &id, clock::now().wall);
        // The handle never throws: a listener that does is its business.
        let _ = js::call(&self.host, "emit", &[&envelope]);
        #[cfg(feature = "panic-test")]
        assert!(!self.panic_after_emit.get(), "on purpose, under a listener");
    }

    fn settle(&self, call: CallId, result: Result<Settled, Error>) {
        let mut waiting = self.waiting.borrow_mut();
        let Some(at) = waiting.iter().position(|(id, ..)| *id == call) else { return };
        let (_, resolve, reject) = waiting.swap_remove(at);
        drop(waiting);
        let (function, value) = match result {
            Ok(settled) => (resolve, convert::settled(&settled)),
            Err(error) => (reject, convert::error(&error)),
        };
        let _: Result<JsValue, JsValue> = function.call1(&JsValue::UNDEFINED, &value);
    }

    fn log(&self, level: Level, line: &str) {
        if (level as u8) < self.level {
            return;
        }
        let args = [&JsValue::from_str("[support-chat]"), &JsValue::from_str(line)];
        let _ = match &self.logger {
            Some(logger) => logger.call2(&JsValue::UNDEFINED, args[0], args[1]),
            None => {
                let name = ["debug", "info", "warn", "error"][level as usize];
                js::call(&js::global("console"), name, &args)
            }
        };
    }

    fn sound(&self) {
        // The headless package has none.
        let _ = js::call(&self.host, "sound", &[]);
    }

    fn launcher(&self, unread: u32, look: &Look) {
        if let Some(launcher) = &self.launcher {
            launcher.tell(unread, look);
        }
    }

    #[cfg(feature = "widget")]
    fn focus_launcher(&self) {
        if let Some(launcher) = &self.launcher {
            launcher.focus();
        }
    }
}
