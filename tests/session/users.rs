//! Users for scenarios: what a page says of them, their tokens, and a provider that the test plays itself.

use crate::rig::{Browser, Tab};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, CallId, Event, Who};
use support_chat::transport::{Action, Capabilities, Event as Report, Performed};

/// A backend that knows the whole extension.
pub(crate) fn full() -> Capabilities {
    Capabilities::IDEMPOTENCY.and(Capabilities::IDENTIFY).and(Capabilities::KEEPS)
}

/// What a page says of its `user`, `company` or `context`, and of nothing else.
pub(crate) fn only(part: &str, text: &str) -> Who {
    Who { said: format!(r#"{{"{part}":{text}}}"#), ..Who::default() }
}

/// A user without anybody to prove it.
pub(crate) fn unproved(id: &str) -> Box<Who> {
    let said = only("user", &format!(r#"{{"id":"{id}","name":"Name of {id}"}}"#));
    Box::new(Who { user_id: Some(id.into()), ..said })
}

/// A user whose provider is number 7.
pub(crate) fn user(id: &str) -> Box<Who> {
    Box::new(Who { provider: Some(7), ..*unproved(id) })
}

/// A token that says whose it is and, in s since 1970, when it expires.
pub(crate) fn jwt(subject: &str, expires: u64) -> String {
    let payload = format!(r#"{{"sub":"{subject}","exp":{expires}}}"#);
    let mut text = String::from("e30.");
    for chunk in payload.as_bytes().chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let at = (word >> (18 - 6 * place) & 63) as usize;
            let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            text.push(char::from(digits[at]));
        }
    }
    text + ".c2ln"
}

impl Tab {
    /// The newest question's provider answers.
    pub(crate) fn token(&mut self, token: &str) {
        let (ask, ..) = *self.asks.last().expect("a provider was asked");
        self.session.handle_token(ask, Some(token.to_owned()), self.now);
        self.drain();
    }

    /// It has none to give.
    pub(crate) fn no_token(&mut self) {
        let (ask, ..) = *self.asks.last().expect("a provider was asked");
        self.session.handle_token(ask, None, self.now);
        self.drain();
    }

    pub(crate) fn reasons(&self) -> Vec<&'static str> {
        self.asks.iter().map(|ask| ask.2).collect()
    }

    /// Live as a user whose token the backend took.
    pub(crate) fn known(browser: &Rc<RefCell<Browser>>, id: &str) -> Tab {
        let mut tab = Tab::new(browser);
        tab.call(Call::BootAs(user(id)));
        tab.prove(id);
        tab
    }

    /// The provider and the backend say yes.
    pub(crate) fn prove(&mut self, id: &str) {
        self.token(&format!("token-of-{id}"));
        self.report(Report::Saved(format!(r#"{{"secret":"secret-of-{id}"}}"#)));
        self.connected(full());
        assert_eq!(self.state(), State::Authenticated);
    }

    /// Requests a conversation with a first message.
    pub(crate) fn converse(&mut self, chat: &str, words: &str) {
        self.send(words, &format!("key-{words}"));
        if self.session.view().connection.state.name() != "connected" {
            self.connected(full());
        }
        let (op, _) = self.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        self.perform(op, Ok(Performed::Requested(chat.into())));
        let (op, _) = self.action(|action| matches!(action, Action::Send(_))).expect("sent");
        self.perform(op, Ok(Performed::Sent(1, None)));
        self.wait(2_000);
    }

    pub(crate) fn who(&self) -> (Option<String>, bool) {
        let identity = self.session.identity().expect("live");
        (identity.user_id, identity.verified)
    }

    pub(crate) fn visitor_id(&self) -> String {
        self.session.identity().expect("live").visitor_id
    }

    /// The code a call was refused with, or `None`.
    pub(crate) fn refusal(&self, call: CallId) -> Option<&'static str> {
        self.outcome(call)?.err().map(|code| code.name())
    }

    pub(crate) fn resolved(&self, call: CallId) -> bool {
        matches!(self.outcome(call), Some(Ok(_)))
    }

    pub(crate) fn waits(&self, call: CallId) -> bool {
        self.outcome(call).is_none()
    }

    pub(crate) fn auth_changes(&self) -> Vec<(Option<String>, Option<String>)> {
        let user = |identity: &Option<support_chat::session::Identity>| {
            identity.as_ref().map(|identity| identity.user_id.clone().unwrap_or_else(|| "anonymous".into()))
        };
        let changes = self.events.iter().filter_map(|event| match event {
            Event::AuthChanged { identity, previous } => Some((user(identity), user(previous))),
            _ => None,
        });
        changes.collect()
    }
}

impl Tab {
    pub(crate) fn revokes(&self) -> Vec<&support_chat::transport::Revoke> {
        let all = self.commands.iter();
        all.filter_map(|command| match command {
            support_chat::transport::Command::Revoke(revoke) => Some(&**revoke),
            _ => None,
        })
        .collect()
    }
}
