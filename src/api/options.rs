//! Reads the options object of a page, key by key, into the one table of options, and picks out what is no data: the
//! page's own transport, store and logger. Not: what an option means (`crate::options`).

use super::convert::json_text;
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json;
use crate::options::{Given, Options, Storage};
use crate::session::{Config, UpdateLimit};
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::*;

/// What the page brought along.
pub(super) struct Brought {
    pub(super) options: Options,
    pub(super) transport: Option<JsValue>,
    pub(super) store: Option<JsValue>,
    pub(super) logger: Option<Function>,
    pub(super) token_provider: Option<Function>,
}

/// Checks everything; the first thing that is wrong is told.
pub(super) fn read(given: &JsValue) -> Result<Brought, Error> {
    let mut options = Options::new();
    if !given.is_undefined() && !given.is_object() {
        return Err(Error::new(Code::InvalidConfig, "the options must be an object"));
    }
    let keys = if given.is_undefined() { Array::new() } else { Object::keys(given.unchecked_ref::<Object>()) };
    for key in keys.iter().filter_map(|key: JsValue| key.as_string()) {
        let value = js::member(given, &key);
        if value.is_undefined() {
            continue;
        }
        match kind(&key, &value)? {
            Kind::Function => options.set(&key, Given::Function)?,
            Kind::Object => options.set(&key, Given::Object)?,
            Kind::Json(text) => {
                // Only a text beyond the limits of size and depth is refused here.
                let document = json::parse(&text).map_err(|_| too_big(&key))?;
                options.set(&key, Given::Json(document.root()))?;
            }
        }
    }
    let options = options.finish()?;
    let transport = options.own_transport().then(|| js::member(given, "transport"));
    let store = options.own_store().map(|key| js::member(given, key));
    let (logger, token_provider) = (js::method(given, "logger"), js::method(given, "tokenProvider"));
    Ok(Brought { options, transport, store, logger, token_provider })
}

/// The part a session needs.
pub(super) fn config(options: &Options) -> Config {
    let backend = match options.server_url().filter(|_| !options.own_transport()) {
        Some(address) => ["cometd ", &address].concat(),
        None => "custom".into(),
    };
    let (per_second, per_minute) = options.update_limit();
    Config {
        lazy: options.lazy(),
        cookie_consent: options.cookie_consent(),
        // The cookie expires by itself; how long the page's own store keeps things is the page's affair.
        kept_for: match options.storage() {
            Storage::Local | Storage::Session => {
                options.max_offline_duration().map(|seconds| seconds.saturating_mul(1_000))
            }
            _ => None,
        },
        storage: options.storage().name(),
        namespace: options.namespace(),
        locale: options.locale().unwrap_or_else(page_locale),
        backend,
        sound: cfg!(feature = "widget") && options.sound(),
        nickname: options.username(),
        subject: options.subject(),
        user_data: options.user_data(),
        theme: options.theme(),
        z_index: options.z_index(),
        token_provider: options.own_token_provider().then_some(0),
        update_limit: UpdateLimit { per_second, per_minute },
    }
}

enum Kind {
    Function,
    Object,
    Json(String),
}

fn kind(key: &str, value: &JsValue) -> Result<Kind, Error> {
    if value.is_function() {
        return Ok(Kind::Function);
    }
    let methods: &[&str] = match key {
        "transport" => &["connect", "perform", "disconnect"],
        "storage" | "stateStorage" => &["read", "write"],
        _ => &[],
    };
    if value.is_object() && !methods.is_empty() {
        return match methods.iter().find(|name| js::method(value, name).is_none()) {
            None => Ok(Kind::Object),
            Some(name) => {
                Err(Error::new(Code::InvalidConfig, ["option `", key, ".", name, "` must be a function"].concat()))
            }
        };
    }
    Ok(Kind::Json(json_text(value).unwrap_or_else(|| "null".into())))
}

fn too_big(key: &str) -> Error {
    Error::new(Code::InvalidConfig, ["option `", key, "` is too big or nested too deeply"].concat())
}

/// The page's language, else the browser's.
fn page_locale() -> String {
    let root = js::member(&js::global("document"), "documentElement");
    let page = js::words(&root, "lang").filter(|lang| !lang.is_empty());
    page.or_else(|| js::words(&js::global("navigator"), "language")).unwrap_or_else(|| "en".into())
}
