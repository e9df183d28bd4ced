//! One error for the whole crate: a code out of one list, and the words that name the thing. Not: how JavaScript
//! sees it (`api/shapes.rs`).

use std::borrow::Cow;

/// What went wrong, as `error.code` says it. Codes are only ever added to. Source: the list of errors in the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the documentation; the README says when each is used
pub enum Code {
    NotReady,
    NotBooted,
    Destroyed,
    Aborted,
    LoadFailed,
    CspBlocked,
    InvalidConfig,
    Unsupported,
    IdentityConflict,
    AuthRequired,
    AuthExpired,
    InvalidToken,
    InvalidOrigin,
    WidgetDisabled,
    RateLimited,
    NetworkError,
    TransportUnavailable,
    HandshakeRejected,
    ProtocolError,
    SessionNotFound,
    AlreadyRunning,
    ConversationNotFound,
    MessageInvalid,
    MessageSendFailed,
    AttachmentTooLarge,
    UnsupportedFileType,
    FormNotFound,
    ArticleNotFound,
    ValidationError,
    InternalError,
}

impl Code {
    /// Every code with its name and its numeric code of the chat-session calls.
    pub const ALL: [(Code, &'static str, u16); 30] = [
        (Code::NotReady, "not_ready", 52),
        (Code::NotBooted, "not_booted", 52),
        (Code::Destroyed, "destroyed", 52),
        (Code::Aborted, "aborted", 52),
        (Code::LoadFailed, "load_failed", 100),
        (Code::CspBlocked, "csp_blocked", 52),
        (Code::InvalidConfig, "invalid_config", 3),
        (Code::Unsupported, "unsupported", 1),
        (Code::IdentityConflict, "identity_conflict", 52),
        (Code::AuthRequired, "auth_required", 101),
        (Code::AuthExpired, "auth_expired", 101),
        (Code::InvalidToken, "invalid_token", 101),
        (Code::InvalidOrigin, "invalid_origin", 101),
        (Code::WidgetDisabled, "widget_disabled", 52),
        (Code::RateLimited, "rate_limited", 52),
        (Code::NetworkError, "network_error", 150),
        (Code::TransportUnavailable, "transport_unavailable", 100),
        (Code::HandshakeRejected, "handshake_rejected", 101),
        (Code::ProtocolError, "protocol_error", 52),
        (Code::SessionNotFound, "session_not_found", 50),
        (Code::AlreadyRunning, "already_running", 200),
        (Code::ConversationNotFound, "conversation_not_found", 52),
        (Code::MessageInvalid, "message_invalid", 3),
        (Code::MessageSendFailed, "message_send_failed", 52),
        (Code::AttachmentTooLarge, "attachment_too_large", 52),
        (Code::UnsupportedFileType, "unsupported_file_type", 52),
        (Code::FormNotFound, "form_not_found", 52),
        (Code::ArticleNotFound, "article_not_found", 52),
        (Code::ValidationError, "validation_error", 3),
        (Code::InternalError, "internal_error", 52),
    ];

    /// The snake_case name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The number by which the chat-session calls know it.
    pub fn numeric(self) -> u16 {
        Self::ALL[self as usize].2
    }

    /// The code a backend or a page's transport named, if it is one of ours.
    pub fn named(name: &str) -> Option<Code> {
        Self::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether trying again later may help.
    pub fn recoverable(self) -> bool {
        matches!(
            self,
            Code::RateLimited
                | Code::NetworkError
                | Code::AuthExpired
                | Code::TransportUnavailable
                | Code::MessageSendFailed
                | Code::LoadFailed
        )
    }
}

/// An error on its way to the page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Which of the codes.
    pub code: Code,
    /// A lower-case fragment that names the thing, for developers; never shown to visitors.
    pub message: Cow<'static, str>,
    /// A finer reason where the specification names one: `timeout`, `cookies_blocked`, `page`, `tab`.
    pub reason: Option<&'static str>,
}

impl Error {
    /// An error with its words.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Error { code, message: message.into(), reason: None }
    }

    /// The same error with a finer reason.
    pub fn because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_at_its_own_place_in_the_list() {
        for (place, (code, name, _)) in Code::ALL.iter().enumerate() {
            assert_eq!(*code as usize, place, "{name}");
            assert_eq!(Code::named(name), Some(*code));
        }
        assert_eq!(Code::named("nothing_like_it"), None);
    }
}
