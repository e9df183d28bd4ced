//! The open conversation: how it begins, what happens in it, how it ends. Not: the rows (`transcript`), nor the
//! outbox (`composing`, `delivery`).

use super::call::CallId;
use super::delivery::over;
use super::machine::Session;
use super::outbox::Stage;
use super::output::{Change, ConversationChange, Event, Level, Settled};
use super::transcript::{self, Outcome, Transcript};
use crate::error::Error;
use crate::message::{Content, Conversation, ConversationStatus, Message, Party, Role, Status};
use crate::store::persisted::SavedConversation;
use crate::time::{Now, Wall};
use crate::transport::{Capabilities, ChatEvent, ChatEventKind, Entry};
use std::rc::Rc;

/// The conversation shown.
pub(super) struct Open {
    /// What is stored of it.
    pub(super) entry: SavedConversation,
    /// The agent present.
    pub(super) agent: Option<Party>,
    /// The index at which that was last known.
    presence_at: u64,
    /// The newest message's time.
    updated_at: Wall,
}

impl Open {
    /// As it stands in the store, or in another tab.
    pub(super) fn new(entry: SavedConversation) -> Self {
        Open { agent: None, presence_at: 0, updated_at: entry.created_at, entry }
    }

    /// The backend's id, or the local one before there is one.
    pub(super) fn shown_id(&self) -> &str {
        self.entry.id.as_deref().unwrap_or(&self.entry.local_id)
    }

    /// Whether this id means it; the local one stays valid.
    pub(super) fn is(&self, id: &str) -> bool {
        self.entry.id.as_deref() == Some(id) || self.entry.local_id == id
    }

    /// It is, or is to be, open at the backend.
    pub(super) fn requested(&self) -> bool {
        self.entry.requested()
    }

    /// Over for good.
    pub(super) fn over(&self) -> bool {
        self.entry.status == ConversationStatus::Ended
    }

    /// Somebody joined, left, or showed by a message that they are there; `true` when that changed who answers.
    pub(super) fn presence(&mut self, index: u64, party: &Party, content: &Content) -> bool {
        if party.role == Role::Visitor || (index != 0 && index < self.presence_at) {
            return false;
        }
        self.presence_at = self.presence_at.max(index);
        let same = self.agent.as_ref().is_some_and(|agent| agent.id == party.id);
        match content {
            Content::Left if same => self.agent = None,
            Content::Left => return false,
            Content::Joined | Content::Text(_) | Content::Url(_) if !same => self.agent = Some(party.clone()),
            _ => return false,
        }
        if !self.over() {
            let present = self.agent.is_some();
            self.entry.status = if present { ConversationStatus::Active } else { ConversationStatus::Queued };
        }
        true
    }
}

impl Session {
    /// The open conversation as pages see it.
    pub(super) fn conversation(&self) -> Option<Box<Conversation>> {
        let open = self.open.as_ref()?;
        Some(Box::new(Conversation {
            id: open.shown_id().to_owned(),
            status: open.entry.status,
            subject: open.entry.subject.clone(),
            created_at: open.entry.created_at,
            updated_at: open.updated_at,
            unread_count: self.reading.unread,
            last_message: self.transcript.placed().last().map(|row| row.message.clone()),
            agent: open.agent.clone(),
        }))
    }

    /// `startConversation`.
    pub(super) fn start_conversation(
        &mut self,
        id: CallId,
        subject: Option<String>,
        message: Option<String>,
        metadata: Option<String>,
        now: Now,
    ) {
        self.local_conversation(now);
        if let Some(open) = self.open.as_mut().filter(|open| !open.requested()) {
            open.entry.subject = subject;
            open.entry.metadata = metadata;
        }
        let Some(message) = message else {
            self.set_open(true);
            self.save_session();
            return self.settle_conversation(id);
        };
        let key = self.ids.fresh();
        if let Err(error) = self.compose(0, &message, Some(key.clone()), now) {
            return self.refuse(id, error);
        }
        self.link.starts.push((id, key));
        self.settle_starts();
    }

    /// The conversation is open at the backend: whoever waited for that is answered.
    pub(super) fn settle_starts(&mut self) {
        if self.open.as_ref().is_some_and(|open| open.entry.id.is_some()) {
            for (id, _) in &std::mem::take(&mut self.link.starts) {
                self.settle_conversation(*id);
            }
        }
    }

    /// The message that was to open it is not sent.
    pub(super) fn refuse_starts(&mut self, key: &str, error: &Error) {
        while let Some(at) = self.link.starts.iter().position(|(_, other)| other == key) {
            let (id, _) = self.link.starts.remove(at);
            self.refuse(id, error.clone());
        }
    }

