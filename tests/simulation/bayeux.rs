//! The backend's Bayeux side, for the real CometD transport: sessions, held connects, and the chat dialect as JSON. Not:
//! what a chat is (`backend`), nor the way there (`wire`).

use crate::backend::{Peer, since};
use crate::plan::Fault;
use crate::wire::{Carrier, ConnectionId, Frame};
use crate::world::{Due, World, Wrong};
use serde_json::{Value, json};
use support_chat::error::Code;
use support_chat::message::{Content, Role};
use support_chat::transport::link;
use support_chat::transport::{ChatEvent, ChatEventKind, Entry};

pub(crate) const SERVICE: &str = "/service/chatV2/customer-support";
/// A connect is held this long, in ms.
pub(crate) const TIMEOUT: u64 = 20_000;
/// A session without a connect dies after this long, in ms.
const MOST_SILENCE: u64 = 10_000;

/// One Bayeux session.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) peer: Peer,
    /// The socket it was last heard on.
    socket: Option<ConnectionId>,
    /// The connect that is held, and on what.
    held: Option<(ConnectionId, String)>,
    /// What waits for a request to be answered.
    pub(crate) mailbox: Vec<Value>,
    /// Since when no connect is held.
    silent_since: u64,
    gone: bool,
}

impl Client {
    pub(crate) fn new(id: String, peer: Peer, socket: Option<ConnectionId>, now: u64) -> Client {
        Client { id, peer, socket, held: None, mailbox: Vec::new(), silent_since: now, gone: false }
    }
}

impl World {
    /// A text of a transport arrives.
    pub(crate) fn hear_bayeux(&mut self, connection: ConnectionId, text: &str) {
        self.say(|| format!("backend <- {text}"));
        let Ok(Value::Array(messages)) = serde_json::from_str(text) else {
            return self.fail(Wrong::Other, format!("the transport sent {text}"));
        };
        let mut replies = Vec::new();
        let mut held = false;
        for message in &messages {
            held |= self.hear_message(connection, message, &mut replies);
        }
        if !(replies.is_empty() && held) {
            self.reply(connection, replies);
        }
        self.check_backend();
    }

    /// One message; true when its connect is held.
    fn hear_message(&mut self, connection: ConnectionId, message: &Value, replies: &mut Vec<Value>) -> bool {
        let channel = message["channel"].as_str().unwrap_or("");
        let mut reply = json!({"id": message["id"], "channel": channel, "successful": true});
        if channel == "/meta/handshake" {
            replies.push(self.handshake(connection, message, reply));
            return false;
        }
        let known = self.clients.iter().position(|client| message["clientId"] == json!(client.id));
        let silent = |client: &Client| client.held.is_none() && self.time > client.silent_since + MOST_SILENCE;
        let Some(place) = known.filter(|place| !self.clients[*place].gone && !silent(&self.clients[*place])) else {
            reply["successful"] = json!(false);
            reply["error"] = json!("402::session_unknown");
            if channel == "/meta/connect" {
                reply["advice"] = json!({"reconnect": "handshake", "interval": 0});
            }
            replies.push(reply);
            return false;
        };
        let socket = matches!(self.connections[connection].carrier, Carrier::Socket(_));
        // A client may change from one way to the other: it is answered where it was heard last.
        self.clients[place].socket = socket.then_some(connection);
        match channel {
            "/meta/connect" => return self.connect_message(connection, place, message, reply, replies),
            "/meta/disconnect" => self.clients[place].gone = true,
            SERVICE => {
                self.operate(place, &message["data"], &message["id"]);
                // Events before the reply, or after it, or in another answer altogether.
                if !socket && self.random.percent(50) {
                    replies.append(&mut self.clients[place].mailbox);
                }
            }
            _ => {}
        }
        replies.push(reply);
        self.flush(place);
        false
    }

