//! Long transcripts: how much of one is in the DOM, and that nothing pulls a reader away. Not: which rows those are
//! (`window.rs`).

use super::*;
use crate::message::Status;
use crate::session::Item;
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

fn many(count: u32) -> Vec<Item> {
    (0..count)
        .map(|key| {
            let text = ["short", "rather longer than what fits in one line of a bubble, so that it takes two or three"]
                [(key % 2) as usize];
            if key % 5 < 2 {
                sample::visitor(key, text, u64::from(key) * 60_000, Status::Sent)
            } else {
                sample::agent(key, text, u64::from(key) * 60_000)
            }
        })
        .collect()
}

fn nodes(stage: &Stage) -> usize {
    stage.all("*").len()
}

fn end_in_sight(stage: &Stage) -> bool {
    let scroller = stage.one("[data-part=transcript]");
    scroller.scroll_height() - scroller.client_height() - scroller.scroll_top() <= 1
}

#[wasm_bindgen_test]
fn ten_thousand_messages_take_no_more_elements_than_a_hundred() {
    let (small, large) = (Stage::named("small"), Stage::named("large"));
    small.draw(&Scene::open(many(100)));
    let scene = Scene::open(many(10_000));
    let begin = js_sys::Date::now();
    large.draw(&scene);
    let took = js_sys::Date::now() - begin;
    assert!(took < 1000.0, "{took} ms");
    assert_eq!(nodes(&small), nodes(&large));
    assert_eq!(large.all("[data-part=message]").last().unwrap().get_attribute("data-id").as_deref(), Some("m9999"));
    assert!(end_in_sight(&large));
}

#[wasm_bindgen_test]
async fn a_reader_who_scrolled_up_stays_where_they_are() {
    let stage = Stage::named("reader");
    let mut scene = Scene::open(many(2_000));
    stage.draw(&scene);
    frames().await;
    assert_eq!(stage.heard(), [Gesture::AtEnd(true)]);
    let scroller = stage.one("[data-part=transcript]");
    scroller.set_scroll_top(scroller.scroll_height() / 2);
    frames().await;
    assert_eq!(stage.heard(), [Gesture::AtEnd(false)]);
    assert!(*stage.ear.redraws.borrow() > 0, "rows are missing");
    stage.draw(&scene);
    assert!(seen(&stage.one("[data-part=jump]")));

    let middle = stage.document().element_from_point(200.0, 200.0).unwrap().closest("[data-id]").unwrap().unwrap();
    let id = middle.get_attribute("data-id").unwrap();
    let place = || stage.one(&format!("[data-id={id}]")).get_bounding_client_rect().top();
    let before = place();
    // Firefox rounds to the pixels of a panel that is still growing.
    let stays = || (place() - before).abs() <= 1.0;
    // New at the end, one that came late far above, and one that grew above.
    scene.items.push(sample::agent(100_000, "new", u64::from(u32::MAX)));
    scene.items.insert(3, sample::agent(100_001, "late", 200_000));
    stage.draw(&scene);
    assert!(stays(), "{} {before}", place());
    for _ in 0..3 {
        stage.draw(&scene);
    }
    assert!(stays(), "{} {before}", place());
    let mut view = scene.view();
    view.unread = 1;
    stage.panel.draw(&view);
    assert_eq!(stage.text("[data-part=jump-count]"), "1");

    stage.one("[data-part=jump]").click();
    stage.draw(&scene);
    frames().await;
    stage.draw(&scene);
    assert!(end_in_sight(&stage));
    assert_eq!(stage.heard(), [Gesture::AtEnd(true)]);
    assert!(!seen(&stage.one("[data-part=jump]")));
}

#[wasm_bindgen_test]
async fn the_end_stays_in_sight() {
    let stage = Stage::named("end");
    let mut scene = Scene::open(many(60));
    stage.draw(&scene);
    for key in 0..5 {
        scene.items.push(sample::agent(1_000 + key, "one more\nof two lines", 9_000_000));
        scene.typing = key % 2 == 0;
        stage.draw(&scene);
        assert!(end_in_sight(&stage));
    }
    // The composer grows.
    let input: web_sys::HtmlTextAreaElement = stage.one("[data-part=input]").unchecked_into();
    input.set_value("a\nb\nc\nd");
    fire(&input, "input");
    assert!(end_in_sight(&stage));
    frames().await;
    assert!(!stage.heard().contains(&Gesture::AtEnd(false)));
}

#[wasm_bindgen_test]
async fn scrolling_through_shows_every_message_once_and_in_order() {
    let stage = Stage::named("through");
    let scene = Scene::open(many(120));
    stage.draw(&scene);
    let scroller = stage.one("[data-part=transcript]");
    let mut met: Vec<String> = Vec::new();
    for _ in 0..400 {
        let ids: Vec<String> = stage
            .all("[data-part=message]")
            .iter()
            .filter(|row| {
                let edges = row.get_bounding_client_rect();
                edges.bottom() > 64.0 && edges.top() < 64.0 + f64::from(scroller.client_height())
            })
            .map(|row| row.get_attribute("data-id").unwrap())
            .collect();
        assert!(!ids.is_empty(), "a gap at {}", scroller.scroll_top());
        for id in ids.into_iter().rev() {
            if !met.contains(&id) {
                met.push(id);
            }
        }
        if scroller.scroll_top() == 0 {
            break;
        }
        scroller.set_scroll_top(scroller.scroll_top() - 220);
        frames().await;
        stage.draw(&scene);
    }
    let expected: Vec<String> = scene
        .items
        .iter()
        .rev()
        .map(|item| item.message.client_message_id.clone().unwrap_or(item.message.id.clone()))
        .collect();
    assert_eq!(met, expected);
}

#[wasm_bindgen_test]
fn the_visitors_own_message_brings_the_end_back() {
    let stage = Stage::named("own");
    let mut scene = Scene::open(many(200));
    stage.draw(&scene);
    stage.one("[data-part=transcript]").set_scroll_top(500);
    let input: web_sys::HtmlTextAreaElement = stage.one("[data-part=input]").unchecked_into();
    input.set_value("mine");
    press(&input, "Enter", &[]);
    scene.items.push(sample::visitor(9_000, "mine", 1, Status::Queued));
    stage.draw(&scene);
    assert!(end_in_sight(&stage));
}

#[wasm_bindgen_test]
fn many_unread_messages_are_met_at_the_marker() {
    let stage = Stage::named("marker");
    let scene = Scene::open(many(500));
    let mut view = scene.view();
    view.marker = Some(400);
    stage.panel.draw(&view);
    let marker = stage.all(".marker").into_iter().find(|marker| seen(marker)).unwrap();
    let top = marker.get_bounding_client_rect().top();
    assert!((64.0..200.0).contains(&top), "{top}");
    assert!(seen(&stage.one("[data-part=jump]")));
}

#[wasm_bindgen_test]
async fn the_end_key_reaches_the_end() {
    let stage = Stage::named("end-key");
    let scene = Scene::open(many(10_000));
    stage.draw(&scene);
    let scroller = stage.one("[data-part=transcript]");
    scroller.set_scroll_top(0);
    frames().await;
    stage.draw(&scene);
    // Handled here: the browser's own way there ends where the end was when the key went down.
    assert!(!press(&scroller, "End", &[]));
    frames().await;
    stage.draw(&scene);
    assert_eq!(stage.all("[data-part=message]").last().unwrap().get_attribute("data-id").as_deref(), Some("m9999"));
    assert!(end_in_sight(&stage));
    assert!(press(&stage.one("[data-part=input]"), "End", &[]), "in the composer it is the browser's");
}
