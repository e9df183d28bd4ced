//! The class the handle drives: one instance. A call of the page is checked, handed to the session and answered through
//! its promise. One door for all calls: each exported method would cost code on both sides. Not: which calls there are
//! (`calls`), what they do (the session), nor when the module is loaded (`handle.js`).

use super::host::HostSide;
use super::{calls, convert, making, options, page, shapes};
use crate::browser::driver::{Driver, Parts};
use crate::browser::inbox::{Inbox, Input};
use crate::browser::{Host, js};
use crate::error::{Code, Error};
use crate::json::{self, Value};
use crate::lifecycle::State;
use crate::options::Options;
use crate::session::Level;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

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
        let inbox = Inbox::default();
        let answered = inbox.clone();
        let token = js::callback(move |answer, _, _, _| hear_token(&answer, &answered));
        let side = page::side(&host, &given, &token);
        let options = read(&js::words(&side, "options").unwrap_or_default()).map_err(|error| convert::error(&error))?;
        let config = options::config(&options, &side);
        let backing = making::backing(&options, &side, &inbox);
        let wire = making::wire(&options, &side, &inbox);
        let screen = making::screen(&options, &config, &host, &inbox);
        let handle = host;
        let host = Rc::new(HostSide::new(side, options.log_level()));
        for line in options.warnings() {
            host.log(Level::Warn, &line);
        }
        let parts = Parts { config, host: host.clone(), handle, backing, wire, screen };
        Ok(SupportChat { driver: Driver::start(parts, inbox), host })
    }

    /// What a getter of the public class answers.
    pub fn peek(&self, name: &str) -> JsValue {
        match name {
            "state" => convert::value(self.driver.state().name()),
            "unreadCount" => convert::value(self.driver.unread()),
            "identity" => {
                let identity = self.driver.identity();
                page::parse(&convert::written(&mut |out| shapes::identity(out, identity.as_ref())))
            }
            _ => page::parse(&convert::written(&mut |out| shapes::connection(out, self.driver.connection()))),
        }
    }

    /// A method of the public class, with `[argument, resolve, reject]`.
    pub fn call(&self, name: &str, entry: &JsValue) {
        let (id, given) = self.host.wait(name, entry);
        match calls::call(id, name, &given) {
            Ok(call) => self.driver.feed(Input::Call(id, call)),
            Err(error) => {
                // Of a destroyed instance nothing else is worth saying.
                let gone = self.driver.state() == State::Destroyed;
                let destroyed = || Error::new(Code::Destroyed, "this chat is destroyed");
                self.host.settle(id, Err(if gone { destroyed() } else { error }));
            }
        }
    }
}

fn read(given: &str) -> Result<Options, Error> {
    Options::of(json::parse(given).map_err(|_| calls::too_big("createChat", given))?.root())
}

/// A token provider answered; whether that is a token the session looks.
fn hear_token(answer: &str, inbox: &Inbox) {
    let document = json::parse(answer);
    let mut items = document.iter().flat_map(|document| document.root().items());
    let ask = items.next().and_then(Value::number_u64).unwrap_or(0);
    inbox.feed(Input::Token(ask as u32, items.next().and_then(Value::text).map(str::to_owned)));
}
