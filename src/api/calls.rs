//! The calls of the public class: which a name and an argument mean, read field by field. Not: whether a call makes sense
//! now, nor what it does (the session).

use super::who;
use crate::error::{Code, Error};
use crate::json::{self, Value};
use crate::options::{self, theme_object};
use crate::session::{Call, CallId};

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
pub(super) fn call(id: CallId, name: &str, given: &str) -> Result<Call, Error> {
    if cfg!(not(feature = "widget")) && SHOWN.contains(&name) {
        return Err(widget_disabled());
    }
    let document = json::parse(given).map_err(|_| too_big(name, given))?;
    let argument = document.root();
    Ok(match name {
        "boot" => who::boot(id, argument)?,
        "identify" => who::identify(id, argument)?,
        "update" => who::update(argument)?,
        "setContext" => who::set_context(argument)?,
        "shutdown" => {
            object(argument, name, &["clearStorage"])?;
            Call::Shutdown { clear_storage: flag(argument, "clearStorage", false)? }
        }
        "destroy" => Call::Destroy,
        "open" => Call::Open,
        "close" => Call::Close,
        "toggle" => Call::Toggle,
        "show" => Call::Show,
        "hide" => Call::Hide,
        "showLauncher" => Call::SetLauncherVisible(true),
        "hideLauncher" => Call::SetLauncherVisible(false),
        "setLauncherVisible" => Call::SetLauncherVisible(truth(argument, "visible")?),
        "setTheme" => {
            options::check("theme", argument)?;
            Call::SetTheme(theme_object(argument))
        }
        "setZIndex" => set_z_index(argument)?,
        "setCookieConsent" => Call::SetCookieConsent(truth(argument, "consent")?),
        "startConversation" => start_conversation(argument)?,
        "sendMessage" => send_message(argument)?,
        "retryMessage" => Call::RetryMessage(message_id(argument)?),
        "discardMessage" => Call::DiscardMessage(message_id(argument)?),
        "sendTyping" => {
            object(argument, name, &["isTyping"])?;
            Call::SendTyping(flag(argument, "isTyping", true)?)
        }
        "getTranscript" => transcript(argument)?,
        "endChat" => Call::EndChat,
        // The handle has no others.
        _ => Call::Later("of a later version"),
    })
}

/// `setZIndex(n)`.
fn set_z_index(argument: Value<'_>) -> Result<Call, Error> {
    let raw = argument.raw();
    let size = json::digits(raw.strip_prefix('-').unwrap_or(raw));
    let number = size.and_then(|_| argument.number_i64()).and_then(|number| i32::try_from(number).ok());
    let number = number.filter(|_| raw != options::FUNCTION);
    number.map(Call::SetZIndex).ok_or_else(|| invalid("zIndex", "a whole number of 32 bits"))
}

/// The boolean a call takes.
fn truth(argument: Value<'_>, name: &str) -> Result<bool, Error> {
    argument.boolean().ok_or_else(|| invalid(name, "true or false"))
}

/// `startConversation({subject?, message?, metadata?})`.
fn start_conversation(argument: Value<'_>) -> Result<Call, Error> {
    object(argument, "startConversation", &["subject", "message", "metadata", "tags", "customFields"])?;
    for key in ["tags", "customFields"] {
        if given(argument, key).is_some() {
            // A member this version does not act on must not be given.
            let message = ["`", key, "` of `startConversation` is not supported by this version"].concat();
            return Err(Error::new(Code::Unsupported, message));
        }
    }
    let message = optional_text(argument, "message", Code::MessageInvalid)?;
    if cfg!(not(feature = "widget")) && message.is_none() {
        return Err(widget_disabled());
    }
    let metadata = given(argument, "metadata");
    if metadata.is_some_and(|metadata| !metadata.is_object() || metadata.raw().len() > FREE) {
        return Err(invalid("metadata", "an object, at most 16 kB as JSON"));
    }
    Ok(Call::StartConversation {
        subject: optional_text(argument, "subject", Code::ValidationError)?,
        message,
        metadata: metadata.map(|metadata| metadata.raw().to_owned()),
    })
}

/// `sendMessage({conversationId?, text, clientMessageId?})`.
fn send_message(argument: Value<'_>) -> Result<Call, Error> {
    options::among(&["text", "conversationId", "clientMessageId"], argument)?;
    let text = argument.owned_at("text");
    Ok(Call::SendMessage {
        conversation_id: optional_text(argument, "conversationId", Code::ValidationError)?,
        text: text.ok_or_else(|| wrong(Code::MessageInvalid, "text", "a string"))?,
        client_message_id: optional_text(argument, "clientMessageId", Code::MessageInvalid)?,
    })
}

/// The `clientMessageId` a call takes.
fn message_id(argument: Value<'_>) -> Result<String, Error> {
    argument.text().map(str::to_owned).ok_or_else(|| invalid("clientMessageId", "a string"))
}

/// `getTranscript({fromIndex?})`.
fn transcript(argument: Value<'_>) -> Result<Call, Error> {
    object(argument, "getTranscript", &["fromIndex"])?;
    let index = argument.member("fromIndex").map_or(Some(0), |index| json::digits(index.raw()));
    index.map(Call::Transcript).ok_or_else(|| invalid("fromIndex", "a whole number that is not negative"))
}

/// A call of the widget in the build without one.
fn widget_disabled() -> Error {
    Error::new(Code::WidgetDisabled, "this build has no widget")
}

/// More than can be read at once; `page.js` names in backticks the member that is.
pub(super) fn too_big(name: &str, given: &str) -> Error {
    let code = match name {
        "sendMessage" | "startConversation" => Code::MessageInvalid,
        "setTheme" | "createChat" => Code::InvalidConfig,
        _ => Code::ValidationError,
    };
    let what = if given.starts_with('`') { given } else { "the argument" };
    Error::new(code, [what, " of `", name, "` is too big or nested too deeply"].concat())
}

/// An argument object of nothing but known members, or none at all.
pub(super) fn object(argument: Value<'_>, call: &str, known: &[&'static str]) -> Result<(), Error> {
    if argument.is_null() || argument.is_object() {
        return options::among(known, argument);
    }
    Err(Error::new(Code::InvalidConfig, ["`", call, "` takes an object"].concat()))
}

/// A member that is there; `null` is not.
fn given<'a>(argument: Value<'a>, key: &str) -> Option<Value<'a>> {
    argument.member(key).filter(|value| !value.is_null())
}

fn flag(argument: Value<'_>, key: &str, usual: bool) -> Result<bool, Error> {
    argument.member(key).map_or(Ok(usual), |value| truth(value, key))
}

fn optional_text(argument: Value<'_>, key: &str, code: Code) -> Result<Option<String>, Error> {
    match given(argument, key) {
        Some(value) => value.text().map(|text| Some(text.to_owned())).ok_or_else(|| wrong(code, key, "a string")),
        None => Ok(None),
    }
}

fn invalid(key: &str, expected: &str) -> Error {
    wrong(Code::ValidationError, key, expected)
}

fn wrong(code: Code, key: &str, expected: &str) -> Error {
    Error::new(code, ["`", key, "` must be ", expected].concat())
}
