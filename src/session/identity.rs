//! Who the session is for: an anonymous visitor, or a user, and how the one becomes the other in place. Not: whose the
//! saved session is (`owner`), nor the proof (`token`).

use super::call::{CallId, Who};
use super::delivery::Doing;
use super::machine::Session;
use super::output::{Event, Level};
use super::peer::Peer;
use super::view::{ConnectionState, Identity};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::store::persisted;
use crate::time::Now;
use crate::transport::{Action, Capabilities, Performed, Reason};

/// The identified user of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    /// As the page calls them.
    pub(super) id: String,
    /// The backend has accepted a proof.
    pub(super) verified: bool,
}

/// A wish to go on as a user.
pub(super) struct Identifying {
    /// Who waits for it.
    calls: Vec<CallId>,
    /// As whom.
    who: Box<Who>,
    /// The backend has refused one token for it.
    refused: bool,
}

impl Session {
    /// Whom the session belongs to.
    pub fn identity(&self) -> Option<Identity> {
        let visitor = self.visitor.as_ref().filter(|_| self.state.live())?;
        Some(Identity {
            visitor_id: visitor.id.clone(),
            user_id: visitor.user.as_ref().map(|user| user.id.clone()),
            verified: visitor.user.as_ref().is_some_and(|user| user.verified),
        })
    }

    /// The user of this session, proved or not, live or about to be.
    pub(super) fn user_id(&self) -> Option<&str> {
        Some(&self.visitor.as_ref()?.user.as_ref()?.id)
    }

    /// The session is, or is to be, a user's.
    pub(super) fn has_user(&self) -> bool {
        self.user_id().is_some()
    }

    /// The backend has accepted a proof of it.
    pub(super) fn is_verified(&self) -> bool {
        self.visitor.as_ref().and_then(|visitor| visitor.user.as_ref()).is_some_and(|user| user.verified)
    }

    /// Whose token is wanted.
    pub(super) fn wanted_user(&self) -> Option<&str> {
        match self.user_id() {
            Some(id) => Some(id),
            None => self.identifying.first()?.who.user_id.as_deref(),
        }
    }

    /// The state of a session with a connection, or without need of one.
    pub(super) fn live_state(&self) -> State {
        if self.has_user() { State::Authenticated } else { State::Anonymous }
    }

    /// `boot` as somebody, where there is, or was, no boot to join.
    pub(super) fn boot_as(&mut self, id: CallId, who: Box<Who>, now: Now) {
        if matches!(self.state, State::Ready | State::Shutdown) {
            return self.begin_boot(id, Some(who), now);
        }
        if who.user_id.is_some() {
            return self.identify(id, who, now);
        }
        self.boot(id, now);
        self.update(0, &who, now);
    }

    /// `identify`, and `boot` as a user while live.
    pub(super) fn identify(&mut self, id: CallId, who: Box<Who>, now: Now) {
        let Some(wanted) = who.user_id.as_deref() else {
            return self.refuse(id, Error::new(Code::ValidationError, "`user.id` is missing"));
        };
        if matches!(self.state, State::Ready | State::Shutdown) {
            return self.begin_boot(id, Some(who), now);
        }
        self.token.untidy |= who.provider.is_some();
        match self.user_id() {
            Some(user) if user == wanted => {
                self.take_provider(who.provider);
                self.settle(id);
                self.update(0, &who, now);
                self.prove_in_place(now);
            }
            Some(_) => self.refuse(id, conflict()),
            None => {
                let last = self.identifying.last_mut().filter(|last| last.who.user_id == who.user_id);
                match last {
                    Some(last) => {
                        last.calls.push(id);
                        last.who.join(&who);
                    }
                    None => self.identifying.push(Identifying { calls: vec![id], who, refused: false }),
                }
                if self.link.connection.reason == Some("auth") {
                    self.wish_lead(); // nothing else would bring an answer
                    self.try_again(now);
                }
                self.go_on_identifying(now);
            }
        }
    }

    /// Whatever can be done now about the first wish to be a user.
    pub(super) fn go_on_identifying(&mut self, now: Now) {
        let Some(first) = self.identifying.first() else { return };
        if !matches!(self.state, State::Anonymous) || self.link.leaving {
            return; // lost: it waits
        }
        let provider = first.who.provider;
        self.token.provider = provider.or(self.config.token_provider);
        if self.token.provider.is_none() {
            self.warn_unverified();
            return self.identified(false, now);
        }
        if self.tabs.follows() {
            return self.wish_lead();
        }
        if !self.tabs.leads() || self.link.connection.state != ConnectionState::Connected {
            return; // the wish is reason enough to connect
        }
        if !self.link.capabilities.has(Capabilities::IDENTIFY) {
            self.log(Level::Warn, "the backend verifies no identity: the user is live, but not verified");
            return self.identified(false, now);
        }
        match self.token.text() {
            _ if self.token.is_asked() || self.doing(&Doing::Identify) => {}
            Some(token) => self.show_proof(Doing::Identify, token, now),
            None => self.ask_token("identify", now),
        }
    }

    /// The backend's word on an identity.
    pub(super) fn identify_answered(&mut self, result: Result<Performed, Error>, now: Now) {
        match result {
            Ok(Performed::Identified { user_id, .. })
                if !user_id.is_empty() && Some(&*user_id) != self.wanted_user() =>
            {
                self.taken_for_another(now);
                self.identify_refused(Error::new(Code::InvalidToken, "the token is another user's"), now);
            }
            Ok(_) => {
                self.token.accepted(now);
                self.identified(true, now);
            }
            Err(error) => {
                self.token.drop();
                let auth = matches!(error.code, Code::InvalidToken | Code::AuthExpired);
                let first = self.identifying.first_mut();
                let again = first.is_some_and(|first| auth && !std::mem::replace(&mut first.refused, true));
                if !again {
                    return self.identify_refused(error, now);
                }
                self.emit(Event::AuthExpired);
                self.ask_token("rejected", now);
            }
        }
    }

