//! The half of this layer that is JavaScript, `page.js` and `page_store.js`: what a page brings along, behind texts. Not:
//! what the texts mean.

use crate::session::CallId;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bundle.js")]
extern "C" {
    /// The handle's host object and the options given, as this module speaks with them: an object with the text
    /// `options`, and methods that take a text. Tells `token` what token providers answer: `[ask, token]`.
    pub(super) fn side(host: &JsValue, given: &JsValue, token: &JsValue) -> JsValue;
    /// What a call was given, as JSON. Who waits for it is settled by its number.
    pub(super) fn said(side: &JsValue, call: CallId, name: &str, entry: &JsValue) -> String;
    /// The page's own transport: an object with a method for each command, that tells what is reported.
    pub(super) fn transport(side: &JsValue, told: &JsValue) -> JsValue;
    /// The page's own store, the same way.
    pub(super) fn store(side: &JsValue, told: &JsValue) -> JsValue;
    /// A real `Error` of these members.
    pub(super) fn failure(members: &str) -> JsValue;
    /// What a JSON text of ours says.
    pub(super) fn parse(text: &str) -> JsValue;
}
