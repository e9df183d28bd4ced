//! Tabs for scenarios: each carries out what its session wants on a shared store, lock and channel, and keeps what it
//! told the page and asked of the transport.

pub(crate) use crate::given::{agent, config, echo, said};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use support_chat::error::Error;
use support_chat::lifecycle::State;
use support_chat::session::{
    Call, CallId, Config, Event, Gesture, Ids, Lock, LockCommand, LockEvent, Output, PageEvent, ProviderId, SaveToken,
    Session, Settled,
};
use support_chat::store::memory::Memory;
use support_chat::store::persisted::SESSION;
use support_chat::store::{Refusal, Store};
use support_chat::time::Now;
use support_chat::transport::{self, Action, Capabilities, ChatEvent, ChatEventKind, Command, OpId, Performed};

/// What tabs of one browser share.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) store: Memory,
    /// Every access to the store is refused.
    pub(crate) refusal: Option<Refusal>,
    pub(crate) most: Option<usize>, // bytes
    /// The store says yes to everything and keeps nothing more.
    pub(crate) deaf: bool,
    /// The store does not answer before [`Tab::read_now`].
    pub(crate) far: bool,
    /// The store does not confirm what it keeps.
    pub(crate) slow: bool,
    /// There are no locks.
    pub(crate) lockless: bool,
    /// Who holds and waits for the lead.
    line: Vec<usize>,
    /// Whose lead was stolen, and who does not know it yet.
    robbed: Vec<usize>,
    /// Texts on the channel: from whom, how many tabs there were to hear it, what.
    channel: VecDeque<(usize, usize, String)>,
    tabs: usize,
    ids: u128,
}

pub(crate) struct Tab {
    pub(crate) session: Session,
    pub(crate) browser: Rc<RefCell<Browser>>,
    pub(crate) now: Now,
    pub(crate) number: usize,
    pub(crate) events: Vec<Event>,
    pub(crate) settled: Vec<(CallId, Result<Settled, Error>)>,
    pub(crate) commands: Vec<Command>,
    /// Everything ever written, wiped or said, in order: for what must not be there.
    pub(crate) written: Vec<String>,
    /// What a slow store has not confirmed.
    pub(crate) unconfirmed: Vec<SaveToken>,
    own: Memory,
    pub(crate) use_own: bool,
    /// The store is a page's own: who drops a session that another tab ended does so in a copy of its own.
    custom: bool,
    last_call: CallId,
    /// The lead is granted as soon as it is free.
    pub(crate) grant: bool,
    pub(crate) gone: bool,
    /// Its timers do not run; it hears what is said.
    pub(crate) throttled: bool,
    /// What token providers were asked: the number, whom, why.
    pub(crate) asks: Vec<(u32, ProviderId, &'static str)>,
    /// Which providers were kept.
    pub(crate) kept: Vec<Option<ProviderId>>,
    /// What was logged.
    pub(crate) log: Vec<String>,
    /// How often it let a message be heard.
    pub(crate) sounds: usize,
    /// How often it let another tab create a visitor.
    pub(crate) let_create: usize,
    /// How often it took the lead from another.
    pub(crate) steals: usize,
}

impl Browser {
    /// The last message of this kind.
    pub(crate) fn last_of(&self, kind: &str) -> String {
        let kind = ["\"t\":\"", kind, "\""].concat();
        self.channel.iter().rev().find(|said| said.2.contains(&kind)).map(|said| said.2.clone()).unwrap_or_default()
    }

    /// Ids that no other browser gives: for tabs that share a channel and no store.
    pub(crate) fn skip_ids(&mut self) {
        self.ids += 1 << 64;
    }

    /// What was said on the channel last.
    pub(crate) fn last_said(&self) -> String {
        self.channel.back().map(|said| said.2.clone()).unwrap_or_default()
    }
}

pub(crate) fn browser() -> Rc<RefCell<Browser>> {
    Rc::default()
}

impl Tab {
    pub(crate) fn new(browser: &Rc<RefCell<Browser>>) -> Tab {
        Tab::with(browser, config())
    }

    pub(crate) fn with(browser: &Rc<RefCell<Browser>>, config: Config) -> Tab {
        let number = {
            let mut shared = browser.borrow_mut();
            shared.tabs += 1;
            shared.tabs
        };
        let source = browser.clone();
        let ids = Ids(Box::new(move || {
            let mut shared = source.borrow_mut();
            shared.ids += 0x1_0000_0001;
            shared.ids
        }));
        let now = Now { mono: 1_000, wall: 1_700_000_000_000 };
        let mut tab = Tab {
            custom: config.storage == "custom",
            session: Session::new(config, ids, number as u64, now),
            browser: browser.clone(),
            now,
            number,
            events: Vec::new(),
            settled: Vec::new(),
            commands: Vec::new(),
            written: Vec::new(),
            unconfirmed: Vec::new(),
            own: Memory::default(),
            use_own: false,
            last_call: 0,
            grant: true,
            gone: false,
            throttled: false,
            asks: Vec::new(),
            kept: Vec::new(),
            log: Vec::new(),
            sounds: 0,
            let_create: 0,
            steals: 0,
        };
        tab.drain();
        tab
    }

