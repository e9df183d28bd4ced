//! A page's own transport: an object with `connect`, `perform` and `disconnect`, given a `sink` to report to. Nothing it
//! does or fails to do may harm the chat: throws, silence, nonsense and late reports each have their outcome here.
//! Not: when to connect again (the session).

mod inward;
mod outward;

use super::convert::{json_text, whole};
use crate::browser::ChatTransport;
use crate::browser::inbox::{Inbox, Input};
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json;
use crate::transport::event_json::read_event;
use crate::transport::{
    Action, Capabilities, ChatEvent, ChatEventKind, ClosedReason, Command, Connect, Event, OpId, Performed, Reason,
};
use gloo_timers::callback::Timeout;
use inward::{Listed, OpKind, failure, page_of};
use js_sys::Object;
use outward::{command_of, session_of};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

/// How long the page's transport may take to connect, and to settle a command.
const PATIENCE: u32 = 30_000;

/// See the module.
pub(super) struct JsTransport {
    page: JsValue,
    inbox: Inbox,
    /// Counts connections, wanted and given up: what belongs to an earlier one is ignored.
    generation: Cell<u32>,
    state: Cell<State>,
    /// The pending patience with `connect`.
    connecting: RefCell<Option<Timeout>>,
    /// Operations not yet settled, each with its patience.
    open: RefCell<Vec<Open>>,
    /// The highest index seen in the open conversation.
    highest: Cell<u64>,
    conversation: RefCell<Option<String>>,
    /// Whom the connection is for.
    user: RefCell<Option<String>>,
    /// It became a user's in place: whoever is named next is no other.
    identified: Cell<bool>,
    /// What the page's transport wants to be given back, as JSON.
    resume: RefCell<Option<String>>,
    capabilities: Cell<Listed>,
    /// Nonsense was logged; more of it is dropped in silence.
    complained: Cell<bool>,
    me: Weak<JsTransport>,
}

/// A method of the sink.
type Report = fn(&JsTransport, JsValue);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Connecting,
    Connected,
}

struct Open {
    op: OpId,
    kind: OpKind,
    _patience: Timeout,
}

impl JsTransport {
    /// A transport that does nothing until it is told to connect.
    pub(super) fn new(page: JsValue, inbox: Inbox) -> Rc<Self> {
        Rc::new_cyclic(|me| JsTransport {
            page,
            inbox,
            generation: Cell::new(0),
            state: Cell::new(State::Idle),
            connecting: RefCell::default(),
            open: RefCell::default(),
            highest: Cell::new(0),
            conversation: RefCell::default(),
            user: RefCell::default(),
            identified: Cell::new(false),
            resume: RefCell::default(),
            capabilities: Cell::default(),
            complained: Cell::new(false),
            me: me.clone(),
        })
    }

    fn connect(&self, wanted: &Connect) {
        let same = self.user.replace(wanted.user_id.clone()) == wanted.user_id;
        let same = self.identified.take() || same;
        self.resume.replace(wanted.resume.clone());
        let idle = self.state.get() == State::Idle;
        let generation = self.forget();
        if !idle {
            // There is never more than one connection, and none goes on as somebody else's.
            self.leave(if same { "reload" } else { "identity" });
        }
        self.state.set(State::Connecting);
        self.highest.set(wanted.last_index);
        self.conversation.replace(wanted.conversation_id.clone());
        self.capabilities.set(Listed::default().and(&js::member(&self.page, "capabilities")));
        let late = self.me.clone();
        let patience = Timeout::new(PATIENCE, move || when(&late, generation, |it| it.lose(None, "timeout")));
        self.connecting.replace(Some(patience));

        let (session, sink) = (session_of(wanted), self.sink(generation));
        match js::call(&self.page, "connect", &[&session, &sink]) {
            Ok(promise) => {
                let failed = self.me.clone();
                js::when(&promise, |_| (), move |_| when(&failed, generation, |it| it.refuse_to_connect()));
            }
            Err(_) => when(&self.me, generation, JsTransport::refuse_to_connect),
        }
    }

    /// `connect` threw or rejected; once connected, how its promise ends says nothing.
    fn refuse_to_connect(&self) {
        if self.state.get() == State::Connecting {
            self.lose(None, "refused");
        }
    }

