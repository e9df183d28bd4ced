//! One animation frame, asked for when the view changed. Not: what is drawn in it (`widget`).

use super::teardown::{Teardown, Teardowns};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// At most one pending frame.
pub(crate) struct Repaint {
    /// The browser's number of the pending frame, and its teardown.
    pending: Cell<Option<(i32, Teardown)>>,
    act: Closure<dyn Fn()>,
    teardowns: Teardowns,
}

impl Repaint {
    /// `act` runs in each frame asked for.
    pub(crate) fn new(teardowns: &Teardowns, act: impl Fn() + 'static) -> Self {
        Repaint { pending: Cell::new(None), act: Closure::new(act), teardowns: teardowns.clone() }
    }

    /// Asks for a frame, unless one is coming.
    pub(crate) fn ask(&self) {
        let pending = self.pending.take().or_else(|| {
            let window = web_sys::window()?;
            let number = window.request_animation_frame(self.act.as_ref().unchecked_ref()).ok()?;
            let cancel = js_sys::Reflect::get(&window, &"cancelAnimationFrame".into()).ok()?;
            let cancel: js_sys::Function = cancel.dyn_into().ok()?;
            Some((number, self.teardowns.function(&bound(&cancel, &window, number))))
        });
        self.pending.set(pending);
    }

    /// The frame came.
    pub(crate) fn came(&self) {
        self.pending.take();
    }
}

impl Drop for Repaint {
    fn drop(&mut self) {
        if let (Some((number, _)), Some(window)) = (self.pending.take(), web_sys::window()) {
            let _ = window.cancel_animation_frame(number);
        }
    }
}

fn bound(function: &js_sys::Function, window: &web_sys::Window, number: i32) -> js_sys::Function {
    function.bind1(window, &JsValue::from(number)).unchecked_into()
}
