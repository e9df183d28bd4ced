//! Identity tokens: whom to ask for one, when, what is made of the answer, and what a refusal means. A token is never
//! stored, said to anybody but the backend, or logged. Not: who the user is (`identity`), nor what it says (`claims`).

use super::call::ProviderId;
use super::claims::claims;
use super::delivery::Doing;
use super::machine::Session;
use super::output::{Event, Output};
use super::timers::Timer;
use super::view::{Banner, ConnectionState};
use crate::error::{Code, Error};
use crate::time::{Mono, Now, Wall};
use crate::transport::{Capabilities, Performed, Reason, Revoke};

/// A provider has this long to answer, in ms.
const PROVIDER_LIMIT: u64 = 15_000;
/// A token is renewed this long before it expires, in ms; after half its life if that is later.
const AHEAD: u64 = 60_000;
/// A provider that gives tokens of no life to speak of is not asked more often, in ms.
const SHORTEST: u64 = 1_000;
/// One that the backend takes, and refuses sooner than this, was as good as refused, in ms.
const LASTS: u64 = 5_000;
/// Longer tokens are none.
const LONGEST: usize = 16 * 1_024;

/// The token in use, and whom to ask for the next.
#[derive(Default)]
pub(super) struct Token {
    /// Whom to ask.
    pub(super) provider: Option<ProviderId>,
    /// The one in use.
    text: Option<String>,
    /// The one the backend took last, of use or not: a logout goes by what it has met.
    met: Option<String>,
    /// When it expires. Nothing, if it had expired as it came: then the device's clock may be wrong, and the backend
    /// is the judge.
    expires: Option<Wall>,
    /// The question under way, and why it was asked.
    asked: Option<(u32, &'static str)>,
    /// Counts the questions.
    last_ask: u32,
    /// Before this, a refusal is the second in a row.
    forgiven: Mono,
    /// The shell may hold providers that are of no use any more.
    pub(super) untidy: bool,
    /// Calls that have waited are being run: those still to come may bring a provider.
    pub(super) expects: bool,
}

impl Token {
    /// Of another session: what is still being asked concerns nobody.
    pub(super) fn anew(&self) -> Token {
        Token { last_ask: self.last_ask, untidy: true, expects: self.expects, ..Token::default() }
    }

    /// For the backend.
    pub(super) fn text(&self) -> Option<String> {
        self.text.clone()
    }

    /// There is one.
    pub(super) fn is_there(&self) -> bool {
        self.text.is_some()
    }

    /// There is one to be revoked.
    pub(super) fn is_known(&self) -> bool {
        self.text.is_some() || self.met.is_some()
    }

    /// A provider is being asked.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// The backend took it.
    pub(super) fn accepted(&mut self, now: Now) {
        self.forgiven = self.forgiven.min(now.mono + LASTS);
        self.met.clone_from(&self.text);
    }

    /// It is of no use any more.
    pub(super) fn drop(&mut self) {
        self.text = None;
        self.expires = None;
    }

    fn expired(&self, now: Now) -> bool {
        self.expires.is_some_and(|at| at <= now.wall)
    }
}

impl Session {
    /// What opens this session is to open nothing any more.
    pub(super) fn revoke_all(&mut self, clear: bool, resume: Option<String>, now: Now) {
        let mut token = self.token.text();
        let met = self.token.met.take();
        if token.is_none() {
            token = met;
        } else if met.is_some() && met != token {
            self.revoke(Revoke { clear, resume: resume.clone(), token: met }, now);
        }
        self.revoke(Revoke { clear, resume, token }, now);
    }

    /// Whether a connection can be asked for now. If a token is missing it is asked for first, and its answer connects.
    pub(super) fn may_connect(&mut self, now: Now) -> bool {
        let Some(user) = self.visitor.as_ref().and_then(|visitor| visitor.user.as_ref()) else { return true };
        if self.token.is_asked() {
            return false;
        }
        let expired = self.token.expired(now);
        if self.token.is_there() && !expired {
            return true;
        }
        if self.token.provider.is_none() || self.boot_takes_no_proof() {
            if user.verified {
                self.auth_lost(no_provider(), now);
                return false;
            }
            return true; // told to the backend as an attribute: it may demand a proof
        }
        if expired {
            self.emit(Event::AuthExpired);
        }
        let reason = match (self.boot.is_some(), expired) {
            (_, true) => "expiring",
            (true, _) => "boot",
            _ => "resume",
        };
        self.ask_token(reason, now);
        false
    }

