//! The few words of JavaScript the shell speaks, which `web.js` has: none can throw into Rust, so that nothing has to be
//! caught here. Not: what a page brings along (`page.js`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bundle.js")]
extern "C" {
    /// A member that is a text.
    pub(crate) fn words(object: &JsValue, name: &str) -> Option<String>;
    /// Calls a method with a text. Whoever is closed is not told.
    pub(crate) fn tell(object: &JsValue, name: &str, text: &str);
    fn hearing(act: &JsValue) -> JsValue;
    /// See `teardown`.
    #[cfg(feature = "widget")]
    pub(super) fn teardown(handle: &JsValue, object: &JsValue, name: &str) -> Option<js_sys::Function>;
}

/// What hears all that JavaScript tells: a text and, of the shell's reports, three numbers. One kind of function, since each
/// costs. Freed when JavaScript forgets it.
pub(crate) fn callback(act: impl Fn(String, u32, u32, u32) + 'static) -> JsValue {
    hearing(&Closure::<dyn Fn(String, u32, u32, u32)>::new(act).into_js_value())
}
