//! The half of this layer that is JavaScript, `page.js`: what a page brings along, behind texts. Not: what the texts mean.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    /// A page's own transport: an object with a method for each command, that tells what is reported.
    pub(super) fn transport(page: &JsValue, told: &JsValue) -> JsValue;
    /// A page's own store, the same way.
    pub(super) fn store(page: &JsValue, told: &JsValue) -> JsValue;
}
