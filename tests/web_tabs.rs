//! Two instances of one namespace in a page: who leads, by the browser's own locks and without them.
//! The scenes are JavaScript, as pages are: `tests/web/tabs.js`.
#![cfg(target_arch = "wasm32")]

mod web;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::make;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/tabs.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn a_lock_whose_holder_does_not_answer_is_stolen(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_leader_whose_lock_is_stolen_follows(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn without_locks_two_instances_have_one_connection(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn without_a_channel_every_instance_leads_itself(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn of_two_instances_one_lets_a_message_be_heard(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_logout_that_only_the_store_tells_of_is_heard(make: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn stolen_locks() -> Result<(), JsValue> {
    a_lock_whose_holder_does_not_answer_is_stolen(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn robbed_leaders() -> Result<(), JsValue> {
    a_leader_whose_lock_is_stolen_follows(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn no_locks() -> Result<(), JsValue> {
    without_locks_two_instances_have_one_connection(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn no_channel() -> Result<(), JsValue> {
    without_a_channel_every_instance_leads_itself(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn logouts_in_the_store() -> Result<(), JsValue> {
    a_logout_that_only_the_store_tells_of_is_heard(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn sound() -> Result<(), JsValue> {
    of_two_instances_one_lets_a_message_be_heard(&make()).await.map(drop)
}
