//! The line about the connection. It lies over the transcript, so that nothing moves when it comes and goes. Not: when
//! it is due (the core's).

use super::dom::{self, Node, el};
use super::strings::Strings;
use crate::session::Banner;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

/// The outer box is there from the start: a live region must be, before it speaks.
pub(super) const NODE: Node = el(
    "div",
    &[("role", "status")],
    &[el(
        "div",
        &[("class", "banner"), ("data-part", "banner"), ("hidden", "")],
        &[
            el("svg", &[("d", "M16 10a6 6 0 1 1-1.8-4.3L16.5 8m0-4.2V8h-4.2")], &[]),
            el("span", &[("data-part", "banner-text")], &[]),
            el("button", &[("type", "button"), ("data-part", "reconnect"), ("@", "tryAgain")], &[]),
        ],
    )],
);

pub(super) struct Line {
    element: HtmlElement,
    words: HtmlElement,
    again: HtmlElement,
}

impl Line {
    pub(super) fn new(root: &Element) -> Result<Line, JsValue> {
        Ok(Line {
            element: dom::part(root, "banner")?,
            words: dom::part(root, "banner-text")?,
            again: dom::part(root, "reconnect")?,
        })
    }

    pub(super) fn draw(&self, banner: Option<Banner>, strings: &Strings) {
        let (kind, key) = match banner {
            None => {
                self.element.set_hidden(true);
                dom::say(&self.words, "");
                return;
            }
            Some(Banner::Reconnecting) => ("reconnecting", "bannerReconnecting"),
            Some(Banner::Offline) => ("offline", "bannerOffline"),
            Some(Banner::Refused) => ("refused", "bannerRefused"),
            Some(Banner::CookiesBlocked) => ("cookies", "bannerCookies"),
        };
        self.element.set_hidden(false);
        let _ = self.element.set_attribute("data-kind", kind);
        self.again.set_hidden(!matches!(banner, Some(Banner::Refused | Banner::CookiesBlocked)));
        dom::say(&self.words, strings.of(key));
    }
}
