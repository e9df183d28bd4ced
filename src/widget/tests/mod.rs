//! The panel in real browsers. Not: the pure files, which are tested where they stand.
// Clippy's own leave for tests reads `#[test]`, not the browsers' attribute.
#![allow(clippy::unwrap_used)]

mod acting;
mod colouring;
mod drawing;
mod gallery;
mod scrolling;
mod speaking;

use super::sample::Scene;
use super::{Panel, Said, heard, prepare};
use crate::json::Writer;
use crate::session::Gesture;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::{Document, Element, HtmlElement, HtmlIFrameElement};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Default)]
struct Ear {
    log: RefCell<Vec<String>>,
    redraws: RefCell<u32>,
}

/// What of the options tests set; the panel reads them as JSON.
#[derive(Default)]
struct Options {
    namespace: &'static str,
    locale: &'static str,
    messages: &'static str,
    brand: &'static str,
    launcher: &'static str,
}

impl Options {
    fn json(&self) -> String {
        let mut out = Writer::new();
        out.object().name("namespace").string(self.namespace).name("locale").string(self.locale);
        for (name, given) in [("messages", self.messages), ("brand", self.brand), ("launcher", self.launcher)] {
            out.name(name).raw(if given.is_empty() { "null" } else { given });
        }
        out.end_object();
        out.finish()
    }
}

/// A panel on the test's page, and what came out of it. It leaves the page with the test.
struct Stage {
    panel: Panel,
    ear: Rc<Ear>,
    gestures: Rc<RefCell<Vec<Gesture>>>,
    namespace: String,
}

impl Stage {
    fn new(options: Options) -> Stage {
        let ear = Rc::new(Ear::default());
        let gestures = Rc::new(RefCell::new(Vec::new()));
        let (hears, keeps) = (ear.clone(), gestures.clone());
        let act =
            Closure::<dyn Fn(JsValue)>::new(move |said: JsValue| match heard(&said.as_string().unwrap()).unwrap() {
                Said::Gesture(gesture) => keeps.borrow_mut().push(gesture),
                Said::Redraw => *hears.redraws.borrow_mut() += 1,
                Said::Log(line) => hears.log.borrow_mut().push(line.into()),
            });
        let panel = prepare(&options.json(), &act.into_js_value());
        Stage { panel, ear, gestures, namespace: options.namespace.into() }
    }

    fn named(namespace: &'static str) -> Stage {
        Stage::new(Options { namespace, locale: "en", ..Default::default() })
    }

    fn draw(&self, scene: &Scene) {
        self.panel.draw(&scene.view());
        assert_eq!(*self.ear.log.borrow(), Vec::<String>::new());
    }

    fn iframe(&self) -> Option<HtmlIFrameElement> {
        let selector = format!("iframe[data-support-chat={}]", self.namespace);
        page().query_selector(&selector).unwrap().map(JsCast::unchecked_into)
    }

    fn document(&self) -> Document {
        self.iframe().unwrap().content_document().unwrap()
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.document().query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.get(at).unwrap().unchecked_into()).collect()
    }

    fn one(&self, selector: &str) -> HtmlElement {
        self.all(selector).into_iter().next().unwrap_or_else(|| panic!("no {selector}"))
    }

    fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap()
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(|element| element.text_content().unwrap()).collect()
    }

    /// What was done, without where the transcript stands.
    fn acts(&self) -> Vec<Gesture> {
        self.heard().into_iter().filter(|gesture| !matches!(gesture, Gesture::AtEnd(_))).collect()
    }

    fn heard(&self) -> Vec<Gesture> {
        self.gestures.borrow_mut().drain(..).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.panel.tell("remove");
    }
}

fn page() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Whether it takes up room.
fn seen(element: &Element) -> bool {
    element.unchecked_ref::<HtmlElement>().offset_height() > 0
}

/// Lets the browser lay out, scroll and tell about it: two animation frames.
async fn frames() {
    for _ in 0..2 {
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            web_sys::window().unwrap().request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(promise).await.unwrap();
    }
}

fn fire(target: &Element, kind: &str) {
    let init = js_sys::Object::new();
    js_sys::Reflect::set(&init, &"bubbles".into(), &JsValue::TRUE).unwrap();
    let made_by: js_sys::Function =
        js_sys::Reflect::get(&web_sys::window().unwrap(), &"Event".into()).unwrap().unchecked_into();
    let event = js_sys::Reflect::construct(&made_by, &js_sys::Array::of2(&kind.into(), &init)).unwrap();
    target.dispatch_event(event.unchecked_ref()).unwrap();
}

fn press(target: &Element, key: &str, more: &[(&str, bool)]) -> bool {
    let init = js_sys::Object::new();
    for (name, value) in [("bubbles", true), ("cancelable", true)].iter().chain(more) {
        js_sys::Reflect::set(&init, &(*name).into(), &(*value).into()).unwrap();
    }
    js_sys::Reflect::set(&init, &"key".into(), &key.into()).unwrap();
    let made_by: js_sys::Function =
        js_sys::Reflect::get(&web_sys::window().unwrap(), &"KeyboardEvent".into()).unwrap().unchecked_into();
    let event = js_sys::Reflect::construct(&made_by, &js_sys::Array::of2(&"keydown".into(), &init)).unwrap();
    target.dispatch_event(event.unchecked_ref()).unwrap()
}
