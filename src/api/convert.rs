//! Conversions between JavaScript and Rust: what a page gets back, and the numbers and texts it brings. Not: the shapes
//! themselves (`shapes`), nor what is passed to a call (`calls`).

use super::shapes;
use crate::browser::js;
use crate::error::Error;
use crate::json::Writer;
use crate::session::{Connection, Event, Identity, Settled};
use crate::time::iso;
use js_sys::JSON;
use serde::Serialize;
use wasm_bindgen::prelude::*;

// Outward.

/// A real `Error` with name, code, reason and whether trying again may help.
pub(crate) fn error(error: &Error) -> JsValue {
    js::failure(&error.message, error.code.name(), error.code.recoverable(), error.reason)
}

/// The envelope handlers get.
pub(crate) fn envelope(event: &Event, id: &str, wall: u64) -> JsValue {
    let envelope = written(|out| {
        out.object().name("payload").object();
        let name = shapes::event(out, event);
        out.end_object();
        shapes::text(out, "id", id);
        shapes::text(out, "type", name);
        shapes::text(out, "createdAt", &iso(wall));
        out.end_object();
    });
    let reason = match event {
        Event::Error(reason) => Some(reason),
        Event::Message(_, _, message) => message.error.as_ref(),
        _ => None,
    };
    if let Some(reason) = reason {
        js::set(&js::member(&envelope, "payload"), "error", &error(reason));
    }
    envelope
}

/// What a promise resolves with.
pub(crate) fn settled(result: &Settled) -> JsValue {
    match result {
        Settled::Nothing => JsValue::UNDEFINED,
        Settled::Json(text) => parsed(text),
        Settled::Message(message) => written(|out| shapes::message(out, message)),
        Settled::Conversation(conversation) => written(|out| shapes::conversation(out, conversation)),
        Settled::Transcript(messages) => written(|out| {
            out.array();
            for message in messages {
                shapes::message(out, message);
            }
            out.end_array();
        }),
    }
}

/// `chat.identity`.
pub(crate) fn identity(identity: Option<&Identity>) -> JsValue {
    written(|out| shapes::identity(out, identity))
}

/// `chat.connection`.
pub(crate) fn connection(connection: Connection) -> JsValue {
    written(|out| shapes::connection(out, connection))
}

/// A checked JSON text as a value.
pub(crate) fn parsed(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// What is written, as a value.
pub(super) fn written(write: impl FnOnce(&mut Writer)) -> JsValue {
    let mut out = Writer::new();
    write(&mut out);
    parsed(&out.finish())
}

/// Words and numbers outward; serialising them fails for nothing we have.
pub(super) fn value<T: Serialize>(scalar: T) -> JsValue {
    serde_wasm_bindgen::to_value(&scalar).unwrap_or_default()
}

// Inward.

/// A whole number that is not negative.
pub(crate) fn whole(value: &JsValue) -> Option<u64> {
    let number = value.as_f64()?;
    (number.fract() == 0.0 && (0.0..=js_sys::Number::MAX_SAFE_INTEGER).contains(&number)).then_some(number as u64)
}

/// What `JSON.stringify` makes of it; `None` where it throws or has nothing to say.
pub(crate) fn json_text(value: &JsValue) -> Option<String> {
    // Typed as always giving a string, it gives `undefined` for functions and symbols.
    let text: JsValue = JSON::stringify(value).ok()?.into();
    text.as_string()
}
