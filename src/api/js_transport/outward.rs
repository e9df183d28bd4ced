//! What a page's own transport is given: the session to connect and the commands to perform, as plain objects.

use crate::api::convert::parsed;
use crate::browser::js;
use crate::transport::{Action, Connect};
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};

/// `TransportSession`.
pub(super) fn session_of(wanted: &Connect) -> JsValue {
    let session = Object::new();
    js::set(&session, "visitorId", &(&wanted.visitor_id).into());
    if let Some(id) = &wanted.user_id {
        let user = Object::new();
        js::set(&user, "id", &id.into());
        if let Some(token) = &wanted.token {
            js::set(&user, "token", &token.into());
        }
        js::set(&session, "user", &user);
    }
    if let Some(resume) = &wanted.resume {
        js::set(&session, "resume", &parsed(resume));
    }
    let last = Object::new();
    if let Some(id) = &wanted.conversation_id {
        js::set(&last, id, &JsValue::from_f64(wanted.last_index as f64));
    }
    js::set(&session, "lastIndex", &last);
    js::set(&session, "locale", &(&wanted.locale).into());
    session.into()
}

/// `TransportCommand`.
pub(super) fn command_of(action: &Action, conversation: Option<&str>) -> JsValue {
    let command = Object::new();
    let set = |name: &str, value: JsValue| js::set(&command, name, &value);
    let number = |value: u64| JsValue::from_f64(value as f64);
    let mut conversation = conversation;
    match action {
        Action::RequestChat(request) => {
            set("type", "request-chat".into());
            set("clientConversationId", (&request.client_conversation_id).into());
            set("nickname", (&request.nickname).into());
            if let Some(subject) = &request.subject {
                set("subject", subject.into());
            }
            set("userData", parsed(&request.user_data));
            conversation = None;
        }
        Action::Send(message) => {
            set("type", "send".into());
            set("clientMessageId", (&message.client_message_id).into());
            set("text", (&message.text).into());
            conversation = Some(&message.conversation_id);
        }
        Action::Typing(is_typing) => {
            set("type", "typing".into());
            set("isTyping", (*is_typing).into());
            conversation = None;
        }
        Action::End => {
            set("type", "end".into());
            conversation = None;
        }
        Action::CatchUp(after) => {
            set("type", "history".into());
            set("after", number(*after));
            set("limit", number(1000));
        }
        Action::Read(index) => {
            set("type", "read".into());
            set("index", number(*index));
        }
        Action::Identify(token) => {
            set("type", "identify".into());
            set("token", token.into());
            conversation = None;
        }
        Action::Update(values) => {
            set("type", "update".into());
            // `user`, `company` and `context`, each where there is something new.
            let _ = Object::assign(&command, parsed(values).unchecked_ref());
            conversation = None;
        }
        Action::Conversations { cursor, limit } => {
            set("type", "conversations".into());
            set("limit", number(u64::from(*limit)));
            if let Some(cursor) = cursor {
                set("cursor", cursor.into());
            }
            conversation = None;
        }
    }
    if let Some(id) = conversation {
        set("conversationId", id.into());
    }
    command.into()
}
