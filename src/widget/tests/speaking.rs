//! What a screen reader is told: what others say, what fails, what ends; and in which language. Not: what is to be seen
//! (`drawing.rs`).

use super::*;
use crate::message::{Content, ConversationStatus, Role, Status};
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn typing_shows_and_goes() {
    let stage = Stage::named("typing");
    let mut scene = Scene::open(vec![sample::agent(1, "a", 60_000)]);
    scene.typing = true;
    stage.draw(&scene);
    assert!(seen(&stage.one("[data-part=typing]")));
    assert_eq!(stage.text("[data-part=live]"), "Maya Keller is typing");
    scene.typing = false;
    scene.items.push(sample::agent(2, "b", 60_000));
    stage.draw(&scene);
    assert!(!seen(&stage.one("[data-part=typing]")));
    assert_eq!(stage.text("[data-part=live]"), "Maya Keller: b\n");
}

#[wasm_bindgen_test]
fn a_history_is_not_read_aloud() {
    let stage = Stage::named("aloud");
    let mut scene = Scene::open((1..5).map(|key| sample::agent(key, "old", 60_000)).collect());
    stage.draw(&scene);
    assert_eq!(stage.text("[data-part=live]"), "");
    scene.items.push(sample::visitor(5, "mine", 60_000, Status::Sent));
    stage.draw(&scene);
    assert_eq!(stage.text("[data-part=live]"), "", "nor what the visitor wrote");
    assert_eq!(stage.one("[data-part=transcript]").get_attribute("role").as_deref(), Some("log"));
}

#[wasm_bindgen_test]
fn a_failure_and_the_end_are_said_once() {
    let stage = Stage::named("said");
    let mut scene = Scene::open(vec![sample::visitor(1, "old", 60_000, Status::Failed)]);
    let said = || stage.text("[data-part=live]");
    stage.draw(&scene);
    assert_eq!(said(), "", "it had failed before");
    scene.items.push(sample::visitor(2, "b", 60_000, Status::Sending));
    stage.draw(&scene);
    assert_eq!(said(), "");
    scene.items[1] = sample::visitor(2, "b", 60_000, Status::Failed);
    scene.items[1].revision = 1;
    stage.draw(&scene);
    assert_eq!(said(), "Not sent\n");
    stage.one("[data-part=live]").set_text_content(None);
    stage.draw(&scene);
    assert_eq!(said(), "");
    scene.status = ConversationStatus::Ended;
    scene.items.push(sample::notice(3, Content::Left, 60_000));
    stage.draw(&scene);
    assert_eq!(said(), "\u{2068}Maya Keller\u{2069} left the chat\nThis chat has ended");
    stage.one("[data-part=live]").set_text_content(None);
    stage.draw(&scene);
    assert_eq!(said(), "");
}

#[wasm_bindgen_test]
async fn what_was_said_does_not_stay_to_be_read_twice() {
    let stage = Stage::named("hush");
    let mut scene = Scene::open(vec![sample::agent(1, "a", 60_000)]);
    stage.draw(&scene);
    scene.items.push(sample::agent(2, "b", 60_000));
    stage.draw(&scene);
    assert_eq!(stage.text("[data-part=live]"), "Maya Keller: b\n");
    let begin = js_sys::Date::now();
    while !stage.text("[data-part=live]").is_empty() {
        assert!(js_sys::Date::now() - begin < 10_000.0, "it stays");
        frames().await;
    }
}

#[wasm_bindgen_test]
fn a_name_keeps_its_direction_within_a_notice() {
    let left = js_sys::Function::new_with_args(
        "line,start,end",
        "const range = line.ownerDocument.createRange(); range.setStart(line.firstChild, start);
         range.setEnd(line.firstChild, end); return range.getBoundingClientRect().left",
    );
    let name = "مايا";
    for locale in ["en", "ar"] {
        let stage = Stage::new(Options { namespace: "bidi", locale, ..Default::default() });
        let arabic = |key, content| sample::item(key, sample::party(Role::Agent, name), content, 60_000, Status::Sent);
        let notice = Content::Notice([name, "hello"].join(" "));
        stage.draw(&Scene::open(vec![arabic(1, Content::Joined), arabic(2, notice)]));
        let lines = stage.all("[data-part=notice] .bubble");
        assert_eq!(lines[0].text_content().as_deref(), Some("\u{2068}مايا\u{2069} joined the chat"));
        let place = |line: &HtmlElement, start: u32, end: u32| {
            left.call3(&JsValue::NULL, line, &start.into(), &end.into()).unwrap().as_f64().unwrap()
        };
        assert!(place(&lines[0], 1, 5) < place(&lines[0], 7, 13), "{locale}: the words are English");
        assert!(place(&lines[1], 0, 4) > place(&lines[1], 5, 10), "{locale}: words of others go their own way");
    }
}

#[wasm_bindgen_test]
fn the_language_is_that_of_the_words() {
    let stage = Stage::new(Options { namespace: "lang", locale: "de", ..Default::default() });
    stage.draw(&Scene::open(vec![sample::agent(1, "Hallo", 60_000)]));
    let lang = |selector: &str| stage.one(selector).closest("[lang]").unwrap().unwrap().get_attribute("lang").unwrap();
    assert_eq!((lang("[data-part=send]"), lang("[data-part=input]")), ("en".into(), "de".into()));
    assert_eq!(lang("[data-part=text]"), "de", "what people write");
    let messages = r#"{"write":"Schreiben"}"#;
    let other = Stage::new(Options { namespace: "lang2", locale: "de", messages, ..Default::default() });
    other.draw(&Scene::open(vec![]));
    assert_eq!(other.document().document_element().unwrap().get_attribute("lang").as_deref(), Some("de"));
}
