//! The world of one schedule: its clock, what is under way in it, and the loop that lets the next thing happen. Not: what
//! a session's wishes mean (`carry`), what people do (`people`), what must hold (`checks`).

use crate::backend::Backend;
use crate::bayeux::Client;
use crate::browser::{Browser, TabId};
use crate::lead::Since;
use crate::ledger::Ledger;
use crate::plan::{FAULTS, Fault, Plan};
use crate::random::Random;
use crate::tab::{Input, Tab};
use crate::wipes::Wiped;
use crate::wire::{Connection, ConnectionId, Frame};
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use support_chat::session::{Call, Lock, LockEvent, PageEvent};
use support_chat::store::Entries;
use support_chat::time::Now;

/// When the world begins, in ms since 1970.
const BEGINNING: u64 = 1_700_000_000_000;
/// More than any schedule needs: a session that never comes to rest is found out.
const MOST_STEPS: u64 = 60_000;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// A message that was accepted is nowhere.
    Lost,
    /// A message is there more than once.
    Twice,
    /// Anything else.
    Other,
}

/// The first thing that went wrong.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) wrong: Wrong,
    pub(crate) words: String,
}

/// Something under way.
#[derive(Debug)]
pub(crate) enum Due {
    Frame(ConnectionId, Frame, u64),
    Interrupt(ConnectionId),
    Input(TabId, Input),
    Granted(TabId, Lock),
    /// A held connect has been held long enough.
    Held(usize, String),
    /// What a tab writes gets to the page's own store: the number of the write, and how many wipes there were by then.
    Write(TabId, u64, u64, Entries),
    /// A page is loaded, in a tab of its own.
    Open(usize),
    /// The store of a browser takes writes again.
    Store(usize),
    Online,
    Show(TabId),
    /// What one tab wiped is gone everywhere by now.
    Look(usize),
    /// A page that did nothing goes on.
    Return(TabId),
    Act,
}

/// When, which of those at once first, and what.
struct Entry(u64, u64, Due);

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    /// The earliest is the greatest: the heap gives that first.
    fn cmp(&self, other: &Entry) -> std::cmp::Ordering {
        (other.0, other.1).cmp(&(self.0, self.1))
    }
}

/// See the module.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) random: Random,
    /// In ms; it never jumps.
    pub(crate) time: u64,
    /// How far the clock on the wall has jumped.
    pub(crate) jump: u64,
    queue: BinaryHeap<Entry>,
    entries: u64,
    pub(crate) tabs: Vec<Tab>,
    last_tab: TabId,
    /// One for each device; tabs of different ones know nothing of each other.
    pub(crate) browsers: Vec<Browser>,
    /// Which browser a tab is, or was, in, by its id.
    homes: Vec<usize>,
    pub(crate) backend: Backend,
    /// Bayeux sessions of the backend.
    pub(crate) clients: Vec<Client>,
    pub(crate) connections: Vec<Connection>,
    /// When the last message from one tab to another arrives: they stay in order.
    pub(crate) peers: BTreeMap<(TabId, TabId), u64>,
    pub(crate) ledger: Ledger,
    pub(crate) wiped: Vec<Wiped>,
    /// Who led for how long, where that may not stay so.
    pub(crate) lead_since: Vec<Since>,
    /// This tab was away, and is hearing what it missed.
    pub(crate) waking: Option<TabId>,
    /// How often the lead was taken from a tab.
    pub(crate) steals: u64,
    /// How often a page went on that had done nothing.
    pub(crate) returns: u64,
    /// Visitors who are gone for good, and since when: cleared, or users who logged out or were followed by somebody.
    pub(crate) dead: BTreeMap<String, u64>,
    pub(crate) asks: u64,
    pub(crate) logouts: u64,
    /// How often a session became a user's, and another identity's.
    pub(crate) identities: u64,
    pub(crate) changes: u64,
    pub(crate) online: bool,
    /// Somebody logged out: of a chat requested in that moment, nobody keeps the id.
    pub(crate) logged_out: bool,
    /// The visitor is ending a chat: what is written meanwhile ends with it.
    pub(crate) ending_until: u64,
    /// Nothing goes wrong any more.
    pub(crate) calm: bool,
    pub(crate) acts_left: u64,
    /// How often each fault struck.
    pub(crate) struck: [u64; FAULTS.len()],
    pub(crate) failure: Option<Failure>,
    pub(crate) steps: u64,
    /// Says everything that happens.
    pub(crate) loud: bool,
}

