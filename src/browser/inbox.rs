//! What can happen to an instance, and where every part of the shell reports it. Not: what follows (`driver`).

use super::Loaded;
use super::driver::Driver;
use super::shell;
use crate::session::{Call, CallId, LockEvent, PageEvent, SaveToken};
use crate::store::Refusal;
use crate::transport::{self, link};
use std::cell::OnceCell;
use std::rc::{Rc, Weak};

/// What can happen to an instance.
#[derive(Debug)]
pub(crate) enum Input {
    /// A call of the page.
    Call(CallId, Call),
    /// Something the visitor does.
    #[cfg(feature = "widget")]
    Gesture(crate::session::Gesture),
    /// The store was read.
    Loaded(Loaded),
    /// The store kept something, or refused.
    Stored(Option<SaveToken>, Result<(), Refusal>),
    /// A report of the transport.
    Transport(transport::Event),
    /// A report of a socket or request.
    Link(link::Event),
    /// Something about the page.
    Page(PageEvent),
    /// A text of another tab.
    Peer(String),
    /// Something about a lock.
    Lock(LockEvent),
    /// A token provider answered: the question's number and the token.
    Token(u32, Option<String>),
    /// The timer fired.
    Timeout,
}

/// Where reports go. Does nothing once the instance is gone.
#[derive(Clone, Default)]
pub(crate) struct Inbox(Rc<OnceCell<Weak<Driver>>>);

impl Inbox {
    /// Handles the input now.
    pub(crate) fn feed(&self, input: Input) {
        if let Some(driver) = self.driver() {
            driver.feed(input);
        }
    }

    /// Handles the input after what is being done now.
    pub(crate) fn later(&self, input: Input) {
        if let Some(driver) = self.driver() {
            driver.later(input);
        }
    }

    /// A report of `web.js`: see there.
    pub(super) fn report(&self, event: u32, id: u32, number: u32, text: String) {
        let Some(driver) = self.driver() else { return };
        match shell::input(event, id, number, text) {
            Some(input) => driver.feed(input),
            None => driver.draw(),
        }
    }

    #[cfg(feature = "widget")]
    /// Asks for a frame though the view did not change.
    pub(crate) fn redraw(&self) {
        if let Some(driver) = self.driver() {
            driver.redraw();
        }
    }

    #[cfg(feature = "widget")]
    /// A line for the log, from a part that has no session.
    pub(crate) fn log(&self, level: crate::session::Level, line: &str) {
        if let Some(driver) = self.driver() {
            driver.log(level, line);
        }
    }

    /// Reports go to this instance from now on.
    pub(super) fn lead_to(&self, driver: &Rc<Driver>) {
        let _ = self.0.set(Rc::downgrade(driver));
    }

    /// The instance, while it is there.
    pub(super) fn driver(&self) -> Option<Rc<Driver>> {
        self.0.get()?.upgrade()
    }
}
