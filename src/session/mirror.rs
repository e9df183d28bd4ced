//! A follower's picture of what the leader has: conversation, outbox, connection. Not: who leads (`tabs`).

use super::conversation::Open;
use super::identity::User;
use super::machine::Session;
use super::outbox::{Stage, Waiting};
use super::peer::{Peer, Shared, Snapshot, Waits};
use super::storing::Purpose;
use super::timers::Timer;
use super::view::{Banner, ConnectionState};
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::message::{ConversationStatus, Status};
use crate::store::persisted::SavedConversation;
use crate::time::Now;
use crate::transport::{Capabilities, ConnectionType};

impl Session {
    /// Everything as the leader has it.
    pub(super) fn mirror(&mut self, snapshot: Snapshot, now: Now) {
        let greeting = snapshot.to.is_none();
        self.tabs.answered = snapshot.to.as_deref() == Some(&*self.tabs.tab);
        if !greeting && !self.tabs.answered {
            return;
        }
        if !self.mirror_user(snapshot.user, snapshot.verified, now) {
            return;
        }
        if let (Some(visitor), Some(resume)) = (&mut self.visitor, snapshot.resume) {
            visitor.resume = Some(resume);
        }
        if let Some(values) = &snapshot.values {
            self.learn_from(values);
        }
        let over = snapshot.conversation.as_ref().is_some_and(|entry| entry.status == ConversationStatus::Ended);
        let generation = self.generation;
        self.adopt_conversation(snapshot.conversation);
        let another = self.generation != generation;
        self.hand_over(&snapshot.outbox);
        for waits in snapshot.outbox {
            self.mirror_waiting(waits);
        }
        self.mark_read(snapshot.read);
        self.mirror_connection(&snapshot.connection, now);
        if self.boot.is_some() && self.link.connection.reason == Some("auth") && self.token.provider.is_some() {
            self.wish_lead(); // the leader has nobody who vouches for the user; this page may
        }
        if greeting {
            self.tabs.said_want = false;
            self.announce_want();
            self.ask_again(); // before its proof a leader heeds nobody
        }
        // What made way for another chat may have been newer than these words: the leader tells how it is.
        if another || snapshot.applied > self.transcript.applied() && greeting {
            self.say_hello();
        }
        let connected = self.link.connection.state == ConnectionState::Connected;
        if over || connected || self.open.as_ref().is_none_or(|open| !open.requested()) {
            self.finish_boot(now);
        }
        self.render();
    }

    /// Whom the leader is live as, this tab is; false when it waits for a leader who is its user.
    fn mirror_user(&mut self, user: Option<String>, verified: bool, now: Now) -> bool {
        if self.tabs.wishes_lead {
            self.tell(Peer::Take); // another one has it now
        }
        match user {
            None if self.unproven() => false,
            None => {
                if self.has_user() {
                    // It became one in a word the leader did not hear any more.
                    self.tell_user();
                    if self.token.provider.is_some() {
                        self.wish_lead();
                    }
                }
                true
            }
            Some(id) if self.unproven() && self.user_id() != Some(&*id) => false,
            Some(id) if self.user_id().is_some_and(|own| own != id) => {
                self.logged_out_elsewhere(self.tabs.epoch, None, now); // two became users at once, and the leader's stands
                false
            }
            Some(id) => {
                self.become_user(User { id, verified }, now);
                self.release_held(now);
                true
            }
        }
    }

    /// Shows the conversation another tab tells of.
    pub(super) fn adopt_conversation(&mut self, entry: Option<SavedConversation>) {
        let Some(entry) = entry else {
            if self.open.as_ref().is_some_and(|open| open.entry.client_conversation_id.is_some()) {
                self.show_empty();
                self.repeat_waiting_rows();
            }
            return;
        };
        let same = self.open.as_ref().is_some_and(|open| {
            // Requested twice, of a backend without keys, it became two: these rows are not the leader's.
            let another = open.entry.id.is_some() && open.entry.id != entry.id;
            (open.entry.local_id == entry.local_id && !another)
                || (open.entry.id.is_some() && open.entry.id == entry.id)
        });
        if !same {
            self.show_empty();
            self.welcome_back(entry.id.as_deref());
            self.open = Some(Open::new(entry));
            self.repeat_waiting_rows();
            return self.settle_starts();
        }
        self.welcome_back(entry.id.as_deref());
        let Some(open) = &mut self.open else { return };
        let ended = entry.status == ConversationStatus::Ended && !open.over();
        let named = open.entry.id != entry.id;
        if self.link.former == entry.id {
            self.link.former = None; // an older word of the leader's had put it away
        }
        open.entry = entry;
        if ended {
            open.agent = None;
            self.end_typing();
        }
        if named || ended {
            self.settle_starts();
            self.updated();
        }
    }