impl World {
    pub(crate) fn new(plan: Plan, loud: bool) -> World {
        let mut world = World {
            random: Random::new(plan.seed ^ 0xabcd_ef01),
            time: 1,
            jump: 0,
            queue: BinaryHeap::new(),
            entries: 0,
            tabs: Vec::new(),
            last_tab: 0,
            browsers: (0..plan.browsers).map(|_| Browser::new(plan.store_lag)).collect(),
            homes: vec![0],
            backend: Backend::default(),
            clients: Vec::new(),
            connections: Vec::new(),
            peers: BTreeMap::new(),
            ledger: Ledger::default(),
            wiped: Vec::new(),
            lead_since: Vec::new(),
            waking: None,
            steals: 0,
            returns: 0,
            dead: BTreeMap::new(),
            asks: 0,
            logouts: 0,
            identities: 0,
            changes: 0,
            online: true,
            logged_out: false,
            ending_until: 0,
            calm: false,
            acts_left: plan.acts,
            struck: [0; FAULTS.len()],
            failure: None,
            steps: 0,
            loud,
            plan,
        };
        for tab in 0..world.plan.tabs {
            let at = tab as u64 * world.random.below(2_000);
            world.later(at, Due::Open(tab % world.browsers.len()));
        }
        world.later(world.plan.pace, Due::Act);
        world
    }

    pub(crate) fn now(&self) -> Now {
        Now { mono: self.time, wall: BEGINNING + self.time + self.jump }
    }

    pub(crate) fn later(&mut self, delay: u64, due: Due) {
        self.at(self.time + delay, due);
    }

    pub(crate) fn at(&mut self, time: u64, due: Due) {
        self.entries += 1;
        self.queue.push(Entry(time, self.entries, due));
    }

    pub(crate) fn fail(&mut self, wrong: Wrong, words: String) {
        if self.failure.is_none() {
            self.say(|| format!("FAILURE {words}"));
            self.failure = Some(Failure { wrong, words });
        }
    }

    pub(crate) fn say(&self, words: impl FnOnce() -> String) {
        if self.loud {
            println!("{:>8} {}", self.time, words());
        }
    }

    pub(crate) fn strike(&mut self, fault: Fault) {
        self.struck[fault as usize] += 1;
    }

