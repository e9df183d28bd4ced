//! The locks of a browser, as sessions ask for them; or their absence. Not: who leads (`lead`).

use crate::browser::TabId;
use crate::tab::{Input, Tab};
use crate::world::{Due, World};
use std::collections::VecDeque;
use support_chat::session::{Lock, LockCommand, LockEvent};

impl World {
    /// What a session wants done to a lock.
    pub(crate) fn lock(&mut self, tab: &mut Tab, command: LockCommand, inputs: &mut VecDeque<Input>) {
        match command {
            LockCommand::Acquire(lock, name) => {
                self.joins(tab, lock, &name);
                if !self.plan.locks {
                    return inputs.push_back(Input::Lock(LockEvent::Missing(lock)));
                }
                tab.locks.push((lock, name.clone()));
                if self.browser(tab.id).acquire(tab.id, &name) {
                    let delay = self.random.below(5);
                    self.later(delay, Due::Granted(tab.id, lock));
                }
            }
            LockCommand::Steal(lock, name) => {
                self.joins(tab, lock, &name);
                self.steals += 1;
                tab.locks.retain(|held| held.0 != lock);
                tab.locks.push((lock, name.clone()));
                if let Some(robbed) = self.browser(tab.id).steal(tab.id, &name) {
                    if let Some(robbed) = self.tab_mut(robbed) {
                        robbed.locks.retain(|held| held.1 != name);
                    }
                    self.later(0, Due::Input(robbed, Input::Lock(LockEvent::Lost(lock))));
                }
                let delay = self.random.below(5);
                self.later(delay, Due::Granted(tab.id, lock));
            }
            LockCommand::Release(lock) => {
                tab.grouped &= lock != Lock::Lead;
                while let Some(at) = tab.locks.iter().position(|held| held.0 == lock) {
                    let (_, name) = tab.locks.remove(at);
                    self.unlock(tab.id, &name);
                }
            }
        }
    }

    fn joins(&mut self, tab: &mut Tab, lock: Lock, name: &str) {
        if lock == Lock::Lead {
            tab.visitor = name.rsplit(':').next().map(Into::into);
            tab.grouped = true;
            tab.since = tab.since.or(Some(self.time));
        }
    }

    pub(crate) fn unlock(&mut self, tab: TabId, name: &str) {
        let Some(next) = self.browser(tab).release(tab, name) else { return };
        let waits = self.tab(next).and_then(|next| next.locks.iter().find(|waiting| waiting.1 == name));
        if let Some(lock) = waits.map(|waiting| waiting.0) {
            let delay = 1 + self.random.below(20);
            self.later(delay, Due::Granted(next, lock));
        }
    }
}