    /// The conversation shown is not the one before it, whatever was thought of it meanwhile.
    pub(super) fn welcome_back(&mut self, id: Option<&str>) {
        self.link.former = self.link.former.take().filter(|former| id != Some(former));
    }

    /// The conversation as the last leader stored it, where that is newer than this tab's picture.
    pub(super) fn catch_up_with(&mut self, stored: Option<SavedConversation>) {
        let newer = match (&self.open, &stored) {
            (None, _) => true,
            // Ended and cleared; one that nobody asked for yet was begun here.
            (Some(open), None) => open.entry.id.is_some(),
            (Some(open), Some(entry)) if open.is(&entry.local_id) => {
                open.entry.id.is_none() || (entry.id.is_some() && !open.over())
            }
            // Of two that began at once the one that the backend has stands.
            (Some(open), Some(entry)) => {
                let asked = open.entry.asked || open.entry.id.is_some();
                let there = entry.id.is_some() && entry.status != ConversationStatus::Ended;
                let left = entry.id == self.link.former;
                entry.created_at > open.entry.created_at || !asked && there && !left
            }
        };
        if newer {
            self.adopt_conversation(stored);
        }
    }

    /// The leader is to hear of everything this tab waits for, or has found in the store, and the leader does not know.
    fn hand_over(&mut self, known: &[Waits]) {
        let unknown = |waiting: &Waiting| {
            let key = &waiting.entry.client_message_id;
            to_be_sent(waiting) && !known.iter().any(|other| other.entry.client_message_id == *key)
        };
        if !self.outbox.iter().any(unknown) {
            return;
        }
        match self.shares_store() {
            true => self.load(Purpose::Compare { back: false, told: false }), // what is not there any more others have sent
            false => self.say_waiting(),
        }
    }

    /// What this tab waits for, to whoever leads.
    pub(super) fn say_waiting(&mut self) {
        self.each_waiting(&to_be_sent, &mut Session::tell_waiting);
    }

    /// The leader takes in what a follower wrote.
    pub(super) fn take_in(&mut self, waits: Waits, now: Now) {
        let key = waits.entry.client_message_id.clone();
        if self.outbox.was_dropped(&key) {
            return self.tell(Peer::Gone { id: key, sent: false });
        }
        if self.outbox.was_sent(&key) || self.transcript.placed_at(&key) || self.stands_there(&waits) {
            return self.tell(Peer::Gone { id: key, sent: true });
        }
        let stage = stage_of(&waits);
        match self.outbox.find(&key).map(|waiting| &mut waiting.stage) {
            // Whoever thinks otherwise has heard late that it was tried again.
            Some(Stage::Failed) => return self.tell_waiting(&key),
            // Whoever has it still knows better.
            Some(gone @ Stage::Gone) => *gone = stage,
            Some(_) => return,
            None if matches!(stage, Stage::Failed | Stage::Gone) => return self.add_mirrored(waits, stage),
            None => {
                self.open_conversation(now);
                self.add_mirrored(waits, stage);
            }
        }
        if self.link.connection.state == ConnectionState::Connected {
            self.resolve_doubt(); // it may be there already, under no key
        }
    }

    /// A backend without keys has told this tab what another one has in doubt: as words that were nobody's here, after
    /// everything that had its place when they were sent.
    fn stands_there(&mut self, waits: &Waits) -> bool {
        waits.sending
            && waits.after > 0
            && !self.link.capabilities.has(Capabilities::IDEMPOTENCY)
            && self.transcript.claim(&waits.entry, waits.after)
    }

    /// A follower shows what another one wrote; what becomes of it, the leader says.
    pub(super) fn mirror_new(&mut self, waits: Waits) {
        if self.outbox.find(&waits.entry.client_message_id).is_none() {
            self.mirror_waiting(waits);
        }
    }

