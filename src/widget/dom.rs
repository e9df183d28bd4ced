//! The few words of the DOM the panel speaks. One type stands for nodes, documents and windows: calls with constant,
//! valid arguments cannot throw, and bindings that need no catching cost a third of those that do. Text is only ever
//! set as text; there is no HTML here. Not: what is built out of it (`node.rs`).

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A node, document, window, event, or style.
    #[derive(Clone, PartialEq)]
    pub(super) type El;

    #[wasm_bindgen(js_name = window, thread_local_v2)]
    static PAGE: El;

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
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &El);

    // Styles.
    #[wasm_bindgen(method, getter)]
    pub(super) fn style(this: &El) -> El;
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set_property(this: &El, name: &str, value: &str, priority: &str);
    #[wasm_bindgen(method, js_name = getPropertyValue)]
    pub(super) fn property(this: &El, name: &str) -> String;
    #[wasm_bindgen(method, js_name = getPropertyPriority)]
    pub(super) fn priority(this: &El, name: &str) -> String;
    #[wasm_bindgen(method, js_name = getComputedStyle)]
    pub(super) fn computed(this: &El, element: &El) -> El;

    // Windows.
    #[wasm_bindgen(method, js_name = matchMedia)]
    pub(super) fn media(this: &El, query: &str) -> El;
    #[wasm_bindgen(method, js_name = queueMicrotask)]
    pub(super) fn soon(this: &El, act: &JsValue);

    // Events.
    #[wasm_bindgen(method, js_name = preventDefault)]
    pub(super) fn prevent(this: &El);

    /// Ends what was told to listen with its signal.
    #[wasm_bindgen(js_name = AbortController)]
    pub(super) type Abort;
    #[wasm_bindgen(constructor, js_class = "AbortController")]
    pub(super) fn new() -> Abort;
    #[wasm_bindgen(method)]
    pub(super) fn abort(this: &Abort);
}

#[wasm_bindgen(module = "/src/web.js")]
extern "C" {
    fn member(object: &JsValue, name: &str) -> JsValue;
    fn words(object: &JsValue, name: &str) -> Option<String>;
    fn number(object: &JsValue, name: &str) -> i32;
    #[wasm_bindgen(js_name = set)]
    fn set_words(object: &JsValue, name: &str, value: &str);
    #[wasm_bindgen(js_name = set)]
    fn set_number(object: &JsValue, name: &str, value: i32);
    /// Listens before anybody else does.
    pub(super) fn hear(target: &El, kind: &str, act: &JsValue, abort: &Abort);
    /// Looks whether children come and go; answers how to stop.
    pub(super) fn watch(element: &El, act: &JsValue) -> Function;
    /// The start of the local day, in ms.
    pub(super) fn midnight(at: f64) -> f64;
    /// A format of the language, or of the browser's when the locale is none.
    pub(super) fn format(locale: &str, name: &str, value: &str) -> JsValue;
    /// A moment in it.
    pub(super) fn formatted(format: &JsValue, at: f64) -> String;
    /// What sets this property once more.
    pub(super) fn putting(style: &El, name: &str, value: &str, priority: &str) -> Function;
    /// The method with its object.
    pub(super) fn bound(object: &JsValue, name: &str) -> Option<Function>;
}

/// The page's window.
pub(super) fn page() -> Option<El> {
    Some(PAGE.with(Clone::clone))
}

/// A function that hears an event, or that something is due.
pub(super) fn callback(act: impl Fn(El) + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| act(event.unchecked_into())).into_js_value()
}

/// What a node, window or event is asked for.
impl El {
    /// A measure, without its fraction; 0 when there is none.
    pub(super) fn number(&self, name: &str) -> i32 {
        number(self, name)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        member(self, name).is_truthy()
    }

    /// A text; empty when there is none.
    pub(super) fn words(&self, name: &str) -> String {
        words(self, name).unwrap_or_default()
    }

    /// Another node, window, or what else there is.
    pub(super) fn its(&self, name: &str) -> Option<El> {
        Some(member(self, name)).filter(|value| value.is_truthy()).map(JsCast::unchecked_into)
    }

    pub(super) fn set_text(&self, text: &str) {
        set_words(self, "textContent", text);
    }

    pub(super) fn set_title(&self, text: &str) {
        set_words(self, "title", text);
    }

    pub(super) fn value(&self) -> String {
        self.words("value")
    }

    pub(super) fn set_value(&self, text: &str) {
        set_words(self, "value", text);
    }

    pub(super) fn scroll_top(&self) -> i32 {
        self.number("scrollTop")
    }

    pub(super) fn set_scroll_top(&self, top: i32) {
        set_number(self, "scrollTop", top);
    }

    pub(super) fn scroll_height(&self) -> i32 {
        self.number("scrollHeight")
    }

    pub(super) fn client_height(&self) -> i32 {
        self.number("clientHeight")
    }

    pub(super) fn offset_height(&self) -> i32 {
        self.number("offsetHeight")
    }

    pub(super) fn offset_top(&self) -> i32 {
        self.number("offsetTop")
    }

    /// The element at the root of a document, or of a window's.
    pub(super) fn root(&self) -> Option<El> {
        self.its("document").as_ref().unwrap_or(self).its("documentElement")
    }

    /// Sets one of its own styles.
    pub(super) fn put(&self, name: &str, value: &str, priority: &str) {
        self.style().set_property(name, value, priority);
    }

    /// Sets all of its own styles.
    pub(super) fn set_css(&self, text: &str) {
        set_words(&self.style(), "cssText", text);
    }
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
        if self.words("textContent") != text {
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
