//! The session's timers by name. Not: the one timer that wakes it (the driver's).

use crate::time::Mono;

/// What a session waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// A boot that needs the backend has 30 s.
    Boot,
    /// The pause before the next attempt to connect.
    Retry,
    /// A connection that does not come about.
    Connecting,
    /// The operation that was begun first is late.
    Operation,
    /// A message in doubt may be looked for.
    Doubt,
    /// A lost connection is mentioned after 2 s.
    Banner,
    /// A connection nobody needs is given up.
    Idle,
    /// The visitor stopped typing.
    TypingOut,
    /// An agent has typed long enough to be shown.
    TypingShown,
    /// An agent's typing is over unless repeated.
    TypingIn,
    /// The tail is written at most once a second.
    Tail,
    /// The page's store did not confirm a write.
    Saving,
    /// A token provider has 15 s.
    Token,
    /// The token in use expires soon.
    Expiring,
    /// Newer values may be sent.
    Update,
    /// The backend has 5 s to hear of a logout.
    Revoked,
    /// The leader was silent, or did not answer; or nobody objected.
    Lead,
    /// The store lagged behind the word of a logout; it is looked at again.
    Sweep,
    /// A message is still not read.
    Sound,
    /// What is stored would soon look as if the page had been left.
    Lease,
    /// Other tabs see by now who was created.
    Created,
}

const COUNT: usize = Timer::Created as usize + 1;

impl Timer {
    const ALL: [Timer; COUNT] = [
        Timer::Boot,
        Timer::Retry,
        Timer::Connecting,
        Timer::Operation,
        Timer::Doubt,
        Timer::Banner,
        Timer::Idle,
        Timer::TypingOut,
        Timer::TypingShown,
        Timer::TypingIn,
        Timer::Tail,
        Timer::Saving,
        Timer::Token,
        Timer::Expiring,
        Timer::Update,
        Timer::Revoked,
        Timer::Lead,
        Timer::Sweep,
        Timer::Sound,
        Timer::Lease,
        Timer::Created,
    ];
}

/// The armed ones.
#[derive(Default)]
pub(super) struct Timers([Option<Mono>; COUNT]);

impl Timers {
    /// Arms it anew.
    pub(super) fn set(&mut self, timer: Timer, at: Mono) {
        self.0[timer as usize] = Some(at);
    }

    /// Arms it unless it is.
    pub(super) fn set_if_idle(&mut self, timer: Timer, at: Mono) {
        self.0[timer as usize].get_or_insert(at);
    }

    /// Disarms it.
    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    /// Whether it is armed.
    pub(super) fn armed(&self, timer: Timer) -> bool {
        self.0[timer as usize].is_some()
    }

    /// Takes one that is due.
    pub(super) fn take_due(&mut self, now: Mono) -> Option<Timer> {
        let due = Timer::ALL.into_iter().find(|timer| self.0[*timer as usize].is_some_and(|at| at <= now))?;
        self.stop(due);
        Some(due)
    }

    /// The next moment anything is due.
    pub(super) fn next(&self) -> Option<Mono> {
        self.0.iter().flatten().min().copied()
    }

    /// Disarms all of a session; a logout is still on its way.
    pub(super) fn clear(&mut self) {
        let revoked = self.0[Timer::Revoked as usize];
        *self = Timers::default();
        self.0[Timer::Revoked as usize] = revoked;
    }
}
