//! The browser's stores against the checks every store must pass. Not: the page's own store (`tests/web_stores.rs`).

use super::storage::{Area, WebStorage};
use crate::store::Store;
use crate::store::conformance::{alone, apart, shared};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlDocument;

wasm_bindgen_test_configure!(run_in_browser);

fn cookies() -> String {
    let document: HtmlDocument = web_sys::window().unwrap().document().unwrap().unchecked_into();
    document.cookie().unwrap()
}

#[wasm_bindgen_test]
fn local_storage_conforms() {
    let make = |namespace| WebStorage::new(Area::Local, namespace);
    assert_eq!(alone(&mut make("c1")), Ok(()));
    assert_eq!(apart(&mut make("c1"), &mut make("c1x")), Ok(()));
    assert_eq!(shared(&mut make("c1"), &mut make("c1")), Ok(()));
}

#[wasm_bindgen_test]
fn session_storage_conforms() {
    let make = |namespace| WebStorage::new(Area::Session, namespace);
    assert_eq!(alone(&mut make("c2")), Ok(()));
    assert_eq!(apart(&mut make("c2"), &mut make("c2x")), Ok(()));
    assert_eq!(shared(&mut make("c2"), &mut make("c2")), Ok(()));
}

#[wasm_bindgen_test]
fn the_cookie_store_conforms() {
    let make = |namespace| WebStorage::cookie(namespace, None, 60);
    assert_eq!(alone(&mut make("c3")), Ok(()));
    assert_eq!(apart(&mut make("c3"), &mut make("c3x")), Ok(()));
    assert_eq!(shared(&mut make("c3"), &mut make("c3")), Ok(()));
}

#[wasm_bindgen_test]
fn ids_stand_in_the_cookie_and_words_do_not() {
    let mut store = WebStorage::cookie("c4", None, 60);
    store.set("session", "{\"sid\":\"a\"}").unwrap();
    store.set("draft", "my words").unwrap();
    assert!(cookies().contains("sc-c4=v=1&session=%7B%22sid%22%3A%22a%22%7D"), "{}", cookies());
    assert!(!cookies().contains("words"));
    assert_eq!(WebStorage::new(Area::Session, "c4").item("draft").as_deref(), Some("my words"));
}

#[wasm_bindgen_test]
fn without_the_cookie_the_rest_is_deleted_unread() {
    let mut store = WebStorage::cookie("c5", None, 0);
    store.set("session", "s").unwrap();
    store.set("outbox:1", "my words").unwrap();
    // Leaving with no time to live: the cookie is gone at once.
    store.leave(true);
    assert!(!cookies().contains("sc-c5"), "{}", cookies());
    assert_eq!(WebStorage::cookie("c5", None, 0).load(), Ok(Vec::new()));
    assert_eq!(WebStorage::new(Area::Session, "c5").item("outbox:1"), None);
}

#[wasm_bindgen_test]
fn a_page_that_comes_back_takes_the_time_limit_away() {
    let mut store = WebStorage::cookie("c6", None, 60);
    store.set("session", "s").unwrap();
    store.leave(true);
    store.set("read", "r").unwrap();
    store.leave(false);
    let mut entries = WebStorage::cookie("c6", None, 60).load().unwrap();
    entries.sort();
    assert_eq!(entries, [("read".into(), "r".into()), ("session".into(), "s".into())]);
}

#[wasm_bindgen_test]
fn a_session_too_big_for_a_cookie_stands_beside_it() {
    let mut store = WebStorage::cookie("c7", None, 60);
    let long = "x".repeat(3000);
    store.set("session", &long).unwrap();
    store.set("read", "r").unwrap();
    assert!(cookies().len() < 4096 && !cookies().contains("xxx"));
    assert!(WebStorage::cookie("c7", None, 60).load().unwrap().contains(&("session".into(), long)));
    // Back to a size that fits: one copy, in the cookie.
    store.set("session", "s").unwrap();
    assert_eq!(WebStorage::new(Area::Session, "c7").item("session"), None);
}
