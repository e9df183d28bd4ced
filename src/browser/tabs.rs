//! The channel between the tabs of a namespace. Not: what they tell each other (the session), nor who leads (`locks`).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use wasm_bindgen::JsValue;

/// An open channel; closes when dropped.
pub(crate) struct Tabs {
    channel: JsValue,
    _teardown: Teardown,
}

impl Tabs {
    /// Joins the tabs of the namespace; `None` where the browser refuses: then every tab is alone.
    pub(crate) fn join(namespace: &str, teardowns: &Teardowns, inbox: &Inbox) -> Option<Self> {
        let inbox = inbox.clone();
        let heard = js::callback(move |text| inbox.feed(Input::Peer(text.as_string().unwrap_or_default())));
        let channel = js::channel(&["sc:", namespace].concat(), &heard)?;
        let _teardown = teardowns.method(&channel, "close");
        Some(Tabs { channel, _teardown })
    }

    /// Tells the others. A channel that closed meanwhile has nobody to tell.
    pub(crate) fn post(&self, text: &str) {
        js::tell(&self.channel, "postMessage", text);
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        js::hang_up(&self.channel);
    }
}
