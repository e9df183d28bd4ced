//! What a Bayeux session makes of the server's replies, and of a carrier that fails. Not: its commands and timers.

use super::{Client, Step, TRIES};
use crate::error::Code;
use crate::json::Value;
use crate::time::Mono;
use crate::transport::bayeux::advice::{Advice, Reconnect};
use crate::transport::bayeux::line::{META, REST};
use crate::transport::bayeux::message::{Message, MessageId};
use crate::transport::{ClosedReason, ConnectionType};

/// What a message from the server means to the chat above.
pub(in crate::transport) enum Incoming<'a> {
    /// Nothing.
    Nothing,
    /// It is no message we could expect.
    Strange,
    /// A new session: subscriptions do not outlive a handshake. The `ext` of the reply.
    Handshaken(Option<Value<'a>>),
    /// The line works.
    Opened,
    /// Something on the channel.
    Data(Value<'a>),
    /// A publish was received, or refused with this error.
    Reply(MessageId, Option<&'a str>),
    /// The server does not know the session any more; of this publish it did nothing. The chat decides between
    /// [`Client::handshake`] and [`Client::fail`].
    Lost(Option<MessageId>),
}

impl Client {
    pub(super) fn handle_handshake<'a>(&mut self, message: Message<'a>, now: Mono) -> Incoming<'a> {
        if self.step != Step::Handshaking || message.id != self.meta.map(|meta| meta.id) {
            return Incoming::Nothing;
        }
        let Some(client_id) = message.value.text_at("clientId").filter(|_| message.successful) else {
            self.handshake_refused(message.error(), Some(message.value));
            return Incoming::Nothing;
        };
        let names = |name: &str| {
            let types = message.value.member("supportedConnectionTypes");
            types.is_none_or(|types| types.items().any(|item| item.text() == Some(name)))
        };
        if self.carrier == ConnectionType::WebSocket && !names("websocket") {
            self.line_failed("protocol", now);
            return Incoming::Nothing;
        }
        self.meta = None;
        self.refused = 0;
        self.lasting = false;
        self.client_id = Some(client_id.to_owned());
        self.advice = Advice::new();
        self.take_advice(message.value);
        if self.advice.reconnect == Reconnect::Never {
            self.give_up(ClosedReason::Refused);
            return Incoming::Nothing;
        }
        self.step = Step::Connecting;
        self.connect_after_interval(now);
        Incoming::Handshaken(message.value.member("ext"))
    }

    pub(super) fn handshake_refused(&mut self, error: &str, message: Option<Value<'_>>) {
        self.refused += 1;
        match error.strip_prefix("403::").and_then(Code::named) {
            Some(code @ (Code::AuthRequired | Code::AuthExpired | Code::InvalidToken)) => {
                return self.give_up(ClosedReason::Auth(code));
            }
            Some(Code::InvalidOrigin) => return self.give_up(ClosedReason::Origin),
            _ => {}
        }
        self.advice = Advice::new();
        if let Some(message) = message {
            self.take_advice(message);
        }
        if self.refused >= TRIES || self.advice.reconnect == Reconnect::Never {
            self.give_up(ClosedReason::Refused);
        } else {
            self.fail("refused");
        }
    }

    pub(super) fn handle_connect(&mut self, message: &Message<'_>, now: Mono) -> Incoming<'static> {
        // A session that was removed while its connect was held answers that connect long after we made a new one:
        // obeying what it advises would kill the new one.
        if self.step < Step::Connecting || message.id.is_none() || message.id != self.meta.map(|meta| meta.id) {
            return Incoming::Nothing;
        }
        self.meta = None;
        if message.session_unknown() {
            return self.lose(None);
        }
        self.take_advice(message.value);
        match self.advice.reconnect {
            Reconnect::Never => self.give_up(ClosedReason::Refused),
            Reconnect::Handshake => return self.lose(None),
            Reconnect::Retry if !message.successful => self.fail("connect_refused"),
            Reconnect::Retry => {
                self.alive_at = now;
                self.note_pace(now);
                let first = self.step == Step::Connecting;
                self.step = Step::Connected;
                self.proven = true;
                self.resuming = false;
                self.lasting = true;
                self.blocked = 0;
                self.connect_after_interval(now);
                if first {
                    self.note_carrier(now);
                    return Incoming::Opened;
                }
                self.lost = 0;
            }
        }
        Incoming::Nothing
    }

    pub(super) fn handle_reply<'a>(&mut self, message: &Message<'a>) -> Incoming<'a> {
        let Some(id) = message.id else { return Incoming::Strange };
        let Some(place) = self.awaited.iter().position(|awaited| awaited.id == id) else { return Incoming::Nothing };
        self.awaited.swap_remove(place);
        // An earlier session has nothing to say any more: the chat sent again what it had not done.
        if id < self.first_id {
            return Incoming::Nothing;
        }
        if message.session_unknown() {
            return self.lose(Some(id));
        }
        self.take_advice(message.value);
        Incoming::Reply(id, (!message.successful).then_some(message.error()))
    }

    /// Any reply may bring advice.
    fn take_advice(&mut self, message: Value<'_>) {
        if let Some(advice) = message.member("advice") {
            self.advice.merge(advice, self.carrier_name());
        }
    }

    /// The server does not know the session.
    fn lose(&mut self, refused: Option<MessageId>) -> Incoming<'static> {
        self.client_id = None;
        // The connect of the dead session is of no use any more.
        self.meta = None;
        self.line.abort(META);
        self.line.abort(REST);
        self.lost += 1;
        if !self.lasting && self.carrier == ConnectionType::LongPolling {
            self.blocked += 1;
        }
        if self.blocked >= TRIES {
            self.give_up(ClosedReason::CookiesBlocked);
            return Incoming::Nothing;
        }
        if self.lost >= TRIES {
            self.fail("session_unknown");
            return Incoming::Nothing;
        }
        Incoming::Lost(refused)
    }

    /// The carrier failed. A socket that never proved itself is given up for long-polling, within the same attempt.
    pub(super) fn line_failed(&mut self, reason: &'static str, now: Mono) {
        if self.step == Step::Idle {
            return;
        }
        if self.carrier == ConnectionType::LongPolling || self.proven {
            return self.fail(reason);
        }
        self.open_due = None;
        self.carrier = ConnectionType::LongPolling;
        self.line.use_requests();
        self.handshake(now);
    }
}
