//! The one timer of an instance. Not: what is due (the session and the transport say when, the driver asks them).

use super::inbox::{Inbox, Input};
use crate::time::Mono;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;

/// Browsers keep delays in 31 bits; a longer one would fire at once. It fires early instead, and is armed again.
const LONGEST: u64 = 0x7fff_ffff;

/// At most one pending timeout.
#[derive(Default)]
pub(crate) struct Timer(RefCell<Option<(Mono, Timeout)>>);

impl Timer {
    /// Fires at the deadline, or never. The same deadline again changes nothing.
    pub(crate) fn arm(&self, deadline: Option<Mono>, now: Mono, inbox: &Inbox) {
        if self.0.borrow().as_ref().map(|armed| armed.0) == deadline {
            return;
        }
        let armed = deadline.map(|deadline| {
            let inbox = inbox.clone();
            (deadline, Timeout::new(delay(deadline, now), move || inbox.feed(Input::Timeout)))
        });
        // The old one is dropped after the borrow: that cancels it.
        let _old = self.0.replace(armed);
    }

    /// The timeout fired, or nothing is to fire any more.
    pub(crate) fn disarm(&self) {
        self.0.take();
    }
}

/// In ms from now; a late one is due at once.
fn delay(deadline: Mono, now: Mono) -> u32 {
    deadline.saturating_sub(now).min(LONGEST) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_delay_browsers_cannot_count_is_the_longest_they_can() {
        assert_eq!(delay(5, 3), 2);
        assert_eq!(delay(3, 5), 0);
        assert_eq!(delay(u64::MAX, 0), 0x7fff_ffff);
    }
}
