//! The panel: its parts put together and drawn from a view. Not: what events mean (`events.rs`), the iframe's place on
//! the page (`iframe.rs`), nor any state of the conversation.

use super::composer::{self, Composer};
use super::dom::{Abort, El, bound, callback, hear, page, watch};
use super::header::{self, Header};
use super::iframe::Iframe;
use super::node::{Kit, Part, build};
use super::strings::Strings;
use super::transcript::{self, Transcript};
use super::{Host, PanelOptions, banner, sheet, theme};
use crate::session::{Gesture, View};
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

/// What stands in the iframe, and what of the view it was drawn from.
pub(super) struct Parts {
    pub(super) iframe: Iframe,
    pub(super) kit: Kit,
    root: El,
    header: Header,
    pub(super) transcript: Transcript,
    composer: Composer,
    /// Listeners of the iframe's document end with it.
    abort: Abort,
    /// The theme's revision and the system's darkness it was dressed for.
    dressed: Option<(u32, bool)>,
    /// What the core last heard about the end of the transcript.
    pub(super) told: Option<bool>,
}

/// The widget's panel. Nothing of it is on the page before it is first opened.
pub(crate) struct Panel(Rc<Inner>);

pub(super) struct Inner {
    options: PanelOptions,
    strings: Strings,
    pub(super) gestures: Rc<dyn Fn(Gesture)>,
    pub(super) host: Rc<dyn Host>,
    page: El,
    dark: El,
    calm: El,
    parts: RefCell<Option<Parts>>,
    /// Every listener of the page and of the panel.
    on_event: JsValue,
    /// What is done between two tasks: look whether the iframe is still there, tell the core where the reader is.
    on_turn: JsValue,
    /// Ends the listeners on the page.
    abort: Abort,
    /// Ends the watch over the page's children.
    unwatch: RefCell<Option<Function>>,
    /// Takes back the teardowns given to the host.
    cancels: RefCell<Vec<Function>>,
    /// `focus` was called before the panel could take it.
    focus: Cell<bool>,
    pub(super) open: Cell<bool>,
    removed: Cell<bool>,
}

impl Panel {
    /// Prepares a panel; touches nothing on the page but listeners.
    pub(crate) fn new(
        mut options: PanelOptions,
        gestures: Rc<dyn Fn(Gesture)>,
        host: Rc<dyn Host>,
    ) -> Result<Panel, JsValue> {
        let page = page().ok_or_else(|| JsValue::from_str("no window"))?;
        let strings = Strings::new(std::mem::take(&mut options.messages));
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let of_event = weak.clone();
            let on_event = callback(move |event: El| {
                if let Some(inner) = of_event.upgrade() {
                    inner.handle(&event);
                }
            });
            let of_turn = weak.clone();
            let on_turn = callback(move |_| {
                if let Some(inner) = of_turn.upgrade() {
                    inner.turn();
                }
            });
            Inner {
                options,
                strings,
                gestures,
                host,
                dark: page.media("(prefers-color-scheme:dark)"),
                calm: page.media("(prefers-reduced-motion:reduce)"),
                page,
                parts: RefCell::new(None),
                unwatch: RefCell::new(None),
                on_event,
                on_turn,
                abort: Abort::new(),
                cancels: RefCell::new(Vec::new()),
                focus: Cell::new(false),
                open: Cell::new(false),
                removed: Cell::new(false),
            }
        });
        inner.listen();
        Ok(Panel(inner))
    }

    /// Draws the view. Called in an animation frame after the core asked for it; calls no gesture.
    pub(crate) fn draw(&self, view: &View<'_>) {
        self.0.draw(view);
    }

    /// Empties transcript, composer, typing and names at once: nothing of a conversation stays in the DOM.
    pub(crate) fn wipe(&self) {
        self.0.with(|parts| {
            parts.header.wipe(&parts.kit);
            parts.transcript.clear(&parts.kit);
            parts.composer.wipe(&parts.kit);
            parts.told = None;
        });
    }

    /// Hides what is read and written without forgetting it, or shows it again.
    pub(crate) fn conceal(&self, hidden: bool) {
        self.0.with(|parts| parts.root.flag("data-concealed", hidden));
    }

    /// Puts the focus where the visitor goes on: into the composer, or, where that would raise a keyboard, on the
    /// transcript. As soon as the panel is open.
    pub(crate) fn focus(&self) {
        self.0.focus.set(true);
        if self.0.open.get() {
            self.0.with(|parts| self.0.take_focus(parts));
        }
    }

    /// Removes everything from the page. Nothing is drawn afterwards.
    pub(crate) fn remove(&self) {
        self.0.remove();
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        self.0.remove();
    }
}

