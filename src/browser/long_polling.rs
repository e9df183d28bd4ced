//! One HTTP request of the built-in transport. Not: what its body means (`transport/cometd`).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::transport::link::{Event, RequestId};
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// A request under way. Dropping it gives it up, unless it is to outlive us.
pub(crate) struct Request {
    pub(crate) id: RequestId,
    held: Option<(AbortController, Teardown)>,
}

impl Request {
    /// Sends it; answered through the inbox once, unless it is dropped first. `None` when the browser cannot.
    pub(crate) fn post(
        id: RequestId,
        address: &str,
        body: &str,
        teardowns: &Teardowns,
        inbox: &Inbox,
    ) -> Option<Request> {
        let controller = AbortController::new().ok()?;
        send(id, address, body, Some(&controller), inbox);
        let teardown = teardowns.method(&controller, "abort");
        Some(Request { id, held: Some((controller, teardown)) })
    }

    /// Sends a text that arrives though the page goes away, the instance ends or the module dies: nothing aborts it.
    pub(crate) fn beacon(id: RequestId, address: &str, body: &str, inbox: &Inbox) -> Option<Request> {
        send(id, address, body, None, inbox);
        Some(Request { id, held: None })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        if let Some((controller, _)) = &self.held {
            controller.abort();
        }
    }
}

fn send(id: RequestId, address: &str, body: &str, controller: Option<&AbortController>, inbox: &Inbox) {
    let signal = controller.map(AbortController::signal);
    let answer = JsFuture::from(js::post(address, body, signal.as_ref()));
    let inbox = inbox.clone();
    spawn_local(async move {
        let event = match answer.await {
            Ok(answer) => {
                let answer: &Array = answer.unchecked_ref();
                let (status, body) = (answer.get(0), answer.get(1));
                Event::Answered(id, status.as_f64().unwrap_or(0.0) as u16, body.as_string().unwrap_or_default())
            }
            Err(_) => Event::Failed(id),
        };
        // Given up meanwhile: the links no longer know the id and drop it.
        inbox.feed(Input::Link(event));
    });
}
