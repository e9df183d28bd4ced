//! The few words of JavaScript the shell speaks: members, calls and promises of foreign objects, none of which can
//! throw into Rust. Not: which members mean what (`api/convert.rs`).

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Promise)]
    pub(crate) type Eventual;
    /// A promise for any value: what is one already is followed, a foreign `then` runs later.
    #[wasm_bindgen(static_method_of = Eventual, js_class = "Promise")]
    fn resolve(value: &JsValue) -> Eventual;
    #[wasm_bindgen(method)]
    fn then(this: &Eventual, done: &JsValue, failed: &JsValue) -> Eventual;
}

/// The member; `undefined` when there is none or asking throws.
pub(crate) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a member of an object of our own.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for what is no object.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The method, if the object has one.
pub(crate) fn method(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name).dyn_into().ok()
}

/// Calls a method with up to two arguments; `Err` is what it threw.
pub(crate) fn call(object: &JsValue, name: &str, args: &[&JsValue]) -> Result<JsValue, JsValue> {
    let list = js_sys::Array::new();
    for arg in args {
        list.push(arg);
    }
    match method(object, name) {
        Some(method) => Reflect::apply(&method, object, &list),
        None => Err(JsValue::UNDEFINED),
    }
}

/// Hears how a promise (or plain value) ends. The closures are freed with the promise.
pub(crate) fn when(value: &JsValue, done: impl Fn(JsValue) + 'static, failed: impl Fn(JsValue) + 'static) {
    Eventual::resolve(value).then(&callback(done), &callback(failed));
}

/// A function for JavaScript to keep: freed when JavaScript forgets it.
pub(crate) fn callback(act: impl Fn(JsValue) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(act).into_js_value()
}
