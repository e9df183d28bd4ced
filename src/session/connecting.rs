//! The connection: when one is wanted, what its loss means, when to try again. Only the leader has one; followers
//! mirror what the leader says of it (`tabs`). Not: what is said over it (`delivery`, `conversation`).

use super::call::CallId;
use super::delivery::Doing;
use super::machine::Session;
use super::output::{Event, Level, Output};
use super::peer::{AGAIN, Peer, Shared};
use super::storing::LEASE;
use super::tabs::TabRole;
use super::timers::Timer;
use super::view::{Banner, Connection, ConnectionState};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::time::{Mono, Now};
use crate::transport::{self, Capabilities, ClosedReason, Command, Connect, ConnectionType, OpId, Reason};

/// A connection that does not come about in this time is tried again, in ms.
const CONNECT_LIMIT: u64 = 30_000;
/// A lost connection is mentioned after this time, in ms.
const BANNER_PAUSE: u64 = 2_000;
/// A connection that lasted this long, in ms, was one: the next loss is the first again.
const STEADY: u64 = 5_000;
/// A connection that nobody needs is given up after this time, in ms.
const IDLE_LIMIT: u64 = 60_000;

/// A wish to end the conversation.
pub(super) struct Ending {
    /// The tab that asks; absent: this one.
    pub(super) tab: Option<String>,
    /// Its call.
    pub(super) call: CallId,
    /// `endChat()`: panel and transcript go too; else the ended card stays.
    pub(super) clear: bool,
}

/// The connection and what is under way on it.
#[derive(Default)]
pub(super) struct Link {
    /// As pages see it.
    pub(super) connection: Connection,
    /// What the backend can do; known once connected.
    pub(super) capabilities: Capabilities,
    /// Attempts since the last connection that lasted.
    attempt: u32,
    /// When the present connection came about.
    connected_at: Mono,
    /// When the present attempt began.
    pub(super) began_at: Mono,
    /// When the last connection was lost.
    pub(super) lost_at: Mono,
    /// Operations under way, and since when.
    pub(super) ops: Vec<(OpId, Doing)>,
    /// The last operation's id.
    pub(super) last_op: OpId,
    /// A gap is asked for: it came before this entry. What comes meanwhile may leave another one.
    pub(super) gap: u64,
    /// A conversation is to be asked for once it is stored.
    pub(super) asking: bool,
    /// What is to be said about it.
    pub(super) banner: Option<Banner>,
    /// Calls that wait for the conversation to be opened, and the message that opens it.
    pub(super) starts: Vec<(CallId, String)>,
    /// Wishes to end it that wait.
    pub(super) ends: Vec<Ending>,
    /// The conversation before the one shown: its last events may still be on their way.
    pub(super) former: Option<String>,
    /// The connection was dropped: what is still told of it is not listened to.
    pub(super) hung_up: bool,
    /// … while the machine slept: what woke it may not be all the old connection has to tell. The next one is begun when
    /// that was heard, or it would be taken for the new one's.
    pub(super) slept: bool,
    /// The page goes away: nothing is begun any more.
    pub(super) leaving: bool,
    /// What the transport wanted back before the proof under way was shown to the backend. Holds credentials.
    pub(super) before_proof: Option<String>,
}

impl Link {
    /// No connection; operations of the old one stay unknown.
    pub(super) fn anew(&self) -> Self {
        Link { last_op: self.last_op, ..Link::default() }
    }
}

impl Session {
    /// What follows from the state at the end of every input.
    pub(super) fn reconsider(&mut self, now: Now) {
        self.reading.wall = now.wall;
        self.read_what_is_seen();
        self.tell_unread();
        self.go_on_identifying(now);
        self.pump_values(now);
        self.watch_leader(now);
        self.prepare_sound(now);
        if self.tabs.role != TabRole::Leader || self.link.leaving || !(self.state.live() || self.boot_adopted()) {
            return;
        }
        if let Some(kept_for) = self.config.kept_for {
            self.timers.set_if_idle(Timer::Lease, now.mono + kept_for.max(LEASE) / 2);
        }
        self.let_go_of_gone();
        match self.link.connection.state {
            ConnectionState::Idle if self.needs_connection() && self.reading.online => self.connect(now),
            ConnectionState::Connected => {
                self.pump(now);
                if self.needs_connection() {
                    self.timers.stop(Timer::Idle);
                } else {
                    self.timers.set_if_idle(Timer::Idle, now.mono + IDLE_LIMIT);
                }
            }
            _ => {}
        }
    }

    fn needs_connection(&self) -> bool {
        !self.config.lazy
            || self.look.open
            || self.open.as_ref().is_some_and(|open| open.requested())
            || self.outbox.wants_connection()
            || !self.link.ends.is_empty()
            || self.has_user()
            || !self.identifying.is_empty()
            || !self.tabs.wanting.is_empty()
    }

