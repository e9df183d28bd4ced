//! One animation frame, asked for when the view changed. Not: what is drawn in it (`widget`).

use super::js;
use super::teardown::{Teardown, Teardowns};
use js_sys::Function;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// At most one pending frame.
pub(crate) struct Repaint {
    /// What calls the pending frame off, and its teardown.
    pending: Cell<Option<(Function, Teardown)>>,
    act: JsValue,
    teardowns: Teardowns,
}

impl Repaint {
    /// `act` runs in each frame asked for.
    pub(crate) fn new(teardowns: &Teardowns, act: impl Fn() + 'static) -> Self {
        Repaint { pending: Cell::new(None), act: js::callback(move |_| act()), teardowns: teardowns.clone() }
    }

    /// Asks for a frame, unless one is coming.
    pub(crate) fn ask(&self) {
        let pending = self.pending.take().unwrap_or_else(|| {
            let cancel = js::frame(&self.act);
            let teardown = self.teardowns.function(&cancel);
            (cancel, teardown)
        });
        self.pending.set(Some(pending));
    }

    /// The frame came.
    pub(crate) fn came(&self) {
        self.pending.take();
    }
}

impl Drop for Repaint {
    fn drop(&mut self) {
        if let Some((cancel, _)) = self.pending.take() {
            let _ = cancel.call0(&JsValue::NULL);
        }
    }
}
