//! The way between tabs and the backend: connections come and go, frames arrive, news spreads. Not: what a connection is
//! (`wire`), nor what sessions ask for (`carry`).

use crate::backend::event;
use crate::browser::TabId;
use crate::plan::Fault;
use crate::tab::{Input, Tab};
use crate::wire::{Carrier, Connection, ConnectionId, Frame, Request};
use crate::world::{Due, World};
use support_chat::transport::{ChatEventKind, Event, Revoke, link};

impl World {
    /// A new connection; where there is no way to the backend, it fails.
    pub(crate) fn connect(&mut self, tab: &mut Tab, carrier: Carrier) -> Option<ConnectionId> {
        let visitor = tab.visitor.clone().unwrap_or_default();
        self.connections.push(Connection::new(tab.id, carrier, visitor));
        let connection = self.connections.len() - 1;
        tab.links.push(connection);
        if self.online && self.backend.down_until <= self.time {
            return Some(connection);
        }
        self.connections[connection].break_off(self.time, true);
        let delay = self.random.below(1_000);
        self.later(delay, Due::Interrupt(connection));
        None
    }

    /// The tab's transport has no connection any more. What it sent may still arrive.
    pub(crate) fn detach(&mut self, tab: &mut Tab) {
        tab.connected = false;
        for connection in std::mem::take(&mut tab.links) {
            let time = self.time;
            self.connections[connection].break_off(time, false);
        }
    }

    pub(crate) fn send(&mut self, connection: ConnectionId, frame: Frame) {
        let up = matches!(frame, Frame::Up(_));
        let delay = 1 + self.random.below(self.plan.latency);
        let at = self.connections[connection].arrival(up, self.time, delay);
        self.at(at, Due::Frame(connection, frame, self.time));
    }

    pub(crate) fn arrive(&mut self, id: ConnectionId, frame: Frame, sent: u64) {
        let up = matches!(frame, Frame::Up(_));
        if !self.connections[id].carries(up, sent) || self.backend.down_until > self.time {
            return;
        }
        match frame {
            Frame::Up(Request::Hello(connect)) => {
                let wall = self.now().wall;
                let peer = &mut self.connections[id].peer;
                for event in self.backend.hello(peer, &connect, wall, &self.plan, &mut self.random) {
                    self.send(id, Frame::Down(event));
                }
            }
            Frame::Up(Request::Perform(op, action)) => {
                self.say(|| format!("backend <- {op} {action:?}"));
                let time = self.now().wall;
                let peer = &mut self.connections[id].peer;
                let answer = self.backend.perform(peer, op, action, time, &self.plan, &mut self.random);
                let first = self.random.percent(50);
                if first {
                    self.spread(answer.news.clone());
                }
                for event in answer.events {
                    self.send(id, Frame::Down(event));
                }
                if !first {
                    self.spread(answer.news);
                }
                self.check_backend();
            }
            Frame::Up(Request::Bye) => {
                let time = self.time;
                self.connections[id].break_off(time, true);
            }
            Frame::Up(Request::Text(text)) => self.hear_bayeux(id, &text),
            Frame::Link(event) => {
                let tab = self.connections[id].tab;
                let Some(tab) = self.tab_mut(tab).filter(|tab| tab.links.contains(&id)) else { return };
                if matches!(event, link::Event::Answered(..)) {
                    tab.links.retain(|link| *link != id);
                }
                let tab = tab.id;
                self.drive(tab, Input::Link(event));
            }
            Frame::Down(event) => {
                let tab = self.connections[id].tab;
                let Some(tab) = self.tab_mut(tab).filter(|tab| tab.links.contains(&id)) else { return };
                if matches!(event, Event::Closed(_)) {
                    tab.links.retain(|link| *link != id);
                }
                let tab = tab.id;
                self.drive(tab, Input::Transport(event));
            }
        }
    }

    /// A logout makes credentials worthless: by a request of its own, where there is a way to the backend. What became
    /// of it is told, or not.
    pub(crate) fn revoke(&mut self, id: TabId, revoke: &Revoke) {
        if self.online && self.backend.down_until <= self.time {
            self.backend.revoke(revoke.token.as_deref(), revoke.resume.as_deref(), revoke.clear);
        }
        if self.calm || self.random.percent(80) {
            let delay = 1 + self.random.below(2 * self.plan.latency);
            self.later(delay, Due::Input(id, Input::Transport(Event::Revoked)));
        }
    }

    /// Brings news to every connection of that conversation.
    pub(crate) fn spread(&mut self, news: Vec<(usize, ChatEventKind)>) {
        for (place, kind) in news {
            self.tell_clients(place, &kind, None);
            for id in 0..self.connections.len() {
                let connection = &mut self.connections[id];
                if connection.peer.conversation != Some(place) || connection.broken() {
                    continue;
                }
                if connection.drops > 0 && matches!(kind, ChatEventKind::Entry(_)) {
                    connection.drops -= 1;
                    self.strike(Fault::Drop);
                    continue;
                }
                let told = event(Some(&self.backend.conversations[place].id), kind.clone());
                self.send(id, Frame::Down(Event::Received(vec![told])));
            }
        }
    }

    /// The tab learns that its connection is lost.
    pub(crate) fn interrupt(&mut self, id: ConnectionId) {
        let (tab, carrier) = (self.connections[id].tab, self.connections[id].carrier);
        let Some(tab) = self.tab_mut(tab).filter(|tab| tab.links.contains(&id)) else { return };
        tab.links.retain(|link| *link != id);
        let input = match carrier {
            Carrier::Chat => Input::Transport(Event::Interrupted { retry_after: None, reason: "lost" }),
            Carrier::Socket(socket) => Input::Link(link::Event::Closed(socket, 1006)),
            Carrier::Request(request) => Input::Link(link::Event::Failed(request)),
        };
        let tab = tab.id;
        self.drive(tab, input);
    }

    /// A connection breaks; its tab learns it after a while.
    pub(crate) fn break_connection(&mut self, id: ConnectionId, noticed_after: u64) {
        if !self.connections[id].broken() {
            let loses = self.random.percent(50);
            let time = self.time;
            self.connections[id].break_off(time, loses);
            self.later(noticed_after, Due::Interrupt(id));
        }
    }

    /// The connections that tabs have now.
    pub(crate) fn linked(&self) -> Vec<ConnectionId> {
        let links = self.tabs.iter().flat_map(|tab| tab.links.iter().copied());
        links.filter(|link| !self.connections[*link].left).collect()
    }
}
