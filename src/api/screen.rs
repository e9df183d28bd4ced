//! The panel as the driver sees it. Not: the panel (`widget`).

use crate::browser::Screen;
use crate::browser::inbox::{Inbox, Input};
use crate::browser::teardown::Teardowns;
use crate::json::{self, Document, Value};
use crate::options::Options;
use crate::session::{Gesture, Level, View};
use crate::widget::{Host, Panel, PanelOptions};
use js_sys::Function;
use std::rc::Rc;

/// Prepares the panel; it stands on the page when it is first opened. `None` where the browser lacks what it needs.
pub(super) fn mount(options: &Options, locale: &str, teardowns: &Teardowns, inbox: &Inbox) -> Option<Box<dyn Screen>> {
    let gestures = inbox.clone();
    let side = Side { inbox: inbox.clone(), teardowns: teardowns.clone() };
    let gestures = Rc::new(move |gesture: Gesture| gestures.feed(Input::Gesture(gesture)));
    let panel = Panel::new(panel_options(options, locale), gestures, Rc::new(side)).ok()?;
    Some(Box::new(Mounted(panel)))
}

struct Mounted(Panel);

impl Screen for Mounted {
    fn draw(&self, view: &View<'_>) {
        self.0.draw(view);
    }

    fn wipe(&self) {
        self.0.wipe();
    }

    fn conceal(&self, hidden: bool) {
        self.0.conceal(hidden);
    }

    fn focus(&self) {
        self.0.focus();
    }

    fn remove(&self) {
        self.0.remove();
    }
}

/// What the panel asks of the shell.
struct Side {
    inbox: Inbox,
    teardowns: Teardowns,
}

impl Host for Side {
    fn log(&self, text: &str) {
        self.inbox.log(Level::Warn, text);
    }

    fn redraw(&self) {
        self.inbox.redraw();
    }

    fn teardown(&self, teardown: &Function) -> Option<Function> {
        self.teardowns.register(teardown)
    }
}

fn panel_options(options: &Options, locale: &str) -> PanelOptions {
    let messages = options.messages().unwrap_or_default();
    let messages = json::parse(&messages).ok();
    let brand = options.brand().and_then(|brand| json::parse(brand).ok());
    let launcher = options.launcher().and_then(|launcher| json::parse(launcher).ok());
    let brand = |key: &str| Some(brand.as_ref()?.root().text_at(key)?.to_owned());
    let launcher = launcher.as_ref().map(Document::root);
    let offset = |axis: &str| {
        let given = launcher.and_then(|launcher| launcher.member("offset")?.member(axis)?.number_i64());
        given.and_then(|pixels| i32::try_from(pixels).ok()).unwrap_or(20)
    };
    let words = messages.as_ref().map(Document::root).into_iter().flat_map(Value::members);
    PanelOptions {
        namespace: options.namespace(),
        rtl: right_to_left(locale),
        locale: locale.to_owned(),
        messages: words.filter_map(|(key, words)| Some((key.to_owned(), words.text()?.to_owned()))).collect(),
        brand_name: brand("name"),
        brand_avatar: brand("avatarUrl"),
        reply_time: brand("replyTime"),
        left: launcher.is_some_and(|launcher| launcher.text_at("position") == Some("left")),
        offset: (offset("x"), offset("y")),
    }
}

/// By the language alone: those that are written so everywhere.
fn right_to_left(locale: &str) -> bool {
    let language = locale.split_once('-').map_or(locale, |(language, _)| language);
    ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"].contains(&language)
}