impl Inner {
    /// Runs on the parts, when there are any and nobody else has them.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Parts) -> T) -> Option<T> {
        self.parts.try_borrow_mut().ok()?.as_mut().map(act)
    }

    fn listen(&self) {
        self.hear(&self.dark, "change", &self.abort);
        self.hear(&self.page, "resize", &self.abort);
        if let Some(seen) = self.page.its("visualViewport") {
            self.hear(&seen, "resize", &self.abort);
            self.hear(&seen, "scroll", &self.abort);
        }
        if let Some(root) = self.page.root() {
            self.unwatch.replace(Some(watch(&root, &self.on_turn)));
        }
        // Run after a panic, when nothing here can be called any more: plain functions of the browser.
        for end in [bound(&self.abort, "abort"), self.unwatch.borrow().clone()].iter().flatten() {
            self.cancels.borrow_mut().extend(self.host.teardown(end));
        }
    }

    fn hear(&self, target: &El, kind: &str, abort: &Abort) {
        hear(target, kind, &self.on_event, abort);
    }

    /// Makes the iframe and writes the panel into it.
    fn make(&self) -> Option<Parts> {
        let title = self.strings.of("title");
        let iframe = Iframe::new(&self.page, &self.options, title, &self.host)?;
        let document = iframe.document.clone();
        let root = document.root()?;
        document.set_title(title);
        root.set("lang", &self.options.locale);
        root.set("dir", if self.options.rtl { "rtl" } else { "ltr" });
        if !sheet::adopt(&document, &iframe.window) {
            return None;
        }
        let panel = build(&document, &self.strings, "div .panel");
        for part in [header::NODE, banner::NODE, transcript::NODE, composer::NODE] {
            panel.append(&build(&document, &self.strings, part));
        }
        document.its("body")?.append(&panel);
        let abort = Abort::new();
        for kind in ["click", "input", "keydown", "scroll", "error"] {
            self.hear(&document, kind, &abort);
        }
        self.hear(&iframe.window, "resize", &abort);
        self.hear(&iframe.element, "load", &abort);
        let kit = Kit::new(document, panel);
        Some(Parts {
            header: Header::default(),
            transcript: Transcript::new(&kit, &self.strings, &self.options.locale),
            composer: Composer::default(),
            kit,
            root,
            iframe,
            abort,
            dressed: None,
            told: None,
        })
    }

    fn draw(&self, view: &View<'_>) {
        let open = view.look.open && view.look.shown;
        let Ok(mut slot) = self.parts.try_borrow_mut() else { return };
        if self.removed.get() {
            return;
        }
        if slot.as_ref().is_some_and(|parts| !parts.iframe.intact()) {
            discard(&mut slot);
        }
        self.open.set(open);
        if open && slot.is_none() {
            *slot = self.make();
            if slot.is_none() {
                self.host.log("this browser lacks what the panel is drawn with");
            }
        }
        let Some(parts) = slot.as_mut() else { return };
        let calm = self.calm.is("matches");
        if !open {
            header::close_menu(&parts.kit, false);
            parts.iframe.show(false, calm, view.look.z_index);
            parts.told = None;
            return;
        }
        // Placed first: without a place there are no heights, and in Firefox no colours either.
        parts.iframe.show(true, calm, view.look.z_index);
        let dark = self.dark.is("matches");
        if parts.dressed != Some((view.look.theme_revision, dark)) {
            parts.dressed = Some((view.look.theme_revision, dark));
            let log = |text: &str| self.host.log(text);
            let outside = theme::apply(&view.look.theme, dark, &parts.root, &parts.iframe.window, &log);
            parts.iframe.dress(outside);
        }
        parts.header.draw(view, &self.options, &self.strings, &parts.kit);
        banner::draw(view.banner, &self.strings, &parts.kit);
        parts.composer.draw(view, &parts.kit);
        parts.transcript.draw(view, &self.strings, &parts.kit);
        if parts.told != Some(parts.transcript.at_end()) {
            self.page.soon(&self.on_turn);
        }
        if self.focus.get() {
            self.take_focus(parts);
        }
    }

    fn take_focus(&self, parts: &mut Parts) {
        self.focus.set(false);
        parts.iframe.element.focus();
        parts.focus_main(!parts.iframe.phone());
    }

    /// Between two tasks; the view is never borrowed here.
    pub(super) fn turn(&self) {
        let mut gesture = None;
        let mut lost = false;
        if let Ok(mut slot) = self.parts.try_borrow_mut() {
            if slot.as_ref().is_some_and(|parts| !parts.iframe.intact()) {
                discard(&mut slot);
                lost = self.open.get();
            }
            if let Some(parts) = slot.as_mut().filter(|_| self.open.get()) {
                let at_end = parts.transcript.at_end();
                if parts.told != Some(at_end) {
                    parts.told = Some(at_end);
                    gesture = Some(Gesture::AtEnd(at_end));
                }
            }
        }
        if lost {
            self.host.redraw();
        }
        if let Some(gesture) = gesture {
            (self.gestures)(gesture);
        }
    }

    fn remove(&self) {
        if self.removed.replace(true) {
            return;
        }
        self.abort.abort();
        if let Some(unwatch) = self.unwatch.take() {
            let _ = unwatch.call0(&JsValue::UNDEFINED);
        }
        for cancel in self.cancels.take() {
            let _ = cancel.call0(&JsValue::UNDEFINED);
        }
        if let Ok(mut parts) = self.parts.try_borrow_mut() {
            discard(&mut parts);
        }
    }
}

fn discard(slot: &mut Option<Parts>) {
    if let Some(mut parts) = slot.take() {
        parts.abort.abort();
        parts.iframe.remove();
    }
}

impl Parts {
    /// Focuses the composer where there is one and it is wanted, else what can be done or read next.
    pub(super) fn focus_main(&self, composer: bool) {
        let part = if composer && composer::usable(&self.kit) {
            Part::Input
        } else if self.kit.of(Part::Ended).hidden() {
            Part::Transcript
        } else {
            Part::StartNew
        };
        self.kit.of(part).focus();
    }
}
