//! The session's state and the way inputs enter and outputs leave. Not: what it does with them (the files beside it).

use super::backoff::Jitter;
use super::boot::Boot;
use super::call::{Call, CallId, Gesture};
use super::connecting::Link;
use super::conversation::Open;
use super::input::{Config, Ids, LockEvent, PageEvent};
use super::matrix::{Rule, rule};
use super::outbox::Outbox;
use super::output::{Event, Level, Output, SaveToken, Settled};
use super::reading::Reading;
use super::storing::Storing;
use super::tabs::Tabs;
use super::timers::{Timer, Timers};
use super::transcript::Transcript;
use super::typing::Typing;
use super::view::{Identity, Look, View};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::message::ConversationStatus;
use crate::store::{Entries, Refusal};
use crate::time::{Mono, Now};
use crate::transport;
use std::collections::VecDeque;

/// The most calls that wait for a boot.
const WAITING_LIMIT: usize = 1_000;

/// Whom the session belongs to.
pub(super) struct Visitor {
    /// Random and local; the backend never learns it.
    pub(super) session_id: String,
    /// The public id.
    pub(super) id: String,
    /// What the transport wants back after a reload. Holds credentials.
    pub(super) resume: Option<String>,
}

/// The state machine. See the module `session`.
pub struct Session {
    /// Read once.
    pub(super) config: Config,
    /// Source of ids.
    pub(super) ids: Ids,
    /// Source of jitter.
    pub(super) jitter: Jitter,
    /// One of the ten.
    pub(super) state: State,
    /// What is to be done, in order.
    outputs: VecDeque<Output>,
    /// What is waited for.
    pub(super) timers: Timers,
    /// Calls that came while booting, in order.
    pub(super) waiting: VecDeque<(CallId, Call)>,
    /// The boot under way.
    pub(super) boot: Option<Boot>,
    /// A boot by itself failed; what changes the odds tries again.
    pub(super) boot_again: bool,
    /// Present from the adoption in a boot until logout.
    pub(super) visitor: Option<Visitor>,
    /// The conversation shown, if any.
    pub(super) open: Option<Open>,
    /// Its rows.
    pub(super) transcript: Transcript,
    /// Counts the conversations shown.
    pub(super) generation: u32,
    /// What waits to be sent.
    pub(super) outbox: Outbox,
    /// The connection.
    pub(super) link: Link,
    /// The other tabs.
    pub(super) tabs: Tabs,
    /// What calls say about the widget.
    pub(super) look: Look,
    /// Unread, draft and what the visitor sees.
    pub(super) reading: Reading,
    /// Who types.
    pub(super) typing: Typing,
    /// Where things are kept.
    pub(super) storing: Storing,
    /// The view changed since the last `Render`.
    dirty: bool,
}

impl Session {
    /// A session in `ready`. `seed` is for jitter only.
    pub fn new(config: Config, mut ids: Ids, seed: u64, now: Now) -> Session {
        let tab = ids.fresh();
        let look = Look {
            shown: true,
            launcher: true,
            theme: config.theme.clone(),
            z_index: config.z_index,
            ..Look::default()
        };
        let mut session = Session {
            storing: Storing::new(config.cookie_consent),
            config,
            ids,
            jitter: Jitter::new(seed),
            state: State::Loading,
            outputs: VecDeque::new(),
            timers: Timers::default(),
            waiting: VecDeque::new(),
            boot: None,
            boot_again: false,
            visitor: None,
            open: None,
            transcript: Transcript::default(),
            generation: 0,
            outbox: Outbox::default(),
            link: Link::default(),
            tabs: Tabs::new(tab),
            look,
            reading: Reading::new(now),
            typing: Typing::default(),
            dirty: false,
        };
        session.move_to(State::Ready, None);
        session
    }

    /// A call of the page. Settled at once or later, exactly once.
    pub fn call(&mut self, id: CallId, call: Call, now: Now) {
        match rule(self.state, &call) {
            Rule::Run => self.run(id, call, now),
            Rule::Join => self.join_boot(id),
            Rule::Wait | Rule::BootFirst if matches!(call, Call::Open | Call::Close | Call::Toggle) => {
                // The panel does not wait for the backend; the promise does.
                let open = call == Call::Open || call == Call::Toggle && !self.look.open;
                if rule(self.state, &call) == Rule::BootFirst {
                    self.begin_boot(0, now);
                }
                self.set_open(open);
                self.waiting.push_back((id, if open { Call::Open } else { Call::Close }));
            }
            Rule::Wait if self.waiting.len() >= WAITING_LIMIT => {
                self.refuse(id, Error::new(Code::NotReady, "too many calls wait for the boot"));
            }
            Rule::Wait => self.waiting.push_back((id, call)),
            Rule::BootFirst => {
                self.begin_boot(0, now);
                self.waiting.push_back((id, call));
            }
            Rule::Clear => {
                self.clear_stored(matches!(call, Call::Shutdown { clear_storage: true }));
                self.settle(id);
            }
            Rule::Refuse(code) => self.refuse(id, Error::new(code, refusal_words(code))),
        }
        self.finish(now);
    }

