//! The locks of a group of tabs, by the Web Locks API. Where it is absent (http: pages) or refuses, that is reported.
//! Not: what is done under a lock, or without one (the session).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::session::{Lock, LockCommand, LockEvent};
use js_sys::{Function, Object, Promise};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    type WebLocks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &WebLocks, name: &str, options: &JsValue, granted: &JsValue) -> Result<JsValue, JsValue>;
}

/// What is held or waited for.
pub(crate) struct Locks {
    own: Rc<RefCell<Vec<Request>>>,
    teardowns: Teardowns,
    inbox: Inbox,
    /// The next request's number: a late answer to an old one is told from the present one's.
    next: RefCell<u32>,
}

/// A lock held or waited for; dropping it gives it up.
struct Request {
    number: u32,
    lock: Lock,
    /// Ends the waiting; a theft does not wait.
    controller: Option<AbortController>,
    /// Ends the holding, once granted.
    release: Option<Function>,
    _teardown: Teardown,
}

impl Drop for Request {
    fn drop(&mut self) {
        match &self.release {
            Some(release) => drop(release.call0(&JsValue::NULL)),
            None => self.controller.iter().for_each(AbortController::abort),
        }
    }
}

impl Locks {
    /// Holds none yet.
    pub(crate) fn new(teardowns: &Teardowns, inbox: &Inbox) -> Self {
        let own = Rc::default();
        Locks { own, teardowns: teardowns.clone(), inbox: inbox.clone(), next: RefCell::new(1) }
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
        let _gone = take(&self.own, |request| request.lock == lock);
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
        let navigator = web_sys::window()?.navigator();
        let manager = js::member(&navigator, "locks");
        if !manager.is_object() {
            return None;
        }
        let options = Object::new();
        let controller = if steal { None } else { AbortController::new().ok() };
        match &controller {
            Some(controller) => js::set(&options, "signal", &controller.signal()),
            None => js::set(&options, "steal", &JsValue::TRUE), // goes with no signal
        }
        let number = self.next.replace_with(|next| *next + 1);
        let _teardown = self.teardowns.method(&JsValue::from(controller.clone()), "abort");
        self.own.borrow_mut().push(Request { number, lock, controller, release: None, _teardown });

        let own = Rc::downgrade(&self.own);
        let (inbox, teardowns, held) = (self.inbox.clone(), self.teardowns.clone(), own.clone());
        let granted = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |_| {
            let mut release = None;
            let promise = Promise::new(&mut |resolve, _| release = Some(resolve));
            if !hold(&held, number, release, &teardowns) {
                return JsValue::UNDEFINED;
            }
            inbox.feed(Input::Lock(LockEvent::Acquired(lock)));
            promise.into()
        });
        let manager: WebLocks = manager.unchecked_into();
        let result = manager.request(name, &options, &granted.into_js_value()).ok();
        let Some(ended) = result else {
            let _gone = take(&self.own, |request| request.number == number);
            return None;
        };
        let inbox = self.inbox.clone();
        // Given up by us, the request is no longer among ours. Else it was stolen, or refused from the start.
        js::when(
            &ended,
            |_| (),
            move |_| {
                let gone = own.upgrade().and_then(|own| take(&own, |request| request.number == number));
                if let Some(gone) = gone {
                    let held = gone.release.is_some();
                    drop(gone);
                    inbox.feed(Input::Lock(if held { LockEvent::Lost(lock) } else { LockEvent::Missing(lock) }));
                }
            },
        );
        Some(())
    }
}

/// Notes that the lock is held; false when it was given up while the grant was on its way.
fn hold(own: &Weak<RefCell<Vec<Request>>>, number: u32, release: Option<Function>, teardowns: &Teardowns) -> bool {
    let Some(own) = own.upgrade() else { return false };
    let mut own = own.borrow_mut();
    let Some(request) = own.iter_mut().find(|request| request.number == number) else { return false };
    if let Some(release) = &release {
        request._teardown = teardowns.function(release);
    }
    request.release = release;
    true
}

fn take(own: &RefCell<Vec<Request>>, which: impl Fn(&Request) -> bool) -> Option<Request> {
    let mut own = own.borrow_mut();
    let at = own.iter().position(which)?;
    Some(own.swap_remove(at))
}
