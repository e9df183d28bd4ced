//! What one schedule may meet: drawn from its seed, so that every schedule is narrow in its own way (few of the faults at
//! once, but each of them often). Not: when it meets them (`people`).

use crate::bugs::Bug;
use crate::random::Random;

/// Everything that can go wrong, or simply happen, beyond talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection breaks; what was on its way is lost, or arrives after all.
    Reset,
    /// The connection breaks and nobody notices for long.
    Mute,
    /// One event of the backend is lost on a connection that lives on.
    Drop,
    /// The backend goes down for some seconds and forgets its connections.
    Restart,
    /// A tab is gone without a word.
    Kill,
    /// A tab is gone in the middle of carrying out what the session asked for.
    Crash,
    /// A tab is loaded again.
    Reload,
    /// Another tab is opened.
    Open,
    /// A tab is closed.
    Close,
    /// The store refuses for some seconds.
    Full,
    /// The machine sleeps: the clock jumps.
    Sleep,
    /// The browser is offline for some seconds.
    Offline,
    /// A tab goes to the background, where its timers are late, and comes back.
    Hide,
    /// A tab hangs for a while.
    Hang,
    /// A tab in the background is stopped for a while.
    Freeze,
    /// A tab goes into the back/forward cache, and comes back.
    Cache,
    /// The visitor logs out; the id is kept.
    Logout,
    /// The visitor logs out; nothing is kept.
    LogoutClear,
    /// The visitor signs in at the site, and its page tells the chat.
    SignIn,
    /// Somebody else signs in, with a word to the chat or without.
    ChangeUser,
    /// The site's session is over, and nobody tells the chat.
    SignedOut,
    /// The site throws a user out everywhere.
    RevokeAll,
    /// The page says where it is.
    Update,
    /// The visitor ends the chat.
    End,
    /// The agent ends the chat.
    AgentEnds,
    /// The backend refuses a message.
    Refuse,
}

/// All of them with their names in the report.
pub(crate) const FAULTS: [(Fault, &str); 26] = [
    (Fault::Reset, "reset"),
    (Fault::Mute, "mute"),
    (Fault::Drop, "drop"),
    (Fault::Restart, "restart"),
    (Fault::Kill, "kill"),
    (Fault::Crash, "crash"),
    (Fault::Reload, "reload"),
    (Fault::Open, "open"),
    (Fault::Close, "close"),
    (Fault::Full, "full"),
    (Fault::Sleep, "sleep"),
    (Fault::Offline, "offline"),
    (Fault::Hide, "hide"),
    (Fault::Hang, "hang"),
    (Fault::Freeze, "freeze"),
    (Fault::Cache, "cache"),
    (Fault::Logout, "logout"),
    (Fault::LogoutClear, "logout_clear"),
    (Fault::SignIn, "sign_in"),
    (Fault::ChangeUser, "change_user"),
    (Fault::SignedOut, "signed_out"),
    (Fault::RevokeAll, "revoke_all"),
    (Fault::Update, "update"),
    (Fault::End, "end"),
    (Fault::AgentEnds, "agent_ends"),
    (Fault::Refuse, "refuse"),
];

/// What happens at a site with users.
const SITE: [Fault; 7] = [
    Fault::SignIn,
    Fault::ChangeUser,
    Fault::SignedOut,
    Fault::RevokeAll,
    Fault::Update,
    Fault::Logout,
    Fault::LogoutClear,
];

/// What sessions talk to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// A transport of the model, at chat level.
    Chat,
    /// The real CometD transport on a socket.
    Socket,
    /// … where sockets are refused: it falls back to long-polling.
    Refused,
    /// … on long-polling from the start.
    Polling,
}

