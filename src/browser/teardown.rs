//! What is to be undone after a panic, when nothing of this module may run: the handle keeps plain JavaScript functions
//! for it. Not: what the shell itself holds (`web.js` leaves one for all of it).

use super::js;
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// One registered teardown; dropping it takes it back.
pub(crate) struct Teardown(Option<Function>);

impl Teardown {
    /// After a panic `object.name()` is called by the handle. Handles of tests may lack the registry.
    pub(crate) fn new(handle: &JsValue, object: &JsValue, name: &str) -> Self {
        Teardown(js::teardown(handle, object, name))
    }
}

impl Drop for Teardown {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            let _: Result<JsValue, JsValue> = cancel.call0(&JsValue::NULL);
        }
    }
}
