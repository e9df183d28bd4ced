//! What the page says of user, company and context: merged, sent no more often than allowed, and with the request of a
//! conversation. Not: who the user is (`identity`).

use super::call::{CallId, Who};
use super::connecting::Ending;
use super::delivery::Doing;
use super::identity::conflict;
use super::machine::Session;
use super::merge::merge;
use super::output::Level;
use super::peer::Peer;
use super::timers::Timer;
use super::view::ConnectionState;
use crate::error::{Code, Error};
use crate::json;
use crate::lifecycle::State;
use crate::time::{Mono, Now};
use crate::transport::Action;

/// The most that is kept of all of it, in bytes.
const LIMIT: usize = 16 * 1_024;
/// What is said of more.
pub const TOO_MUCH: &str = "user, company and context are more than 16 kB";
/// A backend that is asked too often is asked again after this time, in ms.
const LATER: Mono = 5_000;

/// See the module. Texts are JSON objects `{user?, company?, context?}`; an empty one says nothing.
#[derive(Default)]
pub(super) struct Values {
    /// Everything said in this session; what was taken back stands as `null`.
    all: String,
    /// Said without a session, for the next one.
    held: String,
    /// What of `all` the backend is still to hear.
    news: String,
    /// Who waits for that, here or in other tabs.
    calls: Vec<Ending>,
    /// On its way, to the backend or to the leader, and how many of the calls wait for that: the first ones.
    sending: Option<(String, usize)>,
    /// When the last ones left; those of the last minute.
    sent_at: Vec<Mono>,
    /// The backend asked for a pause until then.
    pause_until: Mono,
}

impl Session {
    /// `update`. Call 0 is the page's word in passing.
    pub(super) fn update(&mut self, id: CallId, who: &Who, now: Now) {
        if let (Some(user), Some(named)) = (self.user_id(), who.user_id.as_deref())
            && user != named
        {
            return self.refuse(id, conflict());
        }
        let without = matches!(self.state, State::Ready | State::Shutdown);
        let fits = match without {
            true => grow(&mut self.values.held, &who.said),
            false => self.learn(&who.said),
        };
        if !fits {
            return self.refuse(id, Error::new(Code::ValidationError, TOO_MUCH));
        }
        if without {
            return self.settle(id);
        }
        if id != 0 {
            self.values.calls.push(Ending { tab: None, call: id, clear: true });
        }
        self.pump_values(now);
    }

    /// At the beginning of a session: what was said before it, then what its boot said.
    pub(super) fn begin_values(&mut self, who: Option<&Who>) {
        let held = std::mem::take(&mut self.values.held);
        let fits = self.learn(&held);
        if !(fits & who.is_none_or(|who| self.learn(&who.said))) {
            self.log(Level::Warn, TOO_MUCH);
        }
    }

    /// Nothing of whoever was here is said of the next one.
    pub(super) fn forget_values(&mut self) {
        self.values = Values { held: std::mem::take(&mut self.values.held), ..Values::default() };
    }

    /// What was said without a session is forgotten, too.
    pub(super) fn forget_held(&mut self) {
        self.values.held = String::new();
    }

    /// Everybody who waits for values to be sent.
    pub(super) fn take_value_calls(&mut self) -> Vec<Ending> {
        self.values.sending = None;
        std::mem::take(&mut self.values.calls)
    }

    /// Newer values, from here or from another tab. False: that is too much, and nothing of it is taken.
    pub(super) fn learn(&mut self, text: &str) -> bool {
        let news = merge(&self.values.news, text, true);
        let fits = news.len() <= LIMIT && grow(&mut self.values.all, text);
        if fits {
            self.values.news = news;
        }
        fits
    }

    /// Newer values of another tab: the leader sends them. A tab with something to say itself says them again.
    pub(super) fn learn_from(&mut self, text: &str) {
        let known = json::parse(text).is_ok_and(|document| document.root().is_object());
        let says = self.tabs.leads() || !self.values.news.is_empty();
        if known && self.learn(text) && !says {
            self.values.news = String::new();
        }
    }

    /// The backend is to hear everything: it is another conversation, or nobody knows what the last leader had sent.
    pub(super) fn repeat_values(&mut self) {
        self.values.news.clone_from(&self.values.all);
    }

    /// Everything said, for another tab, or another boot as the same user.
    pub(super) fn known_values(&self) -> Option<String> {
        (!self.values.all.is_empty()).then(|| self.values.all.clone())
    }

    /// What goes with the request of a conversation: `base` with everything said.
    pub(super) fn request_data(&mut self, base: &str) -> String {
        self.values.news = String::new();
        let said = merge("", &self.values.all, false);
        if said.is_empty() { base.to_owned() } else { merge(base, &said, false) }
    }

    /// How agents see the visitor: as the options say, else by the name the page has told.
    pub(super) fn nickname(&self) -> String {
        let told = || {
            let document = json::parse(&self.values.all).ok()?;
            let name = document.root().member("user")?.text_at("name")?;
            (!name.is_empty()).then(|| name.to_owned())
        };
        let named = self.config.nickname != "User";
        (!named).then(told).flatten().unwrap_or_else(|| self.config.nickname.clone())
    }