    /// Lets things happen until then; false when something went wrong.
    pub(crate) fn run_until(&mut self, end: u64) -> bool {
        while self.failure.is_none() {
            let awake = self.tabs.iter().filter(|tab| tab.away.is_none());
            let timer = awake.filter_map(|tab| Some((tab.due()?.max(self.time), tab.id))).min();
            let next = self.queue.peek().map(|entry| entry.0);
            let rings = timer.filter(|(at, _)| next.is_none_or(|next| *at < next));
            let Some(at) = rings.map(|(at, _)| at).or(next).filter(|at| *at <= end) else { break };
            self.steps += 1;
            if self.steps > MOST_STEPS {
                self.fail(Wrong::Other, "it never comes to rest".into());
                break;
            }
            self.time = self.time.max(at);
            match rings {
                Some((_, tab)) => self.drive(tab, Input::Timeout),
                None => {
                    if let Some(Entry(_, _, due)) = self.queue.pop() {
                        self.happen(due);
                    }
                }
            }
            self.check_lead();
        }
        self.time = self.time.max(end);
        self.failure.is_none()
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Frame(connection, frame, sent) => self.arrive(connection, frame, sent),
            Due::Interrupt(connection) => self.interrupt(connection),
            Due::Input(tab, input) => self.drive(tab, input),
            Due::Granted(tab, lock) => {
                let held = self.tab(tab).and_then(|tab| tab.locks.iter().find(|(other, _)| *other == lock));
                if held.is_some_and(|(_, name)| self.browsers[self.home(tab)].holds(tab, name)) {
                    self.drive(tab, Input::Lock(LockEvent::Acquired(lock)));
                }
            }
            Due::Held(client, connect) => self.let_go(client, &connect),
            Due::Write(tab, number, wipes, state) => self.arrive_at_own(tab, number, wipes, state),
            Due::Open(home) => self.open_tab(home),
            Due::Store(home) => self.browsers[home].full = false,
            Due::Online => {
                self.online = true;
                self.everywhere(PageEvent::Online);
            }
            Due::Show(tab) => self.show(tab),
            Due::Look(home) => self.check_store(home),
            Due::Return(tab) => self.bring_back(tab),
            Due::Act => self.act(),
        }
    }

    pub(crate) fn everywhere(&mut self, page: PageEvent) {
        let ids: Vec<_> = self.tabs.iter().map(|tab| tab.id).collect();
        for id in ids {
            self.drive(id, Input::Page(page));
        }
    }

    pub(crate) fn tab(&self, id: TabId) -> Option<&Tab> {
        self.tabs.iter().find(|tab| tab.id == id)
    }

    pub(crate) fn tab_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id == id)
    }

    /// The browser a tab is in.
    pub(crate) fn home(&self, id: TabId) -> usize {
        self.homes[id as usize]
    }

    /// See [`World::home`].
    pub(crate) fn browser(&mut self, id: TabId) -> &mut Browser {
        let home = self.home(id);
        &mut self.browsers[home]
    }

    /// The tabs of a browser.
    pub(crate) fn tabs_of(&self, home: usize) -> impl Iterator<Item = TabId> {
        self.tabs.iter().map(|tab| tab.id).filter(move |id| self.homes[*id as usize] == home)
    }

    /// Everything that is stored anywhere.
    pub(crate) fn entries(&mut self) -> Entries {
        self.browsers.iter_mut().flat_map(Browser::entries).collect()
    }

    pub(crate) fn open_anywhere(&mut self) {
        let home = self.random.below(self.browsers.len() as u64) as usize;
        self.open_tab(home);
    }

    /// A page is loaded; it boots by itself.
    pub(crate) fn open_tab(&mut self, home: usize) {
        if self.tabs_of(home).count() >= 3 {
            return;
        }
        self.last_tab += 1;
        self.homes.push(home);
        let tab = Tab::new(self.last_tab, &self.plan, self.now());
        self.tabs.push(tab);
        if !self.online {
            self.drive(self.last_tab, Input::Page(PageEvent::Offline));
        }
        self.boot(self.last_tab);
    }

    /// Hands an input to a session and carries out everything that follows from it.
    pub(crate) fn drive(&mut self, id: TabId, input: Input) {
        let Some(place) = self.tabs.iter().position(|tab| tab.id == id) else { return };
        if self.tabs[place].away.is_some() {
            return self.wait_for(id, input);
        }
        let mut tab = self.tabs.remove(place);
        let mut inputs = VecDeque::from([input]);
        let (mut outputs, mut crashed, mut asked) = (0, false, false);
        while let Some(input) = inputs.pop_front() {
            let mut input = self.bend(input);
            if self.plan.bug.is_some_and(|bug| !bug.lets_hear(&mut input, self.waking == Some(id), &tab.session)) {
                continue;
            }
            self.say(|| format!("tab {id} <- {input:?}"));
            let Some(input) = self.hear_of_own(&mut tab, input, &mut inputs) else { continue };
            let last =
                matches!(input, Input::Call(_, Call::Destroy) | Input::Page(PageEvent::Leaving | PageEvent::Cached));
            let asks =
                last || !matches!(input, Input::Call(..)) || matches!(input, Input::Call(_, Call::Shutdown { .. }));
            let knows = self.plan.store_delay == 0 && tab.memory.is_none();
            let [epoch, term] = if knows { self.numbers(id) } else { [0, 0] };
            if asks && !asked && knows && tab.session.handle_epoch(epoch, last) {
                inputs.push_front(input); // as soon as the store was read
                asked = true;
            } else {
                if knows {
                    tab.session.handle_term(term, self.now());
                }
                tab.note(&input);
                tab.hear(input, self.now());
            }
            self.pass_on(&mut tab, &mut inputs);
            while let Some(mut output) = tab.session.poll_output() {
                if self.plan.bug.is_some_and(|bug| !bug.lets_do(&mut output, tab.token.as_deref())) {
                    continue;
                }
                if tab.crash_after.is_some_and(|most| outputs >= most) {
                    crashed = true;
                    break;
                }
                outputs += 1;
                self.say(|| format!("tab {id} -> {output:?}"));
                let more = self.plan.bug.and_then(|bug| bug.says_after(&output, &mut tab.told));
                self.carry_out(&mut tab, output, &mut inputs);
                if let Some(more) = more {
                    self.carry_out(&mut tab, more, &mut inputs);
                }
                self.pass_on(&mut tab, &mut inputs);
            }
            if !crashed {
                self.flush_own(&mut tab, &mut inputs);
            }
        }
        tab.crash_after = None;
        self.tabs.insert(place, tab);
        if crashed {
            self.kill(id);
        } else {
            self.check_tab(place);
        }
    }

    /// Puts in the mistake, if there is to be one.
    fn bend(&self, mut input: Input) -> Input {
        match (self.plan.bug, &mut input) {
            (Some(bug), Input::Loaded(Ok(entries))) => bug.bend_loaded(entries),
            (Some(bug), Input::Transport(event)) => bug.bend_event(event),
            _ => {}
        }
        input
    }
}
