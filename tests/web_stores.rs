//! Where the state goes, seen from a page: over a reload, without consent, and when a store fails.
//! The scenes are JavaScript, as pages are: `tests/web/stores.js`.
#![cfg(target_arch = "wasm32")]

mod web;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::make;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/stores.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn browser_stores_survive_a_reload(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn own_stores_survive_a_reload(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn an_own_store_gets_one_object_and_null(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn an_own_store_that_never_forgets_is_not_believed(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn an_own_store_forgets_whoever_logs_out(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_write_that_lands_after_a_logout_is_undone(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_read_that_is_answered_too_late_answers_no_other(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn memory_is_forgotten(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn an_own_store_that_fails_is_left_for_memory(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn blocked_and_full_storage_is_left_for_memory(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_store_that_filled_up_is_wiped(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn without_consent_nothing_is_stored(make: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn local_session_and_cookie() -> Result<(), JsValue> {
    browser_stores_survive_a_reload(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn own_stores() -> Result<(), JsValue> {
    own_stores_survive_a_reload(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn one_object() -> Result<(), JsValue> {
    an_own_store_gets_one_object_and_null(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn writes_that_land_late() -> Result<(), JsValue> {
    a_write_that_lands_after_a_logout_is_undone(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn reads_answered_late() -> Result<(), JsValue> {
    a_read_that_is_answered_too_late_answers_no_other(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn memory() -> Result<(), JsValue> {
    memory_is_forgotten(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn own_stores_that_fail() -> Result<(), JsValue> {
    an_own_store_that_fails_is_left_for_memory(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn blocked_and_full() -> Result<(), JsValue> {
    blocked_and_full_storage_is_left_for_memory(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn full_at_the_logout() -> Result<(), JsValue> {
    a_store_that_filled_up_is_wiped(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn consent() -> Result<(), JsValue> {
    without_consent_nothing_is_stored(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn a_store_that_never_forgets() -> Result<(), JsValue> {
    an_own_store_that_never_forgets_is_not_believed(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn own_stores_at_logout() -> Result<(), JsValue> {
    an_own_store_forgets_whoever_logs_out(&make()).await.map(drop)
}