    /// Asks the provider, unless it is being asked.
    pub(super) fn ask_token(&mut self, reason: &'static str, now: Now) {
        if self.token.is_asked() {
            return;
        }
        let Some(provider) = self.token.provider else { return self.token_failed(reason, no_provider(), now) };
        self.token.last_ask += 1;
        let ask = self.token.last_ask;
        self.token.asked = Some((ask, reason));
        self.timers.stop(Timer::Expiring);
        self.timers.set(Timer::Token, now.mono + PROVIDER_LIMIT);
        self.out(Output::AskToken { ask, provider, reason });
    }

    /// What a provider answered; one that was given up is not listened to.
    pub(super) fn token_answered(&mut self, ask: u32, token: Option<&str>, now: Now) {
        let Some((_, reason)) = self.token.asked.filter(|asked| asked.0 == ask) else { return };
        self.token.asked = None;
        self.timers.stop(Timer::Token);
        match self.checked(token, now) {
            Err(error) => self.token_failed(reason, error, now),
            Ok(()) => self.token_came(now),
        }
    }

    /// The provider did not answer in time.
    pub(super) fn token_late(&mut self, now: Now) {
        if let Some((_, reason)) = self.token.asked.take() {
            let error = Error::new(Code::AuthRequired, "the tokenProvider did not answer").because("timeout");
            self.token_failed(reason, error, now);
        }
    }

    /// Takes the token over, if it can be one of this user.
    fn checked(&mut self, token: Option<&str>, now: Now) -> Result<(), Error> {
        let token = token.unwrap_or_default().trim();
        if token.is_empty() {
            return Err(Error::new(Code::AuthRequired, "the tokenProvider gave no token"));
        }
        let bad = token.len() > LONGEST || token.bytes().any(|byte| byte <= b' ' || byte == b'<');
        if bad {
            return Err(Error::new(Code::InvalidToken, "what the tokenProvider gave is no token"));
        }
        let said = claims(token);
        if said.subject.is_some() && said.subject.as_deref() != self.wanted_user() {
            return Err(Error::new(Code::InvalidToken, "the token is another user's"));
        }
        self.token.text = Some(token.to_owned());
        self.token.expires = said.expires.filter(|at| *at > now.wall);
        self.timers.stop(Timer::Expiring);
        self.watch_expiry(now);
        Ok(())
    }

    /// The token in use is to be renewed in time.
    pub(super) fn watch_expiry(&mut self, now: Now) {
        if let Some(at) = self.token.expires {
            let life = at.saturating_sub(now.wall);
            let pause = (life - AHEAD.min(life / 2)).max(SHORTEST);
            self.timers.set_if_idle(Timer::Expiring, now.mono.saturating_add(pause));
        }
    }

    /// A token is there: whatever waited for it goes on.
    fn token_came(&mut self, now: Now) {
        if !self.has_user() {
            return self.go_on_identifying(now);
        }
        if !self.tabs.leads() {
            return; // asked for as the leader, and now another one is
        }
        match self.link.connection.state {
            ConnectionState::Connected => self.renew(now),
            ConnectionState::Disconnected => {
                if self.reading.online {
                    self.try_again(now);
                }
            }
            _ => self.connect(now),
        }
    }

    /// The live connection goes on with the new token, where the backend can.
    fn renew(&mut self, now: Now) {
        if let Some(token) = self.token.text()
            && self.link.capabilities.has(Capabilities::IDENTIFY)
        {
            self.show_proof(Doing::Renew, token, now);
        }
    }

    /// The backend's word on a newer token.
    pub(super) fn renewed(&mut self, result: Result<Performed, Error>, now: Now) {
        match result {
            Ok(Performed::Identified { user_id, .. }) if !user_id.is_empty() && Some(&*user_id) != self.user_id() => {
                self.taken_for_another(now);
                self.token_refused(Code::InvalidToken, now);
            }
            Ok(_) => {
                self.token.accepted(now);
                self.verified(now);
            }
            Err(error) => drop(self.refused_for_token(&error, now)),
        }
    }

