//! Every conversion between JavaScript and Rust: what a page passes to a call, read field by field, and what it gets
//! back. Not: the options (`options`), nor whether a call makes sense now (the session).

use super::shapes;
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json;
use crate::options::{self, Given, theme_object};
use crate::session::{Call, Connection, Event, Identity, Settled};
use crate::time::iso;
use js_sys::{Array, JSON, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Free-form objects may be this long as JSON.
const FREE: usize = 16 * 1024;

// Outward.

/// A real `Error` with name, code, reason and whether trying again may help.
pub(crate) fn error(error: &Error) -> JsValue {
    let value = js_sys::Error::new(&error.message);
    value.set_name("SupportChatError");
    js::set(&value, "code", &error.code.name().into());
    if let Some(reason) = error.reason {
        js::set(&value, "reason", &reason.into());
    }
    js::set(&value, "recoverable", &error.code.recoverable().into());
    value.into()
}

/// The envelope handlers get.
pub(crate) fn envelope(event: &Event, id: &str, wall: u64) -> JsValue {
    let (name, payload) = shapes::event(event);
    let payload = value(&payload);
    match event {
        Event::Error(reason) => js::set(&payload, "error", &error(reason)),
        Event::Message(_, _, message) => {
            if let Some(reason) = &message.error {
                js::set(&payload, "error", &error(reason));
            }
        }
        // Nobody is `null`, which is not the same as not said.
        Event::AuthChanged { identity, previous } => {
            if identity.is_none() {
                js::set(&payload, "identityType", &JsValue::NULL);
            }
            if previous.is_none() {
                js::set(&payload, "previous", &JsValue::NULL);
            }
        }
        _ => {}
    }
    let envelope = Object::new();
    js::set(&envelope, "id", &id.into());
    js::set(&envelope, "type", &name.into());
    js::set(&envelope, "createdAt", &iso(wall).into());
    js::set(&envelope, "payload", &payload);
    envelope.into()
}

/// What a promise resolves with.
pub(crate) fn settled(result: &Settled) -> JsValue {
    match result {
        Settled::Nothing => JsValue::UNDEFINED,
        Settled::Message(message) => value(&shapes::message(message)),
        Settled::Conversation(conversation) => value(&shapes::conversation(conversation)),
        Settled::Json(text) => parsed(text),
        Settled::Transcript(messages) => {
            messages.iter().map(|message| value(&shapes::message(message))).collect::<Array>().into()
        }
    }
}

/// `chat.identity`.
pub(crate) fn identity(identity: Option<&Identity>) -> JsValue {
    let object = Object::new();
    js::set(&object, "type", &identity.map_or(JsValue::NULL, |identity| shapes::identity_type(identity).into()));
    if let Some(identity) = identity {
        if let Some(user) = &identity.user_id {
            js::set(&object, "userId", &user.into());
            js::set(&object, "verified", &identity.verified.into());
        }
        js::set(&object, "visitorId", &(&identity.visitor_id).into());
    }
    object.into()
}

/// `chat.connection`.
pub(crate) fn connection(connection: Connection) -> JsValue {
    let object = Object::new();
    js::set(&object, "state", &connection.state.name().into());
    if let Some(kind) = connection.kind {
        js::set(&object, "type", &kind.name().into());
    }
    if let Some(reason) = connection.reason {
        js::set(&object, "reason", &reason.into());
    }
    object.into()
}

/// A checked JSON text as a value.
pub(crate) fn parsed(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// Fails for nothing we have: numbers are floats, keys are strings.
fn value<T: Serialize>(shape: &T) -> JsValue {
    serde_wasm_bindgen::to_value(shape).unwrap_or_default()
}

// Inward.

/// `shutdown({clearStorage?})`.
pub(crate) fn shutdown(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "shutdown")?;
    Ok(Call::Shutdown { clear_storage: flag(&argument, "clearStorage")?.unwrap_or(false) })
}

/// `setTheme(theme)`.
pub(crate) fn set_theme(argument: &JsValue) -> Result<Call, Error> {
    let text = json_text(argument).unwrap_or_else(|| "null".into());
    let document = json::parse(&text).map_err(|_| wrong(Code::InvalidConfig, "theme", "an object or a mode"))?;
    options::check("theme", Given::Json(document.root()))?;
    Ok(Call::SetTheme(theme_object(document.root())))
}

/// `setZIndex(n)`.
pub(crate) fn set_z_index(argument: &JsValue) -> Result<Call, Error> {
    let number = argument.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX));
    number.map(|number| Call::SetZIndex(number as i32)).ok_or_else(|| invalid("zIndex", "a whole number of 32 bits"))
}

