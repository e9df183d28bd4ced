//! Taking over what an earlier page, or another tab, left: at once for an anonymous visitor, for a user once they have
//! proved who they are. Not: whose it is (`owner`), nor when the store is read (`boot`).

use super::conversation::Open;
use super::identity::User;
use super::machine::Session;
use super::outbox::{Stage, Waiting};
use crate::message::Status;
use crate::store::persisted::{Draft, OutboxEntry, ReadMark, SavedConversation, Tail};
use crate::store::restored::Restored;
use crate::time::Now;
use crate::transport::{Capabilities, ChatEvent};

/// What was stored. A user's is seen by nobody before the backend has accepted the proof.
pub(super) struct Held {
    /// There was a saved session.
    pub(super) saved: bool,
    /// The open conversation.
    pub(super) conversation: Option<SavedConversation>,
    /// The last index applied without a gap.
    pub(super) applied: u64,
    /// The last messages; a user's come from the backend.
    pub(super) tail: Option<Tail>,
    /// The read mark.
    pub(super) read: Option<ReadMark>,
    /// What the composer held.
    pub(super) draft: Option<Draft>,
    /// What waits to be sent.
    pub(super) outbox: Vec<OutboxEntry>,
    /// The panel was open.
    pub(super) open: bool,
    /// What the backend has sent meanwhile.
    pub(super) events: Vec<ChatEvent>,
}

impl Session {
    /// A user is booting, and has not proved yet who they are.
    pub(super) fn unproven(&self) -> bool {
        self.held().is_some()
    }

    /// What is kept from everybody's eyes.
    pub(super) fn held(&self) -> Option<&Held> {
        self.boot.as_ref()?.held.as_deref()
    }

    fn held_mut(&mut self) -> Option<&mut Held> {
        self.boot.as_mut()?.held.as_deref_mut()
    }

    /// The proof was accepted, or none is needed: what was stored is shown.
    pub(super) fn release_held(&mut self, now: Now) {
        let Some(held) = self.boot.as_mut().and_then(|boot| boot.held.take()) else { return };
        if let Some(entry) = held.conversation {
            self.restore_conversation(Open::new(entry), held.tail, held.applied);
        }
        self.restore_reading(held.read, held.draft);
        for entry in held.outbox {
            self.restore_waiting(entry);
        }
        if let Some(boot) = &mut self.boot {
            boot.opened = held.open && !self.look.open;
        }
        self.look.open |= held.open;
        self.render();
        if !held.events.is_empty() {
            self.received(held.events, now);
        }
    }

    /// Events of the backend, which may come before it has said that it accepts the proof.
    pub(super) fn hear(&mut self, mut events: Vec<ChatEvent>, now: Now) {
        match self.held_mut() {
            Some(held) => held.events.append(&mut events),
            None => self.received(events, now),
        }
    }

    /// The backend has answered a user's connection. False: it takes no proof, and the boot begins anew.
    pub(super) fn prove(&mut self, now: Now) -> bool {
        let verified = self.token.is_there() && self.link.capabilities.has(Capabilities::IDENTIFY);
        let Some(user) = self.visitor.as_mut().and_then(|visitor| visitor.user.as_mut()) else { return true };
        let news = std::mem::replace(&mut user.verified, verified) != verified;
        self.token.accepted(now);
        self.watch_expiry(now);
        if !verified && self.held().is_some_and(|held| held.saved) {
            self.boot_without_proof(now);
            return false;
        }
        self.release_held(now);
        if news {
            self.tell_snapshot(None, u64::MAX);
        }
        true
    }

    fn restore_conversation(&mut self, open: Open, tail: Option<Tail>, applied: u64) {
        let id = open.shown_id().to_owned();
        self.generation += 1;
        self.open = Some(open);
        self.reading.reported = applied;
        let Some(tail) = tail.filter(|tail| tail.conversation_id == id) else { return };
        // With the beginning cut off, everything is fetched again; what is here is drawn meanwhile. The tail is written
        // less often than the session: what it does not have, nobody has.
        let mut from = 0;
        while from < applied && tail.entries.iter().any(|entry| entry.index == from + 1) {
            from += 1;
        }
        if let Some(open) = &mut self.open {
            for entry in &tail.entries {
                open.presence(entry.index, &entry.party, &entry.content);
            }
        }
        self.transcript.restore(tail.entries, applied, &id);
        self.transcript.fetch_from(from);
        if let Some(open) = &self.open {
            let (delivered, read) = (open.entry.delivered, open.entry.read);
            self.transcript.receipt(delivered, Status::Delivered);
            self.transcript.receipt(read, Status::Read);
        }
    }

    /// A stored message of this visitor: whether it left before, nobody knows.
    pub(super) fn restore_waiting(&mut self, entry: OutboxEntry) {
        let mine = self.visitor.as_ref().is_some_and(|visitor| visitor.id == entry.visitor_id);
        if self.outbox.find(&entry.client_message_id).is_some() || !mine && self.config.storage != "cookie" {
            return; // another's may be sent by a tab of theirs; but what stands beside a cookie is this tab's
        }
        if !mine || self.transcript.find(&entry.client_message_id).is_some() {
            return self.remove_waiting(&entry.client_message_id); // the backend has it
        }
        let stage = if entry.failed.is_some() { Stage::Failed } else { Stage::Doubt };
        self.transcript.push_outgoing(self.outgoing_row(&entry, stage));
        self.outbox.add(Waiting { entry, stage, chat: None, after: 0, durable: true, token: 0, calls: Vec::new() });
    }

    /// The lead was taken over: messages of tabs that are gone, and the newest credentials.
    pub(super) fn merge(&mut self, restored: Restored, now: Now) {
        if let Some(epoch) = restored.epoch.filter(|epoch| *epoch > self.tabs.epoch) {
            return self.logged_out_elsewhere(epoch, None, now); // the store knew before the word came
        }
        if let Some(held) = self.held_mut() {
            held.outbox = restored.outbox;
            if let (Some(session), Some(visitor)) = (restored.session, &mut self.visitor)
                && session.visitor_id == visitor.id
            {
                visitor.resume = session.resume;
                if let Some(held) = self.held_mut() {
                    held.conversation = session.conversation;
                }
            }
            self.tabs.term = self.tabs.term.max(restored.term);
            return self.take_lead(now);
        }
        self.forget_gone(&restored, now);
        let same = restored.session.filter(|session| {
            session.epoch == self.tabs.epoch
                && self.visitor.as_ref().is_some_and(|visitor| visitor.id == session.visitor_id)
        });
        if let Some(id) = same.as_ref().and_then(|session| session.user_id.clone()).filter(|_| !self.has_user()) {
            self.become_user(User { id, verified: false }, now); // the last leader went before it could tell
        }
        if let (Some(session), Some(visitor)) = (same, &mut self.visitor) {
            if visitor.resume.is_none() {
                visitor.resume.clone_from(&session.resume);
            }
            // What the last leader wrote before it went may not have reached this tab as a message yet.
            if session.term >= self.tabs.term {
                let id = session.conversation.as_ref().and_then(|entry| entry.id.clone());
                self.catch_up_with(session.conversation);
                // Credentials are of use with their own chat only.
                let shown = self.open.as_ref().and_then(|open| open.entry.id.clone());
                if let Some(visitor) = self.visitor.as_mut().filter(|_| shown == id && session.resume.is_some()) {
                    visitor.resume = session.resume;
                }
            }
        }
        self.link.lost_at = now.mono;
        for entry in restored.outbox {
            self.restore_waiting(entry);
        }
        self.tabs.term = self.tabs.term.max(restored.term);
        self.take_lead(now);
    }
}
