//! The one thing that happens on a panic: the handle is told. Borrows stay taken and promises open, so nothing of this
//! module runs afterwards; the handle clears up.

use crate::browser;
use crate::json::push_number;
use js_sys::Function;
use std::cell::RefCell;
use std::panic::PanicHookInfo;
use wasm_bindgen::prelude::*;

thread_local! {
    static TOLD: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Registers the function that is called with the panic's text, from inside the panic.
#[wasm_bindgen]
pub fn on_panic(told: Function) {
    TOLD.set(Some(told));
    std::panic::set_hook(Box::new(|info| {
        browser::die();
        if let Some(told) = TOLD.take() {
            let _: Result<JsValue, JsValue> = told.call1(&JsValue::UNDEFINED, &JsValue::from_str(&text(info)));
        }
    }));
}

/// What and where. The standard text would bring its formatting along.
fn text(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let what = payload.downcast_ref::<&str>().copied();
    let what = what.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let mut text = String::from(what.unwrap_or("panic"));
    if let Some(place) = info.location() {
        text.push_str(" at ");
        text.push_str(place.file());
        text.push(':');
        push_number(&mut text, place.line().into());
    }
    text
}
