//! What happens to the page: network, visibility, the back/forward cache. Not: what follows from it (the session).

use super::inbox::{Inbox, Input};
use super::js;
use super::listener::Listeners;
use super::teardown::Teardowns;
use crate::json::{self, Writer};
use crate::session::PageEvent;
use web_sys::Event;

/// Reports the page's events until it is dropped.
pub(crate) fn listen(teardowns: &Teardowns, inbox: &Inbox) -> Option<Listeners> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let mut listeners = Listeners::new(teardowns)?;
    for (name, event) in [("online", PageEvent::Online), ("offline", PageEvent::Offline)] {
        let inbox = inbox.clone();
        listeners.on(&window, name, move |_| inbox.feed(Input::Page(event)));
    }
    for (name, event) in [("freeze", PageEvent::Frozen), ("resume", PageEvent::Resumed)] {
        let inbox = inbox.clone();
        listeners.on(&document, name, move |_| inbox.feed(Input::Page(event)));
    }
    let shown = inbox.clone();
    listeners.on(&document, "visibilitychange", move |_| shown.feed(Input::Page(visibility())));
    let hidden = inbox.clone();
    listeners.on(&window, "pagehide", move |event| {
        hidden.feed(Input::Page(if persisted(&event) { PageEvent::Cached } else { PageEvent::Leaving }));
    });
    let restored = inbox.clone();
    listeners.on(&window, "pageshow", move |event| {
        if persisted(&event) {
            restored.feed(Input::Page(PageEvent::Restored));
        }
    });
    Some(listeners)
}

/// How the page stands at the start; sessions assume a visible page with a network.
pub(crate) fn tell_initial(inbox: &Inbox) {
    if web_sys::window().is_some_and(|window| !window.navigator().on_line()) {
        inbox.feed(Input::Page(PageEvent::Offline));
    }
    if visibility() == PageEvent::Hidden {
        inbox.feed(Input::Page(PageEvent::Hidden));
    }
}

/// The user data of a conversation: what the page is, and over it what the page said.
pub(crate) fn with_page(user_data: &str) -> String {
    let Some(window) = web_sys::window() else { return user_data.to_owned() };
    let location = js::member(&js::member(&window, "location"), "href").as_string();
    let document = window.document();
    let title = document.as_ref().map(web_sys::Document::title);
    let referrer = document.as_ref().map(web_sys::Document::referrer);
    let parsed = json::parse(user_data);
    let given = parsed.as_ref().ok().map(json::Document::root);
    let mut writer = Writer::new();
    writer.object();
    let known = [("source", Some("web".to_owned())), ("pageTitle", title), ("url", location), ("referrer", referrer)];
    for (name, value) in known {
        if given.and_then(|given| given.member(name)).is_none() {
            writer.name(name).string(&value.unwrap_or_default());
        }
    }
    for (name, value) in given.into_iter().flat_map(json::Value::members) {
        writer.name(name).raw(value.raw());
    }
    writer.end_object();
    writer.finish()
}

fn visibility() -> PageEvent {
    let hidden = web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden());
    if hidden { PageEvent::Hidden } else { PageEvent::Shown }
}

fn persisted(event: &Event) -> bool {
    js::member(event, "persisted").is_truthy()
}
