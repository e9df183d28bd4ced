//! The panel: its parts put together, drawn from a view, and its listeners, which turn what a visitor does into
//! gestures. Not: the iframe's place on the page (`iframe.rs`), nor any state of the conversation.

use super::banner::Line;
use super::composer::Composer;
use super::dom::{Node, build, el};
use super::header::Header;
use super::iframe::Iframe;
use super::strings::Strings;
use super::transcript::Transcript;
use super::{Host, PanelOptions, banner, composer, header, sheet, theme, transcript};
use crate::message::ConversationStatus;
use crate::session::{Gesture, View};
use js_sys::{Function, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    AbortController, AddEventListenerOptions, Element, Event, EventTarget, HtmlElement, KeyboardEvent, MediaQueryList,
    MutationObserver, MutationObserverInit, Window,
};

const NODE: Node = el("div", &[("class", "panel")], &[header::NODE, banner::NODE, transcript::NODE, composer::NODE]);

/// What stands in the iframe, and what of the view it was drawn from.
struct Parts {
    iframe: Iframe,
    root: HtmlElement,
    header: Header,
    line: Line,
    transcript: Transcript,
    composer: Composer,
    /// Listeners of the iframe's document end with it.
    abort: AbortController,
    theme: Option<(u32, bool)>,
    /// What the core last heard about the end of the transcript.
    told: Option<bool>,
}

/// The widget's panel. Nothing of it is on the page before it is first opened.
pub(crate) struct Panel(Rc<Inner>);

struct Inner {
    options: PanelOptions,
    strings: Strings,
    gestures: Rc<dyn Fn(Gesture)>,
    host: Rc<dyn Host>,
    page: Window,
    dark: MediaQueryList,
    calm: MediaQueryList,
    parts: RefCell<Option<Parts>>,
    /// Every listener of the page and of the panel.
    on_event: Closure<dyn FnMut(Event)>,
    /// What is done between two tasks: look whether the iframe is still there, tell the core where the reader is.
    on_turn: Closure<dyn FnMut()>,
    /// Ends the listeners on the page.
    abort: AbortController,
    observer: MutationObserver,
    /// Takes back the teardowns given to the host.
    cancels: RefCell<Vec<Function>>,
    /// `focus` was called before the panel could take it.
    focus: Cell<bool>,
    open: Cell<bool>,
    removed: Cell<bool>,
}

