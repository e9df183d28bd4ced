//! The group of tabs: one leads the connection and tells the others what it applied; the others mirror it and send
//! through it. Not: the form of what they say (`peer`), what becomes of it where it is heard (`hearing`), nor the locks
//! themselves (`web.js`).

use super::call::CallId;
use super::composing::waits;
use super::connecting::Ending;
use super::lead::Lead;
use super::machine::Session;
use super::outbox::Stage;
use super::output::Output;
use super::peer::{self, HERE, Header, Peer, Snapshot};
use super::transcript;
use super::view::ConnectionState;
use crate::store::persisted::{self, SavedConversation};
use crate::time::Now;
use crate::transport::{ChatEvent, ChatEventKind};

/// So many entries go into one message between tabs.
const CHUNK: usize = 200;

/// What a tab is in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TabRole {
    /// In no group: no session.
    Alone,
    /// Another tab leads, or will.
    Follower,
    /// This one holds the lock.
    Leader,
}

/// See the module.
pub(super) struct Tabs {
    /// This tab; lives in memory only, since storage is copied when a tab is duplicated.
    pub(super) tab: String,
    /// What it is.
    pub(super) role: TabRole,
    /// The newest leader's number; what an older one says is ignored.
    pub(super) term: u64,
    /// Bumped by logout; whoever sees another value wipes.
    pub(super) epoch: u64,
    /// Followers that need a connection.
    pub(super) wanting: Vec<String>,
    /// Calls the leader was asked to carry out, and the chat each is to end.
    pub(super) asked: Vec<(CallId, String)>,
    /// The leader is telling this follower what it has asked for.
    pub(super) answered: bool,
    /// This follower has said that it needs one.
    pub(super) said_want: bool,
    /// What the leader applied and has not told yet.
    news: Vec<ChatEvent>,
    /// Numbers the messages this tab writes.
    last_seq: u64,
    /// Whether the leader is there, and who is to be it.
    pub(super) lead: Lead,
    /// This follower has asked for the lead, and does not have it yet.
    pub(super) wishes_lead: bool,
    /// There is, or was, another tab of this visitor.
    pub(super) company: bool,
    /// Somebody was there after so many logouts.
    pub(super) met: u64,
}

impl Tabs {
    /// In no group yet.
    pub(super) fn new(tab: String) -> Self {
        Tabs {
            tab,
            role: TabRole::Alone,
            term: 0,
            epoch: 0,
            wanting: Vec::new(),
            asked: Vec::new(),
            answered: false,
            said_want: false,
            news: Vec::new(),
            last_seq: 0,
            lead: Lead::default(),
            wishes_lead: false,
            company: false,
            met: u64::MAX,
        }
    }

    /// The next message's number.
    pub(super) fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    /// Whether this tab owns the connection.
    pub(super) fn leads(&self) -> bool {
        self.role == TabRole::Leader
    }

    /// Whether another tab owns it.
    pub(super) fn follows(&self) -> bool {
        self.role == TabRole::Follower
    }
}

impl Session {
    /// Back from the cache, where locks are not kept: who leads is to be found out anew.
    pub(super) fn come_back(&mut self, now: Now) {
        if self.link.leaving {
            return; // it went again while the store was asked
        }
        self.reading.cached = false;
        if self.tabs.role == TabRole::Follower && !self.tabs.lead.granted {
            self.join_group();
            self.ask_again();
        }
        self.try_again(now);
    }

    /// The lock is held and the store was read again: this tab leads.
    pub(super) fn take_lead(&mut self, now: Now) {
        if !self.tabs.follows() {
            return;
        }
        self.values_in_doubt();
        self.tabs.role = TabRole::Leader;
        self.tabs.term += 1;
        self.tabs.said_want = false;
        self.tabs.wishes_lead = false;
        self.repeat_values();
        self.stop_watching();
        self.save_session();
        self.save(persisted::TERM, persisted::encode_number(self.tabs.term));
        if self.leaving.merged {
            self.remove(persisted::ASIDE);
        }
        for (call, chat) in &std::mem::take(&mut self.tabs.asked) {
            // What the old leader was asked may have been done: it is asked again, of ourselves.
            self.end_as_asked(Ending { tab: None, call: *call, clear: true }, chat);
        }
        self.outbox.doubt_all();
        // What was mirrored is over: the connection is our own from here on.
        if self.link.connection.state != ConnectionState::Idle {
            self.set_connection(ConnectionState::Reconnecting, None, None);
            self.try_again(now);
        }
        self.tell_snapshot(None, u64::MAX);
    }

