//! The locks of a group of tabs, by the Web Locks API. Where it is absent (http: pages) or refuses, that is reported.
//! Not: what is done under a lock, or without one (the session).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::session::{Lock, LockCommand, LockEvent};
use js_sys::Function;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// What is held or waited for.
pub(crate) struct Locks {
    own: Rc<RefCell<Vec<Request>>>,
    teardowns: Teardowns,
    inbox: Inbox,
}

/// A lock held or waited for; dropping it gives it up.
struct Request {
    lock: Lock,
    /// Nothing of it is heard of any more.
    give_up: Function,
    _teardown: Teardown,
}

impl Drop for Request {
    fn drop(&mut self) {
        let _ = self.give_up.call0(&JsValue::NULL);
    }
}

impl Locks {
    /// Holds none yet.
    pub(crate) fn new(teardowns: &Teardowns, inbox: &Inbox) -> Self {
        Locks { own: Rc::default(), teardowns: teardowns.clone(), inbox: inbox.clone() }
    }

    /// Does what the session asks.
    pub(crate) fn perform(&self, command: LockCommand) {
        match command {
            LockCommand::Acquire(lock, name) => self.ask(lock, &name, false),
            LockCommand::Steal(lock, name) => {
                self.release(lock);
                self.ask(lock, &name, true);
            }
            LockCommand::Release(lock) => self.release(lock),
        }
    }

    fn release(&self, lock: Lock) {
        let _gone = take(&self.own, lock);
    }

    fn ask(&self, lock: Lock, name: &str, steal: bool) {
        if self.request(lock, name, steal).is_none() {
            self.inbox.later(Input::Lock(LockEvent::Missing(lock)));
        }
    }

    /// Gives everything up.
    pub(crate) fn end(&self) {
        let _gone = self.own.take();
    }

    fn request(&self, lock: Lock, name: &str, steal: bool) -> Option<()> {
        let (own, inbox) = (Rc::downgrade(&self.own), self.inbox.clone());
        let heard = js::callback(move |held| {
            let event = match held.as_bool() {
                Some(true) => LockEvent::Acquired(lock),
                Some(false) => LockEvent::Lost(lock),
                None => LockEvent::Missing(lock),
            };
            if event != LockEvent::Acquired(lock) {
                let _gone = own.upgrade().and_then(|own| take(&own, lock));
            }
            inbox.feed(Input::Lock(event));
        });
        let give_up = js::lock(name, steal, &heard)?;
        let _teardown = self.teardowns.function(&give_up);
        self.own.borrow_mut().push(Request { lock, give_up, _teardown });
        Some(())
    }
}

fn take(own: &RefCell<Vec<Request>>, lock: Lock) -> Option<Request> {
    let mut own = own.borrow_mut();
    let at = own.iter().position(|request| request.lock == lock)?;
    Some(own.swap_remove(at))
}
