//! Does what the session wants done, one output at a time. Not: in which order (`driver`).

use super::Driver;
use crate::browser::inbox::Input;
use crate::browser::{clock, shell};
use crate::session::{Event, Lock, LockCommand, LockEvent, Output};
use crate::transport::{Action, Command, cometd};

impl Driver {
    pub(super) fn carry_out(&self, output: Output) {
        match output {
            Output::Load => self.keeping.load(&self.inbox),
            Output::Save { name, text, token } => self.keeping.save(&name, &text, token, &self.inbox),
            Output::Remove(name) => self.keeping.remove(&name, &self.inbox),
            Output::Wipe { keep } => {
                self.keeping.wipe(keep, &self.inbox);
                self.blank();
            }
            Output::Blank => self.blank(),
            Output::UseMemory => {
                self.keeping.flush(&self.inbox); // what was forgotten there is to be gone there
                self.keeping.use_memory(true);
            }
            Output::UseStore => self.keeping.use_memory(false),
            // Who cannot hear a leader cannot follow it: without a channel every tab leads itself.
            Output::Lock(LockCommand::Acquire(Lock::Lead, _)) if !self.shell.joined => {
                self.inbox.later(Input::Lock(LockEvent::Missing(Lock::Lead)));
            }
            Output::Lock(command) => {
                if command == LockCommand::Release(Lock::Lead) {
                    // What was written as the leader is handed over as one.
                    self.keeping.flush(&self.inbox);
                    self.keeping.lead("");
                }
                self.shell.lock(&command);
            }
            Output::Peer(text) => self.shell.post(&text),
            Output::Transport(mut command) => {
                if let Command::Perform(_, Action::RequestChat(request)) = &mut command {
                    request.user_data = shell::with_page(&request.user_data);
                }
                self.wire.command(command, clock::now());
                self.run_wire();
            }
            Output::AskToken { ask, provider, reason } => self.host.ask_token(ask, provider, reason),
            Output::KeepProvider(provider) => self.host.keep_provider(provider),
            Output::Settle(call, result) => self.host.settle(call, result),
            // A listener before may have logged out: of a conversation nothing more is told then.
            Output::Emit(
                Event::Conversation(..)
                | Event::Message(..)
                | Event::Read(..)
                | Event::Typing { .. }
                | Event::Agent { .. },
            ) if !self.state().live() => {}
            Output::Emit(event) => self.host.emit(event),
            Output::Render => self.redraw(),
            Output::Sound => self.host.sound(),
            Output::Log(level, line) => self.host.log(level, &line),
            Output::Destroy => self.end(),
        }
    }

    /// Does what the built-in transport wants done.
    pub(super) fn run_wire(&self) {
        while let Some(output) = self.wire.output() {
            match output {
                cometd::Output::Link(command) => self.shell.link(&command),
                cometd::Output::Event(event) => self.tell(Input::Transport(event)),
                cometd::Output::Remember(kind) => self.keeping.remember(kind.name()),
            }
        }
    }

    fn blank(&self) {
        self.screen().into_iter().for_each(|screen| screen.wipe());
    }

    pub(super) fn conceal(&self, hidden: bool) {
        if self.concealed.replace(hidden) != hidden {
            self.screen().into_iter().for_each(|screen| screen.conceal(hidden));
        }
    }

    /// Takes everything apart. Nothing is reported any more.
    fn end(&self) {
        self.gone.set(true);
        self.shell.end();
        self.wire.end();
        self.keeping.end();
        if let Some(screen) = self.screen.take() {
            screen.remove();
        }
    }
}