    fn connect_message(
        &mut self,
        connection: ConnectionId,
        place: usize,
        message: &Value,
        mut reply: Value,
        replies: &mut Vec<Value>,
    ) -> bool {
        if self.connections[connection].broken() {
            return true; // nobody waits for it any more
        }
        if let Some((other, _)) = self.clients[place].held.take().filter(|held| !self.connections[held.0].broken()) {
            let words = format!("{} has two connects outstanding (on {other})", self.clients[place].id);
            self.fail(Wrong::Other, words);
        }
        let id = message["id"].as_str().unwrap_or("").to_owned();
        self.clients[place].held = Some((connection, id.clone()));
        if message["advice"]["timeout"] == json!(0) {
            self.clients[place].held = None;
            self.clients[place].silent_since = self.time;
            reply["advice"] = json!({"reconnect": "retry", "interval": 0, "timeout": TIMEOUT});
            replies.append(&mut self.clients[place].mailbox);
            replies.push(reply);
            return false;
        }
        self.later(TIMEOUT, Due::Held(place, id));
        self.flush(place);
        true
    }

    /// A connect has been held long enough.
    pub(crate) fn let_go(&mut self, place: usize, connect: &str) {
        let Some(client) = self.clients.get_mut(place) else { return };
        if client.held.as_ref().is_some_and(|held| held.1 == connect) {
            self.answer_held(place);
        }
    }

    fn answer_held(&mut self, place: usize) {
        let time = self.time;
        let client = &mut self.clients[place];
        let Some((connection, id)) = client.held.take() else { return };
        client.silent_since = time;
        let mut replies = std::mem::take(&mut client.mailbox);
        replies.push(json!({"id": id, "channel": "/meta/connect", "successful": true}));
        self.reply(connection, replies);
    }

    /// What waits leaves: on the socket, or with the held connect.
    fn flush(&mut self, place: usize) {
        let client = &mut self.clients[place];
        if client.mailbox.is_empty() {
            return;
        }
        match client.socket {
            Some(socket) => {
                let frames = std::mem::take(&mut client.mailbox);
                self.reply(socket, frames);
            }
            None if client.held.is_some() => self.answer_held(place),
            None => {}
        }
    }

    fn reply(&mut self, connection: ConnectionId, messages: Vec<Value>) {
        let text = Value::Array(messages).to_string();
        self.say(|| format!("backend -> {text}"));
        let event = match self.connections[connection].carrier {
            Carrier::Request(request) => link::Event::Answered(request, 200, text),
            Carrier::Socket(socket) => link::Event::Text(socket, text),
            Carrier::Chat => return,
        };
        self.send(connection, Frame::Link(event));
    }

    /// Everybody in a conversation hears of it, but for the one whose own doing is told in its reply.
    pub(crate) fn tell_clients(&mut self, conversation: usize, kind: &ChatEventKind, but: Option<usize>) {
        if matches!(kind, ChatEventKind::Typing(..)) {
            return; // the chat's own events are enough to see what becomes of it
        }
        for place in 0..self.clients.len() {
            let client = &self.clients[place];
            if client.gone || client.peer.conversation != Some(conversation) || but == Some(place) {
                continue;
            }
            let lost = client.held.as_ref().map(|held| held.0).or(client.socket).is_some_and(|connection| {
                let drops = &mut self.connections[connection].drops;
                *drops > 0 && matches!(kind, ChatEventKind::Entry(_)) && {
                    *drops -= 1;
                    true
                }
            });
            if lost {
                self.strike(Fault::Drop);
                continue;
            }
            let (entries, ended) = match kind {
                ChatEventKind::Entry(entry) => (vec![entry.clone()], false),
                _ => (Vec::new(), true),
            };
            let frame = self.frame(conversation, &entries, ended, None);
            self.clients[place].mailbox.push(frame);
            self.flush(place);
        }
    }

