//! The transport of an instance: the built-in one with its sockets and requests, or the page's own. Not: what travels.

use super::ChatTransport;
use super::inbox::{Inbox, Input};
use super::long_polling::Request;
use super::teardown::Teardowns;
use super::websocket::{ABNORMAL, Socket};
use crate::time::{Mono, Now};
use crate::transport;
use crate::transport::cometd::{Cometd, Output};
use crate::transport::link::{Command, Event, RequestId};
use std::cell::RefCell;

/// One of the two.
pub(crate) enum Wire {
    /// CometD over WebSocket or long-polling.
    Cometd(RefCell<Box<Cometd>>, Links),
    /// The page's own.
    Page(Box<dyn ChatTransport>),
}

impl Wire {
    /// The session's order.
    pub(crate) fn command(&self, command: transport::Command, now: Now) {
        match self {
            Wire::Cometd(cometd, _) => cometd.borrow_mut().handle_command(command, now),
            Wire::Page(page) => page.command(command),
        }
    }

    /// A report of a link; one of a link that is closed already is dropped.
    pub(crate) fn link(&self, event: Event, now: Now) {
        if let Wire::Cometd(cometd, links) = self
            && links.know(&event)
        {
            cometd.borrow_mut().handle_link(event, now);
        }
    }

    /// A link that could not even be made.
    pub(crate) fn refused(&self, event: Event, now: Now) {
        if let Wire::Cometd(cometd, _) = self {
            cometd.borrow_mut().handle_link(event, now);
        }
    }

    /// Something may be due.
    pub(crate) fn timeout(&self, now: Now) {
        if let Wire::Cometd(cometd, _) = self {
            let mut cometd = cometd.borrow_mut();
            if cometd.poll_timeout().is_some_and(|due| due <= now.mono) {
                cometd.handle_timeout(now);
            }
        }
    }

    /// When something is due next.
    pub(crate) fn due(&self) -> Option<Mono> {
        match self {
            Wire::Cometd(cometd, _) => cometd.borrow().poll_timeout(),
            Wire::Page(_) => None,
        }
    }

    /// What the built-in transport wants done next, with its links.
    pub(crate) fn output(&self) -> Option<(Output, &Links)> {
        match self {
            Wire::Cometd(cometd, links) => Some((cometd.borrow_mut().poll_output()?, links)),
            Wire::Page(_) => None,
        }
    }

    /// The instance is gone.
    pub(crate) fn end(&self) {
        match self {
            Wire::Cometd(_, links) => links.end(),
            Wire::Page(page) => page.end(),
        }
    }
}

/// The sockets and requests the built-in transport has open.
pub(crate) struct Links {
    sockets: RefCell<Vec<Socket>>,
    requests: RefCell<Vec<Request>>,
    teardowns: Teardowns,
    inbox: Inbox,
}

impl Links {
    /// None yet.
    pub(crate) fn new(teardowns: &Teardowns, inbox: &Inbox) -> Self {
        let (sockets, requests) = Default::default();
        Links { sockets, requests, teardowns: teardowns.clone(), inbox: inbox.clone() }
    }

    /// Carries an order out.
    pub(crate) fn perform(&self, command: Command) {
        match command {
            Command::Open(id, address) => match Socket::open(id, &address, &self.teardowns, &self.inbox) {
                Some(socket) => self.sockets.borrow_mut().push(socket),
                None => self.inbox.later(Input::Refused(Event::Closed(id, ABNORMAL))),
            },
            Command::Send(id, text) => {
                if let Some(socket) = self.sockets.borrow().iter().find(|socket| socket.id == id) {
                    socket.send(&text);
                }
            }
            Command::Close(id) => drop(take(&self.sockets, |socket| socket.id == id)),
            Command::Post(id, address, body) => {
                self.keep(id, Request::post(id, &address, &body, &self.teardowns, &self.inbox));
            }
            Command::Beacon(id, address, body) => self.keep(id, Request::beacon(id, &address, &body, &self.inbox)),
            Command::Abort(id) => drop(take(&self.requests, |request| request.id == id)),
        }
    }

    fn keep(&self, id: RequestId, request: Option<Request>) {
        match request {
            Some(request) => self.requests.borrow_mut().push(request),
            None => self.inbox.later(Input::Refused(Event::Failed(id))),
        }
    }

    /// Whether the report is of a link we have; what is over is let go.
    fn know(&self, event: &Event) -> bool {
        match event {
            Event::Opened(id) | Event::Text(id, _) => self.sockets.borrow().iter().any(|socket| socket.id == *id),
            Event::Closed(id, _) => take(&self.sockets, |socket| socket.id == *id).is_some(),
            Event::Answered(id, ..) | Event::Failed(id) => take(&self.requests, |request| request.id == *id).is_some(),
        }
    }

    fn end(&self) {
        drop(self.sockets.take());
        drop(self.requests.take());
    }
}

fn take<T>(list: &RefCell<Vec<T>>, which: impl Fn(&T) -> bool) -> Option<T> {
    let mut list = list.borrow_mut();
    let at = list.iter().position(which)?;
    Some(list.swap_remove(at))
}