impl Panel {
    /// Prepares a panel; touches nothing on the page but listeners.
    pub(crate) fn new(
        mut options: PanelOptions,
        gestures: Rc<dyn Fn(Gesture)>,
        host: Rc<dyn Host>,
    ) -> Result<Panel, JsValue> {
        let missing = || JsValue::from_str("no window");
        let page = web_sys::window().ok_or_else(missing)?;
        let media = |query: &str| page.match_media(query)?.ok_or_else(missing);
        let dark = media("(prefers-color-scheme:dark)")?;
        let calm = media("(prefers-reduced-motion:reduce)")?;
        let abort = AbortController::new()?;
        let strings = Strings::new(std::mem::take(&mut options.messages));
        let mut failed = None;
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let of_event = weak.clone();
            let on_event = Closure::new(move |event: Event| {
                if let Some(inner) = of_event.upgrade() {
                    inner.handle(&event);
                }
            });
            let of_turn = weak.clone();
            let on_turn = Closure::new(move || {
                if let Some(inner) = of_turn.upgrade() {
                    inner.turn();
                }
            });
            let observer = MutationObserver::new(on_turn.as_ref().unchecked_ref()).unwrap_or_else(|error| {
                failed = Some(error);
                JsValue::UNDEFINED.unchecked_into()
            });
            Inner {
                options,
                strings,
                gestures,
                host,
                page,
                dark,
                calm,
                parts: RefCell::new(None),
                on_event,
                on_turn,
                abort,
                observer,
                cancels: RefCell::new(Vec::new()),
                focus: Cell::new(false),
                open: Cell::new(false),
                removed: Cell::new(false),
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        inner.listen()?;
        Ok(Panel(inner))
    }

    /// Draws the view. Called in an animation frame after the core asked for it; calls no gesture.
    pub(crate) fn draw(&self, view: &View<'_>) {
        if let Err(error) = self.0.draw(view) {
            let text =
                error.as_string().unwrap_or_else(|| String::from(error.unchecked_ref::<js_sys::Error>().message()));
            self.0.host.log(&["the panel could not be drawn: ", &text].concat());
        }
    }

    /// Empties transcript, composer, typing and names at once: nothing of a conversation stays in the DOM.
    pub(crate) fn wipe(&self) {
        if let Ok(mut parts) = self.0.parts.try_borrow_mut()
            && let Some(parts) = parts.as_mut()
        {
            parts.header.wipe();
            parts.transcript.clear();
            parts.composer.wipe();
            parts.told = None;
        }
    }

    /// Hides what is read and written without forgetting it, or shows it again.
    pub(crate) fn conceal(&self, hidden: bool) {
        if let Ok(parts) = self.0.parts.try_borrow()
            && let Some(parts) = parts.as_ref()
        {
            super::dom::flag(&parts.root, "data-concealed", hidden);
        }
    }

    /// Puts the focus where the visitor goes on: into the composer, or, where that would raise a keyboard, on the
    /// transcript. As soon as the panel is open.
    pub(crate) fn focus(&self) {
        self.0.focus.set(true);
        if self.0.open.get()
            && let Ok(parts) = self.0.parts.try_borrow()
            && let Some(parts) = parts.as_ref()
        {
            self.0.take_focus(parts);
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
    fn listen(&self) -> Result<(), JsValue> {
        for list in [&self.dark, &self.calm] {
            self.hear(list, "change", &self.abort)?;
        }
        self.hear(&self.page, "resize", &self.abort)?;
        if let Some(seen) = self.page.visual_viewport() {
            self.hear(&seen, "resize", &self.abort)?;
            self.hear(&seen, "scroll", &self.abort)?;
        }
        if let Some(root) = self.page.document().and_then(|document| document.document_element()) {
            let init = MutationObserverInit::new();
            init.set_child_list(true);
            self.observer.observe_with_options(&root, &init)?;
        }
        // Run after a panic, when nothing here can be called any more: plain functions of the browser.
        for (target, name) in [(self.abort.as_ref(), "abort"), (self.observer.as_ref() as &JsValue, "disconnect")] {
            let method: Function = Reflect::get(target, &JsValue::from_str(name))?.unchecked_into();
            let cancel = self.host.teardown(&method.bind0(target));
            self.cancels.borrow_mut().extend(cancel);
        }
        Ok(())
    }

    fn hear(&self, target: &EventTarget, kind: &str, abort: &AbortController) -> Result<(), JsValue> {
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        options.set_signal(&abort.signal());
        let listener = self.on_event.as_ref().unchecked_ref();
        target.add_event_listener_with_callback_and_add_event_listener_options(kind, listener, &options)
    }

    /// Makes the iframe and writes the panel into it.
    fn make(&self) -> Result<Parts, JsValue> {
        let title = self.strings.of("title");
        let iframe = Iframe::new(self.page.clone(), &self.options, title)?;
        let document = &iframe.document;
        let missing = || JsValue::from_str("empty document");
        let html = document.document_element().ok_or_else(missing)?;
        html.set_attribute("lang", &self.options.locale)?;
        html.set_attribute("dir", if self.options.rtl { "rtl" } else { "ltr" })?;
        sheet::adopt(document, &iframe.window)?;
        document.set_title(title);
        let root: Element = build(document, &self.strings, &NODE)?;
        document.body().ok_or_else(missing)?.append_child(&root)?;
        let abort = AbortController::new()?;
        for kind in ["click", "input", "keydown", "scroll", "error"] {
            self.hear(document, kind, &abort)?;
        }
        self.hear(&iframe.window, "resize", &abort)?;
        self.hear(&iframe.element, "load", &abort)?;
        Ok(Parts {
            header: Header::new(&root)?,
            line: Line::new(&root)?,
            transcript: Transcript::new(&root, document, &self.options, &self.strings)?,
            composer: Composer::new(&root)?,
            root: html.unchecked_into(),
            iframe,
            abort,
            theme: None,
            told: None,
        })
    }

    fn draw(&self, view: &View<'_>) -> Result<(), JsValue> {
        if self.removed.get() {
            return Ok(());
        }
        let open = view.look.open && view.look.shown;
        let Ok(mut slot) = self.parts.try_borrow_mut() else { return Ok(()) };
        if slot.as_ref().is_some_and(|parts| !parts.iframe.intact()) {
            discard(&mut slot);
        }
        self.open.set(open);
        if !open && slot.is_none() {
            return Ok(());
        }
        let parts = match slot.as_mut() {
            Some(parts) => parts,
            None => slot.insert(self.make()?),
        };
        if !open {
            parts.header.close_menu(false);
            parts.iframe.show(false, self.calm.matches());
            parts.told = None;
            return Ok(());
        }
        let theme = Some((view.look.theme_revision, self.dark.matches()));
        if parts.theme != theme {
            parts.theme = theme;
            self.dress(parts, &view.look.theme)?;
        }
        parts.iframe.raise(view.look.z_index);
        let document = parts.iframe.document.clone();
        parts.header.draw(view, &self.options, &self.strings, &document)?;
        parts.line.draw(view.banner, &self.strings);
        parts.composer.draw(view, view.status == ConversationStatus::Ended);
        parts.transcript.draw(view, &self.strings, &document)?;
        parts.iframe.show(true, self.calm.matches());
        if parts.told != Some(parts.transcript.at_end()) {
            self.page.queue_microtask(self.on_turn.as_ref().unchecked_ref());
        }
        if self.focus.get() {
            self.take_focus(parts);
        }
        Ok(())
    }

    fn dress(&self, parts: &mut Parts, text: &str) -> Result<(), JsValue> {
        let log = |text: &str| self.host.log(text);
        let outside = theme::apply(text, self.dark.matches(), &parts.root, &parts.iframe.window, &log)?;
        parts.iframe.dress(outside);
        Ok(())
    }

    fn take_focus(&self, parts: &Parts) {
        self.focus.set(false);
        let _ = parts.iframe.element.focus();
        if parts.composer.usable() && !parts.iframe.phone() {
            parts.composer.focus();
        } else {
            let _ = parts.transcript.focus_target().focus();
        }
    }

    /// Between two tasks; the view is never borrowed here.
    fn turn(&self) {
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

    /// An event of the page or of the panel.
    fn handle(&self, event: &Event) {
        let kind = event.type_();
        let mut gesture = None;
        let mut redraw = false;
        if let Ok(mut slot) = self.parts.try_borrow_mut()
            && let Some(parts) = slot.as_mut()
        {
            match kind.as_str() {
                "click" => gesture = parts.click(event),
                "keydown" => gesture = parts.key(event.unchecked_ref()),
                "input" => {
                    parts.composer.grow();
                    parts.transcript.follow();
                    gesture = Some(Gesture::Draft(parts.composer.text()));
                }
                "error" => {
                    // A picture that cannot be had: the initials below it remain.
                    if let Some(target) = event.target() {
                        target.unchecked_ref::<Element>().remove();
                    }
                }
                "change" => {
                    // The next drawing compares what the theme was drawn for.
                    parts.theme = None;
                    redraw = true;
                }
                "load" => redraw = true,
                "resize" => {
                    parts.iframe.place();
                    parts.iframe.hold();
                    parts.transcript.follow();
                    redraw = true;
                }
                _ => {
                    parts.iframe.place();
                    redraw = parts.transcript.scrolled();
                }
            }
        }
        if let Some(gesture) = gesture {
            (self.gestures)(gesture);
        }
        self.turn();
        if redraw && self.open.get() {
            self.host.redraw();
        }
    }

    fn remove(&self) {
        if self.removed.replace(true) {
            return;
        }
        self.abort.abort();
        self.observer.disconnect();
        for cancel in self.cancels.borrow_mut().drain(..) {
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
    /// What a click on one of our controls means.
    fn click(&mut self, event: &Event) -> Option<Gesture> {
        let target: Element = event.target()?.unchecked_into();
        let button = target.closest("button").ok().flatten();
        let name = button.as_ref().and_then(|button| button.get_attribute("data-part")).unwrap_or_default();
        if name == "menu" {
            self.header.toggle_menu();
            return None;
        }
        self.header.close_menu(false);
        match name.as_str() {
            "send" => return self.send(),
            "jump" => {
                self.transcript.pin();
                // The button goes away under the focus.
                let _ = self.transcript.focus_target().focus();
            }
            "close" => return Some(Gesture::Close),
            "end-chat" => return Some(Gesture::EndChat),
            "start-new" => return Some(Gesture::StartNew),
            "reconnect" => return Some(Gesture::Reconnect),
            "retry" | "discard" => {
                let id = button?.closest("[data-id]").ok()??.get_attribute("data-id")?;
                self.composer.focus();
                return Some(if name == "retry" { Gesture::Retry(id) } else { Gesture::Discard(id) });
            }
            _ => {}
        }
        None
    }

    fn send(&mut self) -> Option<Gesture> {
        let text = self.composer.take()?;
        // Whoever writes wants to see it.
        self.transcript.pin();
        Some(Gesture::Send(text))
    }

    fn key(&mut self, event: &KeyboardEvent) -> Option<Gesture> {
        // Enter and Escape within an input method choose or drop a word. Safari says so by the key code alone.
        if event.is_composing() || event.key_code() == 229 {
            return None;
        }
        let target: Element = event.target()?.unchecked_into();
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                (!self.header.close_menu(true)).then_some(Gesture::Close)
            }
            "Enter" if !event.shift_key() && target.tag_name() == "TEXTAREA" => {
                event.prevent_default();
                self.send()
            }
            "ArrowDown" | "ArrowUp" | "Home" | "End" if self.header.menu_open() => {
                event.prevent_default();
                None
            }
            "ArrowDown" if target.get_attribute("data-part").as_deref() == Some("menu") => {
                event.prevent_default();
                self.header.toggle_menu();
                None
            }
            "Tab" => {
                self.header.close_menu(false);
                None
            }
            _ => None,
        }
    }
}
