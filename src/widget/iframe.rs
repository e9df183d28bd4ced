//! The panel's frame on the page: where it stands, how it opens, how it fills a phone. Everything is set through the
//! CSSOM, which a strict CSP allows, and outdoes the page's rules. Not: what is in it (`panel.rs`).

use super::PanelOptions;
use super::dom::{force, px};
use super::theme::Outside;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleDeclaration, Document, HtmlElement, HtmlIFrameElement, Window};

/// Narrower pages are filled.
const PHONE: f64 = 480.0;

pub(super) struct Iframe {
    pub(super) element: HtmlIFrameElement,
    /// The document written into; another one means that the iframe was emptied.
    pub(super) document: Document,
    pub(super) window: Window,
    page: Window,
    left: bool,
    offset: (i32, i32),
    open: bool,
    radius: String,
    shadow: &'static str,
    /// The page's own `overflow`, while it is locked: value and priority.
    lock: Option<(String, String)>,
}

impl Iframe {
    /// Puts a hidden, empty iframe beside the page's body: pages that swap their body keep it.
    pub(super) fn new(page: Window, options: &PanelOptions, title: &str) -> Result<Iframe, JsValue> {
        let missing = || JsValue::from_str("no document");
        let host = page.document().ok_or_else(missing)?;
        let element: HtmlIFrameElement = host.create_element("iframe")?.unchecked_into();
        element.set_attribute("data-support-chat", &options.namespace)?;
        element.set_attribute("title", title)?;
        let style = element.style();
        for (name, value) in [
            ("position", "fixed"),
            ("display", "block"),
            ("box-sizing", "border-box"),
            ("border", "0"),
            // Forced colours take the shadow away and show this.
            ("outline", "1px solid transparent"),
            ("margin", "0"),
            ("padding", "0"),
            ("min-width", "0"),
            ("min-height", "0"),
            ("max-width", "none"),
            ("float", "none"),
            ("clip-path", "none"),
            ("filter", "none"),
            ("overflow", "hidden"),
            ("visibility", "hidden"),
            ("opacity", "0"),
            ("pointer-events", "none"),
        ] {
            force(&style, name, value);
        }
        host.document_element().ok_or_else(missing)?.append_child(&element)?;
        let document = element.content_document().ok_or_else(missing)?;
        let window = element.content_window().ok_or_else(missing)?;
        Ok(Iframe {
            element,
            document,
            window,
            page,
            left: options.left,
            offset: options.offset,
            open: false,
            radius: String::from("16px"),
            shadow: "none",
            lock: None,
        })
    }

    /// Whether it still stands on the page with what was written into it.
    pub(super) fn intact(&self) -> bool {
        self.element.is_connected()
            && self.element.content_document().is_some_and(|document| {
                document == self.document && document.body().is_some_and(|body| body.first_element_child().is_some())
            })
    }

    pub(super) fn dress(&mut self, outside: Outside) {
        let style = self.element.style();
        force(&style, "color-scheme", if outside.dark { "dark" } else { "light" });
        force(&style, "background", &outside.surface.css());
        self.shadow = if outside.dark {
            "0 0 0 1px #2f343d,0 16px 40px -8px rgb(0 0 0/.5)"
        } else {
            "0 0 0 1px rgb(16 22 34/.06),0 2px 6px rgb(16 22 34/.05),0 20px 48px -12px rgb(16 22 34/.22)"
        };
        self.radius = outside.radius;
        self.place();
    }

