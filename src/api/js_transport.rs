//! A page's own transport, which `page.js` speaks with: commands go out as texts, reports come in as texts, and are read
//! with suspicion. What its object throws, leaves open or says too late is dealt with there. Not: when to connect again
//! (the session).

mod inward;
mod outward;

use super::page;
use crate::browser::ChatTransport;
use crate::browser::inbox::{Inbox, Input};
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json::{self, Value};
use crate::transport::event_json::read_events;
use crate::transport::{
    Action, Capabilities, ChatEvent, ChatEventKind, ClosedReason, Command, Event, OpId, Performed, Reason,
};
use inward::{failure, find};
use outward::{command_of, session_of};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// See the module.
pub(super) struct JsTransport {
    /// What `page.js` made of the page's object.
    adapter: RefCell<JsValue>,
    inbox: Inbox,
    capabilities: Cell<Capabilities>,
    /// It can be asked for missing events.
    history: Cell<bool>,
    /// The highest index seen in the open conversation.
    highest: Cell<u64>,
    conversation: RefCell<Option<String>>,
    /// What the page's transport wants to be given back, as JSON.
    resume: RefCell<Option<String>>,
    /// Nonsense was logged; more of it is dropped in silence.
    complained: Cell<bool>,
}

impl JsTransport {
    /// A transport that does nothing until it is told to connect.
    pub(super) fn new(page: &JsValue, inbox: Inbox) -> Rc<Self> {
        let own = Rc::new(JsTransport {
            adapter: RefCell::default(),
            inbox,
            capabilities: Cell::default(),
            history: Cell::new(false),
            highest: Cell::new(0),
            conversation: RefCell::default(),
            resume: RefCell::default(),
            complained: Cell::new(false),
        });
        let me = Rc::downgrade(&own);
        let told = js::callback(move |report, _, _, _| {
            if let Some(own) = me.upgrade() {
                own.hear(&report);
            }
        });
        own.adapter.replace(page::transport(page, &told));
        own
    }

    fn tell(&self, name: &str, text: &str) {
        let adapter = self.adapter.borrow().clone();
        js::tell(&adapter, name, text);
    }

    /// A report of `page.js`; what is too long or too deep cannot be read at all.
    fn hear(&self, text: &str) {
        let Ok(document) = json::parse(text) else { return self.complain() };
        let root = document.root();
        let value = root.member("value").unwrap_or(root);
        let word = value.text().unwrap_or("");
        match root.text_at("t").unwrap_or("") {
            "connected" => {
                let mut capabilities = Capabilities::default();
                for name in value.items() {
                    let name = name.text().unwrap_or("");
                    self.history.set(self.history.get() || name == "history");
                    capabilities = capabilities.and(Capabilities::named(name));
                }
                self.capabilities.set(capabilities);
                // By contract everything up to here was received: holes there are no events.
                self.caught_up();
                self.report(Event::Connected(capabilities, None));
            }
            "received" => self.receive(root, value),
            "interrupted" => {
                let reasons = ["timeout", "refused", "interrupted"];
                let reason = reasons.into_iter().find(|reason| *reason == word).unwrap_or_default();
                self.report(Event::Interrupted { retry_after: None, reason });
            }
            "closed" => self.report(Event::Closed(match word {
                "auth" => ClosedReason::Auth(Code::AuthRequired),
                "cookies_blocked" => ClosedReason::CookiesBlocked,
                _ => ClosedReason::Refused,
            })),
            "performed" => self.performed(root, value),
            "revoked" => self.report(Event::Revoked),
            "saved" => {
                self.resume.replace(Some(value.raw().to_owned()));
                self.report(Event::Saved(value.raw().to_owned()));
            }
            _ => self.complain(),
        }
    }

    fn receive(&self, report: Value<'_>, value: Value<'_>) {
        let events = read_events(report, "value");
        if events.len() < value.items().count() {
            self.complain();
        }
        for event in &events {
            if let ChatEventKind::Entry(entry) = &event.kind {
                self.highest.set(self.highest.get().max(entry.index));
            }
        }
        if !events.is_empty() {
            self.report(Event::Received(events));
        }
    }

