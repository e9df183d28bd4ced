//! A page's own transport that misbehaves, and what an instance leaves behind.
//! The scenes are JavaScript, as pages are: `tests/web/misbehaving.js`.
#![cfg(target_arch = "wasm32")]

mod web;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::make;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/misbehaving.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn a_transport_that_does_not_connect_is_asked_again(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_transport_that_gives_up_is_left_alone(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn nonsense_is_dropped(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn what_an_earlier_connection_says_is_ignored(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_command_that_fails_has_its_code(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_send_that_never_settles_is_sent_again_after_a_resync(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_gap_is_asked_for(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn nothing_is_left_after_destroy(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn teardowns_alone_free_the_page(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_boot_destroyed_and_booted_again_is_one(make: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn not_connecting() -> Result<(), JsValue> {
    a_transport_that_does_not_connect_is_asked_again(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn giving_up() -> Result<(), JsValue> {
    a_transport_that_gives_up_is_left_alone(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn nonsense() -> Result<(), JsValue> {
    nonsense_is_dropped(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn late_reports() -> Result<(), JsValue> {
    what_an_earlier_connection_says_is_ignored(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn failing_commands() -> Result<(), JsValue> {
    a_command_that_fails_has_its_code(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn a_silent_send() -> Result<(), JsValue> {
    a_send_that_never_settles_is_sent_again_after_a_resync(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn a_gap() -> Result<(), JsValue> {
    a_gap_is_asked_for(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn nothing_left() -> Result<(), JsValue> {
    nothing_is_left_after_destroy(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn teardowns() -> Result<(), JsValue> {
    teardowns_alone_free_the_page(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn strict_mode() -> Result<(), JsValue> {
    a_boot_destroyed_and_booted_again_is_one(&make()).await.map(drop)
}