    /// Booted, lazily, without a conversation.
    pub(crate) fn booted(browser: &Rc<RefCell<Browser>>) -> Tab {
        let mut tab = Tab::new(browser);
        tab.call(Call::Boot);
        assert_eq!(tab.state(), State::Anonymous);
        tab
    }

    /// In a conversation that the backend calls `chat`, connected.
    pub(crate) fn talking(browser: &Rc<RefCell<Browser>>, capabilities: Capabilities) -> Tab {
        Tab::talking_after(browser, capabilities, 0)
    }

    /// The same, where some ms must pass before it leads.
    pub(crate) fn talking_after(browser: &Rc<RefCell<Browser>>, capabilities: Capabilities, ms: u64) -> Tab {
        let mut tab = Tab::new(browser);
        tab.call(Call::Boot);
        tab.wait(ms);
        tab.talk(capabilities)
    }

    /// The same with options.
    pub(crate) fn talking_with(browser: &Rc<RefCell<Browser>>, config: Config, capabilities: Capabilities) -> Tab {
        let mut tab = Tab::with(browser, config);
        tab.call(Call::Boot);
        tab.talk(capabilities)
    }

    /// A conversation is begun, and opened by the backend.
    pub(crate) fn talk(self, capabilities: Capabilities) -> Tab {
        let mut tab = self;
        assert_eq!(tab.state(), State::Anonymous);
        tab.call(Call::SendMessage {
            conversation_id: None,
            text: "first".into(),
            client_message_id: Some("m1".into()),
        });
        tab.connected(capabilities);
        let (op, _) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("the chat is requested");
        tab.perform(op, Ok(Performed::Requested("chat".into())));
        let (op, _) = tab.action(|action| matches!(action, Action::Send(_))).expect("the message is sent");
        tab.perform(op, Ok(Performed::Sent(1, None)));
        tab
    }

    pub(crate) fn state(&self) -> State {
        self.session.view().state
    }

    pub(crate) fn call(&mut self, call: Call) -> CallId {
        self.last_call += 1;
        self.session.call(self.last_call, call, self.now);
        self.drain();
        self.last_call
    }

    pub(crate) fn send(&mut self, text: &str, key: &str) -> CallId {
        self.call(Call::SendMessage { conversation_id: None, text: text.into(), client_message_id: Some(key.into()) })
    }

    pub(crate) fn gesture(&mut self, gesture: Gesture) {
        self.session.handle_gesture(gesture, self.now);
        self.drain();
    }

    /// A store that is far away answers.
    pub(crate) fn read_now(&mut self) {
        let loaded = self.store(|store| store.load());
        self.session.handle_loaded(loaded, self.now);
        self.drain();
    }

    /// The store confirms what it was slow to keep.
    pub(crate) fn stored_now(&mut self, token: SaveToken) {
        self.session.handle_stored(Some(token), Ok(()), self.now);
        self.drain();
    }

    pub(crate) fn hear(&mut self, text: &str) {
        self.session.handle_peer(text, self.now);
        self.drain();
    }

    pub(crate) fn page(&mut self, page: PageEvent) {
        self.session.handle_page(page, self.now);
        self.drain();
    }

    pub(crate) fn report(&mut self, event: transport::Event) {
        self.session.handle_transport(event, self.now);
        self.drain();
    }

    pub(crate) fn connected(&mut self, capabilities: Capabilities) {
        self.report(transport::Event::Connected(capabilities, None));
    }

    pub(crate) fn perform(&mut self, op: OpId, result: Result<Performed, Error>) {
        self.report(transport::Event::Performed(op, result));
    }

    pub(crate) fn interrupted(&mut self) {
        self.report(transport::Event::Interrupted { retry_after: None, reason: "timeout" });
    }

    pub(crate) fn receive(&mut self, kinds: Vec<ChatEventKind>) {
        let events = kinds.into_iter().map(|kind| ChatEvent { conversation_id: Some("chat".into()), kind }).collect();
        self.report(transport::Event::Received(events));
    }

    /// Lets time pass, firing timers on their way.
    pub(crate) fn wait(&mut self, ms: u64) {
        let end = self.now.mono + ms;
        while let Some(at) = self.session.poll_timeout().filter(|at| *at <= end) {
            let step = at.saturating_sub(self.now.mono);
            self.now = Now { mono: self.now.mono + step, wall: self.now.wall + step };
            self.session.handle_timeout(self.now);
            self.drain();
        }
        let rest = end - self.now.mono;
        self.now = Now { mono: end, wall: self.now.wall + rest };
    }

    /// It learns that its lead was stolen, if it was.
    pub(crate) fn hear_of_theft(&mut self) {
        let mut shared = self.browser.borrow_mut();
        let robbed = shared.robbed.iter().position(|tab| *tab == self.number);
        robbed.map(|at| shared.robbed.remove(at));
        drop(shared);
        if robbed.is_some() {
            self.session.handle_lock(LockEvent::Lost(Lock::Lead), self.now);
            self.drain();
        }
    }

