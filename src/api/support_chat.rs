//! The class the handle drives: one instance. A call of the page is checked, handed to the session and answered through
//! its promise. One door for all calls: each exported method would cost code on both sides. Not: which calls there are
//! (`calls`), what they do (the session), nor when the module is loaded (`handle.js`).

use super::host::HostSide;
use super::{calls, convert, making, options};
use crate::browser::Host;
use crate::browser::driver::{Driver, Parts};
use crate::browser::inbox::{Inbox, Input};
use crate::browser::teardown::Teardowns;
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::session::{Call, Level};
use js_sys::Function;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The package's version.
#[wasm_bindgen]
pub fn version() -> String {
    crate::VERSION.into()
}

/// One instance of the chat.
#[wasm_bindgen]
pub struct SupportChat {
    pub(super) driver: Rc<Driver>,
    pub(super) host: Rc<HostSide>,
}

#[wasm_bindgen]
impl SupportChat {
    /// Checks the options and starts an instance; `ready` afterwards.
    #[wasm_bindgen(constructor)]
    pub fn new(given: JsValue, host: JsValue) -> Result<SupportChat, JsValue> {
        let brought = options::read(&given).map_err(|error| convert::error(&error))?;
        let options = brought.options;
        let config = options::config(&options);
        let inbox = Inbox::default();
        let teardowns = Teardowns::of(&host);
        let backing = making::backing(&options, brought.store, &inbox);
        let wire = making::wire(&options, brought.transport, &teardowns, &inbox);
        let screen = making::screen(&options, &config, &teardowns, &inbox);
        let host = Rc::new(HostSide::new(host, brought.logger, options.log_level()));
        for line in options.warnings() {
            host.log(Level::Warn, &line);
        }
        let token_provider = brought.token_provider;
        let parts = Parts { config, host: host.clone(), teardowns, backing, wire, screen, token_provider };
        Ok(SupportChat { driver: Driver::start(parts, inbox), host })
    }

    /// What a getter of the public class answers.
    pub fn peek(&self, name: &str) -> JsValue {
        match name {
            "state" => convert::value(self.driver.state().name()),
            "identity" => convert::identity(self.driver.identity().as_ref()),
            "unreadCount" => convert::value(self.driver.unread()),
            _ => convert::connection(self.driver.connection()),
        }
    }

    /// A method of the public class, with its first argument and the two ends of its promise.
    pub fn call(&self, name: &str, argument: &JsValue, resolve: Function, reject: Function) {
        let id = self.host.wait(resolve, reject);
        match calls::call(name, argument) {
            Ok((mut call, provider)) => {
                if let (Call::BootAs(who) | Call::Identify(who), Some(provider)) = (&mut call, provider) {
                    who.provider = Some(self.driver.add_provider(provider));
                }
                self.driver.feed(Input::Call(id, call));
            }
            Err(error) => {
                // Of a destroyed instance nothing else is worth saying.
                let gone = self.driver.state() == State::Destroyed;
                let destroyed = || Error::new(Code::Destroyed, "this chat is destroyed");
                self.host.settle(id, Err(if gone { destroyed() } else { error }));
            }
        }
    }
}
