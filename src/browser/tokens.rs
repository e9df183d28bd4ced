//! The page's token providers: functions kept by number, asked one at a time, and how each can fail. What they give is
//! handed on and neither kept nor logged. Not: when they are asked, nor whether the text is a token (the session).

use super::inbox::{Inbox, Input};
use super::js;
use crate::session::ProviderId;
use js_sys::{Function, Object};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;

/// See the module.
pub(crate) struct Providers {
    kept: RefCell<Vec<(ProviderId, Function)>>,
    newest: Cell<ProviderId>,
}

impl Providers {
    /// With the one of the options, which is never dropped.
    pub(super) fn new(of_options: Option<Function>) -> Self {
        Providers {
            kept: RefCell::new(of_options.into_iter().map(|function| (0, function)).collect()),
            newest: Cell::new(0),
        }
    }

    /// Keeps one that a call brought.
    pub(super) fn add(&self, provider: Function) -> ProviderId {
        self.newest.set(self.newest.get() + 1);
        self.kept.borrow_mut().push((self.newest.get(), provider));
        self.newest.get()
    }

    /// Of those that calls brought only this one is still of use.
    pub(super) fn keep(&self, wanted: Option<ProviderId>) {
        self.kept.borrow_mut().retain(|(id, _)| *id == 0 || Some(*id) == wanted);
    }

    /// Asks; the answer is an input, once, whatever the page's function does.
    pub(super) fn ask(&self, ask: u32, provider: ProviderId, reason: &str, inbox: &Inbox) {
        let kept = self.kept.borrow();
        let function = kept.iter().find(|(id, _)| *id == provider).map(|(_, function)| function.clone());
        drop(kept);
        let request = Object::new();
        js::set(&request, "reason", &reason.into());
        let given = function.and_then(|function| function.call1(&JsValue::UNDEFINED, &request).ok());
        let (done, failed) = (inbox.clone(), inbox.clone());
        // Without a provider, or with one that threw: `undefined`, which is no token either.
        js::when(
            &given.unwrap_or_default(),
            move |token| done.feed(Input::Token(ask, token.as_string())),
            move |_| failed.feed(Input::Token(ask, None)),
        );
    }
}