    /// Whatever is sent before the next token is there, and accepted, is refused.
    pub(super) fn token_pending(&self) -> bool {
        let missing = self.token.is_asked() && !self.token.is_there();
        self.has_user() && (missing || self.doing(&Doing::Renew))
    }

    /// No token is to be had.
    fn token_failed(&mut self, reason: &'static str, error: Error, now: Now) {
        if !self.has_user() {
            return self.identify_refused(error, now);
        }
        if self.tabs.follows() && self.state.live() {
            return; // asked for as the leader; the connection is another one's now
        }
        match self.token.expires.filter(|at| *at > now.wall && self.token.is_there() && reason == "expiring") {
            // The one in use is good for a while.
            Some(at) => self.timers.set(Timer::Expiring, now.mono + (at - now.wall)),
            None => self.auth_lost(error, now),
        }
    }

    /// The token in use expires soon, or has expired.
    pub(super) fn token_expires(&mut self, now: Now) {
        if self.has_user() && self.tabs.leads() && self.link.connection.state == ConnectionState::Connected {
            if self.token.expired(now) {
                self.emit(Event::AuthExpired);
            }
            self.ask_token("expiring", now);
        }
    }

    /// The backend refused the token in use: one more is fetched; a second refusal in a row is the end of it. What it took
    /// in between counts only if it lasted: else one that takes all and honours none is asked without end.
    pub(super) fn token_refused(&mut self, code: Code, now: Now) {
        self.token.drop();
        self.timers.stop(Timer::Expiring);
        let again = now.mono < std::mem::replace(&mut self.token.forgiven, Mono::MAX);
        if again || self.token.provider.is_none() {
            return self.auth_lost(Error::new(code, "the backend does not accept the identity"), now);
        }
        self.emit(Event::AuthExpired);
        self.ask_token("rejected", now);
    }

    /// Nobody vouches for the user any more: no connection until something changes, and never an anonymous one.
    fn auth_lost(&mut self, error: Error, now: Now) {
        self.token.drop();
        self.token.forgiven = 0;
        if self.boot_adopted() {
            return self.fail_boot(error);
        }
        if self.link.connection.state != ConnectionState::Disconnected {
            self.unlink(now);
            self.disconnect(Reason::Idle);
        }
        self.halt("auth", Banner::Refused);
        self.emit(Event::Error(error));
    }

    /// An operation was refused for want of a good token; true when it is to be done again with the next one. What went
    /// beside it under the same token may be refused while that is asked for, or shown.
    pub(super) fn refused_for_token(&mut self, error: &Error, now: Now) -> bool {
        let auth = matches!(error.code, Code::InvalidToken | Code::AuthExpired);
        let mine = auth && self.has_user() && self.token.provider.is_some();
        if mine && !self.token.is_asked() && !self.doing(&Doing::Renew) {
            self.token_refused(error.code, now);
        }
        mine
    }

    /// The machine slept: the next connection is made with another token.
    pub(super) fn token_slept(&mut self) {
        if self.token.provider.is_some() {
            self.token.drop();
            self.timers.stop(Timer::Expiring);
        }
    }

    /// The newest provider is the one to be asked.
    pub(super) fn take_provider(&mut self, provider: Option<ProviderId>) {
        if let Some(provider) = provider.or(self.config.token_provider) {
            self.token.provider = Some(provider);
        }
    }

    /// The shell may let go of providers that nobody will ask any more.
    pub(super) fn tidy_providers(&mut self) {
        let needed = self.boot.is_some()
            || self.token.expects
            || self.boot_again.is_some()
            || !self.waiting.is_empty()
            || !self.identifying.is_empty();
        if self.token.untidy && !needed {
            self.token.untidy = false;
            self.out(Output::KeepProvider(self.token.provider));
        }
    }
}

fn no_provider() -> Error {
    Error::new(Code::AuthRequired, "there is no tokenProvider to prove the identity")
}
