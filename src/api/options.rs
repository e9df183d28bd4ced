//! What a session needs of the options. Not: what an option means (`crate::options`), nor how it is read (`page.js`).

use crate::browser::js;
use crate::options::{Options, Storage};
use crate::session::{Config, UpdateLimit};
use wasm_bindgen::JsValue;

/// The part a session needs.
pub(super) fn config(options: &Options, side: &JsValue) -> Config {
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
        locale: options.locale().or_else(|| js::words(side, "locale")).unwrap_or_default(),
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