    /// A follower shows what waits in another tab.
    pub(super) fn mirror_waiting(&mut self, waits: Waits) {
        let key = waits.entry.client_message_id.clone();
        let stage = stage_of(&waits);
        if self.transcript.placed_at(&key) {
            return;
        }
        let Some(waiting) = self.outbox.find(&key) else {
            if !matches!(stage, Stage::Accepted | Stage::Gone) && !self.outbox.was_sent(&key) {
                self.add_mirrored(waits, stage);
            }
            return;
        };
        if stage == Stage::Gone {
            if waiting.stage == Stage::Gone {
                self.let_go(&key);
            }
            return; // somebody else does not have it, this tab does
        }
        if waiting.stage == Stage::Failed && stage == Stage::Failed {
            return;
        }
        waiting.entry.failed = waits.entry.failed;
        waiting.after = waits.after;
        waiting.stage = stage;
        match stage {
            Stage::Failed => {
                let code = waits.entry.failed.unwrap_or(Code::MessageSendFailed);
                self.fail_waiting(&key, Error::new(code, "the backend refused it"));
            }
            Stage::Accepted => {
                let message = self.transcript.change(&key, |message| message.status = Status::Sent);
                if let Some(message) = message {
                    self.settle_waiting(&key, &message);
                }
            }
            Stage::Doubt | Stage::Sending(_) | Stage::Gone => self.mark_row(&key, Status::Sending, None),
            Stage::Queued => self.mark_row(&key, Status::Queued, None),
        }
    }

    fn add_mirrored(&mut self, waits: Waits, stage: Stage) {
        let row = self.outgoing_row(&waits.entry, stage);
        if stage != Stage::Gone && (self.tabs.leads() || !self.shares_store() || waits.unkept) {
            // Elsewhere its author has, who had room; and by now it may have been sent, and removed.
            self.save(&waits.entry.name(), waits.entry.encode());
        }
        self.outbox.add(Waiting {
            entry: waits.entry,
            stage,
            chat: None,
            after: waits.after,
            durable: true,
            token: 0,
            calls: Vec::new(),
        });
        self.transcript.push_outgoing(row);
        self.render();
    }

    /// The leader says that the backend has it. Its row comes back with its place, if it is of this conversation.
    pub(super) fn forget_sent(&mut self, key: &str) {
        if self.outbox.find(key).is_none() {
            return; // its row may say more by now
        }
        if let Some(message) = self.transcript.change(key, |message| message.status = Status::Sent) {
            self.settle_waiting(key, &message);
        }
        let Some(waiting) = self.outbox.take(key) else { return };
        self.outbox.note_sent(key);
        self.remove_waiting(&waiting.entry.client_message_id);
        self.transcript.remove_outgoing(key);
        self.render();
        self.say_hello();
    }

    /// A follower's connection is the leader's.
    pub(super) fn mirror_connection(&mut self, shared: &Shared, now: Now) {
        let state = match shared.state {
            0 => ConnectionState::Idle,
            1 => ConnectionState::Connecting,
            2 => ConnectionState::Connected,
            3 => ConnectionState::Reconnecting,
            _ => ConnectionState::Disconnected,
        };
        let kind = match shared.kind {
            1 => Some(ConnectionType::WebSocket),
            2 => Some(ConnectionType::LongPolling),
            _ => None,
        };
        let mut reason = None;
        for known in ["offline", "cached", "auth", "refused", "cookies_blocked", "timeout"] {
            if shared.reason.as_deref() == Some(known) {
                reason = Some(known);
            }
        }
        self.link.capabilities = Capabilities::from_bits(shared.capabilities as u16);
        self.set_connection(state, kind, reason);
        match state {
            ConnectionState::Reconnecting => {
                self.timers.set_if_idle(Timer::Banner, now.mono + 2_000);
                if self.state.live() {
                    self.move_to(State::Reconnecting, None);
                }
            }
            ConnectionState::Disconnected => {
                self.set_banner(Some(match reason {
                    Some("cookies_blocked") => Banner::CookiesBlocked,
                    Some("offline" | "cached") => Banner::Offline,
                    _ => Banner::Refused,
                }));
                if self.state.live() {
                    self.move_to(State::Disconnected, reason);
                }
            }
            _ => {
                self.timers.stop(Timer::Banner);
                self.set_banner(None);
                if self.state == State::Disconnected {
                    self.move_to(State::Reconnecting, None);
                }
                if self.state == State::Reconnecting && state != ConnectionState::Connecting {
                    self.move_to(self.live_state(), None);
                }
                if state == ConnectionState::Connected && self.boot_adopted() {
                    self.finish_boot(now);
                }
            }
        }
    }
}

/// How far it has come, as another tab says.
fn stage_of(waits: &Waits) -> Stage {
    match (waits.entry.failed, waits.accepted, waits.sending) {
        (Some(_), ..) => Stage::Failed,
        (_, true, true) => Stage::Gone,
        (_, true, _) => Stage::Accepted,
        (_, _, true) => Stage::Doubt,
        _ => Stage::Queued,
    }
}

/// Nobody is known to have sent or refused it.
fn to_be_sent(waiting: &Waiting) -> bool {
    waiting.durable && !matches!(waiting.stage, Stage::Failed | Stage::Accepted)
}
