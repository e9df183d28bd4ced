//! The channel between the tabs of a namespace. Not: what they tell each other (the session), nor who leads (`locks`).

use super::inbox::{Inbox, Input};
use super::teardown::{Teardown, Teardowns};
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// An open channel; closes when dropped.
pub(crate) struct Tabs {
    channel: BroadcastChannel,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _teardown: Teardown,
}

impl Tabs {
    /// Joins the tabs of the namespace; `None` where the browser refuses: then every tab is alone.
    pub(crate) fn join(namespace: &str, teardowns: &Teardowns, inbox: &Inbox) -> Option<Self> {
        let channel = BroadcastChannel::new(&["sc:", namespace].concat()).ok()?;
        let inbox = inbox.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                inbox.feed(Input::Peer(text));
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        let _teardown = teardowns.method(&channel, "close");
        Some(Tabs { channel, _heard: heard, _teardown })
    }

    /// Tells the others. A channel that closed meanwhile has nobody to tell.
    pub(crate) fn post(&self, text: &str) {
        let _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
