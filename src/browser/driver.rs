//! The middle of the shell: gives the session one input, takes all it wants done, lets go of it, and then does that.
//! Not: any decision, nor how any single thing is done.
//!
//! No JavaScript runs while the session is borrowed. A call made by a listener is therefore applied at once, in a turn
//! within the turn. Every turn, nested or not, carries out what concerns the store, the locks and the other tabs before
//! it returns; the rest goes to the one queue that only the outermost turn empties, so that events stay in order.

mod carrying;

use super::inbox::{Inbox, Input};
use super::keeping::{Backing, Keeping};
use super::shell::Shell;
use super::wire::Wire;
use super::{Host, Screen, clock};
use crate::lifecycle::State;
use crate::queue::Queue;
use crate::session::{Call, Config, Connection, Identity, Lock, LockEvent, Output, PageEvent, Session};
use crate::store::persisted::{EPOCH, TERM};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Said by a tab with a cookie store that leaves: whoever stays takes the cookie's time limit away again.
const LEFT: &str = r#"{"v":1,"t":"left"}"#;

/// Where the focus goes when the panel opens or is closed.
#[derive(Clone, Copy)]
enum Focus {
    /// To the launcher; if the page closes the panel, only out of the panel.
    #[cfg(feature = "widget")]
    Launcher {
        from_panel: bool,
    },
    Panel,
}

/// What an instance is made of.
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) host: Rc<dyn Host>,
    /// The object the handle gave.
    pub(crate) handle: JsValue,
    pub(crate) backing: Backing,
    pub(crate) wire: Wire,
    pub(crate) screen: Option<Box<dyn Screen>>,
}

/// See the module.
pub(crate) struct Driver {
    session: RefCell<Session>,
    /// What is to be done, in order.
    queue: RefCell<Queue<Output>>,
    /// What happened while the session could not hear it.
    late: RefCell<Queue<Input>>,
    /// How many turns are under way within each other.
    depth: Cell<u32>,
    /// Taken apart: only calls are still answered.
    gone: Cell<bool>,
    /// The page cannot be seen.
    hidden: Cell<bool>,
    /// Nor can what people wrote: therefore, or because it is not known yet who is there.
    concealed: Cell<bool>,
    /// Where the focus is to go at the end of the turn.
    focus: Cell<Option<Focus>>,
    keeping: Keeping,
    wire: Wire,
    shell: Shell,
    screen: RefCell<Option<Rc<dyn Screen>>>,
    host: Rc<dyn Host>,
    inbox: Inbox,
}

impl Driver {
    /// Makes the session, and tells it how the page stands. The inbox is the one the parts report to.
    pub(crate) fn start(parts: Parts, inbox: Inbox) -> Rc<Driver> {
        let Parts { config, host, handle, backing, wire, screen } = parts;
        let namespace = config.namespace.clone();
        let driver = Rc::new(Driver {
            session: RefCell::new(Session::new(config, clock::ids(), clock::random() as u64, clock::now())),
            queue: RefCell::default(),
            late: RefCell::default(),
            depth: Cell::new(0),
            gone: Cell::new(false),
            hidden: Cell::new(false),
            concealed: Cell::new(false),
            focus: Cell::new(None),
            keeping: Keeping::new(backing, &namespace),
            wire,
            shell: Shell::new(&namespace, &handle, &inbox),
            screen: RefCell::new(screen.map(Rc::from)),
            host,
            inbox,
        });
        driver.inbox.lead_to(&driver);
        driver.collect();
        driver.turn(None);
        // A listener may have ended it.
        if !driver.gone.get() {
            driver.shell.listen();
        }
        driver
    }

    /// Handles one input.
    pub(crate) fn feed(&self, input: Input) {
        self.turn(Some(input));
    }

    /// Handles it after what is being done now.
    pub(super) fn later(&self, input: Input) {
        self.late.borrow_mut().push(input);
        self.turn(None);
    }

    /// Asks for a frame.
    pub(super) fn redraw(&self) {
        if self.screen.borrow().is_some() {
            self.shell.frame();
        }
    }

    /// A line for the log.
    #[cfg(feature = "widget")]
    pub(super) fn log(&self, level: crate::session::Level, line: &str) {
        self.host.log(level, line);
    }

    /// `chat.state`.
    pub(crate) fn state(&self) -> State {
        self.session.borrow().view().state
    }

    /// `chat.unreadCount`.
    pub(crate) fn unread(&self) -> u32 {
        self.session.borrow().view().unread
    }

    /// `chat.connection`.
    pub(crate) fn connection(&self) -> Connection {
        self.session.borrow().view().connection
    }

    /// `chat.identity`.
    pub(crate) fn identity(&self) -> Option<Identity> {
        self.session.borrow().identity()
    }

    fn turn(&self, input: Option<Input>) {
        if self.gone.get() && !matches!(input, Some(Input::Call(..))) {
            return;
        }
        self.depth.set(self.depth.get() + 1);
        if let Some(input) = input {
            self.accept(input);
        }
        if self.depth.get() == 1 {
            self.drain();
        }
        self.depth.set(self.depth.get() - 1);
        if self.depth.get() == 0 && !self.gone.get() {
            self.settle();
        }
    }

