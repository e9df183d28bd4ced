//! What the world reports to a session, and what it is made with. Not: calls of the page (`call`).

use super::call::ProviderId;

/// The part of the options a session needs. Read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Connect only when something needs it.
    pub lazy: bool,
    /// The page's word on consent; a stored decision of the visitor wins over it.
    pub cookie_consent: bool,
    /// How long after its last use a saved session is still resumed, in ms; absent: as long as the store has it.
    pub kept_for: Option<u64>,
    /// `local`, `session`, `cookie`, `memory` or `custom`: for `storage:degraded`.
    pub storage: &'static str,
    /// First part of lock names.
    pub namespace: String,
    /// BCP 47.
    pub locale: String,
    /// Transport kind and server; a saved session is used only with the same.
    pub backend: String,
    /// Whether messages of others are to be heard.
    pub sound: bool,
    /// How agents see an anonymous visitor.
    pub nickname: String,
    /// Subject of conversations.
    pub subject: Option<String>,
    /// JSON object text sent with the request of a conversation.
    pub user_data: String,
    /// Theme as checked JSON object text.
    pub theme: String,
    /// z-index of launcher and panel.
    pub z_index: i32,
    /// The token provider of the options, for calls and tabs that bring none.
    pub token_provider: Option<ProviderId>,
    /// How often newer values of user, company and context are sent.
    pub update_limit: UpdateLimit,
}

/// See [`Config::update_limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateLimit {
    /// At most so many a second.
    pub per_second: u32,
    /// At most so many a minute.
    pub per_minute: u32,
}

/// Fresh 128-bit numbers for ids and secrets, from the shell's cryptographic source; a seeded one in tests.
pub struct Ids(pub Box<dyn FnMut() -> u128>);

impl Ids {
    /// A new id: 32 hexadecimal digits.
    pub fn fresh(&mut self) -> String {
        let mut number = (self.0)();
        let mut text = String::with_capacity(32);
        for _ in 0..32 {
            let digit = (number & 15) as u8;
            text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
            number >>= 4;
        }
        text
    }
}

/// Something happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// The browser believes there is a network.
    Online,
    /// The browser knows there is none.
    Offline,
    /// The page became visible.
    Shown,
    /// The visitor turned to the page: of several visible ones it is the one in use.
    Focused,
    /// The page became hidden.
    Hidden,
    /// The page goes away for good (`pagehide`, not persisted).
    Leaving,
    /// The page goes into the back/forward cache.
    Cached,
    /// The page came back from it.
    Restored,
    /// Timers stop.
    Frozen,
    /// Timers go on.
    Resumed,
}

/// The two locks of a group of tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Held while a visitor is created.
    Create,
    /// Held by the leader.
    Lead,
}

/// What became of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockEvent {
    /// This tab holds it now.
    Acquired(Lock),
    /// It was taken away.
    Lost(Lock),
    /// This browser has no locks, or refuses them.
    Missing(Lock),
}