/// One schedule.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// How many devices.
    pub(crate) browsers: usize,
    /// How many tabs there are at first; never more than three in a browser.
    pub(crate) tabs: usize,
    /// How many things visitor, agent and fate do.
    pub(crate) acts: u64,
    /// Usual pause between two of them, in ms.
    pub(crate) pace: u64,
    /// In how many of 100 cases it is fate's turn.
    pub(crate) fate: u64,
    /// What fate may choose from.
    pub(crate) faults: Vec<Fault>,
    /// The backend knows repeats.
    pub(crate) idempotency: bool,
    pub(crate) typing: bool,
    pub(crate) receipts: bool,
    /// The backend tells the index of a message in its reply.
    pub(crate) tells_index: bool,
    /// Connects only when needed.
    pub(crate) lazy: bool,
    /// Longest way of a frame, in ms.
    pub(crate) latency: u64,
    /// How long the store takes; 0: at once.
    pub(crate) store_delay: u64,
    /// How late other tabs see what one has stored.
    pub(crate) store_lag: u64,
    pub(crate) wire: Wire,
    /// How many users the site has; 0: nobody signs in.
    pub(crate) users: u64,
    /// In how many of 100 cases a provider answers oddly.
    pub(crate) odd_tokens: u64,
    /// In how many of 100 calls a page names a user and no provider.
    pub(crate) unproven: u64,
    /// The backend verifies identities.
    pub(crate) identifies: bool,
    /// It lets nobody name a user without a proof.
    pub(crate) demands_proof: bool,
    /// It looks at the token with each operation.
    pub(crate) strict: bool,
    /// The browser has Web Locks.
    pub(crate) locks: bool,
    /// A page in the cache never gets what other tabs said meanwhile.
    pub(crate) deaf_cache: bool,
    /// A mistake put in on purpose.
    pub(crate) bug: Option<Bug>,
}

impl Plan {
    /// The schedule of a seed; one in which `bug` can show, when there is one. Not yet with the mistake.
    pub(crate) fn draw(seed: u64, bug: Option<Bug>) -> Plan {
        let mut random = Random::new(seed);
        let wanted = random.between(0, 6);
        let mut faults = Vec::new();
        for _ in 0..wanted {
            faults.push(random.pick(&FAULTS).0);
        }
        let mut plan = Plan {
            seed,
            browsers: 1,
            tabs: random.pick(&[1, 1, 2, 2, 3]),
            acts: random.between(5, 50),
            pace: random.pick(&[30, 300, 1_000, 3_000]),
            fate: random.pick(&[5, 15, 40]),
            faults,
            idempotency: random.percent(60),
            typing: random.percent(70),
            receipts: random.percent(70),
            tells_index: random.percent(70),
            lazy: random.percent(80),
            latency: random.pick(&[5, 50, 400, 1_500]),
            store_delay: random.pick(&[0, 0, 0, 40]),
            store_lag: 0,
            wire: random.pick(&[Wire::Chat, Wire::Chat, Wire::Socket, Wire::Refused, Wire::Polling]),
            locks: random.percent(75),
            deaf_cache: random.percent(50),
            users: 0,
            odd_tokens: random.pick(&[0, 10, 40]),
            unproven: random.pick(&[0, 0, 0, 20]),
            identifies: random.percent(85),
            demands_proof: random.percent(50),
            strict: random.percent(50),
            bug: None,
        };
        if !plan.locks {
            // Without locks, and with a store that nobody can look into at once, two tabs that begin in the same moment may
            // become two visitors, and a leader that slept may find out too late: ARCHITECTURE.md says so.
            plan.store_delay = 0;
        }
        plan.draw_users(&mut random);
        if plan.store_delay == 0 {
            plan.store_lag = random.pick(&[0, 0, 0, 20, if plan.locks { 200 } else { 80 }]);
        }
        match bug {
            Some(bug) => bug.suit(plan),
            None => plan,
        }
    }

    /// Half of the sites have users, some of them with two devices.
    fn draw_users(&mut self, random: &mut Random) {
        let carried = self.wire == Wire::Chat || random.percent(50);
        if !carried || !random.percent(60) {
            self.faults.retain(|fault| !SITE[..5].contains(fault));
            return;
        }
        self.users = random.between(1, 3);
        self.idempotency |= self.wire != Wire::Chat; // a plain server knows no users
        self.browsers = random.pick(&[1, 1, 2]);
        let wanted = random.between(1, 3);
        for _ in 0..wanted {
            self.faults.push(random.pick(&SITE));
        }
        self.faults.push(Fault::SignIn);
        self.fate = self.fate.max(15);
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }
}
