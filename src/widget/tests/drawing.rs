//! What a view looks like in the DOM. Not: what a visitor does (`acting.rs`).

use super::*;
use crate::message::{ConversationStatus, Status};
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn nothing_is_on_the_page_before_it_is_opened() {
    let stage = Stage::named("lazy");
    let mut scene = Scene::open(vec![]);
    scene.look.open = false;
    stage.draw(&scene);
    assert!(stage.iframe().is_none());
    scene.look.open = true;
    stage.draw(&scene);
    let iframe = stage.iframe().unwrap();
    assert!(!iframe.has_attribute("src"));
    assert_eq!(iframe.title(), "Support chat");
    assert_eq!(stage.document().compat_mode(), "BackCompat");
    stage.panel.remove();
    assert!(stage.iframe().is_none());
}

#[wasm_bindgen_test]
fn a_conversation_is_drawn() {
    let stage = Stage::named("talk");
    let scene = Scene::open(vec![
        sample::agent(1, "Hello", 60_000),
        sample::visitor(2, "Hi", 120_000, Status::Sent),
        sample::visitor(3, "Lost", 130_000, Status::Failed),
    ]);
    stage.draw(&scene);
    assert_eq!(stage.texts("[data-part=message] [data-part=text]"), ["Hello", "Hi", "Lost"]);
    assert_eq!(stage.one("[data-status=failed]").get_attribute("data-id").as_deref(), Some("c3"));
    assert_eq!(stage.all("[data-part=retry]").len(), 1);
    assert_eq!(stage.text("[data-part=name]"), "Maya Keller");
}

#[wasm_bindgen_test]
fn an_ended_conversation_offers_a_new_one() {
    let stage = Stage::named("ended");
    let mut scene = Scene::open(vec![sample::agent(1, "Bye", 60_000)]);
    scene.status = ConversationStatus::Ended;
    stage.draw(&scene);
    assert!(seen(&stage.one("[data-part=ended]")));
    assert!(!seen(&stage.one("[data-part=input]")));
}
