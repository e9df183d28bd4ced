//! WHAT survives a reload: the seam between the session and whatever keeps strings. Not: what the strings say
//! (`persisted`), nor the browser's stores (`browser/storage.rs`).
//!
//! A store keeps text under the names of `persisted` (without the namespace, which the store adds).

pub mod conformance;
pub mod memory;
pub mod persisted;
pub mod restored;

/// Everything a store held under the namespace: (name, text) pairs, in no order.
pub type Entries = Vec<(String, String)>;

/// Why a store cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It throws, or is not there.
    Blocked,
    /// No room.
    Full,
    /// It holds what a newer version wrote.
    Newer,
    /// A page's own store gave something that is no object, or threw.
    Corrupt,
    /// A page's own store did not answer in time.
    Timeout,
}

impl Refusal {
    /// The `reason` of `storage:degraded`.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::Blocked => "blocked",
            Refusal::Full => "full",
            Refusal::Newer => "newer",
            Refusal::Corrupt => "corrupt",
            Refusal::Timeout => "timeout",
        }
    }
}

/// A store of strings. Implemented by `memory` here and by the browser's stores.
pub trait Store {
    /// Everything it holds under the namespace.
    fn load(&mut self) -> Result<Entries, Refusal>;
    /// Keeps one text.
    fn set(&mut self, name: &str, text: &str) -> Result<(), Refusal>;
    /// Forgets one text; forgetting what is not there is fine.
    fn remove(&mut self, name: &str) -> Result<(), Refusal>;
}
