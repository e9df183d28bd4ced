//! One tab: a real session and what a driver keeps beside it. Not: how its wishes are carried out (`carry`).

use crate::away::Away;
use crate::bayeux::SERVICE;
use crate::browser::TabId;
use crate::own::Own;
use crate::plan::{Plan, Wire};
use crate::random::Random;
use crate::users::UserId;
use crate::wire::ConnectionId;
use std::collections::VecDeque;
use support_chat::lifecycle::State;
use support_chat::session::{
    Call, CallId, Config, Gesture, Ids, Lock, LockEvent, PageEvent, SaveToken, Session, UpdateLimit,
};
use support_chat::store::memory::Memory;
use support_chat::store::{Entries, Refusal};
use support_chat::time::{Mono, Now};
use support_chat::transport::cometd::{self, Cometd};
use support_chat::transport::{self, link};

/// What a session hears.
#[derive(Debug)]
pub(crate) enum Input {
    Call(CallId, Call),
    Gesture(Gesture),
    Loaded(Result<Entries, Refusal>),
    /// A page's own store was read, by this number.
    Read(u64, Entries),
    /// … or written: the number, and how many wipes there were by then.
    Wrote(u64, u64, Result<(), Refusal>),
    Stored(Option<SaveToken>, Result<(), Refusal>),
    Transport(transport::Event),
    /// For the CometD transport.
    Link(link::Event),
    Page(PageEvent),
    Peer(String),
    Lock(LockEvent),
    /// What a token provider answered.
    Token(u32, Option<String>),
    Timeout,
}

/// A call that was not answered yet.
#[derive(Debug)]
pub(crate) struct Promise {
    pub(crate) id: CallId,
    pub(crate) what: String,
    /// The message it carries.
    pub(crate) message: Option<usize>,
    /// Whom it boots as.
    pub(crate) user: Option<String>,
}

/// See the module.
pub(crate) struct Tab {
    pub(crate) id: TabId,
    pub(crate) session: Session,
    /// The real transport, where it is used.
    pub(crate) cometd: Option<Cometd>,
    /// The connections its transport has, or is making.
    pub(crate) links: Vec<ConnectionId>,
    /// The session was told that it is connected.
    pub(crate) connected: bool,
    /// Used instead of the browser's store.
    pub(crate) memory: Option<Memory>,
    /// What it has of the page's own store, where the page has one.
    pub(crate) own: Option<Own>,
    /// The names of the locks it asked for.
    pub(crate) locks: Vec<(Lock, String)>,
    pub(crate) promises: Vec<Promise>,
    last_call: CallId,
    /// It does nothing at present.
    pub(crate) away: Option<Away>,
    /// What waits for it meanwhile.
    pub(crate) missed: VecDeque<Input>,
    pub(crate) visible: bool,
    /// It stands in line for the lead, or has it.
    pub(crate) grouped: bool,
    /// When it last came back from doing nothing.
    pub(crate) returned: u64,
    /// When its present session took its visitor over.
    pub(crate) since: Option<u64>,
    /// How late its timers are.
    pub(crate) lateness: u64,
    /// After so many outputs it is gone.
    pub(crate) crash_after: Option<u64>,
    pub(crate) destroyed: bool,
    /// Whom its token providers are for; those that were let go are none.
    pub(crate) providers: Vec<Option<UserId>>,
    /// The question under way, and since when.
    pub(crate) asking: Option<(u32, u64)>,
    /// The token it last sent.
    pub(crate) token: Option<String>,
    /// As whom its page booted.
    pub(crate) boots_as: Option<String>,
    /// The user of its present session, once it had one.
    pub(crate) was_user: Option<String>,
    /// Its session was wiped, and it has begun no other.
    pub(crate) over: bool,
    /// What it told the others last, where a mistake is to repeat it.
    pub(crate) told: Option<String>,
    /// The visitor it last had.
    pub(crate) visitor: Option<String>,
}

