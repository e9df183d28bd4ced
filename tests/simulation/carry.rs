//! Carries out what sessions ask for, as a browser would. Not: the way to the backend (`way`), nor what must hold.

use crate::browser::TabId;
use crate::own::Own;
use crate::plan::Wire;
use crate::tab::{Input, Tab};
use crate::wire::{Carrier, ConnectionId, Frame, Request};
use crate::world::{Due, World, Wrong};
use std::collections::VecDeque;
use support_chat::lifecycle::State;
use support_chat::session::Event as Told;
use support_chat::session::{Lock, LockCommand, Output, Settled};
use support_chat::store::memory::Memory;
use support_chat::store::{Entries, Refusal, Store};
use support_chat::transport::cometd::{self, Cometd};
use support_chat::transport::{Command, Reason, link};

impl World {
    pub(crate) fn carry_out(&mut self, tab: &mut Tab, output: Output, inputs: &mut VecDeque<Input>) {
        match output {
            Output::Load if tab.keeps_own() => self.read_own(tab),
            Output::Save { name, text, token } if tab.keeps_own() => {
                // What a tab has for itself may be what another's logout kept, for the case that it wrote too late.
                if token.is_some() || tab.own.as_ref().is_some_and(Own::writes) {
                    self.check_saved(tab, &name, &text);
                }
                tab.own.iter_mut().for_each(|own| own.set(&name, &text, token));
            }
            Output::Remove(name) if tab.keeps_own() => self.remove_own(tab, &name),
            Output::Wipe { keep } if tab.keeps_own() => tab.own.iter_mut().for_each(|own| own.wipe(keep)),
            Output::UseMemory if tab.keeps_own() => {
                self.flush_own(tab, inputs);
                tab.memory = Some(Memory::new());
            }
            Output::Load => {
                let entries = match &mut tab.memory {
                    Some(memory) => memory.load(),
                    None => self.look(tab.id),
                };
                self.report(tab, Input::Loaded(entries), inputs);
            }
            Output::Save { name, text, token } => {
                self.check_saved(tab, &name, &text);
                let outcome = match &mut tab.memory {
                    Some(memory) => memory.set(&name, &text),
                    None => self.store(tab.id, &name, &text),
                };
                if token.is_some() || outcome.is_err() {
                    self.report(tab, Input::Stored(token, outcome), inputs);
                }
            }
            Output::Remove(name) => self.forget(tab, &name),
            Output::Wipe { keep } => {
                let mut entries = self.look(tab.id).unwrap_or_default();
                if let Some(memory) = &mut tab.memory {
                    entries.extend(memory.load().unwrap_or_default());
                }
                entries.retain(|(name, _)| !keep.contains(&name.as_str()));
                for (name, text) in entries {
                    // What a browser keeps tells by itself who follows whom; here a logout, or somebody else, gives it up.
                    if tab.memory.is_some() && name.starts_with("outbox:") {
                        for place in self.ledger.found_in(&text) {
                            self.ledger.written[place].given_up = true;
                        }
                    }
                    self.forget(tab, &name);
                }
            }
            Output::UseMemory => tab.memory = Some(Memory::new()),
            Output::UseStore => tab.memory = None,
            Output::AskToken { ask, provider, .. } => self.ask(tab, ask, provider),
            Output::KeepProvider(kept) => {
                for (at, provider) in tab.providers.iter_mut().enumerate() {
                    *provider = provider.filter(|_| kept == Some(at as u32 + 1));
                }
            }
            Output::Lock(command) => {
                if matches!(command, LockCommand::Release(Lock::Lead)) {
                    self.flush_own(tab, inputs);
                    tab.writes(false);
                }
                self.lock(tab, command, inputs);
            }
            Output::Peer(text) => {
                self.check_said(tab, "a message to other tabs", &text, true);
                let home = self.home(tab.id);
                let others: Vec<_> = self.tabs_of(home).collect();
                for other in others {
                    let slow = if self.random.percent(5) { 200 } else { 8 };
                    let way = self.peers.entry((tab.id, other)).or_default();
                    *way = (*way).max(self.time + self.random.below(slow));
                    let at = *way;
                    self.at(at, Due::Input(other, Input::Peer(text.clone())));
                }
            }
            Output::Transport(command) => self.command(tab, command),
            Output::Settle(id, result) => {
                let Some(at) = tab.promises.iter().position(|promise| promise.id == id) else {
                    return self.fail(Wrong::Other, format!("call {id} of tab {} was answered twice", tab.id));
                };
                let promise = tab.promises.remove(at);
                if let (Some(place), Ok(Settled::Message(_))) = (promise.message, &result) {
                    self.check_arrived(place);
                }
                if let (Some(place), Err(error)) = (promise.message, &result) {
                    self.note_broken(tab, place, error.code);
                }
                if let (Some(user), Ok(_)) = (&promise.user, &result) {
                    self.check_became(tab, user);
                }
            }
            Output::Emit(Told::State { state: State::Shutdown, .. }) => self.logged_out(tab),
            Output::Emit(Told::State { state: State::Booting, .. }) => {
                tab.over = false;
                tab.since = None;
                tab.asking = None;
                tab.visitor = None;
                tab.was_user = None;
            }
            Output::Log(_, text) => self.check_said(tab, "the log", &text, false),
            Output::Emit(event @ (Told::Message(..) | Told::Conversation(..) | Told::Read(..) | Told::Error(_))) => {
                self.check_said(tab, "an event", &format!("{event:?}"), false)
            }
            Output::Destroy => tab.destroyed = true,
            Output::Emit(_) | Output::Render | Output::Sound | Output::Blank => {}
        }
    }

