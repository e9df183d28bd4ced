//! What a page's own transport says of itself and what its commands settle with, read with suspicion. Not: what it
//! reports by itself (`mod`).

use crate::api::convert::json_text;
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json;
use crate::message::{Conversation, ConversationStatus};
use crate::transport::{Capabilities, Conversations};
use js_sys::Array;
use wasm_bindgen::JsValue;

/// What the page's transport says it can.
#[derive(Clone, Copy, Default)]
pub(super) struct Listed {
    pub(super) capabilities: Capabilities,
    /// It can be asked for missing events.
    pub(super) history: bool,
}

/// What a command asked for, as far as its result is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OpKind {
    Send,
    Request,
    CatchUp,
    Identify,
    Conversations,
    Other,
}

impl Listed {
    pub(super) fn and(mut self, names: &JsValue) -> Self {
        if Array::is_array(names) {
            for name in Array::from(names).iter().filter_map(|name: JsValue| name.as_string()) {
                self.history |= name == "history";
                self.capabilities = self.capabilities.and(Capabilities::named(&name));
            }
        }
        self
    }
}

/// The page's own page of conversations; of the first that is not over, what a session needs to go on with it.
pub(super) fn page_of(value: &JsValue, resume: &Option<String>) -> Result<Conversations, Error> {
    let text = json_text(value).unwrap_or_default();
    let document = json::parse(&text).ok();
    let root = document.as_ref().map(json::Document::root);
    let Some(items) = root.and_then(|root| root.member("items")).filter(|items| items.is_array()) else {
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
    Ok(Conversations { page: text, open })
}

/// The error a command ended with: its own code, when it is one of ours.
pub(super) fn failure(kind: OpKind, reason: &JsValue) -> Error {
    let code = js::member(reason, "code").as_string().and_then(|name| Code::named(&name));
    let fallback = if kind == OpKind::Send { Code::MessageSendFailed } else { Code::TransportUnavailable };
    let words = js::member(reason, "message").as_string().filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| "the transport refused the command".into());
    Error::new(code.unwrap_or(fallback), words)
}
