//! Makes the parts of an instance that the options choose: store, transport, screen. Not: what they do.

use super::js_store::JsStore;
use super::js_transport::{self, JsTransport};
use crate::browser::inbox::Inbox;
use crate::browser::keeping::Backing;
use crate::browser::storage::{Area, WebStorage};
use crate::browser::wire::Wire;
use crate::browser::{Screen, clock, js};
use crate::options::{Options, Storage};
use crate::session::Config;
use crate::store::persisted::LINK;
use crate::transport::ConnectionType;
use crate::transport::cometd::{self, Cometd};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// Where the state is kept.
pub(super) fn backing(options: &Options, side: &JsValue, inbox: &Inbox) -> Backing {
    let namespace = options.namespace();
    match options.storage() {
        Storage::Custom => Backing::Page(Box::new(JsStore::new(side, inbox))),
        Storage::Session => Backing::Web(WebStorage::new(Area::Session, &namespace)),
        Storage::Cookie => {
            let afterwards = options.max_offline_duration().unwrap_or_default();
            Backing::Cookie(WebStorage::cookie(&namespace, options.storage_domain().as_deref(), afterwards))
        }
        Storage::Memory => Backing::Memory,
        Storage::Local => Backing::Web(WebStorage::new(Area::Local, &namespace)),
    }
}

/// The transport: the page's own, or the built-in one.
pub(super) fn wire(options: &Options, side: &JsValue, inbox: &Inbox) -> Wire {
    if options.own_transport() {
        return Wire::Page(Box::new(js_transport::Held(JsTransport::new(side, inbox.clone()))));
    }
    let remembered = WebStorage::new(Area::Session, &options.namespace()).item(LINK);
    let mut server_url = options.server_url().unwrap_or_default();
    // A path is one of the page's own origin.
    if server_url.starts_with('/') {
        server_url.insert_str(0, &js::words(side, "origin").unwrap_or_default());
    }
    let config = cometd::Config {
        server_url,
        channel: options.channel(),
        web_sockets: !options.disable_web_sockets(),
        remembered: remembered.and_then(|name| ConnectionType::named(&name)),
    };
    let cometd = Cometd::new(config, clock::random() as u64);
    Wire::Cometd(RefCell::new(Box::new(cometd)))
}

/// What the visitor sees.
#[cfg(feature = "widget")]
pub(super) fn screen(options: &Options, config: &Config, handle: &JsValue, inbox: &Inbox) -> Option<Box<dyn Screen>> {
    options.auto_render().then(|| super::screen::mount(options, &config.locale, handle, inbox))
}

/// Nothing to see.
#[cfg(not(feature = "widget"))]
pub(super) fn screen(_: &Options, _: &Config, _: &JsValue, _: &Inbox) -> Option<Box<dyn Screen>> {
    None
}