    /// The tab is killed: its locks go, nothing is said.
    pub(crate) fn kill(&mut self) {
        self.gone = true;
        self.browser.borrow_mut().line.retain(|tab| *tab != self.number);
    }

    pub(crate) fn drain(&mut self) {
        let mut copy = false;
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Load if self.browser.borrow().far => {}
                Output::Load => {
                    let loaded = self.store(|store| store.load());
                    self.session.handle_loaded(loaded, self.now);
                }
                Output::Remove(name) if self.custom && name == SESSION && !self.session.leads() => copy = true,
                Output::Save { name, text, .. } if copy => self.written.push(format!("{name}={text}")),
                Output::Remove(_) if copy => {}
                Output::Save { name, text, token } => {
                    self.written.push(format!("{name}={text}"));
                    let outcome = self.keep(&name, &text);
                    if let Some(token) = token.filter(|_| self.browser.borrow().slow) {
                        self.unconfirmed.push(token);
                        continue;
                    }
                    self.session.handle_stored(token, outcome, self.now);
                }
                Output::Remove(name) => {
                    let _ = self.store(|store| store.remove(&name));
                }
                Output::Wipe { keep } => {
                    let entries = self.store(|store| store.load()).unwrap_or_default();
                    for (name, _) in entries.iter().filter(|(name, _)| !keep.contains(&name.as_str())) {
                        let _ = self.store(|store| store.remove(name));
                    }
                }
                Output::Sound => self.sounds += 1,
                Output::Blank | Output::Render | Output::Destroy => {}
                Output::Log(_, line) => self.log.push(line),
                Output::AskToken { ask, provider, reason } => self.asks.push((ask, provider, reason)),
                Output::KeepProvider(provider) => self.kept.push(provider),
                Output::UseMemory => self.use_own = true,
                Output::UseStore => self.use_own = false,
                Output::Lock(LockCommand::Acquire(lock, _)) if self.browser.borrow().lockless => {
                    self.session.handle_lock(LockEvent::Missing(lock), self.now);
                }
                Output::Lock(LockCommand::Steal(..)) => {
                    let mut shared = self.browser.borrow_mut();
                    assert!(!shared.lockless, "there is nothing to steal");
                    shared.line.retain(|tab| *tab != self.number);
                    if !shared.line.is_empty() {
                        let holder = shared.line.remove(0);
                        shared.robbed.push(holder);
                    }
                    shared.line.insert(0, self.number);
                    drop(shared);
                    self.steals += 1;
                    self.grant_lead();
                }
                Output::Lock(LockCommand::Acquire(Lock::Create, _)) => {
                    self.session.handle_lock(LockEvent::Acquired(Lock::Create), self.now);
                }
                Output::Lock(LockCommand::Acquire(Lock::Lead, _)) => {
                    self.browser.borrow_mut().line.push(self.number);
                    self.grant_lead();
                }
                Output::Lock(LockCommand::Release(Lock::Lead)) => {
                    self.browser.borrow_mut().line.retain(|tab| *tab != self.number);
                }
                Output::Lock(LockCommand::Release(Lock::Create)) => self.let_create += 1,
                Output::Peer(text) => {
                    self.written.push(text.clone());
                    let number = self.number;
                    let mut shared = self.browser.borrow_mut();
                    let there = shared.tabs;
                    shared.channel.push_back((number, there, text));
                }
                Output::Transport(command) => self.commands.push(command),
                Output::Settle(id, result) => self.settled.push((id, result)),
                Output::Emit(event) => self.events.push(event),
            }
        }
    }

    /// The lock comes to this tab when it is its turn.
    pub(crate) fn grant_lead(&mut self) {
        let mine = self.browser.borrow().line.first() == Some(&self.number);
        if self.grant && mine && !self.gone {
            self.session.handle_lock(LockEvent::Acquired(Lock::Lead), self.now);
            self.drain();
        }
    }

    pub(crate) fn store<T>(&mut self, act: impl FnOnce(&mut dyn Store) -> Result<T, Refusal>) -> Result<T, Refusal> {
        if self.use_own {
            return act(&mut self.own);
        }
        let mut browser = self.browser.borrow_mut();
        match browser.refusal {
            Some(refusal) => Err(refusal),
            None => act(&mut browser.store),
        }
    }
}

/// Delivers what tabs said to each other until nothing more is said.
pub(crate) fn gossip(tabs: &mut [&mut Tab]) {
    let browser = tabs[0].browser.clone();
    for _ in 0..1_000 {
        let Some((from, there, text)) = browser.borrow_mut().channel.pop_front() else { return };
        for tab in tabs.iter_mut().filter(|tab| tab.number != from && tab.number <= there && !tab.gone) {
            tab.session.handle_peer(&text, tab.now);
            tab.drain();
        }
    }
    panic!("the tabs never stop talking");
}