/// The boolean a call takes.
pub(crate) fn truth(argument: &JsValue, name: &'static str) -> Result<bool, Error> {
    argument.as_bool().ok_or_else(|| invalid(name, "true or false"))
}

/// `startConversation({subject?, message?, metadata?})`.
pub(crate) fn start_conversation(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "startConversation")?;
    later(&argument, "startConversation", "tags")?;
    later(&argument, "startConversation", "customFields")?;
    let message = optional_text(&argument, "message", Code::MessageInvalid)?;
    if cfg!(not(feature = "widget")) && message.is_none() {
        return Err(widget_disabled());
    }
    Ok(Call::StartConversation {
        subject: optional_text(&argument, "subject", Code::ValidationError)?,
        message,
        metadata: free(&argument, "metadata")?,
    })
}

/// `sendMessage({conversationId?, text, clientMessageId?})`.
pub(crate) fn send_message(argument: &JsValue) -> Result<Call, Error> {
    let text = js::member(argument, "text").as_string();
    Ok(Call::SendMessage {
        conversation_id: optional_text(argument, "conversationId", Code::ValidationError)?,
        text: text.ok_or_else(|| wrong(Code::MessageInvalid, "text", "a string"))?,
        client_message_id: optional_text(argument, "clientMessageId", Code::MessageInvalid)?,
    })
}

/// The `clientMessageId` a call takes.
pub(crate) fn message_id(argument: &JsValue) -> Result<String, Error> {
    argument.as_string().ok_or_else(|| invalid("clientMessageId", "a string"))
}

/// `sendTyping({isTyping?})`.
pub(crate) fn send_typing(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "sendTyping")?;
    Ok(Call::SendTyping(flag(&argument, "isTyping")?.unwrap_or(true)))
}

/// `getTranscript({fromIndex?})`.
pub(crate) fn transcript(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "getTranscript")?;
    let index = js::member(&argument, "fromIndex");
    if index.is_undefined() {
        return Ok(Call::Transcript(0));
    }
    whole(&index).map(Call::Transcript).ok_or_else(|| invalid("fromIndex", "a whole number that is not negative"))
}

/// A call of the widget in the build without one.
pub(crate) fn widget_disabled() -> Error {
    Error::new(Code::WidgetDisabled, "this build has no widget")
}

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

/// An argument object; absent is an empty one.
pub(super) fn object(argument: &JsValue, call: &str) -> Result<JsValue, Error> {
    if argument.is_undefined() || argument.is_null() {
        return Ok(Object::new().into());
    }
    if argument.is_object() && !Array::is_array(argument) {
        return Ok(argument.clone());
    }
    Err(Error::new(Code::InvalidConfig, ["`", call, "` takes an object"].concat()))
}

/// A member this version does not act on must not be given.
fn later(argument: &JsValue, call: &str, key: &str) -> Result<(), Error> {
    let value = js::member(argument, key);
    if value.is_undefined() || value.is_null() {
        return Ok(());
    }
    let message = ["`", key, "` of `", call, "` is not supported by this version"].concat();
    Err(Error::new(Code::Unsupported, message))
}

fn flag(argument: &JsValue, key: &'static str) -> Result<Option<bool>, Error> {
    let value = js::member(argument, key);
    if value.is_undefined() { Ok(None) } else { truth(&value, key).map(Some) }
}

fn optional_text(argument: &JsValue, key: &'static str, code: Code) -> Result<Option<String>, Error> {
    let value = js::member(argument, key);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| wrong(code, key, "a string"))
}

/// An object of the page's own, as JSON.
fn free(argument: &JsValue, key: &'static str) -> Result<Option<String>, Error> {
    let value = js::member(argument, key);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let text = json_text(&value).filter(|text| text.starts_with('{') && text.len() <= FREE);
    text.map(Some).ok_or_else(|| invalid(key, "an object, at most 16 kB as JSON"))
}

fn invalid(key: &str, expected: &str) -> Error {
    wrong(Code::ValidationError, key, expected)
}

fn wrong(code: Code, key: &str, expected: &str) -> Error {
    Error::new(code, ["`", key, "` must be ", expected].concat())
}