    fn report(&mut self, tab: &Tab, input: Input, inputs: &mut VecDeque<Input>) {
        match self.plan.store_delay {
            0 if matches!(input, Input::Loaded(_)) => inputs.push_front(input), // before anything else, as in the driver
            0 => inputs.push_back(input),
            delay => self.later(delay, Due::Input(tab.id, input)),
        }
    }

    /// What a tab sees of its browser's store.
    pub(crate) fn look(&mut self, id: TabId) -> Result<Entries, Refusal> {
        let now = self.time;
        self.browser(id).load(id, now)
    }

    /// The numbers in it.
    pub(crate) fn numbers(&mut self, id: TabId) -> [u64; 2] {
        let now = self.time;
        self.browser(id).numbers(id, now)
    }

    fn store(&mut self, id: TabId, name: &str, text: &str) -> Result<(), Refusal> {
        let now = self.time;
        self.browser(id).set(id, now, name, text)
    }

    /// Forgetting always reaches the real store as well: memory is for what cannot be kept, not for what must go.
    fn forget(&mut self, tab: &mut Tab, name: &str) {
        if let Some(memory) = &mut tab.memory {
            let _ = memory.remove(name);
        }
        if tab.own.is_none() {
            let now = self.time;
            self.browser(tab.id).remove(tab.id, now, name);
        }
    }

    /// A tab is gone without a word.
    pub(crate) fn kill(&mut self, id: TabId) {
        let Some(place) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        self.say(|| format!("tab {id} is gone"));
        let mut tab = self.tabs.remove(place);
        self.detach(&mut tab);
        self.bury();
        self.mourn(&tab);
        for (_, name) in std::mem::take(&mut tab.locks) {
            self.unlock(id, &name);
        }
    }