impl Tab {
    pub(crate) fn new(id: TabId, plan: &Plan, now: Now) -> Tab {
        let mut numbers = Random::new(plan.seed ^ u64::from(id).wrapping_mul(0x5851_f42d_4c95_7f2d));
        let seed = numbers.next();
        let ids = Ids(Box::new(move || u128::from(numbers.next()) << 64 | u128::from(numbers.next())));
        let config = Config {
            lazy: plan.lazy,
            cookie_consent: true,
            kept_for: Some(30 * 24 * 3_600_000),
            // Of all stores only one of the page's own answers late.
            storage: if plan.store_delay > 0 { "custom" } else { "local" },
            namespace: "default".into(),
            locale: "en".into(),
            backend: "model".into(),
            nickname: "User".into(),
            subject: None,
            user_data: "{}".into(),
            theme: "{}".into(),
            z_index: 0,
            token_provider: None,
            sound: true,
            update_limit: UpdateLimit { per_second: 1, per_minute: 20 },
        };
        Tab {
            id,
            session: Session::new(config, ids, seed, now),
            cometd: (plan.wire != Wire::Chat).then(|| {
                let config = cometd::Config {
                    server_url: "https://chat.test/cometd".into(),
                    channel: SERVICE.into(),
                    web_sockets: plan.wire != Wire::Polling,
                    remembered: None,
                };
                Cometd::new(config, seed)
            }),
            links: Vec::new(),
            connected: false,
            memory: None,
            own: (plan.store_delay > 0).then(Own::default),
            locks: Vec::new(),
            promises: Vec::new(),
            last_call: 0,
            away: None,
            missed: VecDeque::new(),
            visible: true,
            grouped: false,
            returned: 0,
            since: None,
            lateness: 0,
            crash_after: None,
            destroyed: false,
            providers: Vec::new(),
            asking: None,
            token: None,
            boots_as: None,
            was_user: None,
            over: false,
            told: None,
            visitor: None,
        }
    }

    /// It keeps what it has in the page's own store.
    pub(crate) fn keeps_own(&self) -> bool {
        self.own.is_some() && self.memory.is_none()
    }

    /// Whether it leads, and so writes the page's own store.
    pub(crate) fn writes(&mut self, leads: bool) {
        if let Some(own) = &mut self.own {
            own.lead(leads);
        }
    }

    pub(crate) fn state(&self) -> State {
        self.session.view().state
    }

    /// A call of the page, whose answer is waited for.
    pub(crate) fn promise(&mut self, call: Call, message: Option<usize>) -> Input {
        self.last_call += 1;
        let user = match &call {
            Call::BootAs(who) | Call::Identify(who) => who.user_id.clone(),
            _ => None,
        };
        self.promises.push(Promise { id: self.last_call, what: format!("{call:?}"), message, user });
        Input::Call(self.last_call, call)
    }

    /// When its timer rings.
    pub(crate) fn due(&self) -> Option<Mono> {
        let wire = self.cometd.as_ref().and_then(Cometd::poll_timeout);
        self.session.poll_timeout().into_iter().chain(wire).min().map(|at| at + self.lateness)
    }

    /// What the session is about to learn of its connection.
    pub(crate) fn note(&mut self, input: &Input) {
        use transport::Event as E;
        match input {
            Input::Token(ask, _) if self.asking.is_some_and(|asking| asking.0 == *ask) => self.asking = None,
            Input::Transport(E::Connected(..)) => self.connected = true,
            Input::Transport(E::Interrupted { .. } | E::Closed(_)) => self.connected = false,
            // Whoever could not be booted is not wanted any more after a logout, wherever that was.
            Input::Peer(text)
                if text.contains("\"t\":\"logout\"") && matches!(self.state(), State::Ready | State::Shutdown) =>
            {
                self.boots_as = self.boots_as.take().filter(|user| text.contains(&format!("\"user\":\"{user}\"")));
            }
            _ => {}
        }
    }

    /// Hands an input over.
    pub(crate) fn hear(&mut self, input: Input, now: Now) {
        let session = &mut self.session;
        match input {
            Input::Call(id, call) => session.call(id, call, now),
            Input::Gesture(gesture) => session.handle_gesture(gesture, now),
            Input::Loaded(loaded) => session.handle_loaded(loaded, now),
            Input::Stored(token, outcome) => session.handle_stored(token, outcome, now),
            Input::Transport(event) => session.handle_transport(event, now),
            Input::Page(page) => session.handle_page(page, now),
            Input::Peer(text) => session.handle_peer(&text, now),
            Input::Lock(event) => session.handle_lock(event, now),
            Input::Token(ask, token) => session.handle_token(ask, token, now),
            Input::Timeout => {
                if let Some(cometd) = self.cometd.as_mut().filter(|cometd| cometd.poll_timeout() <= Some(now.mono)) {
                    cometd.handle_timeout(now);
                }
                session.handle_timeout(now);
            }
            Input::Read(..) | Input::Wrote(..) => {}
            Input::Link(event) => {
                if let Some(cometd) = &mut self.cometd {
                    cometd.handle_link(event, now);
                }
            }
        }
    }
}
