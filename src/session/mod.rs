//! WHAT a session does: a pure state machine. It takes calls from the page and reports from the world, and is
//! drained for what to do next. Not: how anything is carried out (`browser/driver.rs`).
//!
//! Every input is one method and may leave outputs behind: drain [`Session::poll_output`] after each, then re-arm one
//! timer at [`Session::poll_timeout`].

mod call;
mod input;
mod output;
mod view;

pub use call::{Call, CallId, Gesture};
pub use input::{Config, Ids, Lock, LockEvent, PageEvent};
pub use output::{Change, ConversationChange, Event, Level, LockCommand, Output, SaveToken, Settled};
pub use view::{Banner, Connection, ConnectionState, Identity, Item, Look, View};

use crate::store::{Entries, Refusal};
use crate::time::{Mono, Now};
use crate::transport;

/// The state machine. See the module.
pub struct Session {}

#[allow(missing_docs, unused_variables)]
impl Session {
    pub fn new(config: Config, ids: Ids, seed: u64, now: Now) -> Session {
        Session {}
    }
    pub fn call(&mut self, id: CallId, call: Call, now: Now) {}
    pub fn handle_gesture(&mut self, gesture: Gesture, now: Now) {}
    pub fn handle_loaded(&mut self, loaded: Result<Entries, Refusal>, now: Now) {}
    pub fn handle_stored(&mut self, token: Option<SaveToken>, outcome: Result<(), Refusal>, now: Now) {}
    pub fn handle_transport(&mut self, event: transport::Event, now: Now) {}
    pub fn handle_page(&mut self, page: PageEvent, now: Now) {}
    pub fn handle_peer(&mut self, text: &str, now: Now) {}
    pub fn handle_lock(&mut self, event: LockEvent, now: Now) {}
    pub fn handle_timeout(&mut self, now: Now) {}
    pub fn poll_output(&mut self) -> Option<Output> {
        None
    }
    pub fn poll_timeout(&self) -> Option<Mono> {
        None
    }
    pub fn view(&self) -> View<'_> {
        unimplemented!()
    }
    pub fn identity(&self) -> Option<Identity> {
        None
    }
}
