//! What a server advises about the next connect. Not: obeying it (`client`).

use crate::json::Value;

/// What to do after the connection ends or a connect is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport) enum Reconnect {
    /// Connect again.
    Retry,
    /// The session is gone: handshake, never connect.
    Handshake,
    /// Neither.
    Never,
}

/// The advice in force. A session starts with [`Advice::new`]; each advice of the server changes what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport) struct Advice {
    pub(in crate::transport) reconnect: Reconnect,
    /// To wait before the next connect, in ms.
    pub(in crate::transport) interval: u64,
    /// How long the server holds a connect, in ms.
    pub(in crate::transport) timeout: u64,
    /// How long the server keeps a session without a connect, in ms, when told.
    pub(in crate::transport) max_interval: Option<u64>,
    /// Several clients share the browser: the server answers connects at once, at the interval's pace.
    pub(in crate::transport) multiple_clients: bool,
}

impl Advice {
    /// Nothing advised yet: the defaults of the protocol's own implementations.
    pub(in crate::transport) fn new() -> Self {
        Advice {
            reconnect: Reconnect::Retry,
            interval: 0,
            timeout: 60_000,
            max_interval: None,
            multiple_clients: false,
        }
    }

    /// Takes the advice of a reply; a block named after the connection type has the last word.
    pub(in crate::transport) fn merge(&mut self, value: Value<'_>, connection_type: &str) {
        // The mark sticks until an advice comes without it, and so does the interval that came with it.
        if self.multiple_clients {
            self.interval = 0;
        }
        self.multiple_clients = value.flag_at("multiple-clients");
        self.take(value);
        if let Some(block) = value.member(connection_type) {
            self.take(block);
        }
    }

    fn take(&mut self, value: Value<'_>) {
        match value.text_at("reconnect") {
            Some("retry") => self.reconnect = Reconnect::Retry,
            Some("handshake") => self.reconnect = Reconnect::Handshake,
            Some("none") => self.reconnect = Reconnect::Never,
            _ => {}
        }
        if let Some(interval) = value.member("interval").and_then(Value::number_i64) {
            match u64::try_from(interval) {
                Ok(interval) => self.interval = interval,
                // A negative interval: do not retry.
                Err(_) => self.reconnect = Reconnect::Never,
            }
        }
        self.timeout = value.number_at("timeout").unwrap_or(self.timeout);
        self.max_interval = value.number_at("maxInterval").or(self.max_interval);
    }
}
