//! What a visitor does, and what the core hears of it. Not: scrolling (`scrolling.rs`).

use super::*;
use crate::message::Status;
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlTextAreaElement;

fn talking(name: &'static str) -> (Stage, Scene, HtmlTextAreaElement) {
    let stage = Stage::named(name);
    let scene = Scene::open(vec![sample::agent(1, "a", 60_000)]);
    stage.draw(&scene);
    let input = stage.one("[data-part=input]").unchecked_into();
    (stage, scene, input)
}

fn write(input: &HtmlTextAreaElement, text: &str) {
    input.set_value(text);
    fire(input, "input");
}

#[wasm_bindgen_test]
fn enter_sends_and_leaves_an_empty_focused_composer() {
    let (stage, _scene, input) = talking("enter");
    stage.panel.tell("focus");
    assert!(!seen(&stage.one("[data-part=send]")));
    write(&input, "Hello\n");
    assert!(seen(&stage.one("[data-part=send]")));
    assert!(!press(&input, "Enter", &[]), "no line is broken");
    assert_eq!(input.value(), "");
    assert_eq!(stage.document().active_element().as_ref(), Some(input.as_ref()));
    assert_eq!(stage.acts(), [Gesture::Draft("Hello\n".into()), Gesture::Send("Hello\n".into())]);
    assert!(!seen(&stage.one("[data-part=send]")));
}

#[wasm_bindgen_test]
fn shift_enter_an_input_method_and_empty_words_send_nothing() {
    let (stage, _scene, input) = talking("held");
    write(&input, "   ");
    assert!(!seen(&stage.one("[data-part=send]")));
    press(&input, "Enter", &[]);
    write(&input, "日本");
    assert!(press(&input, "Enter", &[("shiftKey", true)]), "the browser breaks the line");
    press(&input, "Enter", &[("isComposing", true)]);
    press(&input, "Escape", &[("isComposing", true)]);
    assert_eq!(stage.acts(), [Gesture::Draft("   ".into()), Gesture::Draft("日本".into())]);
    stage.one("[data-part=send]").click();
    assert_eq!(stage.acts(), [Gesture::Send("日本".into())]);
}

#[wasm_bindgen_test]
fn the_composer_takes_a_draft_over_once_and_grows_to_six_lines() {
    let (stage, mut scene, input) = talking("draft");
    write(&input, "mine");
    scene.draft = "theirs".into();
    stage.draw(&scene);
    assert_eq!(input.value(), "mine", "the revision did not change");
    let mut view = scene.view();
    view.draft_revision = 9;
    stage.panel.draw(&view);
    assert_eq!(input.value(), "theirs");
    let low = input.offset_height();
    write(&input, "a\nb");
    assert_eq!(input.offset_height(), low + 22);
    write(&input, &"a\n".repeat(30));
    assert_eq!(input.offset_height(), low + 5 * 22);
    assert!(stage.acts().iter().all(|act| matches!(act, Gesture::Draft(_))));
}

#[wasm_bindgen_test]
fn a_failed_message_is_sent_again_or_dropped() {
    let (stage, mut scene, _) = talking("failed");
    scene.items.push(sample::visitor(2, "b", 60_000, Status::Failed));
    stage.draw(&scene);
    stage.one("[data-part=retry]").click();
    stage.one("[data-part=discard]").click();
    assert_eq!(stage.acts(), [Gesture::Retry("c2".into()), Gesture::Discard("c2".into())]);
}

#[wasm_bindgen_test]
fn escape_closes_the_menu_first_then_the_panel() {
    let (stage, _scene, input) = talking("escape");
    let menu = stage.one("[data-part=menu]");
    let item = stage.one("[data-part=end-chat]");
    assert!(!seen(&item));
    menu.click();
    assert!(seen(&item));
    assert_eq!(stage.document().active_element().as_ref(), Some(item.as_ref()));
    assert_eq!(menu.get_attribute("aria-expanded").as_deref(), Some("true"));
    press(&item, "Escape", &[]);
    assert!(!seen(&item));
    assert_eq!(stage.document().active_element().as_ref(), Some(menu.as_ref()));
    assert_eq!(stage.acts(), []);
    press(&input, "Escape", &[]);
    stage.one("[data-part=close]").click();
    assert_eq!(stage.acts(), [Gesture::Close, Gesture::Close]);
    press(&menu, "ArrowDown", &[]);
    item.click();
    assert_eq!(stage.acts(), [Gesture::EndChat]);
    assert!(!seen(&item));
}

#[wasm_bindgen_test]
async fn a_wipe_leaves_no_word_behind() {
    let (stage, mut scene, input) = talking("wipe");
    scene.items = vec![sample::agent(1, "SECRET", 60_000), sample::visitor(2, "SECRET", 60_000, Status::Failed)];
    scene.draft = "SECRET".into();
    scene.typing = true;
    if let Some(agent) = &mut scene.agent {
        agent.name = "SECRET".into();
    }
    let mut view = scene.view();
    view.draft_revision = 2;
    stage.panel.draw(&view);
    scene.items.push(sample::agent(3, "SECRET", 60_000));
    stage.draw(&scene);
    assert!(stage.text("html").contains("SECRET"));
    stage.panel.tell("wipe");
    let left = stage.document().document_element().unwrap().outer_html();
    assert!(!left.contains("SECRET"), "{left}");
    assert_eq!(input.value(), "");
    assert_eq!(stage.document().title(), "Support chat");
    // What is drawn next is drawn whole.
    stage.draw(&Scene::open(vec![sample::agent(1, "again", 60_000)]));
    assert_eq!(stage.texts("[data-part=text]"), ["again"]);
    frames().await;
}

