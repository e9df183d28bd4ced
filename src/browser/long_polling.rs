//! One HTTP request of the built-in transport. Not: what its body means (`transport/cometd`).

use super::inbox::{Inbox, Input};
use super::js;
use super::teardown::{Teardown, Teardowns};
use crate::transport::link::{Event, RequestId};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, RequestCredentials, RequestInit, Response};

/// A request under way. Dropping it gives it up.
pub(crate) struct Request {
    pub(crate) id: RequestId,
    controller: AbortController,
    _teardown: Teardown,
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
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(body));
        // Some servers tie the session to a cookie.
        init.set_credentials(RequestCredentials::Include);
        init.set_signal(Some(&controller.signal()));
        let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(address, &init));
        let inbox = inbox.clone();
        spawn_local(async move {
            let event = match read(answer).await {
                Ok((status, body)) => Event::Answered(id, status, body),
                Err(_) => Event::Failed(id),
            };
            // Given up meanwhile: the links no longer know the id and drop it.
            inbox.feed(Input::Link(event));
        });
        let _teardown = teardowns.method(&controller, "abort");
        Some(Request { id, controller, _teardown })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.controller.abort();
    }
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
