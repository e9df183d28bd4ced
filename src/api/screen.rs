//! The panel as the driver sees it. Not: the panel (`widget`).

use crate::browser::inbox::{Inbox, Input};
use crate::browser::teardown::Teardown;
use crate::browser::{Screen, js};
use crate::json::Writer;
use crate::options::Options;
use crate::session::{Level, View};
use crate::widget::{Panel, Said, heard, prepare};
use wasm_bindgen::JsValue;

/// Prepares the panel; it stands on the page when it is first opened.
pub(super) fn mount(options: &Options, locale: &str, handle: &JsValue, inbox: &Inbox) -> Box<dyn Screen> {
    let inbox = inbox.clone();
    let act = js::callback(move |said, _, _, _| match heard(&said) {
        Some(Said::Gesture(gesture)) => inbox.feed(Input::Gesture(gesture)),
        Some(Said::Redraw) => inbox.redraw(),
        Some(Said::Log(line)) => inbox.log(Level::Warn, line),
        None => {}
    });
    let panel = prepare(&panel_options(options, locale), &act);
    let teardown = Teardown::new(handle, &panel, "remove");
    Box::new(Mounted { panel, _teardown: teardown })
}

struct Mounted {
    panel: Panel,
    _teardown: Teardown,
}

impl Screen for Mounted {
    fn draw(&self, view: &View<'_>) {
        self.panel.draw(view);
    }

    fn wipe(&self) {
        self.panel.tell("wipe");
    }

    fn conceal(&self, hidden: bool) {
        self.panel.tell(if hidden { "conceal" } else { "reveal" });
    }

    fn focus(&self) {
        self.panel.tell("focus");
    }

    fn remove(&self) {
        self.panel.tell("remove");
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.panel.tell("remove");
    }
}

/// What of the checked options the panel needs, as JSON.
fn panel_options(options: &Options, locale: &str) -> String {
    let mut out = Writer::new();
    out.object().name("namespace").string(&options.namespace()).name("locale").string(locale);
    out.name("messages").raw(options.messages().as_deref().unwrap_or("null"));
    out.name("brand").raw(options.brand().unwrap_or("null"));
    out.name("launcher").raw(options.launcher().unwrap_or("null")).end_object();
    out.finish()
}
