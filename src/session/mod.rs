//! WHAT a session does: a pure state machine. It takes calls from the page and reports from the world, and is
//! drained for what to do next. Not: how anything is carried out (`browser/driver.rs`).
//!
//! Every input is one method and may leave outputs behind: drain [`Session::poll_output`] after each, then re-arm one
//! timer at [`Session::poll_timeout`]. In reading order: `call`, `input`, `output`, `view` are what it is spoken to
//! with; `machine` holds the state; `matrix` says what a call does in a state; then a file for each thing it does.

mod backoff;
mod boot;
mod call;
mod claims;
mod composing;
mod connecting;
mod conversation;
mod creating;
mod delivery;
mod elsewhere;
mod ending;
mod finding;
mod hearing;
mod identity;
mod input;
mod lead;
mod logout;
mod machine;
mod matrix;
mod merge;
mod mirror;
mod outbox;
mod output;
mod owner;
mod page;
mod peer;
mod reading;
mod resuming;
mod running;
mod sounding;
mod storing;
mod tabs;
mod timers;
mod token;
mod transcript;
mod typing;
mod update;
mod view;

pub use call::{Call, CallId, Gesture, ProviderId, Who};
pub use input::{Config, Ids, Lock, LockEvent, PageEvent, UpdateLimit};
pub use machine::Session;
pub use matrix::{Rule, rule};
pub use output::{Change, ConversationChange, Event, Level, LockCommand, Output, SaveToken, Settled};
pub use update::TOO_MUCH;
pub use view::{Banner, Connection, ConnectionState, Identity, Item, Look, View};
