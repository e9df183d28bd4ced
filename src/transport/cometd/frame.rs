//! What the chat server says: the `data` of an event on the channel, and its messages as events of a conversation.
//! Not: what follows from it (`mod`).

use crate::error::{Code, Error};
use crate::json::{Items, Value};
use crate::message::{Content, Party, Role};
use crate::time::Wall;
use crate::transport::bayeux::message::{MessageId, read_id};
use crate::transport::event_json::role_named;
use crate::transport::{ChatEventKind, Entry};

/// One frame. Members of the wrong type count as absent.
pub(super) struct Frame<'a> {
    /// Which publish it answers, where the server tells.
    pub(super) request_id: Option<MessageId>,
    /// 0: fine; 1: try again later, nothing else is valid; 2: refused.
    pub(super) status: u64,
    pub(super) chat_id: Option<&'a str>,
    pub(super) secure_key: Option<&'a str>,
    pub(super) ended: bool,
    /// All of it.
    pub(super) data: Value<'a>,
}

impl<'a> Frame<'a> {
    /// `None` for what is no frame.
    pub(super) fn read(data: Value<'a>) -> Option<Frame<'a>> {
        let status = match data.member("statusCode") {
            Some(status) => status.number_u64()?,
            None => 0,
        };
        data.is_object().then(|| Frame {
            request_id: data.member("requestId").and_then(read_id),
            status,
            chat_id: data.text_at("chatId"),
            secure_key: data.text_at("secureKey"),
            ended: data.flag_at("chatEnded"),
            data,
        })
    }

    pub(super) fn messages(&self) -> Items<'a> {
        self.data.items_at("messages")
    }

    pub(super) fn next_position(&self) -> Option<u64> {
        self.data.number_at("nextPosition")
    }

    /// Whether it can be the transcript that was asked for from there on, and not merely something new: taken for the
    /// transcript, that would hide what was missed before it.
    pub(super) fn continues(&self, from: u64) -> bool {
        let (mut first, mut indices) = (u64::MAX, 0);
        for message in self.messages() {
            if let Some(index) = message.number_at("index") {
                first = first.min(index);
                indices += 1;
            }
        }
        match indices {
            0 => self.next_position().is_none_or(|next| next <= from.saturating_add(1)),
            _ => first <= from.max(1) || indices > 1,
        }
    }

    /// Whether the server does not know the chat.
    pub(super) fn chat_unknown(&self) -> bool {
        self.status == 2 && self.code() == Code::SessionNotFound
    }

    /// The refusal.
    pub(super) fn error(&self) -> Error {
        Error::new(self.code(), "refused by the chat server")
    }

    fn code(&self) -> Code {
        let other = if self.ended { Code::MessageSendFailed } else { Code::InternalError };
        let Some(error) = self.data.items_at("errors").next().and_then(|error| error.member("code")) else {
            return other;
        };
        let numbered = match error.number_u64() {
            Some(1) => Code::Unsupported,
            Some(2 | 3) => Code::MessageInvalid,
            Some(50) => Code::SessionNotFound,
            Some(100) => Code::TransportUnavailable,
            Some(101) => Code::HandshakeRejected,
            _ => other,
        };
        error.text().and_then(Code::named).unwrap_or(numbered)
    }
}

/// Who says something; what is missing stays empty.
pub(super) fn read_party(from: Option<Value<'_>>) -> Party {
    let text = |name| from.and_then(|from| from.text_at(name)).unwrap_or("");
    Party {
        id: text("participantId").to_owned(),
        name: text("nickname").to_owned(),
        role: role_named(text("type")),
        bot: None,
        avatar_url: None,
    }
}

/// One message of a frame; `None` for what says nothing to us and holds no place in the transcript.
pub(super) fn read_message(message: Value<'_>, now: Wall) -> Option<ChatEventKind> {
    let kind = message.text_at("type")?;
    let party = read_party(message.member("from"));
    let details = message.member("userData");
    let up_to = || details?.number_at("index");
    let words = || message.owned_at("text");
    let content = match kind {
        "TypingStarted" => return Some(ChatEventKind::Typing(party, true)),
        "TypingStopped" => return Some(ChatEventKind::Typing(party, false)),
        "Delivered" => return Some(ChatEventKind::Delivered(up_to()?)),
        "Read" => return Some(ChatEventKind::Read(up_to()?)),
        "Message" => Content::Text(words()?),
        "Notice" | "CustomNotice" => Content::Notice(words()?),
        "PushUrl" => Content::Url(words()?),
        "ParticipantJoined" => Content::Joined,
        "ParticipantLeft" => Content::Left,
        other => {
            message.number_at("index")?;
            Content::Other(other.to_owned())
        }
    };
    Some(ChatEventKind::Entry(Entry {
        index: message.number_at("index").unwrap_or(0),
        id: None,
        client_message_id: details.and_then(|details| details.owned_at("clientMessageId")),
        party,
        content,
        time: message.number_at("utcTime").unwrap_or(now),
    }))
}

/// The words, when this is a message of a visitor's.
pub(super) fn visitors_words<'a>(message: Value<'a>) -> Option<&'a str> {
    let said = message.text_at("type") == Some("Message");
    let role = role_named(message.member("from")?.text_at("type")?);
    message.text_at("text").filter(|_| said && role == Role::Visitor)
}