    /// Over the connection there is.
    pub(super) fn show_proof(&mut self, doing: Doing, token: String, now: Now) {
        self.link.before_proof = self.visitor.as_ref().and_then(|visitor| visitor.resume.clone());
        self.perform(doing, Action::Identify(token), now);
    }

    /// The backend takes us for somebody else. What it says and gives to them is not heard, and not kept; another
    /// connection is made.
    pub(super) fn taken_for_another(&mut self, now: Now) {
        let before = self.link.before_proof.take();
        self.save_resume(before);
        self.disconnect(Reason::Identity);
        self.lost("identity", None, now);
    }

    /// The session stays anonymous, as it was.
    pub(super) fn identify_refused(&mut self, error: Error, now: Now) {
        self.token.drop();
        (self.token.provider, self.token.untidy) = (self.config.token_provider, true);
        if self.identifying.is_empty() {
            return;
        }
        for id in &self.identifying.remove(0).calls {
            self.refuse(*id, error.clone());
        }
        self.go_on_identifying(now);
        self.tell_snapshot(None, u64::MAX); // another tab may have waited for the lead
    }

    /// The first wish has come true.
    fn identified(&mut self, verified: bool, now: Now) {
        let Some(id) = self.identifying.first().and_then(|first| first.who.user_id.clone()) else { return };
        self.become_user(User { id, verified }, now);
        if self.tabs.follows() {
            self.write_session(); // should nobody lead: what is said from now on is not an anonymous visitor's
            self.tell_user();
        }
        self.find_conversation(now);
    }

    /// A live user, and perhaps a better provider than before.
    fn prove_in_place(&mut self, now: Now) {
        let lost = self.link.connection.state == ConnectionState::Disconnected;
        if lost {
            self.try_again(now);
        }
        if self.token.provider.is_none() || self.is_verified() && !lost {
            return;
        }
        let connected = self.link.connection.state == ConnectionState::Connected;
        if connected && !self.link.capabilities.has(Capabilities::IDENTIFY) {
            return; // nobody takes a proof
        }
        self.wish_lead();
        if self.tabs.leads() && connected {
            self.ask_token("identify", now);
        }
    }

    /// The backend has accepted a proof of the live user.
    pub(super) fn verified(&mut self, now: Now) {
        if let Some(user) = self.visitor.as_mut().and_then(|visitor| visitor.user.as_mut())
            && !std::mem::replace(&mut user.verified, true)
        {
            self.tell_snapshot(None, u64::MAX);
            self.find_conversation(now);
        }
    }

    /// From now on the session is this user's; nothing of it is lost.
    pub(super) fn become_user(&mut self, user: User, now: Now) {
        let previous = self.identity();
        let Some(visitor) = &mut self.visitor else { return };
        let new = visitor.user.as_ref().is_none_or(|old| old.id != user.id);
        visitor.user = Some(user);
        if !new {
            return self.save_session();
        }
        if self.state == State::Anonymous {
            self.move_to(State::Authenticated, None);
        }
        if self.state.live() {
            let identity = self.identity();
            self.emit(Event::AuthChanged { identity, previous });
        }
        self.save_session();
        let apart = self.keeps_apart();
        if self.tabs.follows() && apart {
            self.write_session(); // nobody else does
        }
        if self.tabs.leads() || apart {
            self.remove(persisted::TAIL); // a user's words come from the backend, upon proof
        }
        self.tell_snapshot(None, u64::MAX);
        while !self.identifying.is_empty() {
            let wish = self.identifying.remove(0);
            let same = wish.who.user_id.as_deref() == self.user_id();
            for id in &wish.calls {
                match same {
                    true => self.settle(*id),
                    false => self.refuse(*id, conflict()),
                }
            }
            if same {
                self.update(0, &wish.who, now);
            }
        }
        self.token.untidy = true;
        self.tabs.wishes_lead = false;
    }

    /// Everybody who waits to be a user.
    pub(super) fn take_wishes(&mut self) -> Vec<CallId> {
        let mut calls = Vec::new();
        for wish in &mut self.identifying {
            calls.append(&mut wish.calls);
        }
        self.identifying.clear();
        calls
    }

    /// One line for the page's developer.
    pub(super) fn warn_unverified(&mut self) {
        self.log(Level::Warn, "there is no tokenProvider: the user is live, but not verified");
    }

    /// The other tabs hear of a user who is live without a proof.
    pub(super) fn tell_user(&mut self) {
        if let Some(id) = self.user_id().map(str::to_owned) {
            self.tell(Peer::User(id));
        }
    }

    /// A user is being proved over this tab's connection, or has been.
    pub(super) fn proves(&self) -> bool {
        let connected = self.link.connection.state == ConnectionState::Connected;
        !self.identifying.is_empty() || self.token.is_asked() || self.is_verified() && connected
    }

    /// This tab has what the leader lacks: a proof. It asks for the lead.
    pub(super) fn wish_lead(&mut self) {
        if self.tabs.follows() && !std::mem::replace(&mut self.tabs.wishes_lead, true) {
            self.tell(Peer::Take);
        }
    }
}

/// The session is somebody else's.
pub(super) fn conflict() -> Error {
    Error::new(Code::IdentityConflict, "the session is another user's: call `shutdown` first")
}