    /// Begins an attempt.
    pub(super) fn connect(&mut self, now: Now) {
        if !self.may_connect(now) {
            return;
        }
        let Some(visitor) = &self.visitor else { return };
        let open = self.open.as_ref().filter(|open| open.requested());
        let held = self.held().and_then(|held| held.conversation.as_ref());
        let held = held.filter(|entry| entry.requested()); // before anything written while it was held back
        let entry = held.or(open.map(|open| &open.entry));
        let connect = Connect {
            visitor_id: visitor.id.clone(),
            user_id: visitor.user.as_ref().map(|user| user.id.clone()),
            // One that is still to prove an anonymous visitor would begin a session of the user's, without their history.
            token: self.token.text().filter(|_| visitor.user.is_some()),
            resume: visitor.resume.clone(),
            conversation_id: entry.and_then(|entry| entry.id.clone()),
            last_index: if held.is_none() && open.is_some() { self.transcript.applied() } else { 0 },
            locale: self.config.locale.clone(),
        };
        self.timers.stop(Timer::Retry);
        self.timers.set(Timer::Connecting, now.mono + CONNECT_LIMIT);
        self.link.began_at = now.mono;
        self.link.hung_up = false;
        if self.link.connection.state == ConnectionState::Idle {
            self.set_connection(ConnectionState::Connecting, None, None);
        }
        self.out(Output::Transport(Command::Connect(Box::new(connect))));
    }

    /// A report of the transport.
    pub(super) fn transport_event(&mut self, event: transport::Event, now: Now) {
        use transport::Event as E;
        if event == E::Revoked {
            return self.revoked();
        }
        if self.tabs.role != TabRole::Leader {
            return; // the last words of a connection that was given up
        }
        match event {
            E::Saved(resume) => self.save_resume(Some(resume)),
            E::Notice(text) => self.out(Output::Log(Level::Warn, text)),
            _ if self.link.hung_up || self.link.connection.state == ConnectionState::Idle => {}
            E::Received(events) => self.hear(events, now),
            E::Performed(op, result) => self.performed(op, result, now),
            E::Connected(capabilities, kind) => self.connected(capabilities, kind, now),
            E::Interrupted { retry_after, reason } => self.lost(reason, retry_after, now),
            E::Closed(reason) => self.closed(reason, now),
            E::Revoked => {}
        }
    }

    /// What the transport wants back.
    pub(super) fn save_resume(&mut self, resume: Option<String>) {
        if let Some(visitor) = &mut self.visitor {
            visitor.resume = resume;
            self.save_session();
            self.tell_snapshot(None, u64::MAX);
        }
    }

    fn connected(&mut self, capabilities: Capabilities, kind: Option<ConnectionType>, now: Now) {
        self.timers.stop(Timer::Connecting);
        self.timers.stop(Timer::Banner);
        self.link.connected_at = now.mono;
        self.link.capabilities = capabilities;
        let waited_for = self.unproven();
        if !self.prove(now) {
            return;
        }
        self.close_gaps(u64::MAX);
        self.caught_up_with_found();
        self.set_banner(None);
        self.set_connection(ConnectionState::Connected, kind, None);
        if self.state == State::Disconnected {
            self.move_to(State::Reconnecting, None);
        }
        if self.state == State::Reconnecting {
            self.move_to(self.live_state(), None);
        }
        self.finish_boot(now);
        if waited_for {
            self.tell_snapshot(None, u64::MAX); // other tabs of the user may wait for that
        }
        self.resolve_doubt();
        self.find_conversation(now);
    }

    /// The connection is lost, or an attempt failed: another one follows, later each time.
    pub(super) fn lost(&mut self, reason: &'static str, retry_after: Option<u64>, now: Now) {
        if matches!(self.link.connection.state, ConnectionState::Idle | ConnectionState::Disconnected) {
            return;
        }
        let connected = self.link.connection.state == ConnectionState::Connected;
        if connected && now.mono >= self.link.connected_at + STEADY {
            self.link.attempt = 0;
        }
        self.unlink(now);
        if !self.reading.online {
            return self.halt("offline", Banner::Offline);
        }
        let pause = self.jitter.pause(self.link.attempt).max(retry_after.unwrap_or(0));
        self.link.attempt += 1;
        self.timers.set(Timer::Retry, now.mono + pause);
        self.timers.set_if_idle(Timer::Banner, now.mono + BANNER_PAUSE);
        self.set_connection(ConnectionState::Reconnecting, None, Some(reason));
        if self.state.live() {
            self.move_to(State::Reconnecting, None);
        }
        self.offer_lead();
    }

    /// What was under way on the connection is in doubt.
    pub(super) fn unlink(&mut self, now: Now) {
        for timer in [Timer::Connecting, Timer::Operation, Timer::Doubt, Timer::Idle, Timer::Retry] {
            self.timers.stop(timer);
        }
        if self.link.connection.state == ConnectionState::Connected {
            self.link.lost_at = now.mono;
        }
        self.link.ops.clear();
        self.values_in_doubt();
        self.fail_strays();
        self.outbox.doubt();
        self.end_typing();
    }

