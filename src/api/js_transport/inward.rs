//! What the commands of a page's own transport settle with, read with suspicion. Not: what it reports by itself (`mod`).

use crate::error::{Code, Error};
use crate::json::Value;
use crate::transport::Found;

/// Of the page's own page of conversations the first that is not over, and what a session needs to go on with it.
pub(super) fn find(value: Value<'_>, resume: &Option<String>) -> Result<Option<Box<Found>>, Error> {
    let Some(items) = value.member("items").filter(|items| items.is_array()) else {
        return Err(Error::new(Code::ProtocolError, "the transport gave no page of conversations"));
    };
    for item in items.items() {
        if let Some(mut found) = Found::read(item) {
            // What is no time is 1970.
            found.created_at = js_sys::Date::parse(item.text_at("createdAt").unwrap_or_default()) as u64;
            found.resume = resume.clone().unwrap_or_else(|| "null".into());
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The error a command ended with: its own code, when it is one of ours.
pub(super) fn failure(kind: &str, reason: Value<'_>) -> Error {
    let code = reason.text_at("code").and_then(Code::named);
    let fallback = if kind == "send" { Code::MessageSendFailed } else { Code::TransportUnavailable };
    let words = reason.owned_at("message").filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| "the transport refused the command".into());
    Error::new(code.unwrap_or(fallback), words)
}
