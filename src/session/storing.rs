//! What is kept, when, and what happens when it cannot be. Not: what the texts say (`store::persisted`).

use super::creating::SEEN;
use super::machine::Session;
use super::outbox::Stage;
use super::output::{Event, Level, Output, SaveToken};
use super::peer::{ALLOWED, Peer, REVOKED, UNDID};
use super::tabs::TabRole;
use super::timers::Timer;
use super::transcript;
use crate::store::Refusal;
use crate::store::persisted::{self, Consent, Draft, OutboxEntry, ReadMark, SavedSession, Tail, Ui};
use crate::time::Now;

/// The transcript's tail is written at most this often, in ms.
const TAIL_PAUSE: u64 = 1_000;
/// A page's own store has this long to confirm a waiting message, in ms.
const SAVE_LIMIT: u64 = 1_000;
/// Of the save of a visitor who was created.
pub(super) const CREATED: SaveToken = SaveToken::MAX;
/// Of what a page's own store wrote to undo a write that came too late.
const UNDONE: SaveToken = SaveToken::MAX - 1;
/// Of that of a conversation before it is asked for.
const ASKED: SaveToken = CREATED - 2;
/// A stored session is not older than it says by more than this, in ms, while a page has it; browsers run the timers of
/// hidden pages once a minute.
pub(super) const LEASE: u64 = 120_000;
/// How many messages the tail holds.
const TAIL_LENGTH: usize = 50;

/// What the store is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The boot under way.
    Boot,
    /// The lock is held: this tab is to lead.
    Lead,
    /// Without a session: a logout or the end of a chat, and whether the visitor is dropped too.
    Clear {
        /// The backend is to hear of it.
        logout: bool,
        /// Nothing is kept.
        clear: bool,
    },
    /// At the start: a logout that an earlier page began is finished, whether anybody boots or not.
    Finish,
    /// Another tab has logged out: what this one wrote before it heard of it is to go.
    Sweep,
    /// The epoch is compared.
    Compare {
        /// The page came back: it then tries to connect. Or, with `told`: this is the second look.
        back: bool,
        /// There was word of a logout by who did not know this epoch.
        told: bool,
    },
}

/// Where things are kept.
pub(super) struct Storing {
    /// The visitor's, or else the page's, word.
    pub(super) consent: bool,
    /// Nothing is kept beyond this page: no consent, or the store failed.
    pub(super) memory: bool,
    /// What the store is being read for; it answers in this order.
    reads: Vec<(Purpose, u32)>,
    /// Counts boots and groups joined: what was read for an earlier one is of no use any more.
    era: u32,
    /// The store failed, and the page was told.
    degraded: bool,
    /// So often it was read, and did not know of the last logout that this tab has heard of.
    pub(super) looks: u8,
    /// A visitor was created: the lock for that is held until the next tab would find them in the store.
    pub(super) creating: bool,
    /// For `SaveToken`s; 0 is none.
    last_token: SaveToken,
}

impl Storing {
    /// As the page's options say.
    pub(super) fn new(consent: bool) -> Self {
        Storing {
            consent,
            memory: false,
            reads: Vec::new(),
            era: 0,
            degraded: false,
            looks: 0,
            creating: false,
            last_token: 0,
        }
    }

    /// Whether the epoch is being compared.
    pub(super) fn checking(&self) -> bool {
        self.reads.iter().any(|(purpose, _)| matches!(purpose, Purpose::Compare { .. }))
    }
}

impl Session {
    /// No other tab has what is kept here: neither the visitor nor the count of logouts is theirs.
    pub(super) fn keeps_apart(&self) -> bool {
        self.storing.memory || matches!(self.config.storage, "session" | "memory")
    }

    /// All tabs have what is kept here, at once.
    pub(super) fn shares_store(&self) -> bool {
        self.config.storage == "local" && !self.storing.memory
    }

    /// Reads the store.
    pub(super) fn load(&mut self, purpose: Purpose) {
        self.storing.reads.push((purpose, self.storing.era));
        self.out(Output::Load);
    }

    /// What the answer of the store was wanted for; nothing when it comes too late.
    pub(super) fn wanted_read(&mut self) -> Option<Purpose> {
        if self.storing.reads.is_empty() {
            return None;
        }
        let (purpose, era) = self.storing.reads.remove(0);
        let late = matches!(purpose, Purpose::Boot | Purpose::Lead) && era != self.storing.era;
        (!late).then_some(purpose)
    }

    /// What is being read for the boot or the group before concerns nobody any more.
    pub(super) fn begin_era(&mut self) {
        self.storing.era += 1;
    }

