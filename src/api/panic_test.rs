//! Test builds only: panics on purpose, in the four places from which a page must be protected. Not: what follows from
//! one (`doors.js`, `drive.js`).

use super::support_chat::SupportChat;
use crate::browser::inbox::Input;
use crate::session::Call;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

#[wasm_bindgen]
impl SupportChat {
    /// Panics within a call.
    #[wasm_bindgen(js_name = panicInCall)]
    pub fn panic_in_call(&self) {
        panic!("on purpose, in a call");
    }

    /// Panics within a future, after this returned.
    #[wasm_bindgen(js_name = panicInFuture)]
    pub fn panic_in_future(&self) {
        spawn_local(async { panic!("on purpose, in a future") });
    }

    /// Panics within a timer.
    #[wasm_bindgen(js_name = panicInTimer)]
    pub fn panic_in_timer(&self) {
        Timeout::new(0, || panic!("on purpose, in a timer")).forget();
    }

    /// Panics when the next event has been heard, with the driver in the midst of a turn; and causes one.
    #[wasm_bindgen(js_name = panicUnderListener)]
    pub fn panic_under_listener(&self) {
        self.host.panic_after_emit.set(true);
        self.driver.feed(Input::Call(0, Call::Hide));
    }
}