    /// Something the visitor did in the widget.
    pub fn handle_gesture(&mut self, gesture: Gesture, now: Now) {
        let on = self.state.live() || self.state == State::Booting;
        match gesture {
            Gesture::Toggle => self.call(0, Call::Toggle, now),
            Gesture::Close => self.set_open(false),
            Gesture::Reconnect => self.try_again(now), // a boot that failed, too
            _ if !on => {}
            Gesture::Send(text) => self.send_composed(&text, now),
            Gesture::Draft(text) => self.set_draft(text, now),
            Gesture::Retry(id) => self.retry(0, &id, now),
            Gesture::Discard(id) => self.discard(0, &id),
            Gesture::AtEnd(at_end) => self.set_at_end(at_end),
            Gesture::StartNew => self.close_ended(),
            Gesture::EndChat => self.ask_to_end(0, false, now),
        }
        self.finish(now);
    }

    /// What the store held.
    pub fn handle_loaded(&mut self, loaded: Result<Entries, Refusal>, now: Now) {
        self.loaded(loaded, now);
        self.finish(now);
    }

    /// Whether a text was kept.
    pub fn handle_stored(&mut self, token: Option<SaveToken>, outcome: Result<(), Refusal>, now: Now) {
        self.stored(token, outcome, now);
        self.finish(now);
    }

    /// A report of the transport.
    pub fn handle_transport(&mut self, event: transport::Event, now: Now) {
        // Of a connection that slept only what is to be kept is listened to.
        if !self.slept(now) || matches!(event, transport::Event::Saved(_) | transport::Event::Revoked) {
            self.transport_event(event, now);
        }
        self.finish(now);
    }

    /// What a token provider answered to [`Output::AskToken`]; `None` when it threw, rejected or gave no string.
    pub fn handle_token(&mut self, _ask: u32, _token: Option<String>, now: Now) {
        self.finish(now);
    }

    /// Something happened to the page.
    pub fn handle_page(&mut self, page: PageEvent, now: Now) {
        self.slept(now);
        self.page_event(page, now);
        self.finish(now);
    }

    /// A text of another tab.
    pub fn handle_peer(&mut self, text: &str, now: Now) {
        self.peer_text(text, now);
        self.finish(now);
    }

    /// Something happened to a lock.
    pub fn handle_lock(&mut self, event: LockEvent, now: Now) {
        self.lock_event(event, now);
        self.finish(now);
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.slept(now) {
            return self.finish(now); // what is due waits until it is known whose it is
        }
        while let Some(timer) = self.timers.take_due(now.mono) {
            match timer {
                Timer::Boot => {
                    let error = Error::new(Code::NetworkError, "the backend did not answer");
                    self.fail_boot(error.because("timeout"));
                }
                Timer::Retry => self.connect(now),
                Timer::Connecting | Timer::Operation => self.lost("timeout", None, now),
                Timer::Doubt => self.look_for_doubted(now),
                Timer::Banner => self.show_banner(),
                Timer::Idle => self.rest(),
                Timer::TypingOut => self.stop_typing(),
                Timer::TypingShown => self.show_typing(),
                Timer::TypingIn => self.end_typing(),
                Timer::Tail => self.save_tail(),
                Timer::Saving => self.degrade(Refusal::Timeout),
                Timer::Lead => self.lead_due(now),
            }
        }
        self.finish(now);
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `handle_timeout` wants to be called.
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.timers.next()
    }