#[wasm_bindgen_test]
async fn an_iframe_that_was_torn_out_comes_back() {
    let (stage, scene, _) = talking("turbo");
    let redraws = || *stage.ear.redraws.borrow();
    let before = redraws();
    stage.iframe().unwrap().remove();
    frames().await;
    assert!(redraws() > before, "the core is asked for a picture");
    stage.draw(&scene);
    assert_eq!(stage.texts("[data-part=text]"), ["a"]);

    // Moving an iframe empties it without its leaving the page.
    let iframe = stage.iframe().unwrap();
    page().body().unwrap().append_child(&iframe).unwrap();
    frames().await;
    stage.draw(&scene);
    assert_eq!(stage.texts("[data-part=text]"), ["a"]);
    assert_eq!(page().query_selector_all("iframe[data-support-chat=turbo]").unwrap().length(), 1);
}

#[wasm_bindgen_test]
async fn a_removed_panel_hears_nothing() {
    let (stage, _scene, input) = talking("gone");
    let iframe = stage.iframe().unwrap();
    frames().await;
    stage.heard();
    let redraws = *stage.ear.redraws.borrow();
    stage.panel.tell("remove");
    fire(&input, "input");
    fire(&page().document_element().unwrap(), "resize");
    page().document_element().unwrap().append_child(&iframe).unwrap();
    frames().await;
    assert_eq!(stage.heard(), []);
    assert_eq!(*stage.ear.redraws.borrow(), redraws);
    iframe.remove();
}

#[wasm_bindgen_test]
fn focus_waits_for_the_panel() {
    let stage = Stage::named("focus");
    stage.panel.tell("focus");
    let mut scene = Scene::open(vec![]);
    stage.draw(&scene);
    let input = stage.one("[data-part=input]");
    assert_eq!(stage.document().active_element().as_ref(), Some(input.as_ref()));
    // Without a composer, what can be done next.
    scene.status = crate::message::ConversationStatus::Ended;
    stage.draw(&scene);
    stage.panel.tell("focus");
    let button = stage.one("[data-part=start-new]");
    assert_eq!(stage.document().active_element().as_ref(), Some(button.as_ref()));
}

/// Which part has the focus.
fn focused(stage: &Stage) -> Option<String> {
    stage.document().active_element()?.get_attribute("data-part")
}

#[wasm_bindgen_test]
fn the_focus_goes_on_when_what_had_it_goes() {
    let (stage, mut scene, input) = talking("lost-focus");
    stage.panel.tell("focus");
    assert_eq!(focused(&stage).as_deref(), Some("input"));
    let mut view = scene.view();
    view.writable = false;
    stage.panel.draw(&view);
    assert_eq!(focused(&stage).as_deref(), Some("transcript"), "the composer takes no words");
    stage.draw(&scene);
    input.focus().unwrap();
    scene.status = crate::message::ConversationStatus::Ended;
    stage.draw(&scene);
    assert_eq!(focused(&stage).as_deref(), Some("start-new"), "the chat has ended");
    stage.one("[data-part=start-new]").click();
    scene.status = crate::message::ConversationStatus::New;
    stage.draw(&scene);
    assert_eq!(focused(&stage).as_deref(), Some("input"), "another begins");
}

#[wasm_bindgen_test]
fn ending_by_the_menu_leads_to_a_new_chat() {
    let (stage, mut scene, _) = talking("menu-focus");
    stage.panel.tell("focus");
    stage.one("[data-part=menu]").click();
    stage.one("[data-part=end-chat]").click();
    assert_eq!(focused(&stage).as_deref(), Some("menu"), "until the backend has answered");
    scene.status = crate::message::ConversationStatus::Ended;
    stage.draw(&scene);
    assert_eq!(focused(&stage).as_deref(), Some("start-new"));
}

#[wasm_bindgen_test]
fn nobody_is_taken_from_the_page() {
    let (stage, mut scene, _) = talking("page-focus");
    let button: HtmlElement = page().create_element("button").unwrap().unchecked_into();
    page().body().unwrap().append_child(&button).unwrap();
    stage.panel.tell("focus");
    button.focus().unwrap();
    scene.status = crate::message::ConversationStatus::Ended;
    stage.draw(&scene);
    assert_eq!(page().active_element().as_ref(), Some(button.as_ref()));
    button.remove();
}

#[wasm_bindgen_test]
fn words_that_nobody_would_see_are_not_sent() {
    let (stage, _scene, input) = talking("blank");
    write(&input, "\u{200b} \u{feff}\n");
    assert!(!seen(&stage.one("[data-part=send]")));
    press(&input, "Enter", &[]);
    assert!(stage.acts().iter().all(|act| matches!(act, Gesture::Draft(_))));
}
