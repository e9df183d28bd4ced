//! Who a Bayeux session is for: handshakes with a secret or a token, `identify`, `conversations`, and the request that
//! revokes. Not: the chat itself (`bayeux`), nor what a token is worth (`users`).

use crate::backend::Peer;
use crate::bayeux::{Client, TIMEOUT};
use crate::browser::TabId;
use crate::tab::Input;
use crate::users::name_of;
use crate::wire::{Carrier, ConnectionId};
use crate::world::{Due, World};
use serde_json::{Value, json};
use support_chat::transport::link::{self, RequestId};
use support_chat::transport::{Connect, Performed};

impl World {
    /// A new Bayeux session, or a refusal.
    pub(crate) fn handshake(&mut self, connection: ConnectionId, message: &Value, mut reply: Value) -> Value {
        let ours = &message["ext"]["support-chat"];
        let named = |name: &str| ours[name].as_str().map(str::to_owned);
        let visitor = named("visitorId").unwrap_or_default();
        let secret = named("visitorSecret").unwrap_or_default();
        let asks = Connect {
            visitor_id: visitor.clone(),
            user_id: named("userId"),
            token: named("token"),
            ..Connect::default()
        };
        reply["version"] = json!("1.0");
        reply["supportedConnectionTypes"] = json!(["websocket", "long-polling"]);
        // A plain server knows no visitors; the model does, to keep the books.
        let extended = self.plan.idempotency;
        let wall = self.now().wall;
        let proof = if extended { self.backend.proof(&asks, wall, &self.plan) } else { Ok(None) };
        let account = match proof {
            Err(code) => {
                reply["successful"] = json!(false);
                reply["error"] = json!(format!("403::{}", code.name()));
                reply["advice"] = json!({"reconnect": "none"});
                return reply;
            }
            Ok(Some(user)) => self.backend.admit_user(&visitor, user),
            Ok(None) => self.backend.admit(&visitor, |known| !extended || known == secret),
        };
        let token = asks.token.filter(|_| matches!(proof, Ok(Some(_))));
        let id = format!("client-{}", self.clients.len() + 1);
        reply["clientId"] = json!(id);
        reply["advice"] = json!({"reconnect": "retry", "interval": 0, "timeout": TIMEOUT});
        if extended {
            let mut capabilities = vec!["idempotency"];
            capabilities.extend(self.plan.typing.then_some("typing"));
            capabilities.extend(self.plan.receipts.then_some("receipts"));
            if self.plan.identifies {
                capabilities.extend(["identify", "conversations"]);
            }
            let mut ext = json!({"version": 1, "capabilities": capabilities});
            match self.backend.accounts[account].user {
                Some(user) if token.is_some() => ext["userId"] = json!(name_of(user)),
                _ => ext["visitorSecret"] = json!(self.backend.accounts[account].secret),
            }
            if self.plan.receipts {
                ext["revokeUrl"] = json!("/revoke");
            }
            reply["ext"] = json!({"support-chat": ext});
        }
        let socket = matches!(self.connections[connection].carrier, Carrier::Socket(_)).then_some(connection);
        let peer = Peer { account: Some(account), visitor, token, ..Peer::default() };
        self.clients.push(Client::new(id, peer, socket, self.time));
        reply
    }

    /// An operation of no chat; or one that its token is too old for. False: it is neither.
    pub(crate) fn operate_on_identity(
        &mut self,
        place: usize,
        operation: &str,
        data: &Value,
        answered: Option<&Value>,
    ) -> bool {
        let wall = self.now().wall;
        let mut peer = self.clients[place].peer.clone();
        let mut told = json!({"statusCode": 0, "messages": []});
        match operation {
            "identify" => {
                let token = data["token"].as_str().unwrap_or_default().to_owned();
                match self.backend.identify(&mut peer, token, wall) {
                    Ok(Performed::Identified { user_id, merged }) => {
                        told["userId"] = json!(user_id);
                        told["merged"] = json!(merged);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        self.refuse(place, error.code.name().into(), false, answered);
                        return true;
                    }
                }
                self.clients[place].peer = peer;
            }
            "conversations" => told["conversations"] = self.listed(peer.account),
            "revoke" => self.backend.revoke(peer.token.as_deref(), None, data["clearStorage"] == json!(true)),
            _ => {
                let proof = peer.token.as_deref().filter(|_| self.plan.strict);
                let Some(Err(code)) = proof.map(|token| self.backend.verify(token, wall)) else { return false };
                self.refuse(place, code.name().into(), false, answered);
                return true;
            }
        }
        if let Some(id) = answered {
            told["requestId"] = id.clone();
        }
        self.clients[place].mailbox.push(json!({"channel": crate::bayeux::SERVICE, "data": told}));
        true
    }

    fn listed(&self, account: Option<usize>) -> Value {
        let own = self.backend.conversations.iter().rev().filter(|one| Some(one.account) == account);
        let list = own.map(|one| {
            json!({
                "id": one.id, "status": if one.ended { "ended" } else { "active" }, "unreadCount": 0,
                "createdAt": one.log[0].time, "updatedAt": one.log[one.log.len() - 1].time,
                "secureKey": one.id.replacen('c', "k", 1),
            })
        });
        list.collect()
    }

    /// A request that makes credentials worthless; it outlives the page.
    pub(crate) fn beacon(&mut self, id: TabId, request: RequestId, text: &str) {
        let body: Value = serde_json::from_str(text).unwrap_or_default();
        let arrives = self.online && self.backend.down_until <= self.time;
        if arrives {
            let secret = body["visitorSecret"].as_str();
            self.backend.revoke(body["token"].as_str(), secret, secret.is_some());
        }
        let delay = 1 + self.random.below(2 * self.plan.latency);
        let event =
            if arrives { link::Event::Answered(request, 204, String::new()) } else { link::Event::Failed(request) };
        self.later(delay, Due::Input(id, Input::Link(event)));
    }
}
