//! The steps of a Bayeux session: connect, wait, stop, and what it notes on the way. Not: what triggers them.

use super::{Awaited, Client, NETWORK_DELAY, RESUMING, SOCKET_AGAIN, Step, TRIAL};
use crate::time::Mono;
use crate::transport::bayeux::advice::Reconnect;
use crate::transport::bayeux::line::META;
use crate::transport::bayeux::message::{self, MessageId};
use crate::transport::{ClosedReason, ConnectionType, Event};

/// So many connects in a row may be answered within `AT_ONCE` ms: every message ends a held one.
const QUICK: u32 = 20;
const AT_ONCE: Mono = 100;

impl Client {
    /// A connect was answered.
    pub(super) fn note_pace(&mut self, now: Mono) {
        self.quick = if now < self.connected_at + AT_ONCE { self.quick.saturating_add(1) } else { 0 };
    }

    /// On a line that can carry text: goes on with the session, or makes one.
    pub(super) fn resume(&mut self, now: Mono) {
        let advice = &self.advice;
        let kept = advice.max_interval.map(|max| max.saturating_add(advice.timeout).saturating_add(advice.interval));
        let known =
            advice.reconnect == Reconnect::Retry && kept.is_none_or(|kept| now.saturating_sub(self.alive_at) <= kept);
        if self.client_id.is_some() && known {
            self.step = Step::Connecting;
            self.resuming = true;
            self.connect(now);
        } else {
            self.handshake(now);
        }
    }

    pub(super) fn connect(&mut self, now: Mono) {
        self.connect_at = None;
        let Some(client_id) = self.client_id.take() else { return };
        let id = self.next_id();
        let first = self.step == Step::Connecting;
        // Only such a connect makes the server say again whether several clients share the browser.
        let at_once = first || self.advice.multiple_clients;
        let held = if at_once { 0 } else { self.advice.timeout };
        self.meta = Some(Awaited { id, due: now.saturating_add(held).saturating_add(self.patience()) });
        self.line.send(META, message::connect(id, &client_id, self.carrier_name(), at_once));
        self.client_id = Some(client_id);
        self.connected_at = now;
    }

    /// When the first reply must be there; never, when none is waited for.
    pub(super) fn reply_due(&self) -> Mono {
        let mut first = self.meta.map_or(Mono::MAX, |meta| meta.due);
        for awaited in &self.awaited {
            first = first.min(awaited.due);
        }
        first
    }

    pub(super) fn note_carrier(&mut self, now: Mono) {
        if self.remembered != Some(self.carrier) {
            self.remembered = Some(self.carrier);
            self.remember = self.remembered;
            self.socket_again_at = Some(now + SOCKET_AGAIN);
        }
    }

    pub(super) fn connect_after_interval(&mut self, now: Mono) {
        // A server that holds no connect, and asks for no pause, would be asked without end.
        let pause = u64::from(self.quick.saturating_sub(QUICK).min(20)) * 50;
        let interval = self.advice.interval.max(pause);
        if interval == 0 {
            self.connect(now);
        } else {
            self.connect_at = Some(now.saturating_add(interval));
        }
    }

    pub(in crate::transport) fn give_up(&mut self, reason: ClosedReason) {
        self.stop();
        self.client_id = None;
        self.refused = 0;
        self.lost = 0;
        self.blocked = 0;
        self.failure = Some(Event::Closed(reason));
    }

    /// Leaves no line, no timer and nothing waiting.
    pub(super) fn stop(&mut self) {
        self.line.close();
        self.moving = false;
        self.step = Step::Idle;
        self.meta = None;
        self.open_due = None;
        self.connect_at = None;
        self.awaited.clear();
        self.queue.clear();
    }

    pub(super) fn patience(&self) -> u64 {
        match self.carrier {
            ConnectionType::WebSocket if !self.proven => TRIAL,
            ConnectionType::LongPolling if self.resuming => RESUMING,
            _ => NETWORK_DELAY,
        }
    }

    pub(super) fn carrier_name(&self) -> &'static str {
        match self.carrier {
            ConnectionType::WebSocket => "websocket",
            ConnectionType::LongPolling => "long-polling",
        }
    }

    pub(super) fn next_id(&mut self) -> MessageId {
        self.next_id += 1;
        self.next_id
    }
}
