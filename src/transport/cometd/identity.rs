//! Who the visitor is to the server: what a handshake says and teaches, how a token is taken over, and how a logout makes
//! credentials worthless. Not: when any of it is due (the session), nor what is listed (`listing`).

use super::Cometd;
use super::frame::Frame;
use super::listing;
use super::operation::Operation;
use super::resume::Resume;
use crate::error::{Code, Error};
use crate::json::{Value, Writer};
use crate::transport::{Action, Capabilities, ChatEventKind, ClosedReason, Event, Performed, Revoke};

impl Cometd {
    /// The `ext` of every handshake. A token speaks for itself: the secret of an anonymous history beside it would say
    /// that both are one person.
    pub(super) fn introduction(&self) -> String {
        let mut ext = Writer::new();
        ext.object().name("support-chat").object().name("version").number(1);
        ext.name("visitorId").string(&self.visitor_id);
        let (name, proof) = match &self.token {
            Some(_) => ("token", &self.token),
            None => ("visitorSecret", &self.resume.secret),
        };
        let claimed = if self.token.is_none() { &self.user_id } else { &None };
        for (name, text) in [(name, proof), ("userId", claimed)] {
            if let Some(text) = text {
                ext.name(name).string(text);
            }
        }
        ext.end_object().end_object();
        ext.finish()
    }

    /// Takes from the `ext` of a handshake's reply what the server can do and what it gave us. False: it takes us for
    /// somebody else than the user whose token we were given, and we have left.
    pub(super) fn learn_terms(&mut self, ext: Option<Value<'_>>) -> bool {
        self.capabilities = Capabilities::TYPING;
        let ours = ext.and_then(|ext| ext.member("support-chat"));
        let Some(ours) = ours.filter(|ours| ours.is_object()) else { return true };
        if let (Some(_), Some(wanted), Some(user)) = (&self.token, &self.user_id, ours.text_at("userId"))
            && user != wanted
        {
            self.client.give_up(ClosedReason::Auth(Code::InvalidToken));
            return false;
        }
        self.capabilities = self.capabilities.and(Capabilities::KEEPS);
        for name in ours.items_at("capabilities") {
            let named = Capabilities::named(name.text().unwrap_or_default());
            self.capabilities = self.capabilities.and(named);
        }
        let revoke_url = ours.text_at("revokeUrl");
        self.resume.revoke_path = revoke_url.and_then(|url| self.path_at_home(url));
        if revoke_url.is_some() && self.resume.revoke_path.is_none() {
            self.events.push(Event::Notice("ignored a `revokeUrl` that is not the server's own".to_owned()));
        }
        if let Some(secret) = ours.owned_at("visitorSecret") {
            self.resume.secret = Some(secret);
            // The next handshake may come without a word of the session: without the secret we were a stranger.
            self.client.introduce(self.introduction());
        }
        true
    }

    /// A token that is renewed counts at once: the old one may be refused by the next handshake already.
    pub(super) fn renew(&mut self, action: &Action) {
        if let (Action::Identify(token), true) = (action, self.token.is_some()) {
            self.token = Some(token.clone());
            self.client.introduce(self.introduction());
        }
    }

    /// What an operation that belongs to no chat brought; it is settled. False: it is one of a chat.
    pub(super) fn settle_apart(&mut self, place: Option<usize>, frame: &Frame<'_>) -> bool {
        let Some(Operation { id, action, .. }) = place.and_then(|place| self.operations.get(place)) else {
            return false;
        };
        let result = match action {
            Action::Conversations(_) if id.is_none() => {
                self.take_key(place, frame);
                return true;
            }
            Action::Identify(_) | Action::Conversations(_) if frame.status > 1 => Err(frame.error()),
            Action::Identify(token) => {
                let merged = frame.data.flag_at("merged");
                self.token = Some(token.clone());
                self.user_id = frame.data.owned_at("userId");
                if merged {
                    self.resume.secret = None; // it opens nothing any more
                }
                self.client.introduce(self.introduction());
                Ok(Performed::Identified { user_id: self.user_id.clone().unwrap_or_default(), merged })
            }
            Action::Conversations(_) => Ok(Performed::Found(listing::read(frame.data, &self.resume))),
            _ => return false,
        };
        self.settle(place, result);
        true
    }