    /// What there is to see.
    pub fn view(&self) -> View<'_> {
        let open = self.open.as_ref();
        View {
            state: self.state,
            items: self.transcript.rows(),
            look: &self.look,
            status: open.map_or(ConversationStatus::New, |open| open.entry.status),
            generation: self.generation,
            agent: open.and_then(|open| open.agent.as_ref()),
            typing: self.typing.shown(),
            unread: self.reading.unread,
            marker: self.reading.marker,
            draft: &self.reading.draft,
            checking: self.storing.checking(),
            draft_revision: self.reading.draft_revision,
            banner: self.link.banner,
            connection: self.link.connection,
            loading: self.state == State::Booting && open.is_some() && self.transcript.rows().is_empty(),
            writable: self.state.live() || self.state == State::Booting,
        }
    }

    /// Whom the session belongs to.
    pub fn identity(&self) -> Option<Identity> {
        let visitor = self.visitor.as_ref().filter(|_| self.state.live())?;
        Some(Identity { visitor_id: visitor.id.clone(), user_id: None, verified: false })
    }

    /// Carries out a call that its state allows.
    pub(super) fn run(&mut self, id: CallId, call: Call, now: Now) {
        match call {
            Call::Boot => return self.boot(id, now),
            Call::Shutdown { clear_storage } => return self.shutdown(id, clear_storage, now),
            Call::Destroy => return self.destroy(id),
            Call::StartConversation { subject, message, metadata } => {
                return self.start_conversation(id, subject, message, metadata, now);
            }
            Call::SendMessage { conversation_id, text, client_message_id } => {
                return self.send_message(id, conversation_id, &text, client_message_id, now);
            }
            Call::RetryMessage(client_message_id) => return self.retry(id, &client_message_id, now),
            Call::DiscardMessage(client_message_id) => return self.discard(id, &client_message_id),
            Call::EndChat => return self.ask_to_end(id, true, now),
            Call::Transcript(from) => {
                let rows = self.transcript.placed().iter().filter(|row| row.message.index >= from);
                let messages = rows.map(|row| row.message.clone()).collect();
                return self.settle_with(id, Settled::Transcript(messages));
            }
            Call::Open => self.set_open(true),
            Call::Close => self.set_open(false),
            Call::Toggle => self.set_open(!self.look.open),
            Call::Show => self.set_shown(true),
            Call::Hide => self.set_shown(false),
            Call::SetLauncherVisible(visible) => self.set_launcher(visible),
            Call::SetTheme(theme) => {
                self.look.theme = theme;
                self.look.theme_revision += 1;
            }
            Call::SetZIndex(z_index) => self.look.z_index = z_index,
            Call::SetCookieConsent(given) => self.set_consent(given, now),
            Call::SendTyping(is_typing) => self.typed(is_typing, now),
            Call::BootAs(_) | Call::Identify(_) | Call::Update(_) | Call::Later(_) => {
                return self.refuse(id, Error::new(Code::Unsupported, refusal_words(Code::Unsupported)));
            }
        }
        self.render();
        self.settle(id);
    }

    /// Ends an input: what follows from the new state.
    fn finish(&mut self, now: Now) {
        self.reconsider(now);
        self.tell_news();
        if std::mem::take(&mut self.dirty) && self.state != State::Destroyed {
            self.outputs.push_back(Output::Render);
        }
    }

    /// The one place that changes the state.
    pub(super) fn move_to(&mut self, state: State, reason: Option<&'static str>) {
        if self.state == state {
            return;
        }
        if !self.state.may_become(state) {
            debug_assert!(false, "{} may not become {}", self.state.name(), state.name());
            return;
        }
        let previous = std::mem::replace(&mut self.state, state);
        self.emit(Event::State { state, previous, reason });
        self.render();
    }

    /// Queues an output.
    pub(super) fn out(&mut self, output: Output) {
        self.outputs.push_back(output);
    }

    /// Queues an event.
    pub(super) fn emit(&mut self, event: Event) {
        self.out(Output::Emit(event));
    }

    /// Queues a log line.
    pub(super) fn log(&mut self, level: Level, text: &'static str) {
        self.out(Output::Log(level, text.to_owned()));
    }

    /// Resolves a call with nothing.
    pub(super) fn settle(&mut self, id: CallId) {
        self.settle_with(id, Settled::Nothing);
    }

    /// Resolves a call.
    pub(super) fn settle_with(&mut self, id: CallId, with: Settled) {
        if id != 0 {
            self.out(Output::Settle(id, Ok(with)));
        }
    }

    /// Rejects a call.
    pub(super) fn refuse(&mut self, id: CallId, error: Error) {
        if id != 0 {
            self.out(Output::Settle(id, Err(error)));
        }
    }

    /// The view changed.
    pub(super) fn render(&mut self) {
        self.dirty = true;
    }
}

/// The words of a refusal by state.
fn refusal_words(code: Code) -> &'static str {
    match code {
        Code::Destroyed => "this chat was destroyed",
        Code::NotBooted => "there is no session: call `boot` first",
        _ => "this call is not supported yet",
    }
}