    fn perform(&self, op: OpId, action: &Action) {
        let history = !matches!(action, Action::CatchUp(_)) || self.history.get();
        if history && self.capabilities.get().has(action.needs()) {
            return self.tell("perform", &command_of(op, action, self.conversation.borrow().as_deref()));
        }
        if !history {
            self.caught_up();
        }
        // Nobody waits for a receipt.
        let silent = matches!(action, Action::Read(_));
        let error = || Error::new(Code::Unsupported, "the transport does not list this capability");
        self.report(Event::Performed(op, if silent { Ok(Performed::Done) } else { Err(error()) }));
    }

    fn performed(&self, report: Value<'_>, value: Value<'_>) {
        let op = report.number_at("op").unwrap_or(0) as OpId;
        let kind = report.text_at("type").unwrap_or("");
        let result = match report.text_at("failed") {
            None => self.success(kind, value),
            Some("late") => {
                Err(Error::new(Code::TransportUnavailable, "the transport did not answer").because("timeout"))
            }
            Some(_) => Err(failure(kind, value)),
        };
        self.report(Event::Performed(op, result));
    }

    fn success(&self, kind: &str, value: Value<'_>) -> Result<Performed, Error> {
        Ok(match kind {
            "send" => Performed::Sent(value.number_at("index").unwrap_or(0), value.owned_at("id")),
            "request-chat" => {
                let id = value.owned_at("conversationId").filter(|id| !id.is_empty());
                let id =
                    id.ok_or_else(|| Error::new(Code::ProtocolError, "the transport named no `conversationId`"))?;
                self.conversation.replace(Some(id.clone()));
                self.highest.set(0);
                Performed::Requested(id)
            }
            "history" => {
                self.caught_up();
                Performed::Done
            }
            "identify" => Performed::Identified {
                user_id: value.owned_at("userId").unwrap_or_default(),
                merged: value.flag_at("merged"),
            },
            "conversations" => Performed::Found(find(value, &self.resume.borrow())?),
            _ => Performed::Done,
        })
    }

    /// Whatever is missing up to the highest index does not exist.
    fn caught_up(&self) {
        let conversation_id = self.conversation.borrow().clone();
        if conversation_id.is_some() {
            let kind = ChatEventKind::CaughtUp(self.highest.get().saturating_add(1));
            self.report(Event::Received(vec![ChatEvent { conversation_id, kind }]));
        }
    }

    fn report(&self, event: Event) {
        self.inbox.feed(Input::Transport(event));
    }

    fn complain(&self) {
        if !self.complained.replace(true) {
            self.report(Event::Notice("the page's transport reported what makes no sense; dropped".into()));
        }
    }
}

/// The transport as the driver holds it.
pub(super) struct Held(pub(super) Rc<JsTransport>);

impl ChatTransport for Held {
    fn command(&self, command: Command) {
        let own = &self.0;
        match command {
            Command::Connect(wanted) => {
                own.highest.set(wanted.last_index);
                own.history.set(false);
                let text = session_of(&wanted);
                let wanted = *wanted;
                own.conversation.replace(wanted.conversation_id);
                own.resume.replace(wanted.resume);
                own.tell("connect", &text);
            }
            Command::Perform(op, action) => own.perform(op, &action),
            Command::Revoke(_) => own.tell("revoke", ""),
            Command::Disconnect(reason) => {
                own.resume.take();
                let word = match reason {
                    Reason::Shutdown { .. } => "shutdown",
                    Reason::Destroyed => "destroyed",
                    Reason::Identity => "identity",
                    Reason::Reload | Reason::Idle => "reload",
                };
                own.tell("disconnect", word);
            }
        }
    }

    fn end(&self) {
        self.0.tell("end", "");
    }
}
