//! One HTTP request of the built-in transport. Not: what its body means (`transport/cometd`).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::transport::link::{Event, RequestId};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, RequestCredentials, RequestInit, Response};

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
        let headers = Object::new();
        js::set(&headers, "Content-Type", &"application/json;charset=UTF-8".into());
        let init = RequestInit::new();
        init.set_headers(&headers);
        // Some servers tie the session to a cookie.
        init.set_credentials(RequestCredentials::Include);
        init.set_signal(Some(&controller.signal()));
        send(id, address, body, &init, inbox)?;
        let teardown = teardowns.method(&controller, "abort");
        Some(Request { id, held: Some((controller, teardown)) })
    }

    /// Sends a text that arrives though the page goes away, the instance ends or the module dies: nothing aborts it.
    pub(crate) fn beacon(id: RequestId, address: &str, body: &str, inbox: &Inbox) -> Option<Request> {
        let init = RequestInit::new();
        // A text is sent to another origin without asking first: there may be no page left to hear the answer.
        js::set(&init, "keepalive", &JsValue::TRUE);
        init.set_credentials(RequestCredentials::Omit);
        send(id, address, body, &init, inbox)?;
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

fn send(id: RequestId, address: &str, body: &str, init: &RequestInit, inbox: &Inbox) -> Option<()> {
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(address, init));
    let inbox = inbox.clone();
    spawn_local(async move {
        let event = match read(answer).await {
            Ok((status, body)) => Event::Answered(id, status, body),
            Err(_) => Event::Failed(id),
        };
        // Given up meanwhile: the links no longer know the id and drop it.
        inbox.feed(Input::Link(event));
    });
    Some(())
}

/// Status and body; the body of an error is HTML for people, and not read.
async fn read(answer: JsFuture) -> Result<(u16, String), JsValue> {
    let response: Response = answer.await?.dyn_into()?;
    if !response.ok() {
        return Ok((response.status(), String::new()));
    }
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.status(), body.as_string().unwrap_or_default()))
}
