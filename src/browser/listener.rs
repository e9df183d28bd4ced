//! Event listeners that end when they are dropped: a forgotten one would keep a destroyed instance alive. Not: which
//! events matter (`page`).

use super::teardown::{Teardown, Teardowns};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AddEventListenerOptions, Event, EventTarget};

/// A group of listeners with one end.
pub(crate) struct Listeners {
    /// One signal removes them all: also after a panic, when the closures may not run.
    controller: AbortController,
    options: AddEventListenerOptions,
    /// Freed after the listeners are gone.
    closures: Vec<Closure<dyn Fn(Event)>>,
    _teardown: Teardown,
}

impl Listeners {
    /// An empty group; `None` in a browser below the floor.
    pub(crate) fn new(teardowns: &Teardowns) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let options = AddEventListenerOptions::new();
        options.set_signal(&controller.signal());
        let _teardown = teardowns.method(&controller, "abort");
        Some(Listeners { controller, options, closures: Vec::new(), _teardown })
    }

    /// Listens until the group is dropped.
    pub(crate) fn on(&mut self, target: &EventTarget, name: &str, act: impl Fn(Event) + 'static) {
        let closure = Closure::<dyn Fn(Event)>::new(act);
        let function = closure.as_ref().unchecked_ref();
        if target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &self.options).is_ok()
        {
            self.closures.push(closure);
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
