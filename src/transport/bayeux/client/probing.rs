//! Sockets: the one a session travels on, and the one that only finds out whether sockets work again while a session
//! lives long on requests. Not: what travels (`steps`, `replies`).

use super::{Client, SOCKET_AGAIN, Step, TRIAL};
use crate::time::Mono;
use crate::transport::ConnectionType;
use crate::transport::link::SocketId;

impl Client {
    pub(in crate::transport) fn opened(&mut self, socket: SocketId, now: Mono) {
        if self.line.opened(socket) {
            self.open_due = None;
            self.resume(now);
        } else if self.line.end_probe(Some(socket), true) {
            self.open_due = None;
            self.moving = true;
        }
    }

    pub(in crate::transport) fn closed(&mut self, socket: SocketId, now: Mono) {
        if self.line.closed(socket) {
            self.line_failed("closed", now);
        } else if self.line.end_probe(Some(socket), false) {
            self.open_due = None;
        }
    }

    /// When a socket is to be tried beside the requests.
    pub(super) fn probe_at(&self) -> Option<Mono> {
        let on_requests = self.step == Step::Connected && self.carrier == ConnectionType::LongPolling;
        let may = self.web_sockets && on_requests && !self.moving && !self.line.probes();
        self.socket_again_at.filter(|_| may)
    }

    /// Tries one, or gives one up that was not answered.
    pub(super) fn probe(&mut self, now: Mono) {
        if self.open_due.is_some_and(|due| due <= now) && self.line.end_probe(None, true) {
            self.open_due = None;
        }
        if self.probe_at().is_some_and(|at| at <= now) {
            self.socket_again_at = Some(now + SOCKET_AGAIN);
            self.open_due = Some(now + TRIAL);
            self.line.probe();
        }
    }

    /// Leaves the requests for a socket, when one opens and nothing is under way that would be in doubt.
    pub(in crate::transport) fn move_to_socket(&mut self) {
        if self.moving && self.awaited.is_empty() && self.queue.is_empty() {
            self.socket_again_at = Some(0);
            self.fail("closed");
        }
    }
}
