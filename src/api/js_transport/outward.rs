//! What a page's own transport is given: the session to connect and the commands to perform, as JSON.

use crate::api::shapes::{given, number, text};
use crate::json::{self, Writer};
use crate::transport::{Action, Connect, OpId};

/// `TransportSession`.
pub(super) fn session_of(wanted: &Connect) -> String {
    let mut writer = Writer::new();
    let out = &mut writer;
    out.object();
    text(out, "visitorId", &wanted.visitor_id);
    if let Some(id) = &wanted.user_id {
        out.name("user").object();
        text(out, "id", id);
        given(out, "token", wanted.token.as_deref());
        out.end_object();
    }
    if let Some(resume) = &wanted.resume {
        out.name("resume").raw(resume);
    }
    out.name("lastIndex").object();
    if let Some(id) = &wanted.conversation_id {
        number(out, id, wanted.last_index);
    }
    out.end_object();
    text(out, "locale", &wanted.locale);
    out.end_object();
    writer.finish()
}

/// `TransportCommand`, and the operation's number beside its members.
pub(super) fn command_of(op: OpId, action: &Action, conversation: Option<&str>) -> String {
    let mut writer = Writer::new();
    let out = &mut writer;
    out.object();
    number(out, "op", op.into());
    let mut about = None;
    let kind = match action {
        Action::RequestChat(request) => {
            text(out, "clientConversationId", &request.client_conversation_id);
            text(out, "nickname", &request.nickname);
            given(out, "subject", request.subject.as_deref());
            out.name("userData").raw(&request.user_data);
            "request-chat"
        }
        Action::Send(message) => {
            text(out, "clientMessageId", &message.client_message_id);
            text(out, "text", &message.text);
            about = Some(message.conversation_id.as_str());
            "send"
        }
        Action::Typing(is_typing) => {
            out.name("isTyping").boolean(*is_typing);
            "typing"
        }
        Action::End => "end",
        Action::CatchUp(after) => {
            number(out, "after", *after);
            number(out, "limit", 1000);
            about = conversation;
            "history"
        }
        Action::Read(index) => {
            number(out, "index", *index);
            about = conversation;
            "read"
        }
        Action::Identify(token) => {
            text(out, "token", token);
            "identify"
        }
        Action::Update(values) => {
            // `user`, `company` and `context`, each where there is something new.
            if let Ok(values) = json::parse(values) {
                for (name, value) in values.root().members() {
                    out.name(name).raw(value.raw());
                }
            }
            "update"
        }
        Action::Conversations(limit) => {
            number(out, "limit", u64::from(*limit));
            "conversations"
        }
    };
    text(out, "type", kind);
    given(out, "conversationId", about);
    out.end_object();
    writer.finish()
}
