//! The calls of the public class: which a name and an argument mean, read field by field. Not: whether a call makes sense
//! now, nor what it does (the session).

use super::convert::{json_text, whole};
use super::who::{self, Named};
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json;
use crate::options::{self, Given, theme_object};
use crate::session::Call;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// Free-form objects may be this long as JSON.
const FREE: usize = 16 * 1024;

/// Calls that are refused in the build without the widget.
const SHOWN: [&str; 10] = [
    "open",
    "close",
    "toggle",
    "show",
    "hide",
    "showLauncher",
    "hideLauncher",
    "setLauncherVisible",
    "setTheme",
    "setZIndex",
];

/// The call of this name; one nobody knows is of a later version.
pub(super) fn call(name: &str, argument: &JsValue) -> Result<Named, Error> {
    if cfg!(not(feature = "widget")) && SHOWN.contains(&name) {
        return Err(widget_disabled());
    }
    let call = match name {
        "boot" => return who::boot(argument),
        "identify" => return who::identify(argument),
        "update" => return who::update(argument),
        "setContext" => return who::set_context(argument),
        "shutdown" => shutdown(argument)?,
        "destroy" => Call::Destroy,
        "open" => Call::Open,
        "close" => Call::Close,
        "toggle" => Call::Toggle,
        "show" => Call::Show,
        "hide" => Call::Hide,
        "showLauncher" => Call::SetLauncherVisible(true),
        "hideLauncher" => Call::SetLauncherVisible(false),
        "setLauncherVisible" => Call::SetLauncherVisible(truth(argument, "visible")?),
        "setTheme" => set_theme(argument)?,
        "setZIndex" => set_z_index(argument)?,
        "setCookieConsent" => Call::SetCookieConsent(truth(argument, "consent")?),
        "startConversation" => start_conversation(argument)?,
        "sendMessage" => send_message(argument)?,
        "retryMessage" => Call::RetryMessage(message_id(argument)?),
        "discardMessage" => Call::DiscardMessage(message_id(argument)?),
        "sendTyping" => send_typing(argument)?,
        "getTranscript" => transcript(argument)?,
        "endChat" => Call::EndChat,
        // The handle has no others.
        _ => Call::Later("of a later version"),
    };
    Ok((call, None))
}

/// `shutdown({clearStorage?})`.
fn shutdown(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "shutdown")?;
    Ok(Call::Shutdown { clear_storage: flag(&argument, "clearStorage")?.unwrap_or(false) })
}

/// `setTheme(theme)`.
fn set_theme(argument: &JsValue) -> Result<Call, Error> {
    let text = json_text(argument).unwrap_or_else(|| "null".into());
    let document = json::parse(&text).map_err(|_| wrong(Code::InvalidConfig, "theme", "an object or a mode"))?;
    options::check("theme", Given::Json(document.root()))?;
    Ok(Call::SetTheme(theme_object(document.root())))
}

/// `setZIndex(n)`.
fn set_z_index(argument: &JsValue) -> Result<Call, Error> {
    let number = argument.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX));
    number.map(|number| Call::SetZIndex(number as i32)).ok_or_else(|| invalid("zIndex", "a whole number of 32 bits"))
}

/// The boolean a call takes.
fn truth(argument: &JsValue, name: &'static str) -> Result<bool, Error> {
    argument.as_bool().ok_or_else(|| invalid(name, "true or false"))
}

/// `startConversation({subject?, message?, metadata?})`.
fn start_conversation(argument: &JsValue) -> Result<Call, Error> {
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
fn send_message(argument: &JsValue) -> Result<Call, Error> {
    let text = js::member(argument, "text").as_string();
    Ok(Call::SendMessage {
        conversation_id: optional_text(argument, "conversationId", Code::ValidationError)?,
        text: text.ok_or_else(|| wrong(Code::MessageInvalid, "text", "a string"))?,
        client_message_id: optional_text(argument, "clientMessageId", Code::MessageInvalid)?,
    })
}

/// The `clientMessageId` a call takes.
fn message_id(argument: &JsValue) -> Result<String, Error> {
    argument.as_string().ok_or_else(|| invalid("clientMessageId", "a string"))
}

/// `sendTyping({isTyping?})`.
fn send_typing(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "sendTyping")?;
    Ok(Call::SendTyping(flag(&argument, "isTyping")?.unwrap_or(true)))
}

/// `getTranscript({fromIndex?})`.
fn transcript(argument: &JsValue) -> Result<Call, Error> {
    let argument = object(argument, "getTranscript")?;
    let index = js::member(&argument, "fromIndex");
    if index.is_undefined() {
        return Ok(Call::Transcript(0));
    }
    whole(&index).map(Call::Transcript).ok_or_else(|| invalid("fromIndex", "a whole number that is not negative"))
}

/// A call of the widget in the build without one.
fn widget_disabled() -> Error {
    Error::new(Code::WidgetDisabled, "this build has no widget")
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
