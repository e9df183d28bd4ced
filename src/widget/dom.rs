//! The few words of the DOM the panel speaks. One type stands for nodes, documents and windows: calls with constant,
//! valid arguments cannot throw, and bindings that need no catching cost a third of those that do. Text is only ever
//! set as text; there is no HTML here. Not: what is built out of it (`node.rs`).

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A node, document, window, event, or style.
    #[derive(Clone, PartialEq)]
    pub(super) type El;

    #[wasm_bindgen(js_name = window, thread_local_v2)]
    static PAGE: Option<El>;

    // Nodes.
    #[wasm_bindgen(method, js_name = createElementNS)]
    pub(super) fn create(this: &El, namespace: &str, tag: &str) -> El;
    #[wasm_bindgen(method, js_name = cloneNode)]
    pub(super) fn clone_node(this: &El, deep: bool) -> El;
    #[wasm_bindgen(method)]
    pub(super) fn append(this: &El, child: &El);
    #[wasm_bindgen(method, js_name = append)]
    pub(super) fn append_text(this: &El, text: &str);
    #[wasm_bindgen(method)]
    pub(super) fn prepend(this: &El, child: &El);
    #[wasm_bindgen(method)]
    pub(super) fn after(this: &El, sibling: &El);
    #[wasm_bindgen(method)]
    pub(super) fn remove(this: &El);
    #[wasm_bindgen(method)]
    pub(super) fn closest(this: &El, selector: &str) -> Option<El>;
    #[wasm_bindgen(method, js_name = querySelectorAll)]
    fn query_selector_all(this: &El, selector: &str) -> El;
    #[wasm_bindgen(method)]
    fn item(this: &El, place: u32) -> Option<El>;
    #[wasm_bindgen(method, js_name = setAttribute)]
    pub(super) fn set(this: &El, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = getAttribute)]
    pub(super) fn attribute(this: &El, name: &str) -> Option<String>;
    #[wasm_bindgen(method, js_name = toggleAttribute)]
    pub(super) fn flag(this: &El, name: &str, on: bool);
    #[wasm_bindgen(method, getter, js_name = textContent)]
    fn text_content(this: &El) -> Option<String>;
    #[wasm_bindgen(method, setter, js_name = textContent)]
    pub(super) fn set_text(this: &El, text: &str);
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &El) -> String;
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_value(this: &El, text: &str);
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &El);

    // Measures.
    #[wasm_bindgen(method, getter, js_name = offsetHeight)]
    pub(super) fn offset_height(this: &El) -> i32;
    #[wasm_bindgen(method, getter, js_name = offsetTop)]
    pub(super) fn offset_top(this: &El) -> i32;
    #[wasm_bindgen(method, getter, js_name = clientHeight)]
    pub(super) fn client_height(this: &El) -> i32;
    #[wasm_bindgen(method, getter, js_name = scrollHeight)]
    pub(super) fn scroll_height(this: &El) -> i32;
    #[wasm_bindgen(method, getter, js_name = scrollTop)]
    pub(super) fn scroll_top(this: &El) -> i32;
    #[wasm_bindgen(method, setter, js_name = scrollTop)]
    pub(super) fn set_scroll_top(this: &El, top: i32);

    // Styles.
    #[wasm_bindgen(method, getter)]
    pub(super) fn style(this: &El) -> El;
    #[wasm_bindgen(method, setter, js_name = cssText)]
    pub(super) fn set_css(this: &El, text: &str);
    #[wasm_bindgen(method, js_name = setProperty)]
    pub(super) fn put(this: &El, name: &str, value: &str, priority: &str);
    #[wasm_bindgen(method, js_name = getPropertyValue)]
    pub(super) fn property(this: &El, name: &str) -> String;
    #[wasm_bindgen(method, js_name = getPropertyPriority)]
    pub(super) fn priority(this: &El, name: &str) -> String;
    #[wasm_bindgen(method, js_name = getComputedStyle)]
    pub(super) fn computed(this: &El, element: &El) -> El;

    // Windows and documents.
    #[wasm_bindgen(method, getter)]
    pub(super) fn document(this: &El) -> El;
    #[wasm_bindgen(method, getter, js_name = documentElement)]
    pub(super) fn root(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn body(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter, js_name = firstElementChild)]
    pub(super) fn first(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter, js_name = contentWindow)]
    pub(super) fn inner(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter, js_name = contentDocument)]
    pub(super) fn inner_document(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter, js_name = innerWidth)]
    pub(super) fn width(this: &El) -> i32;
    #[wasm_bindgen(method, getter, js_name = visualViewport)]
    pub(super) fn seen(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn height(this: &El) -> i32;
    #[wasm_bindgen(method, js_name = matchMedia)]
    pub(super) fn media(this: &El, query: &str) -> El;
    #[wasm_bindgen(method, getter)]
    pub(super) fn matches(this: &El) -> bool;
    #[wasm_bindgen(method, js_name = queueMicrotask)]
    pub(super) fn soon(this: &El, act: &JsValue);

    // Events.
    #[wasm_bindgen(method, js_name = addEventListener)]
    pub(super) fn listen(this: &El, kind: &str, act: &JsValue, options: &Object);
    #[wasm_bindgen(method, getter, js_name = type)]
    pub(super) fn kind(this: &El) -> String;
    #[wasm_bindgen(method, getter)]
    pub(super) fn target(this: &El) -> Option<El>;
    #[wasm_bindgen(method, getter)]
    pub(super) fn key(this: &El) -> String;
    #[wasm_bindgen(method, getter, js_name = keyCode)]
    pub(super) fn key_code(this: &El) -> u32;
    #[wasm_bindgen(method, getter, js_name = shiftKey)]
    pub(super) fn shift(this: &El) -> bool;
    #[wasm_bindgen(method, getter, js_name = isComposing)]
    pub(super) fn composing(this: &El) -> bool;
    #[wasm_bindgen(method, js_name = preventDefault)]
    pub(super) fn prevent(this: &El);

    /// Ends what was told to listen with its signal.
    #[wasm_bindgen(js_name = AbortController)]
    pub(super) type Abort;
    #[wasm_bindgen(constructor, js_class = "AbortController")]
    pub(super) fn new() -> Abort;
    #[wasm_bindgen(method)]
    pub(super) fn abort(this: &Abort);
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &Abort) -> JsValue;

    /// Looks whether children come and go.
    #[wasm_bindgen(js_name = MutationObserver)]
    pub(super) type Observer;
    #[wasm_bindgen(constructor, js_class = "MutationObserver")]
    pub(super) fn new(act: &JsValue) -> Observer;
    #[wasm_bindgen(method)]
    pub(super) fn observe(this: &Observer, element: &El, options: &Object);
    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &Observer);
}

/// The page's window.
pub(super) fn page() -> Option<El> {
    PAGE.with(Clone::clone)
}

/// An object with these members.
pub(super) fn object(members: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Fails only for what is no object.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

impl El {
    /// What the selector finds below, in order.
    pub(super) fn all(&self, selector: &str) -> Vec<El> {
        let found = self.query_selector_all(selector);
        let mut list = Vec::new();
        while let Some(element) = found.item(list.len() as u32) {
            list.push(element);
        }
        list
    }

    /// Sets the text where it differs, so that nothing is laid out or read aloud anew.
    pub(super) fn say(&self, text: &str) {
        if self.text_content().as_deref() != Some(text) {
            self.set_text(text);
        }
    }

    pub(super) fn hide(&self, hidden: bool) {
        self.flag("hidden", hidden);
    }

    pub(super) fn hidden(&self) -> bool {
        self.attribute("hidden").is_some()
    }
}

/// A length in px.
pub(super) fn px(length: i32) -> String {
    let mut text = String::new();
    if length < 0 {
        text.push('-');
    }
    crate::json::push_number(&mut text, length.unsigned_abs().into());
    text.push_str("px");
    text
}
