//! Users in a browser, driven as the handle drives the class. The scenes are JavaScript: `tests/web/identity.js`.
#![cfg(target_arch = "wasm32")]

mod web;

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web::make;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/web/identity.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn a_user_boots_with_a_token_of_the_provider(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_provider_that_fails_is_a_typed_refusal_and_nobody_elses_business(
        make: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_provider_may_call_the_chat_while_it_is_asked(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn identifying_in_place_uses_the_calls_provider_else_the_options(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_conversation_the_user_left_open_elsewhere_is_gone_on_with(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_transport_that_verifies_nobody_gets_an_unverified_user(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_logout_revokes_then_leaves_and_waits_for_nothing_that_never_comes(
        make: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn the_logout_of_an_anonymous_follower_is_told_by_who_has_the_connection(
        make: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn another_user_is_another_connection(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn newer_values_reach_the_transport(make: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn a_revocation_outlives_the_instance(make: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn booted_with_a_token() -> Result<(), JsValue> {
    a_user_boots_with_a_token_of_the_provider(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn failing_providers() -> Result<(), JsValue> {
    a_provider_that_fails_is_a_typed_refusal_and_nobody_elses_business(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn calls_while_asked() -> Result<(), JsValue> {
    a_provider_may_call_the_chat_while_it_is_asked(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn identified_in_place() -> Result<(), JsValue> {
    identifying_in_place_uses_the_calls_provider_else_the_options(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn nobody_verifies() -> Result<(), JsValue> {
    a_transport_that_verifies_nobody_gets_an_unverified_user(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn logout_revokes() -> Result<(), JsValue> {
    a_logout_revokes_then_leaves_and_waits_for_nothing_that_never_comes(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn logout_of_a_follower() -> Result<(), JsValue> {
    the_logout_of_an_anonymous_follower_is_told_by_who_has_the_connection(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn another_user() -> Result<(), JsValue> {
    another_user_is_another_connection(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn newer_values() -> Result<(), JsValue> {
    newer_values_reach_the_transport(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn revocation_outlives() -> Result<(), JsValue> {
    a_revocation_outlives_the_instance(&make()).await.map(drop)
}

#[wasm_bindgen_test]
async fn open_elsewhere() -> Result<(), JsValue> {
    a_conversation_the_user_left_open_elsewhere_is_gone_on_with(&make()).await.map(drop)
}
