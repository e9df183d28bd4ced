//! Where the visitor writes: a text area that grows, and the button that sends. Not: what becomes of the words.

use super::dom::{self, Node, el, px};
use crate::session::View;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

pub(super) const NODE: Node = el(
    "footer",
    &[("data-part", "composer")],
    &[
        el(
            "textarea",
            &[
                ("data-part", "input"),
                ("rows", "1"),
                ("autocomplete", "off"),
                ("enterkeyhint", "send"),
                ("@placeholder", "write"),
                ("@aria-label", "write"),
            ],
            &[],
        ),
        el(
            "button",
            &[("type", "button"), ("data-part", "send"), ("@aria-label", "send"), ("hidden", "")],
            &[el("svg", &[("d", "M10 16V4M5 9l5-5 5 5")], &[])],
        ),
    ],
);

/// Six lines and the padding, in px; beyond it scrolls.
const TALLEST: i32 = 6 * 22 + 14;

pub(super) struct Composer {
    element: HtmlElement,
    input: HtmlTextAreaElement,
    send: HtmlElement,
    /// The draft last taken over from the core.
    revision: Option<u32>,
}

impl Composer {
    pub(super) fn new(root: &Element) -> Result<Composer, JsValue> {
        Ok(Composer {
            element: dom::part(root, "composer")?,
            input: dom::part(root, "input")?.unchecked_into(),
            send: dom::part(root, "send")?,
            revision: None,
        })
    }

    pub(super) fn draw(&mut self, view: &View<'_>, ended: bool) {
        self.element.set_hidden(ended);
        self.input.set_disabled(!view.writable);
        if self.revision != Some(view.draft_revision) {
            self.revision = Some(view.draft_revision);
            if self.input.value() != view.draft {
                self.input.set_value(view.draft);
            }
            self.grow();
            self.input.set_scroll_top(TALLEST * 100);
        }
    }

    /// Makes it as high as its text, and shows the button when there is something to send.
    pub(super) fn grow(&self) {
        let style = self.input.style();
        let _ = style.set_property("height", "auto");
        let height = self.input.scroll_height();
        // Nobody looks: it is measured again when somebody does.
        if height > 0 {
            let _ = style.set_property("height", &px(height.min(TALLEST)));
        }
        dom::flag(&self.input, "data-tall", height > TALLEST);
        let text = self.input.value();
        // The direction of the words; an empty one shows its placeholder in that of the page.
        let _ =
            if text.is_empty() { self.input.remove_attribute("dir") } else { self.input.set_attribute("dir", "auto") };
        self.send.set_hidden(self.input.disabled() || text.trim().is_empty());
    }

    /// The words so far.
    pub(super) fn text(&self) -> String {
        self.input.value()
    }

    /// Takes the words out, when there are any to send.
    pub(super) fn take(&self) -> Option<String> {
        let text = self.input.value();
        if text.trim().is_empty() || self.input.disabled() {
            return None;
        }
        self.input.set_value("");
        self.grow();
        self.focus();
        Some(text)
    }

    /// Whether it can take the focus.
    pub(super) fn usable(&self) -> bool {
        !self.element.hidden() && !self.input.disabled()
    }

    pub(super) fn focus(&self) {
        let _ = self.input.focus();
    }

    /// Forgets the draft.
    pub(super) fn wipe(&mut self) {
        self.revision = None;
        self.input.set_value("");
        self.grow();
    }
}
