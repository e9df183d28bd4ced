//! What a page gets back, as JSON: events, answers, errors. Not: the shapes within (`shapes`), nor what a page says
//! (`calls`, `options`).

use super::{page, shapes};
use crate::error::Error;
use crate::json::Writer;
use crate::session::{CallId, Event, Settled};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A real `Error` with name, code, reason and whether trying again may help.
pub(super) fn error(error: &Error) -> JsValue {
    page::failure(&written(&mut |out| shapes::error(out, error)))
}

/// What handlers get, but for what says when and which it is.
pub(super) fn envelope(event: &Event) -> String {
    written(&mut |out| {
        out.object().name("payload").object();
        let name = shapes::event(out, event);
        out.end_object();
        shapes::text(out, "type", name);
        out.end_object();
    })
}

/// The answer to a call.
pub(super) fn settled(call: CallId, result: &Result<Settled, Error>) -> String {
    written(&mut |out| {
        out.object().name("call").number(call.into());
        match result {
            Err(error) => shapes::error(out.name("error"), error),
            Ok(Settled::Nothing) => {}
            Ok(Settled::Json(text)) => drop(out.name("value").raw(text)),
            Ok(Settled::Message(message)) => shapes::message(out.name("value"), message),
            Ok(Settled::Conversation(conversation)) => shapes::conversation(out.name("value"), conversation),
            Ok(Settled::Transcript(messages)) => {
                out.name("value").array();
                for message in messages {
                    shapes::message(out, message);
                }
                out.end_array();
            }
        }
        out.end_object();
    })
}

/// What the launcher shows, by its words.
#[cfg(feature = "widget")]
pub(super) fn look(unread: u32, look: &crate::session::Look) -> String {
    let mut z_index = String::new();
    if look.z_index < 0 {
        z_index.push('-');
    }
    crate::json::push_number(&mut z_index, look.z_index.unsigned_abs().into());
    written(&mut |out| {
        out.object().name("badge").number(unread.into());
        out.name("opened").boolean(look.open);
        out.name("visible").boolean(look.shown && look.launcher);
        out.name("theme").raw(&look.theme).name("zIndex").raw(&z_index);
        out.end_object();
    })
}

/// What is written, as text.
pub(super) fn written(write: &mut dyn FnMut(&mut Writer)) -> String {
    let mut out = Writer::new();
    write(&mut out);
    out.finish()
}

/// Words and numbers outward; serialising them fails for nothing we have.
pub(super) fn value<T: Serialize>(scalar: T) -> JsValue {
    serde_wasm_bindgen::to_value(&scalar).unwrap_or_default()
}