    fn settle_conversation(&mut self, id: CallId) {
        if let Some(conversation) = self.conversation() {
            self.settle_with(id, Settled::Conversation(conversation));
        }
    }

    /// There is a conversation to write into: the open one, or a new local one.
    fn local_conversation(&mut self, now: Now) {
        if self.open.as_ref().is_some_and(|open| !open.over()) {
            return;
        }
        self.show_empty();
        let local_id = ["local-", &self.ids.fresh()].concat();
        self.open = Some(Open::new(SavedConversation {
            id: None,
            local_id,
            client_conversation_id: None,
            asked: false,
            status: ConversationStatus::New,
            created_at: now.wall,
            subject: None,
            metadata: None,
            delivered: 0,
            read: 0,
        }));
        self.repeat_waiting_rows();
    }

    /// A message is to be sent: the conversation is to be requested, under one key however often it takes.
    pub(super) fn open_conversation(&mut self, now: Now) {
        self.local_conversation(now);
        let key = self.ids.fresh();
        let Some(open) = &mut self.open else { return };
        if open.entry.client_conversation_id.is_none() {
            open.entry.client_conversation_id = Some(key);
            let entry = open.entry.clone();
            self.save_session();
            self.ask_for_conversation(entry);
            if let Some(conversation) = self.conversation() {
                self.emit(Event::Conversation(ConversationChange::Started, conversation));
            }
        }
    }

    /// The backend told the conversation's id.
    pub(super) fn name_conversation(&mut self, id: String) {
        self.welcome_back(Some(&id)); // if it was put away here, it was asked for again
        let Some(open) = self.open.as_mut().filter(|open| open.entry.id.as_ref() != Some(&id)) else { return };
        open.entry.id = Some(id);
        if open.entry.status == ConversationStatus::New {
            open.entry.status = ConversationStatus::Queued;
        }
        self.save_session();
        self.tell_snapshot(None, u64::MAX);
        self.settle_starts();
        self.updated();
    }

    pub(super) fn updated(&mut self) {
        if let Some(conversation) = self.conversation() {
            self.emit(Event::Conversation(ConversationChange::Updated, conversation));
        }
        self.render();
    }

    /// Events of the backend, or of the leader.
    pub(super) fn received(&mut self, events: Vec<ChatEvent>, now: Now) {
        for event in events {
            if self.concerns(&event) {
                self.apply(event.kind, now);
            }
        }
        self.tail_changed(now);
    }

    /// Whether an event belongs to the open conversation; the first one may tell its id.
    fn concerns(&mut self, event: &ChatEvent) -> bool {
        let Some(open) = &self.open else { return false };
        match &event.conversation_id {
            Some(id) if self.link.former.as_ref() == Some(id) => false,
            Some(id) if open.entry.id.is_none() && open.requested() && self.tabs.leads() => {
                self.name_conversation(id.clone());
                true
            }
            Some(id) => open.is(id),
            None => true,
        }
    }

    fn apply(&mut self, kind: ChatEventKind, now: Now) {
        match kind {
            ChatEventKind::Entry(entry) => {
                self.apply_entry(entry);
                return self.apply_held();
            }
            ChatEventKind::CaughtUp(next) => {
                // What another tab was told may begin after what this one has.
                if !self.tabs.follows() || std::mem::take(&mut self.tabs.answered) {
                    self.transcript.caught_up(next);
                }
                return self.apply_held();
            }
            _ => self.tell_later(kind.clone()),
        }
        match kind {
            ChatEventKind::Entry(_) | ChatEventKind::CaughtUp(_) => {}
            ChatEventKind::Typing(party, is_typing) => {
                if party.role != Role::Visitor {
                    self.others_type(party, is_typing, now);
                }
            }
            ChatEventKind::Delivered(index) => self.receipt(index, Status::Delivered),
            ChatEventKind::Read(index) => self.receipt(index, Status::Read),
            ChatEventKind::Ended(_) => self.ended(now),
            ChatEventKind::Unknown => {
                self.log(Level::Warn, "the backend does not know this conversation any more");
                self.outbox.doubt(); // what is on its way has nowhere to arrive
                self.ended(now);
                if self.open.as_ref().is_some_and(|open| open.over()) {
                    self.fail_all(&over());
                }
            }
        }
    }

    /// Everything up to there has been received: what is still missing of it does not exist.
    pub(super) fn close_gaps(&mut self, until: u64) {
        self.transcript.close_gaps(until);
        self.apply_held();
    }

    /// Applies what no gap holds back any more.
    pub(super) fn apply_held(&mut self) {
        while let Some(entry) = self.transcript.next_held() {
            self.apply_entry(entry);
        }
    }