    /// The key to the chat opens nothing, perhaps since a logout of this very visitor: who may see the chat is given
    /// another. False: that has been tried.
    pub(super) fn ask_for_key(&mut self, place: Option<usize>) -> bool {
        let Some(operation) = place.and_then(|place| self.operations.get_mut(place)) else { return false };
        let can = operation.id.is_none() && self.capabilities.has(Capabilities::CONVERSATIONS);
        if !can || std::mem::replace(&mut self.rekeyed, true) {
            return false;
        }
        *operation = Operation::new(None, Action::Conversations(50));
        true
    }

    fn take_key(&mut self, place: Option<usize>, frame: &Frame<'_>) {
        let mut key = None;
        for item in frame.data.items_at("conversations") {
            if item.text_at("id") == self.resume.chat_id.as_deref() {
                key = item.owned_at("secureKey");
            }
        }
        match (place.and_then(|place| self.operations.get_mut(place)), key) {
            (Some(operation), Some(key)) => {
                self.resume.secure_key = Some(key);
                *operation = Operation::new(None, Action::CatchUp(self.applied));
            }
            _ => {
                self.forget_chat(ChatEventKind::Unknown);
                self.settle(place, Ok(Performed::Done));
            }
        }
    }

    /// Makes credentials worthless: where the server named an address, by a request of its own, which needs no
    /// connection and outlives the page; else among the last words of this connection.
    pub(super) fn revoke(&mut self, revoke: Revoke) {
        let mut resume = Resume::read(revoke.resume.as_deref());
        if !revoke.clear {
            resume.secret = None;
        }
        let mut body = Writer::new();
        body.object();
        let mut any = false;
        let named = [("secureKey", &resume.secure_key), ("visitorSecret", &resume.secret), ("token", &revoke.token)];
        for (name, text) in named {
            if let Some(text) = text {
                body.name(name).string(text);
                any = true;
            }
        }
        body.end_object();
        match resume.revoke_path.filter(|_| any) {
            Some(path) => return self.revoke_at(&path, body.finish()),
            None if self.ready && self.capabilities.has(Capabilities::IDENTIFY) => {
                let mut data = Writer::new();
                data.object().name("operation").string("revoke");
                data.name("clearStorage").boolean(revoke.clear).end_object();
                self.last_words = Some(data.finish());
            }
            // The server knows the token, and has not said yet where it is made worthless.
            None if revoke.token.is_some() && self.client.is_shaking() => return self.owed = Some(body.finish()),
            None => {}
        }
        self.events.push(Event::Revoked);
    }

    fn revoke_at(&mut self, path: &str, body: String) {
        let url = [&self.origin, "/", path].concat();
        let request = self.client.beacon(url, body);
        self.revoking.push(request);
    }

    /// The answer to a handshake has come after the logout: that was all it was waited for. (Whoever waits for an answer
    /// that says nothing, or never comes, does so for some seconds.)
    pub(super) fn revoke_late(&mut self, body: String) {
        self.client.disconnect(None);
        if let Some(path) = self.resume.revoke_path.take() {
            self.revoke_at(&path, body);
        }
        self.resume = Resume::default();
    }

    /// The path of an address of the chat server's origin, without its first `/`; `None` for any other: credentials go
    /// nowhere else.
    fn path_at_home(&self, url: &str) -> Option<String> {
        let path = url.strip_prefix(&*self.origin).unwrap_or(url).strip_prefix('/')?;
        let fits = !path.starts_with('/') && path.len() <= 2048 && path.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| path.to_owned())
    }
}

/// Scheme, host and port of an address, as they stand there.
pub(super) fn origin(address: &str) -> &str {
    // Byte by byte: the library's search for texts is 5 kB.
    let bytes = address.as_bytes();
    let host = bytes.windows(3).position(|three| three == b"://").map_or(0, |at| at + 3);
    let mut end = host;
    while bytes.get(end).is_some_and(|byte| !matches!(byte, b'/' | b'?' | b'#' | b'\\')) {
        end += 1;
    }
    address.get(..end).unwrap_or("")
}

/// The refusal of what this server cannot do.
pub(super) fn unsupported() -> Error {
    Error::new(Code::Unsupported, "the chat server cannot do this")
}
