//! Bayeux messages as JSON: read, and written. Not: when they are sent (`client`).

use crate::json::{Value, Writer, push_number};

/// Tells our messages apart; never reused within a page, so that it also tells sessions apart.
pub(in crate::transport) type MessageId = u32;

/// One message from the server. Members of the wrong type count as absent.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    /// All of it.
    pub(super) value: Value<'a>,
    pub(super) channel: &'a str,
    /// Ours, repeated. Java turns numbers into strings; what is no number was never ours.
    pub(super) id: Option<MessageId>,
    pub(super) successful: bool,
}

impl<'a> Message<'a> {
    /// `None` for what is no message.
    pub(super) fn read(value: Value<'a>) -> Option<Message<'a>> {
        let channel = value.text_at("channel").filter(|channel| !channel.is_empty())?;
        let id = value.member("id").and_then(read_id);
        Some(Message { value, channel, id, successful: value.flag_at("successful") })
    }

    /// Why it was refused; empty when it does not say.
    pub(super) fn error(&self) -> &'a str {
        self.value.text_at("error").unwrap_or("")
    }

    /// The server does not know our client id: CometD says 402, faye 401 (whose 402 is a missing parameter).
    pub(super) fn session_unknown(&self) -> bool {
        !self.successful && (self.error().starts_with("402::") || self.error().starts_with("401:"))
    }
}

/// A message id, as a string or as a number.
pub(in crate::transport) fn read_id(value: Value<'_>) -> Option<MessageId> {
    value.count().and_then(|id| MessageId::try_from(id).ok())
}

/// A handshake. It always travels alone.
pub(super) fn handshake(id: MessageId, web_sockets: bool, ext: &str) -> String {
    let mut writer = Writer::new();
    writer.array();
    open(&mut writer, id, None);
    writer.name("channel").string("/meta/handshake").name("version").string("1.0");
    writer.name("minimumVersion").string("1.0").name("supportedConnectionTypes").array();
    if web_sockets {
        writer.string("websocket");
    }
    writer.string("long-polling").end_array();
    if !ext.is_empty() {
        writer.name("ext").raw(ext);
    }
    writer.end_object().end_array();
    writer.finish()
}

/// A connect; `at_once` asks the server not to hold it.
pub(super) fn connect(id: MessageId, client_id: &str, connection_type: &str, at_once: bool) -> String {
    let mut writer = Writer::new();
    writer.array();
    open(&mut writer, id, Some(client_id));
    writer.name("channel").string("/meta/connect").name("connectionType").string(connection_type);
    if at_once {
        writer.name("advice").object().name("timeout").number(0).end_object();
    }
    writer.end_object().end_array();
    writer.finish()
}

/// A disconnect, as an element of a batch.
pub(super) fn disconnect(id: MessageId, client_id: &str) -> String {
    let mut writer = Writer::new();
    open(&mut writer, id, Some(client_id));
    writer.name("channel").string("/meta/disconnect").end_object();
    writer.finish()
}

/// A message whose last member was written before the session was known, as an element of a batch.
pub(super) fn addressed(id: MessageId, client_id: &str, channel: &str, name: &str, value: &str) -> String {
    let mut writer = Writer::new();
    open(&mut writer, id, Some(client_id));
    writer.name("channel").string(channel).name(name).raw(value).end_object();
    writer.finish()
}

/// Opens a message with its id, as a string: that is what every server repeats unchanged.
fn open(writer: &mut Writer, id: MessageId, client_id: Option<&str>) {
    let mut text = String::new();
    push_number(&mut text, u64::from(id));
    writer.object().name("id").string(&text);
    if let Some(client_id) = client_id {
        writer.name("clientId").string(client_id);
    }
}
