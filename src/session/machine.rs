//! The session's state and the way inputs enter and outputs leave. Not: what it does with them (the files beside it).

use super::backoff::Jitter;
use super::boot::Boot;
use super::call::{Call, CallId, Gesture, Who};
use super::connecting::Link;
use super::conversation::Open;
use super::identity::{Identifying, User};
use super::input::{Config, Ids, LockEvent, PageEvent};
use super::logout::Leaving;
use super::matrix::{Rule, rule};
use super::outbox::Outbox;
use super::output::{Event, Level, Output, SaveToken, Settled};
use super::reading::Reading;
use super::running::refusal_words;
use super::sounding::Sounding;
use super::storing::{Purpose, Storing};
use super::tabs::Tabs;
use super::timers::{Timer, Timers};
use super::token::Token;
use super::transcript::Transcript;
use super::typing::Typing;
use super::update::Values;
use super::view::{Look, View};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::message::ConversationStatus;
use crate::queue::Queue;
use crate::store::{Entries, Refusal};
use crate::time::{Mono, Now};
use crate::transport;

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
    /// The identified user, once the page has named one.
    pub(super) user: Option<User>,
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
    outputs: Queue<Output>,
    /// What is waited for.
    pub(super) timers: Timers,
    /// Calls that came while booting, in order.
    pub(super) waiting: Vec<(CallId, Call)>,
    /// The boot under way.
    pub(super) boot: Option<Boot>,
    /// A boot failed, as whoever stands here; what changes the odds tries again.
    pub(super) boot_again: Option<Option<Box<Who>>>,
    /// Present from the adoption in a boot until logout.
    pub(super) visitor: Option<Visitor>,
    /// Wishes to go on as a user, in order.
    pub(super) identifying: Vec<Identifying>,
    /// The proof of the user.
    pub(super) token: Token,
    /// What the page says of user, company and context.
    pub(super) values: Values,
    /// Logouts the backend is still to hear of.
    pub(super) leaving: Leaving,
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
    /// The sound of messages.
    pub(super) sounding: Sounding,
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
            outputs: Queue::default(),
            timers: Timers::default(),
            waiting: Vec::new(),
            boot: None,
            boot_again: None,
            visitor: None,
            identifying: Vec::new(),
            token: Token::default(),
            values: Values::default(),
            leaving: Leaving::default(),
            open: None,
            transcript: Transcript::default(),
            generation: 0,
            outbox: Outbox::default(),
            link: Link::default(),
            tabs: Tabs::new(tab),
            look,
            reading: Reading::new(now),
            typing: Typing::default(),
            sounding: Sounding::default(),
            dirty: false,
        };
        session.move_to(State::Ready, None);
        if !matches!(session.config.storage, "memory" | "custom") {
            session.load(Purpose::Finish);
        }
        session
    }

    /// A call of the page. Settled at once or later, exactly once.
    pub fn call(&mut self, id: CallId, call: Call, now: Now) {
        match rule(self.state, &call) {
            Rule::Run => self.run(id, call, now),
            Rule::Join => self.join_boot(id, call),
            Rule::Wait | Rule::BootFirst if matches!(call, Call::Open | Call::Close | Call::Toggle) => {
                // The panel does not wait for the backend; the promise does.
                let open = matches!(call, Call::Open) || matches!(call, Call::Toggle) && !self.look.open;
                if rule(self.state, &call) == Rule::BootFirst {
                    self.boot_first(now);
                }
                self.set_open(open);
                self.waiting.push((id, if open { Call::Open } else { Call::Close }));
            }
            Rule::Wait => self.wait(id, call),
            Rule::BootFirst => {
                self.boot_first(now);
                self.waiting.push((id, call));
            }
            Rule::Clear => {
                let logout = matches!(call, Call::Shutdown { .. });
                self.clear_stored(logout, matches!(call, Call::Shutdown { clear_storage: true }), now);
                self.settle_logout(id);
            }
            Rule::Refuse(code) => self.refuse(id, Error::new(code, refusal_words(code))),
        }
        self.finish(now);
    }

    /// Until the boot is over.
    pub(super) fn wait(&mut self, id: CallId, call: Call) {
        if self.waiting.len() >= WAITING_LIMIT {
            return self.refuse(id, Error::new(Code::NotReady, "too many calls wait for the boot"));
        }
        self.waiting.push((id, call));
    }

    /// Something the visitor did in the widget.
    pub fn handle_gesture(&mut self, gesture: Gesture, now: Now) {
        let on = self.state.live() || self.state == State::Booting;
        if !matches!(gesture, Gesture::AtEnd(_)) {
            self.use_tab(now); // that one a message causes, too
        }
        match gesture {
            Gesture::Toggle => self.call(0, Call::Toggle, now),
            Gesture::Close => self.set_open(false),
            Gesture::Reconnect => self.have_it_tried_again(now), // a boot that failed, too
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
    pub fn handle_token(&mut self, ask: u32, token: Option<String>, now: Now) {
        self.token_answered(ask, token.as_deref(), now);
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
                Timer::Lease => self.save_session(),
                Timer::Saving => self.degrade(Refusal::Timeout),
                Timer::Token => self.token_late(now),
                Timer::Expiring => self.token_expires(now),
                Timer::Update => self.send_values(now),
                Timer::Revoked => self.logout_told(),
                Timer::Lead => self.lead_due(now),
                Timer::Sweep if self.visitor.is_some() => self.load(Purpose::Compare { back: true, told: true }),
                Timer::Sweep if self.boot.is_some() && self.storing.looks > 0 => self.load(Purpose::Boot),
                Timer::Sweep => self.load(Purpose::Sweep),
                Timer::Sound => self.let_hear(),
                Timer::Created => self.let_create(),
            }
        }
        self.finish(now);
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop()
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
            unsent: self.reading.unsent,
            connection: self.link.connection,
            loading: self.state == State::Booting
                && (open.is_some() || self.unproven())
                && self.transcript.rows().is_empty(),
            writable: self.state.live() || self.state == State::Booting && !self.unproven(),
        }
    }

    /// Ends an input: what follows from the new state.
    fn finish(&mut self, now: Now) {
        self.reconsider(now);
        self.tell_news();
        self.tidy_providers();
        if std::mem::take(&mut self.dirty) && self.state != State::Destroyed {
            self.outputs.push(Output::Render);
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
        self.outputs.push(output);
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
