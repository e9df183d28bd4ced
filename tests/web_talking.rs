//! The class `SupportChat` in a browser, driven as the handle drives it, with a backend that lives in the page. The
//! scenes are JavaScript, as pages are: `tests/web/talking.js`.
#![cfg(target_arch = "wasm32")]

mod web;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::make;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/talking.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn talks(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn calls_within_listeners_are_applied_at_once_and_events_stay_in_order(
        make: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_listener_may_destroy(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn arguments_are_checked(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn the_launcher_is_told_and_gets_the_focus_back(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn without_locks_and_channels_a_tab_is_alone(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn refused_locks_are_granted(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    fn options_are_checked(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn objects_of_classes_and_nothing_said_will_do(make: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn a_conversation() -> Result<(), JsValue> {
    talks(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn calls_from_listeners() -> Result<(), JsValue> {
    calls_within_listeners_are_applied_at_once_and_events_stay_in_order(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn destroyed_by_a_listener() -> Result<(), JsValue> {
    a_listener_may_destroy(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn wrong_arguments() -> Result<(), JsValue> {
    arguments_are_checked(&make()).await.map(drop)
}

#[wasm_bindgen_test]
fn wrong_options() -> Result<(), JsValue> {
    options_are_checked(&make()).map(drop)
}

#[wasm_bindgen_test]
async fn good_oddities() -> Result<(), JsValue> {
    objects_of_classes_and_nothing_said_will_do(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn the_launcher() -> Result<(), JsValue> {
    the_launcher_is_told_and_gets_the_focus_back(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn no_locks() -> Result<(), JsValue> {
    without_locks_and_channels_a_tab_is_alone(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn refused_locks() -> Result<(), JsValue> {
    refused_locks_are_granted(&make()).await.map(drop)
}