    /// One chat operation. Its answer goes into the mailbox.
    fn operate(&mut self, place: usize, data: &Value, id: &Value) {
        let text = |name: &str| data[name].as_str().map(str::to_owned);
        let operation = text("operation").unwrap_or_default();
        let time = self.now().wall;
        let plan = self.plan.clone();
        let Some(account) = self.clients[place].peer.account else { return };
        // Who said what is told by name only where the server knows our extension.
        let answered = plan.idempotency.then_some(id);
        if self.operate_on_identity(place, &operation, data, answered) {
            return;
        }
        if operation == "requestChat" {
            let key = text("clientConversationId").unwrap_or_default();
            let visitor = self.clients[place].peer.visitor.clone();
            let (conversation, _) = self.backend.request(account, &visitor, key, time, &plan);
            self.clients[place].peer.conversation = Some(conversation);
            return self.answer_with(place, conversation, 0, answered);
        }
        let key = text("secureKey").unwrap_or_default();
        let open = self.backend.conversations.iter().position(|one| one.id.replacen('c', "k", 1) == key);
        let Some(conversation) =
            open.filter(|at| !plan.idempotency || self.backend.conversations[*at].account == account)
        else {
            return self.refuse(place, 50.into(), true, answered);
        };
        match &*operation {
            "sendMessage" => {
                let said = text("message").unwrap_or_default();
                match self.backend.say(conversation, said, text("clientMessageId"), time, &plan) {
                    Err(error) => {
                        let over = error.code != Code::MessageInvalid;
                        self.refuse(place, error.code.name().into(), over, answered);
                    }
                    Ok((entry, new)) => {
                        let frame = self.frame(conversation, std::slice::from_ref(&entry), false, answered);
                        self.clients[place].mailbox.push(frame);
                        if new {
                            self.tell_clients(conversation, &ChatEventKind::Entry(entry), Some(place));
                        }
                    }
                }
            }
            "requestNotifications" => {
                self.clients[place].peer.conversation = Some(conversation);
                let from = data["transcriptPosition"].as_u64().unwrap_or(0).saturating_sub(1);
                self.answer_with(place, conversation, from, answered);
            }
            "disconnect" => {
                for (conversation, kind) in self.backend.end(conversation) {
                    self.tell_clients(conversation, &kind, Some(place));
                }
                let frame = self.frame(conversation, &[], true, answered);
                self.clients[place].mailbox.push(frame);
            }
            _ if plan.idempotency => {
                let frame = self.frame(conversation, &[], false, answered);
                self.clients[place].mailbox.push(frame);
            }
            _ => {}
        }
    }

    /// The transcript from there on.
    fn answer_with(&mut self, place: usize, conversation: usize, from: u64, answered: Option<&Value>) {
        let one = &self.backend.conversations[conversation];
        let entries: Vec<Entry> = since(one, from).into_iter().filter_map(entry).collect();
        let frame = self.frame(conversation, &entries, one.ended, answered);
        self.clients[place].mailbox.push(frame);
    }

    pub(crate) fn refuse(&mut self, place: usize, code: Value, over: bool, answered: Option<&Value>) {
        let mut data = json!({"statusCode": 2, "chatEnded": over, "messages": [], "errors": [{"code": code}]});
        if let Some(id) = answered {
            data["requestId"] = id.clone();
        }
        self.clients[place].mailbox.push(json!({"channel": SERVICE, "data": data}));
    }

    fn frame(&self, conversation: usize, entries: &[Entry], ended: bool, answered: Option<&Value>) -> Value {
        let one = &self.backend.conversations[conversation];
        let messages: Vec<Value> = entries.iter().map(message).collect();
        let mut data = json!({
            "chatId": one.id, "userId": "u", "alias": "1", "secureKey": one.id.replacen('c', "k", 1), "statusCode": 0,
            "chatEnded": ended, "nextPosition": one.log.len() + 1, "messages": messages,
        });
        if let Some(id) = answered {
            data["requestId"] = id.clone();
        }
        json!({"channel": SERVICE, "data": data})
    }

    /// The backend went down and forgot its sessions.
    pub(crate) fn forget_clients(&mut self) {
        for client in &mut self.clients {
            client.gone = true;
        }
    }
}

fn entry(event: ChatEvent) -> Option<Entry> {
    match event.kind {
        ChatEventKind::Entry(entry) => Some(entry),
        _ => None,
    }
}

fn message(entry: &Entry) -> Value {
    let role = if entry.party.role == Role::Visitor { "Client" } else { "Agent" };
    let from = json!({"nickname": entry.party.name, "participantId": entry.party.id, "type": role});
    let kind = match entry.content {
        Content::Joined => "ParticipantJoined",
        Content::Left => "ParticipantLeft",
        _ => "Message",
    };
    let mut message = json!({"index": entry.index, "type": kind, "utcTime": entry.time, "from": from});
    if let Content::Text(text) = &entry.content {
        message["text"] = json!(text);
    }
    if let Some(key) = &entry.client_message_id {
        message["userData"] = json!({"clientMessageId": key});
    }
    message
}