    /// At the end of every input: whatever can be said of newer values is.
    pub(super) fn pump_values(&mut self, now: Now) {
        if self.values.news.is_empty() && self.values.calls.is_empty() {
            return;
        }
        if !matches!(self.state, State::Anonymous | State::Authenticated)
            || self.values.sending.is_some()
            || self.token_pending()
        {
            return;
        }
        if !self.tabs.follows() {
            let Some((at_backend, named)) = self.open.as_ref().map(|open| (open.requested(), open.entry.id.is_some()))
            else {
                return self.values_held();
            };
            if !at_backend {
                return self.values_held();
            }
            if !named || self.link.connection.state != ConnectionState::Connected {
                return;
            }
        }
        let at = self.values_due(now.mono);
        self.timers.set_if_idle(Timer::Update, at);
    }

    /// They go with the request of a conversation.
    fn values_held(&mut self) {
        if self.tabs.leads() && !self.values.news.is_empty() {
            let news = std::mem::take(&mut self.values.news);
            self.tell(Peer::Values(news));
        }
        self.values.news = String::new();
        self.values.sending = Some((String::new(), self.values.calls.len()));
        self.values_settled(&Ok(()));
    }

    /// The time has come: the newest values leave.
    pub(super) fn send_values(&mut self, now: Now) {
        let sendable = matches!(self.state, State::Anonymous | State::Authenticated) && !self.token_pending();
        let news = std::mem::take(&mut self.values.news);
        let connected = self.link.connection.state == ConnectionState::Connected;
        let named = self.open.as_ref().is_some_and(|open| open.requested() && open.entry.id.is_some());
        if !sendable || self.values.sending.is_some() || !(self.tabs.follows() || connected && named) {
            self.values.news = news;
            return;
        }
        let calls = self.values.calls.len();
        if news.is_empty() {
            self.values.sending = Some((news, calls));
            return self.values_settled(&Ok(()));
        }
        self.values.sent_at.push(now.mono);
        self.tell(Peer::Values(news.clone()));
        if !self.tabs.follows() {
            self.values.sending = Some((news.clone(), calls));
            return self.perform(Doing::Update, Action::Update(news), now);
        }
        // One waits for the leader's word, and the others for that one.
        // (Whoever asked this tab when it led asks the next leader itself.)
        for one in &mut self.values.calls {
            if one.tab.is_none() && one.call != 0 {
                let call = std::mem::take(&mut one.call);
                self.values.sending = Some((news, calls));
                return self.ask_leader(call, true, String::new());
            }
        }
    }

    /// What the leader was told, and has not confirmed.
    pub(super) fn say_values_again(&mut self) {
        if let Some((told, _)) = &self.values.sending {
            let told = told.clone();
            self.tell(Peer::Values(told));
        }
    }

    /// Somebody is to hear when nothing of what was told is to be sent any more.
    pub(super) fn answer_when_sent(&mut self, ending: Ending) {
        if self.values.news.is_empty() && self.values.sending.is_none() {
            return self.answer(ending.tab, ending.call, &Ok(()));
        }
        self.values.calls.push(ending);
        if let (true, Some((_, calls))) = (self.values.news.is_empty(), &mut self.values.sending) {
            *calls = self.values.calls.len();
        }
    }

    /// The backend's answer to newer values.
    pub(super) fn values_answered(&mut self, result: Result<(), Error>, now: Now) {
        let again = match &result {
            Ok(()) => false,
            Err(error) if matches!(error.code, Code::RateLimited | Code::TransportUnavailable) => {
                self.values.pause_until = now.mono + LATER;
                true
            }
            Err(error) => self.refused_for_token(error, now),
        };
        if again {
            return self.values_in_doubt();
        }
        self.values_settled(&result);
    }

    /// What was on its way has arrived, or was refused.
    pub(super) fn values_settled(&mut self, result: &Result<(), Error>) {
        let Some((_, calls)) = self.values.sending.take() else { return };
        for _ in 0..calls.min(self.values.calls.len()) {
            let call = self.values.calls.remove(0);
            self.answer(call.tab, call.call, result);
        }
    }

    /// Nobody knows whether they arrived: they are sent again, with what is newer.
    pub(super) fn values_in_doubt(&mut self) {
        if let Some((sent, _)) = self.values.sending.take() {
            self.values.news = merge(&sent, &self.values.news, true);
        }
        self.timers.stop(Timer::Update);
    }

    /// The next moment at which values may leave.
    fn values_due(&mut self, now: Mono) -> Mono {
        let limit = self.config.update_limit;
        let sent = &mut self.values.sent_at;
        while sent.first().is_some_and(|at| at + 60_000 <= now) {
            sent.remove(0);
        }
        let mut due = now.max(self.values.pause_until);
        for (most, span) in [(limit.per_second, 1_000), (limit.per_minute, 60_000)] {
            let most = (most as usize).max(1);
            if let Some(at) = sent.len().checked_sub(most).and_then(|first| sent.get(first)) {
                due = due.max(at + span);
            }
        }
        due
    }
}

impl Who {
    /// The same user's, said later: nothing of what was said before is lost.
    pub(super) fn join(&mut self, newer: &Who) {
        self.provider = newer.provider.or(self.provider);
        self.said = merge(&self.said, &newer.said, true);
    }
}

/// `kept` with newer values, if that is not too much. Where it is, what was taken back is forgotten: the backend was told.
fn grow(kept: &mut String, text: &str) -> bool {
    let mut all = merge(kept, text, true);
    if all.len() > LIMIT {
        all = merge("", &all, false);
    }
    let fits = all.len() <= LIMIT;
    if fits {
        *kept = all;
    }
    fits
}
