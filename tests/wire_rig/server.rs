//! A Bayeux server small enough to see through. Not: a test.

use super::SERVICE;
use serde_json::{Value, json};

/// A server that knows Bayeux and answers operations by a function of the test.
pub struct Server {
    /// The `ext` of handshake replies.
    pub ext: Option<Value>,
    pub advice: Value,
    pub clients: u32,
    /// Every message received.
    pub heard: Vec<Value>,
    /// What a publish brings besides its reply.
    pub operation: fn(&Value) -> Option<Value>,
}

impl Server {
    /// One that knows our extension.
    pub fn ours() -> Server {
        let capabilities = ["idempotency", "receipts", "typing", "telepathy"];
        let ext = json!({"support-chat": {"version": 1, "visitorSecret": "s3cret", "capabilities": capabilities}});
        Server { ext: Some(ext), ..Server::plain() }
    }

    /// One that knows users too.
    pub fn identifying() -> Server {
        let capabilities = ["idempotency", "identify", "conversations"];
        let ext = json!({"support-chat": {"version": 1, "visitorSecret": "s3cret", "revokeUrl": "/cometd/revoke",
            "capabilities": capabilities}});
        Server { ext: Some(ext), ..Server::plain() }
    }

    /// One that speaks the plain dialect.
    pub fn plain() -> Server {
        let advice = json!({"reconnect": "retry", "interval": 0, "timeout": 20000});
        Server { ext: None, advice, clients: 0, heard: Vec::new(), operation: |_| None }
    }

    pub fn client(&self) -> String {
        format!("client-{}", self.clients)
    }

    /// The replies; a connect that is to be held gets none.
    pub fn replies(&mut self, messages: &[Value]) -> Vec<Value> {
        let mut replies = Vec::new();
        for message in messages {
            self.heard.push(message.clone());
            let mut reply = json!({"id": message["id"], "channel": message["channel"], "successful": true});
            match message["channel"].as_str().unwrap() {
                "/meta/handshake" => {
                    self.clients += 1;
                    reply["clientId"] = json!(self.client());
                    reply["version"] = json!("1.0");
                    reply["supportedConnectionTypes"] = json!(["websocket", "long-polling"]);
                    reply["advice"] = self.advice.clone();
                    if let Some(ext) = &self.ext {
                        reply["ext"] = ext.clone();
                    }
                }
                "/meta/connect" => {
                    if message["advice"]["timeout"] != json!(0) {
                        continue;
                    }
                    reply["advice"] = self.advice.clone();
                }
                SERVICE => {
                    if let Some(data) = (self.operation)(message) {
                        replies.push(json!({"channel": SERVICE, "data": data}));
                    }
                }
                _ => {}
            }
            replies.push(reply);
        }
        replies
    }

    /// The operations heard, by name.
    pub fn operations(&self) -> Vec<&str> {
        self.heard.iter().filter_map(|message| message["data"]["operation"].as_str()).collect()
    }

    /// What the newest handshake said of the visitor.
    pub fn introduced(&self) -> &Value {
        let handshake = self.heard.iter().rfind(|message| message["channel"] == "/meta/handshake").unwrap();
        &handshake["ext"]["support-chat"]
    }

    /// The id of the newest connect.
    pub fn last_connect(&self) -> Value {
        self.heard.iter().rfind(|message| message["channel"] == "/meta/connect").unwrap()["id"].clone()
    }

    pub fn count(&self, channel: &str) -> usize {
        self.heard.iter().filter(|message| message["channel"] == channel).count()
    }
}