    fn closed(&mut self, reason: ClosedReason, now: Now) {
        let (word, banner, code) = match reason {
            ClosedReason::Auth(code) => ("auth", Banner::Refused, code),
            ClosedReason::Refused => ("refused", Banner::Refused, Code::HandshakeRejected),
            ClosedReason::Origin => ("refused", Banner::Refused, Code::InvalidOrigin),
            ClosedReason::CookiesBlocked => ("cookies_blocked", Banner::CookiesBlocked, Code::TransportUnavailable),
        };
        self.unlink(now);
        let auth = matches!(reason, ClosedReason::Auth(_));
        if auth && self.has_user() && self.token.provider.is_some() {
            self.set_connection(ConnectionState::Reconnecting, None, Some(word));
            self.move_to_if_live(State::Reconnecting);
            return self.token_refused(code, now);
        }
        self.halt(word, banner);
        if self.state.live() && auth {
            let error = Error::new(code, "the backend demands a proof of identity").because(word);
            while !self.identifying.is_empty() {
                self.identify_refused(error.clone(), now); // nobody can become a user where nobody else may connect
            }
            self.emit(Event::Error(error));
        }
        let error = Error::new(code, "the backend refused the connection").because(word);
        if self.boot_adopted() {
            self.fail_boot(error);
        } else if code == Code::InvalidOrigin {
            self.emit(Event::Error(error));
        }
    }

    /// Not retried until something changes.
    pub(super) fn halt(&mut self, reason: &'static str, banner: Banner) {
        self.timers.stop(Timer::Banner);
        self.set_banner(Some(banner));
        self.set_connection(ConnectionState::Disconnected, None, Some(reason));
        if self.state.live() {
            self.move_to(State::Disconnected, Some(reason));
        }
    }

    /// Something changed for the better: an attempt at once.
    pub(super) fn try_again(&mut self, now: Now) {
        match self.link.connection.state {
            ConnectionState::Disconnected | ConnectionState::Reconnecting if self.tabs.role == TabRole::Leader => {
                self.link.attempt = 0;
                self.timers.set_if_idle(Timer::Banner, now.mono + BANNER_PAUSE);
                self.set_banner(None);
                self.set_connection(ConnectionState::Reconnecting, None, None);
                self.move_to_if_live(State::Reconnecting);
                match std::mem::take(&mut self.link.slept) {
                    true => self.timers.set(Timer::Retry, now.mono),
                    false => self.connect(now),
                }
            }
            _ => {}
        }
        self.boot_once_more(now);
    }

    /// The same, by whoever has the connection.
    pub(super) fn have_it_tried_again(&mut self, now: Now) {
        if self.tabs.follows() {
            self.tell(Peer::Sign(AGAIN));
        }
        self.try_again(now);
    }

    /// While booting, or in a state of its own, it stays.
    pub(super) fn move_to_if_live(&mut self, state: State) {
        if self.state.live() {
            self.move_to(state, None);
        }
    }

    /// Nobody needs the connection: the backend is left in peace.
    pub(super) fn rest(&mut self) {
        self.link.ops.clear();
        self.values_in_doubt();
        self.disconnect(Reason::Idle);
        self.set_connection(ConnectionState::Idle, None, None);
    }

    /// The connection is dropped without a word: the page goes, is offline, or no longer leads.
    pub(super) fn hang_up(&mut self, now: Now) {
        if self.link.connection.state != ConnectionState::Idle {
            self.unlink(now);
            self.disconnect(Reason::Reload);
        }
    }

    /// What is still told of the connection is not listened to.
    pub(super) fn disconnect(&mut self, reason: Reason) {
        self.link.hung_up = true;
        self.out(Output::Transport(Command::Disconnect(reason)));
    }

    /// Lost for 2 s: say so.
    pub(super) fn show_banner(&mut self) {
        if self.link.connection.state == ConnectionState::Reconnecting {
            self.set_banner(Some(Banner::Reconnecting));
        }
    }

    /// What is to be said about the connection.
    pub(super) fn set_banner(&mut self, banner: Option<Banner>) {
        if self.link.banner != banner {
            self.link.banner = banner;
            self.render();
        }
    }

    /// The one place that changes the connection.
    pub(super) fn set_connection(
        &mut self,
        state: ConnectionState,
        kind: Option<ConnectionType>,
        reason: Option<&'static str>,
    ) {
        let connection = Connection { state, kind, reason };
        let told = std::mem::replace(&mut self.link.connection, connection);
        if told.state != state || told.reason != reason {
            self.emit(Event::Connection(connection));
        }
        if told != connection {
            self.render();
            if self.tabs.role == TabRole::Leader {
                self.tell(Peer::Connection(self.shared_connection()));
            }
        }
    }

    /// The connection as followers hear of it.
    pub(super) fn shared_connection(&self) -> Shared {
        let connection = self.link.connection;
        Shared {
            state: connection.state as u64,
            kind: match connection.kind {
                None => 0,
                Some(ConnectionType::WebSocket) => 1,
                Some(ConnectionType::LongPolling) => 2,
            },
            reason: connection.reason.map(str::to_owned),
            capabilities: u64::from(self.link.capabilities.bits()),
        }
    }
}