    /// The others are to hear what the leader applied: as it was applied, own messages known again and gaps filled.
    pub(super) fn tell_later(&mut self, kind: ChatEventKind) {
        if self.tabs.leads() {
            let conversation_id = self.open.as_ref().map(|open| open.shown_id().to_owned());
            self.tabs.news.push(ChatEvent { conversation_id, kind });
        }
    }

    /// Tells what was applied.
    pub(super) fn tell_news(&mut self) {
        let news = std::mem::take(&mut self.tabs.news);
        if self.tabs.leads() && !news.is_empty() {
            self.tell(Peer::Applied(news));
        }
    }

    /// Says something to the group, after what was applied before.
    pub(super) fn tell(&mut self, peer: Peer) {
        let visitor = self.visitor.as_ref().map_or(String::new(), |visitor| visitor.id.clone());
        self.tell_of(&visitor, peer);
    }

    /// The same, about a visitor who may not be here any more.
    pub(super) fn tell_of(&mut self, visitor: &str, peer: Peer) {
        self.tell_news();
        self.tabs.lead.asks |= self.tabs.follows() && peer.needs_leader();
        let header = Header {
            epoch: self.tabs.epoch,
            term: self.tabs.term,
            leads: self.tabs.leads(),
            tab: self.tabs.tab.clone(),
            visitor: visitor.to_owned(),
        };
        self.out(Output::Peer(peer::encode(header, peer)));
    }

    /// A follower asks for what it does not have.
    pub(super) fn say_hello(&mut self) {
        let conversation = self.open.as_ref().and_then(|open| open.entry.id.clone());
        self.tabs.answered = false;
        self.tell(Peer::Hello { conversation, from: self.transcript.applied() });
    }

    /// The leader tells everything a follower needs: the entries after `from`, and how things stand.
    pub(super) fn tell_snapshot(&mut self, to: Option<String>, from: u64) {
        if !self.tabs.leads() {
            return;
        }
        if self.unproven() {
            return self.tell(Peer::Sign(HERE)); // nothing of the user before the proof, but who leads
        }
        let conversation_id = self.open.as_ref().map(|open| open.shown_id().to_owned());
        let event = |kind| ChatEvent { conversation_id: conversation_id.clone(), kind };
        let mut outbox = Vec::new();
        for waiting in self.outbox.iter() {
            if waiting.stage != Stage::Gone {
                outbox.push(waits(waiting, self.storing.memory)); // of that one nothing is known here
            }
        }
        self.tell(Peer::Snapshot(Box::new(Snapshot {
            to,
            conversation: self.open.as_ref().map(|open| open.entry.clone()),
            resume: self.visitor.as_ref().and_then(|visitor| visitor.resume.clone()),
            events: Vec::new(),
            applied: self.transcript.applied(),
            connection: self.shared_connection(),
            outbox,
            read: self.reading.read,
            user: self.user_id().filter(|_| self.state.live()).map(str::to_owned),
            verified: self.is_verified(),
            values: self.known_values(),
        })));
        let mut events = Vec::new();
        for at in 0..=self.transcript.placed().len() {
            let row = self.transcript.placed().get(at);
            let last = row.is_none();
            if let Some(row) = row.filter(|row| row.message.index > from) {
                events.push(event(ChatEventKind::Entry(transcript::entry(&row.message))));
            }
            if events.len() == CHUNK || last && !events.is_empty() {
                self.tell(Peer::Applied(std::mem::take(&mut events)));
            }
        }
        if from != u64::MAX {
            let kind = ChatEventKind::CaughtUp(self.transcript.applied() + 1);
            self.tell(Peer::Applied(vec![event(kind)]));
        }
    }

    /// The leader requests the conversation a follower has begun.
    pub(super) fn ask_for_conversation(&mut self, entry: SavedConversation) {
        if self.tabs.follows() {
            self.tell(Peer::Start(entry));
        } else {
            self.tell_snapshot(None, u64::MAX);
        }
    }

    /// A follower with an open panel needs a connection.
    pub(super) fn announce_want(&mut self) {
        let want = self.look.open;
        if self.tabs.follows() && self.tabs.said_want != want {
            self.tabs.said_want = want;
            self.tell(Peer::Want(want));
        }
    }
}