    fn sink(&self, generation: u32) -> JsValue {
        let sink = Object::new();
        let methods: [(&str, Report); 5] = [
            ("connected", JsTransport::connected),
            ("receive", |it, events| it.receive(&events)),
            ("interrupted", |it, _| it.lose(None, "interrupted")),
            ("closed", JsTransport::closed),
            ("save", JsTransport::save),
        ];
        for (name, act) in methods {
            let me = self.me.clone();
            js::set(&sink, name, &js::callback(move |value| when(&me, generation, |it| act(it, value))));
        }
        sink.into()
    }

    fn connected(&self, info: JsValue) {
        if self.state.replace(State::Connected) == State::Connected {
            return;
        }
        let _patience = self.connecting.take();
        self.capabilities.set(self.capabilities.get().and(&js::member(&info, "capabilities")));
        // By contract everything up to here was received: holes there are no events.
        self.caught_up();
        self.report(Event::Connected(self.capabilities.get().capabilities, None));
    }

    fn receive(&self, given: &JsValue) {
        let text = json_text(given).unwrap_or_default();
        let Ok(document) = json::parse(&text) else { return self.complain("events that are no JSON") };
        let root = document.root();
        let list: Vec<json::Value<'_>> = if root.is_array() { root.items().collect() } else { vec![root] };
        let events: Vec<ChatEvent> = list.iter().filter_map(|value| read_event(*value)).collect();
        if events.len() < list.len() {
            self.complain("an event of unknown type or without what makes it one");
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

    /// `undefined`, functions and cycles are no JSON and cannot be kept.
    fn save(&self, data: JsValue) {
        match json_text(&data) {
            Some(text) => {
                self.resume.replace(Some(text.clone()));
                self.report(Event::Saved(text));
            }
            None => self.complain("data to save that is no JSON"),
        }
    }

    fn closed(&self, reason: JsValue) {
        self.forget();
        self.report(Event::Closed(match reason.as_string().as_deref() {
            Some("auth") => ClosedReason::Auth(Code::AuthRequired),
            Some("cookies_blocked") => ClosedReason::CookiesBlocked,
            _ => ClosedReason::Refused,
        }));
    }

    fn lose(&self, retry_after: Option<u64>, reason: &'static str) {
        self.forget();
        self.report(Event::Interrupted { retry_after, reason });
    }

    /// Ends the present connection as far as we are concerned: what it still says is ignored.
    fn forget(&self) -> u32 {
        self.state.set(State::Idle);
        let _dropped = (self.connecting.take(), self.open.take());
        self.generation.set(self.generation.get().wrapping_add(1));
        self.generation.get()
    }

    fn perform(&self, op: OpId, action: &Action) {
        let kind = match action {
            _ if !self.capabilities.get().capabilities.has(action.needs()) => {
                // Nobody waits for a receipt.
                let silent = matches!(action, Action::Read(_));
                let error = || Error::new(Code::Unsupported, "the transport does not list this capability");
                return self.report(Event::Performed(op, if silent { Ok(Performed::Done) } else { Err(error()) }));
            }
            Action::Identify(_) => OpKind::Identify,
            Action::Conversations { .. } => OpKind::Conversations,
            Action::Send(_) => OpKind::Send,
            Action::RequestChat(_) => OpKind::Request,
            Action::CatchUp(_) if !self.capabilities.get().history => {
                self.caught_up();
                let error = Error::new(Code::Unsupported, "the transport has no `history`");
                return self.report(Event::Performed(op, Err(error)));
            }
            Action::CatchUp(_) => OpKind::CatchUp,
            _ => OpKind::Other,
        };
        let generation = self.generation.get();
        let late = self.me.clone();
        let _patience = Timeout::new(PATIENCE, move || when(&late, generation, |it| it.out_of_patience(op)));
        self.open.borrow_mut().push(Open { op, kind, _patience });

        let command = command_of(action, self.conversation.borrow().as_deref());
        let (done, failed) = (self.me.clone(), self.me.clone());
        match js::call(&self.page, "perform", &[&command]) {
            Ok(promise) => js::when(
                &promise,
                move |value| when(&done, generation, |it| it.performed(op, Ok(&value))),
                move |reason| when(&failed, generation, |it| it.performed(op, Err(&reason))),
            ),
            Err(reason) => when(&failed, generation, |it| it.performed(op, Err(&reason))),
        }
    }

    fn performed(&self, op: OpId, result: Result<&JsValue, &JsValue>) {
        let Some(kind) = self.take(op) else { return };
        let result = match result {
            Ok(value) => self.success(kind, value),
            Err(reason) => Err(failure(kind, reason)),
        };
        self.report(Event::Performed(op, result));
    }

    fn success(&self, kind: OpKind, value: &JsValue) -> Result<Performed, Error> {
        match kind {
            OpKind::Send => {
                let index = whole(&js::member(value, "index")).unwrap_or(0);
                Ok(Performed::Sent(index, js::member(value, "id").as_string()))
            }
            OpKind::Request => {
                let id = js::member(value, "conversationId").as_string().filter(|id| !id.is_empty());
                let id =
                    id.ok_or_else(|| Error::new(Code::ProtocolError, "the transport named no `conversationId`"))?;
                self.conversation.replace(Some(id.clone()));
                self.highest.set(0);
                Ok(Performed::Requested(id))
            }
            OpKind::CatchUp => {
                let events = js::member(value, "events");
                if !events.is_undefined() {
                    self.receive(&events);
                }
                self.caught_up();
                Ok(Performed::Done)
            }
            OpKind::Identify => {
                self.identified.set(true);
                Ok(Performed::Identified {
                    user_id: js::member(value, "userId").as_string().unwrap_or_default(),
                    merged: js::member(value, "merged").as_bool() == Some(true),
                })
            }
            OpKind::Conversations => page_of(value, &self.resume.borrow()).map(Performed::Conversations),
            OpKind::Other => Ok(Performed::Done),
        }
    }

    /// The connection is not wanted any more, as far as it goes. Nobody waits for it; a rejection must not become the
    /// page's `unhandledrejection`.
    fn leave(&self, reason: &str) {
        if let Ok(promise) = js::call(&self.page, "disconnect", &[&reason.into()]) {
            js::when(&promise, |_| (), |_| ());
        }
    }

    /// The page's transport is asked, where it can; when it has tried, that is told whatever became of the connection.
    fn revoke(&self) {
        let can =
            self.state.get() == State::Connected && self.capabilities.get().capabilities.has(Capabilities::IDENTIFY);
        let command = Object::new();
        js::set(&command, "type", &"revoke".into());
        let tried =
            if can { js::call(&self.page, "perform", &[&command]).unwrap_or_default() } else { JsValue::UNDEFINED };
        let (done, failed) = (self.inbox.clone(), self.inbox.clone());
        js::when(
            &tried,
            move |_| done.feed(Input::Transport(Event::Revoked)),
            move |_| failed.feed(Input::Transport(Event::Revoked)),
        );
    }

    fn out_of_patience(&self, op: OpId) {
        match self.take(op) {
            // Its fate is unknown: only a new connection and a look at the transcript can tell.
            Some(OpKind::Send | OpKind::CatchUp) => self.lose(None, "timeout"),
            Some(_) => {
                let error = Error::new(Code::TransportUnavailable, "the transport did not answer").because("timeout");
                self.report(Event::Performed(op, Err(error)));
            }
            None => {}
        }
    }

    fn take(&self, op: OpId) -> Option<OpKind> {
        let mut open = self.open.borrow_mut();
        let at = open.iter().position(|open| open.op == op)?;
        Some(open.swap_remove(at).kind)
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

    fn complain(&self, what: &str) {
        if !self.complained.replace(true) {
            self.report(Event::Notice(["the page's transport reported ", what, "; dropped"].concat()));
        }
    }
}

/// The transport as the driver holds it.
pub(super) struct Held(pub(super) Rc<JsTransport>);

impl ChatTransport for Held {
    fn command(&self, command: Command) {
        match command {
            Command::Connect(wanted) => self.0.connect(&wanted),
            Command::Perform(op, action) => self.0.perform(op, &action),
            Command::Revoke(_) => self.0.revoke(),
            Command::Disconnect(reason) => {
                let connected = self.0.state.get() != State::Idle;
                self.0.forget();
                let _forgotten = (self.0.user.take(), self.0.resume.take(), self.0.identified.take());
                let word = match reason {
                    Reason::Shutdown { .. } => "shutdown",
                    Reason::Destroyed => "destroyed",
                    Reason::Reload | Reason::Idle => "reload",
                };
                if connected || matches!(reason, Reason::Shutdown { .. }) {
                    self.0.leave(word);
                }
            }
        }
    }

    fn end(&self) {
        self.0.forget();
    }
}

/// Does it if the transport is still there and the connection the present one.
fn when(it: &Weak<JsTransport>, generation: u32, act: impl FnOnce(&JsTransport)) {
    if let Some(it) = it.upgrade()
        && it.generation.get() == generation
    {
        act(&it);
    }
}