    pub(super) fn phone(&self) -> bool {
        self.page.inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < PHONE)
    }

    /// Gives it its place. To be called again whenever the page or its keyboard changes size.
    pub(super) fn place(&self) {
        let style = self.element.style();
        let set = |name: &str, value: &str| force(&style, name, value);
        if self.phone() {
            // The visual viewport is what the keyboard leaves.
            let (top, height) = match self.page.visual_viewport() {
                Some(seen) => (px(seen.offset_top() as i32), px(seen.height() as i32)),
                None => (String::from("0"), String::from("100%")),
            };
            for (name, value) in [
                ("inset", "auto"),
                ("left", "0"),
                ("top", &*top),
                ("width", "100%"),
                ("height", &*height),
                ("max-height", "none"),
                ("border-radius", "0"),
                ("box-shadow", "none"),
                // An iframe does not know the safe areas; its frame does.
                ("padding-top", "env(safe-area-inset-top)"),
                ("padding-bottom", "env(safe-area-inset-bottom)"),
            ] {
                set(name, value);
            }
            return;
        }
        let (x, y) = self.offset;
        let (side, area) =
            if self.left { ("left", "env(safe-area-inset-left))") } else { ("right", "env(safe-area-inset-right))") };
        let beside = ["calc(", &px(x), " + ", area].concat();
        // The launcher is 56 high, with 12 between.
        let bottom = ["calc(", &px(y + 68), " + env(safe-area-inset-bottom))"].concat();
        for (name, value) in [
            ("inset", "auto"),
            (side, &*beside),
            ("bottom", &*bottom),
            ("width", "384px"),
            ("height", "640px"),
            ("max-height", &*["calc(100vh - ", &px(y + 88), ")"].concat()),
            ("max-height", &*["calc(100dvh - ", &px(y + 88), ")"].concat()),
            ("border-radius", &*self.radius),
            ("box-shadow", self.shadow),
            ("padding-top", "0"),
            ("padding-bottom", "0"),
            ("transform-origin", if self.left { "left bottom" } else { "right bottom" }),
        ] {
            set(name, value);
        }
    }

    /// Opens or closes, with the movement of the design; only fading where movement is not wanted.
    pub(super) fn show(&mut self, open: bool, calm: bool) {
        if self.open == open {
            return;
        }
        self.open = open;
        let style = self.element.style();
        let set = |name: &str, value: &str| force(&style, name, value);
        if open {
            self.place();
            set("transform", if calm { "none" } else { "scale(.96)" });
            // Reading a measure lets the transition begin at the closed state.
            let _ = self.element.offset_height();
        }
        let transition = match (open, calm) {
            (_, true) => "opacity 120ms,visibility 0s",
            (true, false) => {
                "transform 180ms cubic-bezier(.2,.8,.2,1),opacity 180ms cubic-bezier(.2,.8,.2,1),visibility 0s"
            }
            (false, false) => "transform 120ms,opacity 120ms,visibility 0s 120ms",
        };
        set("transition", transition);
        set("visibility", if open { "visible" } else { "hidden" });
        set("opacity", if open { "1" } else { "0" });
        set("pointer-events", if open { "auto" } else { "none" });
        set("transform", if open || calm { "none" } else { "scale(.96)" });
        self.hold();
    }

    pub(super) fn raise(&self, z_index: i32) {
        // Above the launcher, which it covers on phones.
        force(&self.element.style(), "z-index", &z_index.saturating_add(1).to_string());
    }

    /// Keeps the page behind an open full screen from scrolling, and lets go again.
    pub(super) fn hold(&mut self) {
        let Some(style) = self.page_style() else { return };
        let wanted = self.open && self.phone();
        if wanted && self.lock.is_none() {
            let value = style.get_property_value("overflow").unwrap_or_default();
            self.lock = Some((value, style.get_property_priority("overflow")));
            force(&style, "overflow", "hidden");
        } else if !wanted && let Some((value, priority)) = self.lock.take() {
            let _ = style.set_property_with_priority("overflow", &value, &priority);
        }
    }

    fn page_style(&self) -> Option<CssStyleDeclaration> {
        let root = self.page.document()?.document_element()?;
        Some(root.unchecked_into::<HtmlElement>().style())
    }

    /// Takes it off the page, and lets the page scroll.
    pub(super) fn remove(&mut self) {
        self.open = false;
        self.hold();
        self.element.remove();
    }
}