    fn command(&mut self, tab: &mut Tab, mut command: Command) {
        if let Some(bug) = self.plan.bug {
            bug.bend_command(&mut command, self.steps);
        }
        if matches!(command, Command::Perform(..)) && !tab.connected {
            return self.fail(Wrong::Other, format!("tab {} asks for {command:?} without a connection", tab.id));
        }
        self.check_command(tab, &command);
        if let Command::Connect(connect) = &command {
            tab.token.clone_from(&connect.token);
        }
        if matches!(command, Command::Connect(_) | Command::Disconnect(_)) {
            tab.connected = false;
        }
        if let Some(cometd) = &mut tab.cometd {
            return cometd.handle_command(command, self.now());
        }
        match command {
            Command::Connect(connect) => {
                self.detach(tab);
                if let Some(connection) = self.connect(tab, Carrier::Chat) {
                    self.send(connection, Frame::Up(Request::Hello(connect)));
                }
            }
            Command::Perform(op, action) => {
                for connection in tab.links.clone() {
                    self.send(connection, Frame::Up(Request::Perform(op, action.clone())));
                }
            }
            Command::Revoke(revoke) => self.revoke(tab.id, &revoke),
            Command::Disconnect(reason) => {
                if let (Some(connection), false) = (tab.links.first(), reason == Reason::Reload) {
                    self.send(*connection, Frame::Up(Request::Bye));
                }
                self.detach(tab);
            }
        }
    }

    /// What the real transport wants done, and what it reports.
    pub(crate) fn pass_on(&mut self, tab: &mut Tab, inputs: &mut VecDeque<Input>) {
        while let Some(output) = tab.cometd.as_mut().and_then(Cometd::poll_output) {
            match output {
                cometd::Output::Link(command) => self.link_command(tab, command),
                cometd::Output::Event(event) => {
                    inputs.push_back(Input::Transport(event));
                }
                cometd::Output::Remember(_) => {}
            }
        }
    }

    fn link_command(&mut self, tab: &mut Tab, command: link::Command) {
        self.say(|| format!("tab {} => {command:?}", tab.id));
        if let link::Command::Open(_, url) | link::Command::Post(_, url, _) | link::Command::Beacon(_, url, _) =
            &command
            && url.contains('~')
        {
            return self.fail(Wrong::Other, format!("tab {} puts what opens something into an address: {url}", tab.id));
        }
        match command {
            link::Command::Open(socket, _) => {
                let Some(connection) = self.connect(tab, Carrier::Socket(socket)) else { return };
                if self.plan.wire == Wire::Refused {
                    return self.break_connection(connection, 50);
                }
                let delay = 1 + self.random.below(self.plan.latency);
                let at = self.connections[connection].arrival(false, self.time, delay);
                self.at(at, Due::Frame(connection, Frame::Link(link::Event::Opened(socket)), self.time));
            }
            link::Command::Send(socket, text) => {
                if let Some(connection) = self.carrier(tab, Carrier::Socket(socket)) {
                    self.send(connection, Frame::Up(Request::Text(text)));
                }
            }
            link::Command::Beacon(request, _, text) => self.beacon(tab.id, request, &text),
            link::Command::Post(request, _, text) => {
                let waits = |link: &&ConnectionId| {
                    let connection = &self.connections[**link];
                    !connection.left && matches!(connection.carrier, Carrier::Request(_))
                };
                if tab.links.iter().filter(waits).count() > 1 {
                    self.fail(Wrong::Other, format!("tab {} has more than two requests under way", tab.id));
                }
                let connection = self.connect(tab, Carrier::Request(request));
                if text.contains("/meta/disconnect") {
                    for link in &tab.links {
                        self.connections[*link].left = true;
                    }
                }
                if let Some(connection) = connection {
                    self.send(connection, Frame::Up(Request::Text(text)));
                }
            }
            link::Command::Close(socket) => self.hang_up(tab, Carrier::Socket(socket)),
            link::Command::Abort(request) => self.hang_up(tab, Carrier::Request(request)),
        }
    }

    fn carrier(&self, tab: &Tab, carrier: Carrier) -> Option<ConnectionId> {
        tab.links.iter().copied().find(|link| self.connections[*link].carrier == carrier)
    }

    fn hang_up(&mut self, tab: &mut Tab, carrier: Carrier) {
        if let Some(connection) = self.carrier(tab, carrier) {
            tab.links.retain(|link| *link != connection);
            let time = self.time;
            self.connections[connection].break_off(time, false);
        }
    }
}
