//! The two clocks and the source of randomness. Not: when anything is due (`timer`).

use crate::session::Ids;
use crate::time::Now;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn elapsed() -> f64;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]);
}

/// This moment.
pub(crate) fn now() -> Now {
    Now { mono: elapsed() as u64, wall: js_sys::Date::now() as u64 }
}

/// 128 bits nobody can guess. `getRandomValues` works on `http:` pages too, where `randomUUID` does not exist.
pub(crate) fn random() -> u128 {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

/// The session's source of ids.
pub(crate) fn ids() -> Ids {
    Ids(Box::new(random))
}
