//! Makes the parts of an instance that the options choose: store, transport, screen. Not: what they do.

use super::js_store::JsStore;
use super::js_transport::{self, JsTransport};
use crate::browser::cookie::CookieStore;
use crate::browser::inbox::Inbox;
use crate::browser::keeping::Backing;
use crate::browser::storage::{Area, WebStorage};
use crate::browser::teardown::Teardowns;
use crate::browser::wire::{Links, Wire};
use crate::browser::{Screen, clock, js};
use crate::options::{Options, Storage};
use crate::session::Config;
use crate::store::persisted::LINK;
use crate::transport::ConnectionType;
use crate::transport::cometd::{self, Cometd};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// Where the state is kept.
pub(super) fn backing(options: &Options, store: Option<JsValue>, inbox: &Inbox) -> Backing {
    let namespace = options.namespace();
    match (options.storage(), store) {
        (Storage::Custom, Some(page)) => Backing::Page(Box::new(JsStore::new(&page, inbox))),
        (Storage::Session, _) => Backing::Web(WebStorage::new(Area::Session, &namespace)),
        (Storage::Cookie, _) => {
            let afterwards = options.max_offline_duration().unwrap_or_default();
            Backing::Cookie(CookieStore::new(&namespace, options.storage_domain().as_deref(), afterwards))
        }
        (Storage::Memory | Storage::Custom, _) => Backing::Memory,
        (Storage::Local, _) => Backing::Web(WebStorage::new(Area::Local, &namespace)),
    }
}

/// The transport: the page's own, or the built-in one.
pub(super) fn wire(options: &Options, page: Option<JsValue>, teardowns: &Teardowns, inbox: &Inbox) -> Wire {
    match page {
        Some(page) => Wire::Page(Box::new(js_transport::Held(JsTransport::new(&page, inbox.clone())))),
        None => built_in(options, teardowns, inbox),
    }
}

fn built_in(options: &Options, teardowns: &Teardowns, inbox: &Inbox) -> Wire {
    let remembered = WebStorage::new(Area::Session, &options.namespace()).item(LINK);
    let config = cometd::Config {
        server_url: absolute(&options.server_url().unwrap_or_default()),
        channel: options.channel(),
        web_sockets: !options.disable_web_sockets(),
        remembered: remembered.and_then(|name| ConnectionType::named(&name)),
    };
    let cometd = Cometd::new(config, clock::random() as u64);
    Wire::Cometd(RefCell::new(Box::new(cometd)), Links::new(teardowns, inbox))
}

/// A path is one of the page's own origin.
fn absolute(address: &str) -> String {
    let origin = js::words(&js::global("location"), "origin").unwrap_or_default();
    if address.starts_with('/') { [&origin, address].concat() } else { address.to_owned() }
}

/// What the visitor sees.
#[cfg(feature = "widget")]
pub(super) fn screen(
    options: &Options,
    config: &Config,
    teardowns: &Teardowns,
    inbox: &Inbox,
) -> Option<Box<dyn Screen>> {
    if options.auto_render() { super::screen::mount(options, &config.locale, teardowns, inbox) } else { None }
}

/// Nothing to see.
#[cfg(not(feature = "widget"))]
pub(super) fn screen(_: &Options, _: &Config, _: &Teardowns, _: &Inbox) -> Option<Box<dyn Screen>> {
    None
}
