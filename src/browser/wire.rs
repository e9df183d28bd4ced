//! The transport of an instance: the built-in one or the page's own. Not: what travels.

use super::ChatTransport;
use crate::time::{Mono, Now};
use crate::transport;
use crate::transport::cometd::{Cometd, Output};
use crate::transport::link::Event;
use std::cell::RefCell;

/// One of the two.
pub(crate) enum Wire {
    /// CometD over WebSocket or long-polling.
    Cometd(RefCell<Box<Cometd>>),
    /// The page's own.
    Page(Box<dyn ChatTransport>),
}

impl Wire {
    /// The session's order.
    pub(crate) fn command(&self, command: transport::Command, now: Now) {
        match self {
            Wire::Cometd(cometd) => cometd.borrow_mut().handle_command(command, now),
            Wire::Page(page) => page.command(command),
        }
    }

    /// A report of a link.
    pub(crate) fn link(&self, event: Event, now: Now) {
        if let Wire::Cometd(cometd) = self {
            cometd.borrow_mut().handle_link(event, now);
        }
    }

    /// Something may be due.
    pub(crate) fn timeout(&self, now: Now) {
        if let Wire::Cometd(cometd) = self {
            let mut cometd = cometd.borrow_mut();
            if cometd.poll_timeout().is_some_and(|due| due <= now.mono) {
                cometd.handle_timeout(now);
            }
        }
    }

    /// When something is due next.
    pub(crate) fn due(&self) -> Option<Mono> {
        match self {
            Wire::Cometd(cometd) => cometd.borrow().poll_timeout(),
            Wire::Page(_) => None,
        }
    }

    /// What the built-in transport wants done next.
    pub(crate) fn output(&self) -> Option<Output> {
        match self {
            Wire::Cometd(cometd) => cometd.borrow_mut().poll_output(),
            Wire::Page(_) => None,
        }
    }

    /// The instance is gone.
    pub(crate) fn end(&self) {
        if let Wire::Page(page) = self {
            page.end();
        }
    }
}
