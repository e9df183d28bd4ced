//! What the commands of a page's own transport settle with, read with suspicion. Not: what it reports by itself (`mod`).

use crate::error::{Code, Error};
use crate::json::Value;
use crate::message::{Conversation, ConversationStatus};
use crate::transport::Conversations;

/// The page's own page of conversations; of the first that is not over, what a session needs to go on with it.
pub(super) fn page_of(value: Value<'_>, resume: &Option<String>) -> Result<Conversations, Error> {
    let Some(items) = value.member("items").filter(|items| items.is_array()) else {
        return Err(Error::new(Code::ProtocolError, "the transport gave no page of conversations"));
    };
    let mut open = None;
    for item in items.items() {
        let status = item.text_at("status").and_then(ConversationStatus::named);
        let (Some(status), Some(id)) = (status, item.owned_at("id")) else { continue };
        if status != ConversationStatus::Ended && !id.is_empty() {
            // What is no time is 1970.
            let created_at = js_sys::Date::parse(item.text_at("createdAt").unwrap_or_default()) as u64;
            let about = Conversation {
                id,
                status,
                subject: item.owned_at("subject"),
                created_at,
                updated_at: created_at,
                unread_count: 0,
                last_message: None,
                agent: None,
            };
            open = Some((Box::new(about), resume.clone().unwrap_or_else(|| "null".into())));
            break;
        }
    }
    Ok(Conversations { page: value.raw().to_owned(), open })
}

/// The error a command ended with: its own code, when it is one of ours.
pub(super) fn failure(kind: &str, reason: Value<'_>) -> Error {
    let code = reason.text_at("code").and_then(Code::named);
    let fallback = if kind == "send" { Code::MessageSendFailed } else { Code::TransportUnavailable };
    let words = reason.owned_at("message").filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| "the transport refused the command".into());
    Error::new(code.unwrap_or(fallback), words)
}