    /// Keeps a text.
    pub(super) fn save(&mut self, name: &str, text: String) {
        self.out(Output::Save { name: name.to_owned(), text, token: None });
    }

    /// Forgets a text.
    pub(super) fn remove(&mut self, name: &str) {
        self.out(Output::Remove(name.to_owned()));
    }

    /// Forgets all texts but those named.
    pub(super) fn keep_only(&mut self, keep: &'static [&'static str]) {
        self.out(Output::Wipe { keep });
    }

    /// Forgets a waiting message.
    pub(super) fn remove_waiting(&mut self, key: &str) {
        self.out(Output::Remove(OutboxEntry::name_of(key)));
    }

    /// Keeps the number of the last logout that is known here.
    pub(super) fn save_epoch(&mut self) {
        self.save(persisted::EPOCH, persisted::encode_number(self.tabs.epoch));
    }

    /// Keeps a waiting message; it leaves only once that is confirmed.
    pub(super) fn save_waiting(&mut self, client_message_id: &str, now: Now) {
        self.storing.last_token += 1;
        let token = self.storing.last_token;
        let Some(waiting) = self.outbox.find(client_message_id) else { return };
        waiting.token = token;
        let (name, text) = (waiting.entry.name(), waiting.entry.encode());
        self.timers.set_if_idle(Timer::Saving, now.mono + SAVE_LIMIT);
        self.out(Output::Save { name, text, token: Some(token) });
    }

    /// A text was kept, or refused.
    pub(super) fn stored(&mut self, token: Option<SaveToken>, outcome: Result<(), Refusal>, now: Now) {
        if let Err(refusal) = outcome {
            self.degrade(refusal);
        }
        let Some(token) = token else { return };
        if token == UNDONE {
            return self.tell(Peer::Sign(UNDID));
        }
        if token == CREATED && std::mem::take(&mut self.storing.creating) {
            match self.config.storage {
                "custom" => self.let_create(), // what such a store has confirmed it gives
                _ => self.timers.set(Timer::Created, now.mono + SEEN),
            }
        }
        self.link.asking &= token != ASKED;
        let mut written = false;
        self.each_waiting(&|waiting| waiting.token == token, &mut |session, key| {
            session.confirm(key);
            written = true;
        });
        if self.outbox.iter().all(|waiting| waiting.token == 0) {
            self.timers.stop(Timer::Saving);
        } else if written {
            self.timers.set(Timer::Saving, now.mono + SAVE_LIMIT); // it answers: the next one has its own second
        }
    }

    /// A waiting message is kept: it may leave.
    fn confirm(&mut self, key: &str) {
        let Some(waiting) = self.outbox.find(key) else { return };
        waiting.durable = true;
        if std::mem::take(&mut waiting.token) != 0 {
            self.tell_waiting(key);
        }
    }

    /// From now on in memory. Storage never fails the chat.
    pub(super) fn degrade(&mut self, refusal: Refusal) {
        self.timers.stop(Timer::Saving);
        if !self.storing.memory {
            self.storing.memory = true;
            self.out(Output::UseMemory);
            self.save_all();
        }
        if !std::mem::replace(&mut self.storing.degraded, true) {
            self.emit(Event::StorageDegraded { wanted: self.config.storage, reason: refusal.name() });
            self.log(Level::Warn, "storage cannot be used: the chat goes on in memory");
        }
    }

    /// Writes everything there is: the store is another one now.
    fn save_all(&mut self) {
        if self.visitor.is_none() {
            return;
        }
        if self.tabs.epoch > 0 {
            self.save_epoch();
        }
        self.write_session();
        if self.tabs.leads() {
            self.save(persisted::TERM, persisted::encode_number(self.tabs.term));
        }
        self.save_draft();
        self.save_read();
        self.save_ui();
        self.save_tail();
        self.each_waiting(&|_| true, &mut |session, key| {
            let Some(waiting) = session.outbox.find(key) else { return };
            if waiting.stage != Stage::Gone {
                let (name, text) = (waiting.entry.name(), waiting.entry.encode());
                session.save(&name, text);
            }
            session.confirm(key);
        });
    }

    /// The saved session; only the leader writes it, or whoever creates the visitor.
    pub(super) fn save_session(&mut self) {
        let creating = self.tabs.role == TabRole::Alone;
        if creating || self.tabs.role == TabRole::Leader {
            self.write_session();
        }
    }

    /// The same, by whoever knows better.
    pub(super) fn write_session(&mut self) {
        let Some(visitor) = &self.visitor else { return };
        let saved = SavedSession {
            sid: visitor.session_id.clone(),
            epoch: self.tabs.epoch,
            term: self.tabs.term,
            backend: self.config.backend.clone(),
            visitor_id: visitor.id.clone(),
            user_id: self.user_id().map(str::to_owned),
            resume: visitor.resume.clone(),
            conversation: match self.held() {
                Some(held) => held.conversation.clone(),
                None => self.open.as_ref().map(|open| open.entry.clone()),
            },
            applied: self.held().map_or(self.transcript.applied(), |held| held.applied),
            used_at: self.reading.wall + if self.link.leaving { 0 } else { LEASE },
            left: (self.link.leaving || !self.reading.visible).then_some(true),
        };
        let token = if self.link.asking { Some(ASKED) } else { self.storing.creating.then_some(CREATED) };
        self.out(Output::Save { name: persisted::SESSION.to_owned(), text: saved.encode(), token });
    }

    /// The transcript changed: its tail is due.
    pub(super) fn tail_changed(&mut self, now: Now) {
        self.timers.set_if_idle(Timer::Tail, now.mono + TAIL_PAUSE);
    }

    /// Writes the tail, and how far the session has come.
    pub(super) fn save_tail(&mut self) {
        self.timers.stop(Timer::Tail);
        self.save_session();
        if self.tabs.role == TabRole::Follower || self.has_user() {
            return; // a user's words come from the backend, upon proof
        }
        let Some(open) = &self.open else { return };
        let placed = self.transcript.placed();
        let from = placed.len().saturating_sub(TAIL_LENGTH);
        let entries = placed[from..].iter().map(|row| transcript::entry(&row.message)).collect();
        let tail = Tail { conversation_id: open.shown_id().to_owned(), entries, epoch: self.tabs.epoch };
        self.save(persisted::TAIL, tail.encode());
    }

    /// Keeps what the composer holds.
    pub(super) fn save_draft(&mut self) {
        let visitor_id = self.visitor.as_ref().map(|visitor| visitor.id.clone());
        let (counter, text) = (self.reading.draft_counter, self.reading.draft.clone());
        let draft = Draft { visitor_id, counter, text, epoch: self.tabs.epoch };
        self.save(persisted::DRAFT, draft.encode());
    }

    /// Keeps the read mark.
    pub(super) fn save_read(&mut self) {
        let Some(open) = &self.open else { return };
        let mark = ReadMark { conversation_id: open.shown_id().to_owned(), index: self.reading.read };
        self.save(persisted::READ, mark.encode());
    }

    /// Keeps whether the panel is open.
    pub(super) fn save_ui(&mut self) {
        self.save(persisted::UI, Ui { open: self.look.open }.encode());
    }

    /// `setCookieConsent`.
    pub(super) fn set_consent(&mut self, given: bool, now: Now) {
        if !given {
            self.forget_stored();
            return self.tell(Peer::Sign(REVOKED)); // a tab that has not booted does not know what others were given
        }
        if !std::mem::replace(&mut self.storing.consent, true) {
            self.store_again();
            self.save_all();
            self.boot_once_more(now);
            self.tell(Peer::Sign(ALLOWED));
        }
    }

    /// The visitor decided in another tab; of the same visitor, or of one that is not known here.
    pub(super) fn consent_elsewhere(&mut self, given: bool, same: bool) {
        if !given {
            self.forget_stored();
        } else if same && !std::mem::replace(&mut self.storing.consent, true) {
            self.store_again();
            // What tabs share the leader writes, and what this one waits for the other tab has written.
            if self.tabs.leads() || self.config.storage != "local" {
                self.save_all();
            }
        }
    }

    fn store_again(&mut self) {
        if !self.storing.degraded {
            self.storing.memory = false;
            self.out(Output::UseStore);
        }
        self.save(persisted::CONSENT, Consent { given: true }.encode());
    }

    /// Consent is gone: whatever stands there, of this page or an earlier one, goes; the chat goes on in memory.
    fn forget_stored(&mut self) {
        self.leave_store();
        // That emptied the screen as well.
        self.generation += 1;
        self.reading.draft_revision += 1;
        self.render();
        self.save_all();
    }

    fn leave_store(&mut self) {
        self.storing.consent = false;
        self.storing.memory = true;
        self.out(Output::UseStore);
        self.keep_only(&[persisted::EPOCH]);
        self.out(Output::UseMemory);
    }

    /// Consent was taken back during a boot that comes to nothing: there is no chat that could go on.
    pub(super) fn withdraw_consent(&mut self) {
        self.leave_store();
        self.tell(Peer::Sign(REVOKED));
    }
}
