//! What the scenes in JavaScript are given. Not: the scenes, nor what they stand on (`stage.js`).

use support_chat::api::SupportChat;
use wasm_bindgen::prelude::*;

// Named so that it is served: the scenes import it.
#[wasm_bindgen(module = "/tests/web/stage.js")]
extern "C" {
    fn host() -> JsValue;
    fn faced(inner: JsValue) -> JsValue;
}

/// `(options, host) => new SupportChat(options, host)`, with the methods a handle gives it.
pub(crate) fn make() -> JsValue {
    assert!(host().is_object(), "the stage stands");
    let make = |options: JsValue, host: JsValue| SupportChat::new(options, host).map(|inner| faced(inner.into()));
    Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(make).into_js_value()
}