    fn apply_entry(&mut self, mut entry: Entry) {
        if entry.party.role == Role::Visitor && entry.client_message_id.is_none() {
            entry.client_message_id = self.echo_of(&entry);
        }
        let Some(open) = &mut self.open else { return };
        let id = open.shown_id().to_owned();
        let quiet = entry.index != 0 && entry.index <= self.reading.reported;
        match self.transcript.apply(entry, &id) {
            Outcome::Placed(message) => {
                self.tell_later(ChatEventKind::Entry(transcript::entry(&message)));
                self.placed(&message, quiet);
            }
            Outcome::Echo(message, first) => {
                self.tell_later(ChatEventKind::Entry(transcript::entry(&message)));
                self.echoed(&message, first);
            }
            Outcome::Seen | Outcome::Ahead => {}
        }
    }

    /// Against a backend without keys, an own message is known by its words, in order.
    fn echo_of(&mut self, entry: &Entry) -> Option<String> {
        if self.link.capabilities.has(Capabilities::IDEMPOTENCY) {
            return None;
        }
        let Content::Text(text) = &entry.content else { return None };
        let chat = self.open.as_ref().and_then(|open| open.entry.id.as_ref());
        let mut sent = self.outbox.iter().filter(|waiting| {
            let here = waiting.chat.is_none() || waiting.chat.as_ref() == chat;
            here && (entry.index == 0 || entry.index > waiting.after)
                && !matches!(waiting.stage, Stage::Queued | Stage::Failed)
        });
        sent.find(|waiting| waiting.entry.text == *text).map(|waiting| waiting.entry.client_message_id.clone())
    }

    fn placed(&mut self, message: &Rc<Message>, quiet: bool) {
        self.count_placed(message);
        let Some(open) = &mut self.open else { return };
        open.updated_at = open.updated_at.max(message.created_at);
        let agents = open.presence(message.index, &message.party, &message.content);
        self.render();
        if message.party.role != Role::Visitor && matches!(message.content, Content::Text(_) | Content::Url(_)) {
            self.others_type(message.party.clone(), false, Now::default());
        }
        if quiet {
            return;
        }
        match message.content {
            Content::Joined | Content::Left if message.party.role != Role::Visitor => {
                let joined = message.content == Content::Joined;
                self.emit(Event::Agent { joined, party: message.party.clone() });
            }
            Content::Joined | Content::Left => {}
            _ if message.party.role == Role::Visitor => self.emit_message(Change::Sent, message.clone()),
            _ => self.message_came(message),
        }
        if agents && let Some(conversation) = self.conversation() {
            let change =
                if conversation.agent.is_some() { ConversationChange::Assigned } else { ConversationChange::Updated };
            self.emit(Event::Conversation(change, conversation));
        }
    }

    fn echoed(&mut self, message: &Rc<Message>, first: bool) {
        let Some(key) = message.client_message_id.clone() else { return };
        if let Some(open) = &mut self.open {
            open.updated_at = open.updated_at.max(message.created_at);
        }
        if first {
            self.emit_message(Change::Sent, message.clone());
        }
        self.settle_waiting(&key, message);
        self.outbox.note_sent(&key);
        if let Some(waiting) = self.outbox.take(&key) {
            self.remove_waiting(&waiting.entry.client_message_id);
        }
        self.render();
    }

    fn receipt(&mut self, index: u64, status: Status) {
        let Some(open) = &mut self.open else { return };
        let mark = if status == Status::Read { &mut open.entry.read } else { &mut open.entry.delivered };
        *mark = (*mark).max(index);
        let grown = self.transcript.receipt(index, status);
        if grown.is_empty() {
            return;
        }
        self.render();
        let Some(conversation) = self.conversation() else { return };
        if status == Status::Read {
            self.emit(Event::Read(conversation, index));
        } else {
            for message in grown {
                self.emit(Event::Message(Change::Delivered, conversation.clone(), message));
            }
        }
    }

    /// Another conversation, with nothing in it yet but what waits to be sent.
    pub(super) fn show_empty(&mut self) {
        self.forget_operations();
        self.outbox.begin_another();
        if let Some(id) = self.open.take().and_then(|open| open.entry.id) {
            self.link.former = Some(id);
        }
        self.generation += 1;
        self.transcript = Transcript::new(self.transcript.last_key());
        self.reading.read = 0;
        self.reading.reported = 0;
        self.reading.marker = None;
        self.count_unread();
        self.end_typing();
        self.render();
    }

    /// Waiting messages of an ended conversation are rows of the new one.
    pub(super) fn repeat_waiting_rows(&mut self) {
        let rows: Vec<_> = self.outbox.iter().map(|waiting| self.outgoing_row(&waiting.entry, waiting.stage)).collect();
        for row in rows {
            self.transcript.push_outgoing(row);
        }
        self.render();
    }
}