    fn accept(&self, input: Input) {
        match input {
            Input::Link(event) => self.wire.link(event, clock::now()),
            Input::Timeout => {
                self.shell.fired();
                self.wire.timeout(clock::now());
                self.tell(Input::Timeout);
            }
            Input::Peer(text) if text == LEFT => {
                self.keeping.leave(false);
            }
            Input::Lock(event) => {
                if event == LockEvent::Lost(Lock::Lead) {
                    self.keeping.lead("");
                }
                self.tell(Input::Lock(event));
            }
            Input::Page(event) => {
                // Whoever comes by may read the screen: hidden before anything else, shown after everything else.
                let hidden = !matches!(event, PageEvent::Shown | PageEvent::Restored | PageEvent::Resumed);
                let network = matches!(event, PageEvent::Online | PageEvent::Offline | PageEvent::Focused);
                if hidden && !network {
                    self.hidden.set(true);
                    self.keeping.lead("goes");
                    self.conceal(true);
                }
                self.tell(Input::Page(event));
                match event {
                    PageEvent::Leaving | PageEvent::Cached if self.keeping.leave(true) => self.shell.post(LEFT),
                    PageEvent::Restored => drop(self.keeping.leave(false)),
                    _ => {}
                }
                if !hidden {
                    self.hidden.set(false);
                }
            }
            other => self.tell(other),
        }
        self.run_wire();
    }

    /// Gives the session one input, and does at once what may not wait.
    fn tell(&self, input: Input) {
        let Ok(mut session) = self.session.try_borrow_mut() else {
            // Being drawn: a listener was reached all the same. It is heard right after.
            self.late.borrow_mut().push(input);
            return;
        };
        // What a page calls for is of the session it knows; but a logout is of whoever is there.
        let last = matches!(input, Input::Call(_, Call::Destroy) | Input::Page(PageEvent::Leaving | PageEvent::Cached));
        let asks = last || !matches!(input, Input::Call(..)) || matches!(input, Input::Call(_, Call::Shutdown { .. }));
        if asks && session.handle_epoch(self.keeping.number(EPOCH), last) {
            drop(session);
            self.collect(); // the store answers at once
            session = self.session.borrow_mut();
        }
        let now = clock::now();
        session.handle_term(self.keeping.number(TERM), now);
        match input {
            Input::Call(id, call) => {
                let was_open = session.view().look.open;
                session.call(id, call, now);
                let open = session.view().look.open;
                if !was_open && open {
                    self.focus.set(Some(Focus::Panel));
                }
                #[cfg(feature = "widget")]
                if was_open && !open {
                    self.focus.set(Some(Focus::Launcher { from_panel: true }));
                }
            }
            #[cfg(feature = "widget")]
            Input::Gesture(gesture) => {
                let was_open = session.view().look.open;
                session.handle_gesture(gesture, now);
                if was_open && !session.view().look.open {
                    self.focus.set(Some(Focus::Launcher { from_panel: false }));
                }
            }
            Input::Loaded(loaded) => session.handle_loaded(loaded, now),
            Input::Stored(token, outcome) => session.handle_stored(token, outcome, now),
            Input::Transport(event) => session.handle_transport(event, now),
            Input::Page(event) => session.handle_page(event, now),
            Input::Peer(text) => session.handle_peer(&text, now),
            Input::Lock(event) => session.handle_lock(event, now),
            Input::Token(ask, token) => session.handle_token(ask, token, now),
            Input::Timeout => {
                if session.poll_timeout().is_some_and(|due| due <= now.mono) {
                    session.handle_timeout(now);
                }
            }
            Input::Link(_) => {}
        }
        drop(session);
        self.collect();
    }

    /// Takes everything the session wants done. First all of it, then the urgent part: carrying that out may bring
    /// further input, whose consequences belong behind.
    fn collect(&self) {
        let mut urgent = Vec::new();
        let mut queue = self.queue.borrow_mut();
        while let Some(output) = self.session.borrow_mut().poll_output() {
            match output {
                Output::Load
                | Output::Save { .. }
                | Output::Remove(_)
                | Output::Wipe { .. }
                | Output::Blank
                | Output::UseMemory
                | Output::UseStore
                | Output::Lock(_)
                | Output::Peer(_) => urgent.push(output),
                other => queue.push(other),
            }
        }
        drop(queue);
        if urgent.is_empty() {
            return;
        }
        if self.session.borrow().leads() {
            self.keeping.lead("leads");
        }
        for output in urgent {
            self.carry_out(output);
        }
        self.keeping.flush(&self.inbox);
    }

    /// Empties the queue, in order, with everything that is added meanwhile.
    fn drain(&self) {
        loop {
            let next = self.queue.borrow_mut().pop();
            if let Some(output) = next {
                self.carry_out(output);
                continue;
            }
            let late = self.late.borrow_mut().pop();
            match late {
                Some(input) => self.accept(input),
                None => return,
            }
        }
    }

    /// The outermost turn is over: what follows from where the session stands now.
    fn settle(&self) {
        let session = self.session.borrow();
        let due = [session.poll_timeout(), self.wire.due()].into_iter().flatten().min();
        let conceal = self.hidden.get() || session.view().checking;
        let (unread, look) = (session.view().unread, session.view().look.clone());
        drop(session);
        self.shell.arm(due, clock::now().mono);
        self.conceal(conceal);
        self.host.launcher(unread, &look);
        match (self.focus.take(), self.screen()) {
            #[cfg(feature = "widget")]
            (Some(Focus::Launcher { from_panel }), _) => self.host.focus_launcher(from_panel),
            (Some(Focus::Panel), Some(screen)) => screen.focus(),
            _ => {}
        }
    }

    pub(super) fn draw(&self) {
        if self.gone.get() {
            return;
        }
        let Some(screen) = self.screen() else { return };
        self.depth.set(self.depth.get() + 1);
        screen.draw(&self.session.borrow().view());
        self.depth.set(self.depth.get() - 1);
        self.turn(None);
    }

    fn screen(&self) -> Option<Rc<dyn Screen>> {
        self.screen.borrow().clone()
    }
}
