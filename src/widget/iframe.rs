//! The panel's frame on the page: where it stands, how it opens, how it fills a phone. Everything is set through the
//! CSSOM, which a strict CSP allows, and outdoes the page's rules. Not: what is in it (`panel.rs`).

use super::dom::{El, putting, px};
use super::theme::Outside;
use super::{Host, PanelOptions};
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Narrower pages are filled.
const PHONE: i32 = 480;

/// What always holds. Forced colours take the shadow away and show the outline.
// The spacings mean nothing for an iframe; without them, `all` would count as forcing the text of the page tight.
const ALWAYS: &str = "all:initial;position:fixed;display:block;box-sizing:border-box;border:0;overflow:hidden;outline:1px solid transparent;letter-spacing:.12em;word-spacing:.16em;line-height:1.5;";

pub(super) struct Iframe {
    pub(super) element: El,
    /// The document written into; another one means that the iframe was emptied.
    pub(super) document: El,
    pub(super) window: El,
    page: El,
    left: bool,
    offset: (i32, i32),
    outside: Outside,
    z_index: i32,
    open: bool,
    /// No movement is wanted.
    calm: bool,
    /// What it last looked like: as a text of CSS.
    css: String,
    /// The page's own `overflow`, while it is locked: value and priority.
    lock: Option<(String, String)>,
    host: Rc<dyn Host>,
    /// Takes back the teardown that would unlock the page after a panic.
    cancel: Option<Function>,
}

impl Iframe {
    /// Puts a hidden, empty iframe beside the page's body: pages that swap their body keep it.
    pub(super) fn new(page: &El, options: &PanelOptions, title: &str, asked: &Rc<dyn Host>) -> Option<Iframe> {
        let host = page.its("document")?;
        let element = super::node::make(&host, "iframe");
        element.set("data-support-chat", &options.namespace);
        element.set("title", title);
        // Before it stands on the page: nobody is to see it as the page would draw it.
        element.set_css("display:none!important");
        host.root()?.append(&element);
        Some(Iframe {
            document: element.its("contentDocument")?,
            window: element.its("contentWindow")?,
            element,
            page: page.clone(),
            left: options.left,
            offset: options.offset,
            outside: Outside::default(),
            z_index: 0,
            open: false,
            calm: false,
            css: String::new(),
            lock: None,
            host: asked.clone(),
            cancel: None,
        })
    }

    /// Whether it still stands on the page with what was written into it.
    pub(super) fn intact(&self) -> bool {
        self.element.its("contentDocument").is_some_and(|document| {
            document == self.document && document.its("body").is_some_and(|body| body.its("firstChild").is_some())
        })
    }

    pub(super) fn dress(&mut self, outside: Outside) {
        self.outside = outside;
        self.place();
    }

    pub(super) fn phone(&self) -> bool {
        self.page.number("innerWidth") < PHONE
    }

    /// Gives it its place and its looks. To be called again whenever the page or its keyboard changes size.
    pub(super) fn place(&mut self) {
        let phone = self.phone();
        let Outside { dark, surface, radius } = &self.outside;
        let (x, y) = self.offset;
        let side = if self.left { "left" } else { "right" };
        let place = if phone {
            // The visual viewport is what the keyboard leaves. An iframe does not know the safe areas; its frame does.
            let (top, height) = match self.page.its("visualViewport") {
                Some(seen) => (px(seen.offset_top()), px(seen.number("height"))),
                None => (px(0), String::from("100%")),
            };
            [
                "left:0;width:100%;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);top:",
                &top,
                ";height:",
                &height,
            ]
            .concat()
        } else {
            // The launcher is 56 high, with 12 between.
            let room = px(y + 88);
            [
                side,
                ":calc(",
                &px(x),
                " + env(safe-area-inset-",
                side,
                "));bottom:calc(",
                &px(y + 68),
                " + env(safe-area-inset-bottom));width:384px;height:640px;max-height:calc(100vh - ",
                &room,
                ");max-height:calc(100dvh - ",
                &room,
                ");border-radius:",
                radius,
                ";box-shadow:",
                if *dark {
                    "0 0 0 1px #2f343d,0 16px 40px -8px rgb(0 0 0/.5)"
                } else {
                    "0 0 0 1px rgb(16 22 34/.06),0 2px 6px rgb(16 22 34/.05),0 20px 48px -12px rgb(16 22 34/.22)"
                },
            ]
            .concat()
        };
        let state = match (self.open, self.calm) {
            (true, true) => "transition:opacity 120ms",
            (true, false) => {
                "transition:transform 180ms cubic-bezier(.2,.8,.2,1),opacity 180ms cubic-bezier(.2,.8,.2,1)"
            }
            (false, true) => {
                "opacity:0;visibility:hidden;pointer-events:none;transition:opacity 120ms,visibility 0s 120ms"
            }
            (false, false) => {
                "opacity:0;visibility:hidden;pointer-events:none;transform:scale(.96);transition:transform 120ms,opacity 120ms,visibility 0s 120ms"
            }
        };
        let mut number = String::new();
        // Above the launcher, which it covers on phones.
        crate::json::push_number(&mut number, self.z_index.saturating_add(1).max(0) as u64);
        let css = [
            ALWAYS,
            "color-scheme:",
            if *dark { "dark" } else { "light" },
            ";background:",
            &surface.css(),
            ";z-index:",
            &number,
            ";transform-origin:bottom ",
            side,
            ";",
            &place,
            ";",
            state,
            ";",
        ]
        .concat();
        if self.css != css {
            // No rule of the page outdoes it.
            let mut forced = String::new();
            for letter in css.chars() {
                if letter == ';' {
                    forced.push_str("!important");
                }
                forced.push(letter);
            }
            self.element.set_css(&forced);
            self.css = css;
        }
        self.hold(phone);
    }

    /// Opens or closes, with the movement of the design; only fading where movement is not wanted.
    pub(super) fn show(&mut self, open: bool, calm: bool, z_index: i32) {
        self.calm = calm;
        self.z_index = z_index;
        if open && !self.open {
            self.place();
            // Reading a measure lets the transition begin at the closed state.
            self.element.offset_height();
        }
        self.open = open;
        self.place();
    }

    /// Keeps the page behind an open full screen from scrolling, and lets go again.
    fn hold(&mut self, phone: bool) {
        let Some(root) = self.page.root() else { return };
        let wanted = self.open && phone;
        if wanted && self.lock.is_none() {
            let style = root.style();
            let (value, priority) = (style.property("overflow"), style.priority("overflow"));
            self.cancel = self.host.teardown(&putting(&style, "overflow", &value, &priority));
            self.lock = Some((value, priority));
            root.put("overflow", "hidden", "important");
        } else if !wanted && let Some((value, priority)) = self.lock.take() {
            root.put("overflow", &value, &priority);
            if let Some(cancel) = self.cancel.take() {
                let _ = cancel.call0(&JsValue::UNDEFINED);
            }
        }
    }

    /// Takes it off the page, and lets the page scroll.
    pub(super) fn remove(&mut self) {
        self.open = false;
        self.hold(false);
        self.element.remove();
    }
}
