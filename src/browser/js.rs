//! The few words of JavaScript the shell speaks, which `web.js` has: none can throw into Rust, so that nothing has to be
//! caught here. Not: what a page brings along (`page.js`).

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/web.js")]
extern "C" {
    /// The member; `undefined` when there is none or asking throws.
    pub(crate) fn member(object: &JsValue, name: &str) -> JsValue;
    /// A member that is a text.
    pub(crate) fn words(object: &JsValue, name: &str) -> Option<String>;
    /// Sets a member of an object of our own.
    pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue);
    /// Calls a method with a text. Whoever is closed is not told.
    pub(crate) fn tell(object: &JsValue, name: &str, text: &str);
    /// The method with its object.
    pub(crate) fn bound(object: &JsValue, name: &str) -> Option<Function>;

    // See `storage`.
    pub(super) fn item(session: bool, key: &str) -> Option<String>;
    pub(super) fn entries(session: bool, prefix: &str) -> Option<Array>;
    pub(super) fn keep(session: bool, key: &str, text: Option<&str>) -> u32;
    // See `cookie`.
    pub(super) fn cookie(start: &str) -> JsValue;
    pub(super) fn bake(pair: &str, attributes: &str) -> bool;
    // See `websocket`, `tabs`.
    pub(super) fn socket(address: &str, act: &JsValue) -> Option<JsValue>;
    pub(super) fn channel(name: &str, act: &JsValue) -> Option<JsValue>;
    #[wasm_bindgen(js_name = hangUp)]
    pub(super) fn hang_up(link: &JsValue);
    // See `long_polling`, `locks`, `repaint`, `page`.
    pub(super) fn post(address: &str, body: &str, signal: Option<&AbortSignal>) -> Promise;
    pub(super) fn lock(name: &str, steal: bool, act: &JsValue) -> Option<Function>;
    pub(super) fn frame(act: &JsValue) -> Function;
    pub(super) fn listen(act: &JsValue) -> Function;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = window, thread_local_v2)]
    static WINDOW: JsValue;
}

/// A member of the page's window.
pub(crate) fn global(name: &str) -> JsValue {
    WINDOW.with(|window| member(window, name))
}

/// The method, if the object has one.
pub(crate) fn method(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name).dyn_into().ok()
}

/// A function for JavaScript to keep: freed when JavaScript forgets it.
pub(crate) fn callback(act: impl Fn(JsValue) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(act).into_js_value()
}

/// What stands flat in an array of texts: name, text, name, text.
pub(super) fn pairs(flat: &Array) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut at = 0;
    while let (Some(name), Some(text)) = (flat.get(at).as_string(), flat.get(at + 1).as_string()) {
        pairs.push((name, text));
        at += 2;
    }
    pairs
}
