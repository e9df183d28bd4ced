//! What happens to the page: network, visibility, the back/forward cache. Not: what follows from it (the session).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::json::{self, Writer};
use crate::session::PageEvent;
use js_sys::Function;
use wasm_bindgen::JsValue;

/// In the order in which `web.js` counts them.
const EVENTS: [PageEvent; 10] = [
    PageEvent::Online,
    PageEvent::Offline,
    PageEvent::Shown,
    PageEvent::Hidden,
    PageEvent::Leaving,
    PageEvent::Cached,
    PageEvent::Restored,
    PageEvent::Frozen,
    PageEvent::Resumed,
    PageEvent::Focused,
];

/// Reports the page's events until it is dropped.
pub(crate) struct Listening {
    stop: Function,
    _teardown: Teardown,
}

impl Listening {
    /// Begins.
    pub(crate) fn new(teardowns: &Teardowns, inbox: &Inbox) -> Self {
        let inbox = inbox.clone();
        let stop = js::listen(&js::callback(move |place| {
            if let Some(event) = place.as_f64().and_then(|place| EVENTS.get(place as usize)) {
                inbox.feed(Input::Page(*event));
            }
        }));
        Listening { _teardown: teardowns.function(&stop), stop }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.stop.call0(&JsValue::NULL);
    }
}

/// How the page stands at the start; sessions assume a visible page with a network.
pub(crate) fn tell_initial(inbox: &Inbox) {
    if js::member(&js::global("navigator"), "onLine").is_falsy() {
        inbox.feed(Input::Page(PageEvent::Offline));
    }
    if js::member(&js::global("document"), "hidden").is_truthy() {
        inbox.feed(Input::Page(PageEvent::Hidden));
    }
}

/// The user data of a conversation: what the page is, and over it what the page said.
pub(crate) fn with_page(user_data: &str) -> String {
    let document = js::global("document");
    let location = js::words(&js::global("location"), "href");
    let parsed = json::parse(user_data);
    let given = parsed.as_ref().ok().map(json::Document::root);
    let mut writer = Writer::new();
    writer.object();
    let known = [
        ("source", Some("web".to_owned())),
        ("pageTitle", js::words(&document, "title")),
        ("url", location),
        ("referrer", js::words(&document, "referrer")),
    ];
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
