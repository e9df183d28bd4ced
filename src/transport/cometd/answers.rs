//! What follows from what the chat server says, and what leaves for it. Not: how either looks on the wire (`frame`,
//! `operation`).

use super::Cometd;
use super::frame::{Frame, read_message, visitors_words};
use super::operation::{self, Operation};
use crate::error::{Code, Error};
use crate::message::{Content, Role};
use crate::time::{Mono, Now, Wall};
use crate::transport::{Action, Capabilities, ChatEvent, ChatEventKind, ClosedReason, Entry, Event, Performed};

/// An operation that is not answered in this many ms has an unknown fate.
const ANSWER_DUE: u64 = 30_000;
/// "Try again later" this many times in a row is a refusal.
const MAX_TRIES: u32 = 6;

impl Cometd {
    pub(super) fn handle_frame(&mut self, frame: &Frame<'_>, now: Now) {
        let place = self.answered_by(frame);
        if frame.status == 1 {
            return self.try_later(place, now.mono);
        }
        if self.settle_apart(place, frame) {
            return;
        }
        let requested = place.is_some_and(|place| matches!(self.operations[place].action, Action::RequestChat(_)));
        if frame.status > 1 {
            return self.handle_refusal(place, requested, frame);
        }
        let Some(chat_id) = frame.chat_id else {
            return if requested { self.settle(place, Err(no_chat())) } else { self.notice() };
        };
        if requested {
            if frame.secure_key.is_none() {
                return self.settle(place, Err(no_chat()));
            }
            self.leave_chat();
            for operation in &mut self.operations {
                operation.stale |= operation.sent > 0;
            }
            self.wanted = Some(0);
            self.applied = 0;
        } else if self.resume.secure_key.is_none() || self.resume.chat_id.as_deref().is_some_and(|own| own != chat_id) {
            return self.handle_afterword(place, frame);
        }
        self.learn(frame);
        if requested {
            self.settle(place, Ok(Performed::Requested(chat_id.to_owned())));
        }
        let place = place.filter(|_| !requested);
        // An end that is told before what was missed: the last words, and whose they are, are still to come.
        let asked = self.operations.iter().position(|operation| operation.id.is_none());
        self.over |= frame.ended;
        let mut over = self.over && (asked.is_none() || asked == place);
        let outcome = self.take_messages(place, frame, now.wall);
        if over && asked.is_none() && frame.next_position() > Some(self.applied + 1) {
            over = false;
            self.operations.insert(0, Operation::new(None, Action::CatchUp(self.applied)));
        }
        if over {
            self.forget_chat(ChatEventKind::Ended(None));
        }
        // Found anew: an echo among the messages may have settled operations.
        let place = self.answered_by(frame).filter(|_| place.is_some());
        self.settle(place, Ok(outcome));
        if over {
            let end = self.operations.iter().position(|operation| matches!(operation.action, Action::End));
            self.settle(end, Ok(Performed::Done));
        }
    }

    /// A frame of a chat that is over for us: still, what it says was done is done.
    fn handle_afterword(&mut self, place: Option<usize>, frame: &Frame<'_>) {
        let sends = place.is_some_and(|place| matches!(self.operations[place].action, Action::Send(_)));
        self.settle(place, Ok(if sends { Performed::Sent(0, None) } else { Performed::Done }));
        if self.capabilities.has(Capabilities::IDEMPOTENCY) {
            return;
        }
        let over = self.resume.chat_id.is_none();
        for message in frame.messages() {
            let Some(words) = visitors_words(message) else { continue };
            let echoed = self
                .operations
                .iter()
                .position(|operation| operation.sent > 0 && (over || operation.stale) && operation.says(words));
            self.settle(echoed, Ok(Performed::Sent(0, None)));
        }
    }

    /// Which operation the frame answers: the one it names, where the server knows our extension; elsewhere it is
    /// known by its kind and by order.
    fn answered_by(&self, frame: &Frame<'_>) -> Option<usize> {
        let first = |fits: &dyn Fn(&Action) -> bool| {
            self.operations.iter().position(|operation| operation.sent > 0 && fits(&operation.action))
        };
        if let Some(id) = frame.request_id {
            return self.operations.iter().position(|operation| operation.sent == id && id > 0);
        }
        if self.capabilities.has(Capabilities::KEEPS) {
            return None;
        }
        if frame.status > 0 {
            return first(&|action| !matches!(action, Action::Typing(_)));
        }
        let requested = first(&|action| matches!(action, Action::RequestChat(_)));
        // The last words of the chat before may come after the request for the next one has left.
        let chat_id = frame.chat_id;
        let new = chat_id.is_some() && chat_id != self.former.as_deref() && chat_id != self.resume.chat_id.as_deref();
        requested
            .filter(|_| new && frame.secure_key.is_some())
            .or_else(|| first(&|action| !new && matches!(action, Action::CatchUp(from) if frame.continues(*from))))
    }

    /// Reports the messages of a frame, and what the operation it answers brought.
    fn take_messages(&mut self, place: Option<usize>, frame: &Frame<'_>, now: Wall) -> Performed {
        let mut outcome = Performed::Done;
        let mut catches_up = false;
        let mut own_key = String::new();
        match place.and_then(|place| self.operations.get(place)).map(|operation| &operation.action) {
            Some(Action::Send(sent)) => {
                outcome = Performed::Sent(0, None);
                own_key.clone_from(&sent.client_message_id);
            }
            Some(Action::CatchUp(_)) => catches_up = true,
            _ => {}
        }
        let mut kinds = Vec::new();
        for message in frame.messages() {
            let Some(mut kind) = read_message(message, now) else { continue };
            if let ChatEventKind::Entry(entry) = &mut kind {
                self.know_echo(entry);
                if !own_key.is_empty() && entry.client_message_id.as_deref() == Some(&own_key) {
                    outcome = Performed::Sent(entry.index, None);
                }
                if entry.index == self.applied + 1 {
                    self.applied = entry.index;
                }
            }
            kinds.push(kind);
        }
        if catches_up {
            let next = frame.next_position().unwrap_or(self.applied + 1);
            self.applied = self.applied.max(next.saturating_sub(1));
            kinds.push(ChatEventKind::CaughtUp(next));
        }
        if !kinds.is_empty() {
            self.report(kinds);
        }
        // From the back, so that the places in front stay right.
        for at in (0..self.operations.len()).rev() {
            let echo = self.operations.get(at).map_or(0, |operation| operation.echo);
            if echo > 0 && Some(at) != place {
                self.settle(Some(at), Ok(Performed::Sent(echo, None)));
            }
        }
        outcome
    }

    /// Without keys on the wire, one's own echo is known by its text and by order: the first message of ours with this
    /// text that has no echo yet. It is given our key.
    fn know_echo(&mut self, entry: &mut Entry) {
        let Content::Text(text) = &entry.content else { return };
        if self.capabilities.has(Capabilities::IDEMPOTENCY)
            || entry.party.role != Role::Visitor
            || entry.index <= self.applied
        {
            return;
        }
        for operation in &mut self.operations {
            if operation.sent > 0 && operation.echo == 0 && operation.says(text) {
                operation.echo = entry.index;
                if let Action::Send(outgoing) = &operation.action {
                    entry.client_message_id = Some(outgoing.client_message_id.clone());
                }
                return;
            }
        }
    }

    fn handle_refusal(&mut self, place: Option<usize>, requested: bool, frame: &Frame<'_>) {
        let ours = match (frame.chat_id, place) {
            (Some(id), _) => self.resume.chat_id.as_deref() == Some(id),
            (None, Some(place)) => !self.operations[place].stale,
            // It answers what nobody waits for any more.
            (None, None) => frame.request_id.is_none(),
        };
        let over = (frame.chat_unknown() || frame.ended) && ours && self.resume.secure_key.is_some() && !requested;
        if over && frame.chat_unknown() && self.ask_for_key(place) {
            return;
        }
        if over {
            let unknown = frame.chat_unknown();
            self.forget_chat(if unknown { ChatEventKind::Unknown } else { ChatEventKind::Ended(None) });
        } else if place.is_none() {
            self.notice();
        }
        let Some(found) = place else { return };
        // Both wanted no more than what is now known.
        let operation = &self.operations[found];
        let settled = over && (operation.id.is_none() || matches!(operation.action, Action::End));
        self.settle(place, if settled { Ok(Performed::Done) } else { Err(frame.error()) });
    }

    fn try_later(&mut self, place: Option<usize>, now: Mono) {
        let Some(place) = place else { return };
        self.jitter = self.jitter.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let spread = 750 + (self.jitter >> 33) % 501;
        let operation = &mut self.operations[place];
        operation.tries += 1;
        operation.sent = 0;
        operation.again_at = now + u64::from(operation.tries) * spread;
        if operation.tries >= MAX_TRIES {
            let error = Error::new(Code::TransportUnavailable, "the chat server stays busy");
            self.settle(Some(place), Err(error));
        }
    }

    /// Ends an operation and says how.
    pub(super) fn settle(&mut self, place: Option<usize>, result: Result<Performed, Error>) {
        let Some(place) = place else { return };
        match (self.operations.remove(place).id, result) {
            (Some(id), result) => self.events.push(Event::Performed(id, result)),
            (None, Ok(_)) => {
                self.caught_up = true;
                self.report_connected();
            }
            (None, Err(Error { code: code @ (Code::AuthRequired | Code::AuthExpired | Code::InvalidToken), .. })) => {
                self.client.give_up(ClosedReason::Auth(code)); // the session asks for a token, and we begin anew
            }
            (None, Err(_)) => self.client.fail("catch_up_refused"),
        }
    }

    /// The chat is over for us.
    pub(super) fn forget_chat(&mut self, kind: ChatEventKind) {
        self.report(vec![kind]);
        self.leave_chat();
        self.wanted = None;
    }

    fn leave_chat(&mut self) {
        if self.resume.chat_id.is_some() {
            self.former.clone_from(&self.resume.chat_id);
        }
        self.resume.forget_chat();
        self.over = false;
    }

    /// Says once what is strange; what it was is not repeated, it may hold anything.
    pub(super) fn notice(&mut self) {
        if !self.noticed {
            self.noticed = true;
            self.events.push(Event::Notice("ignored what the server sent: no message of this protocol".to_owned()));
        }
    }

    /// Tells the session when what it must keep has changed.
    pub(super) fn save(&mut self) {
        let now = self.resume.write();
        if now != self.saved {
            self.saved.clone_from(&now);
            self.events.push(Event::Saved(now));
        }
    }

    /// What every input ends with.
    pub(super) fn finish(&mut self, now: Mono) {
        self.save();
        if self.operations.is_empty() {
            self.client.move_to_socket();
        }
        self.pump(now);
        if let Some(failure) = self.client.poll_failure() {
            self.forget_operations();
            self.events.push(failure);
        }
        self.client.flush(now);
    }

    pub(super) fn forget_operations(&mut self) {
        self.operations.clear();
        self.ready = false;
        self.asked = false;
        self.caught_up = false;
        self.over = false;
    }

    /// Publishes operations in order. One that waits to be tried again holds up those behind it.
    fn pump(&mut self, now: Mono) {
        if !self.client.has_session() {
            return;
        }
        let mut place = 0;
        while let Some(operation) = self.operations.get_mut(place) {
            if operation.sent == 0 {
                if operation.again_at > now {
                    return;
                }
                match operation::write(&operation.action, &self.resume, self.capabilities) {
                    Ok(data) => self.leave(place, data, now),
                    Err(error) => {
                        if let (Code::SessionNotFound, Action::Send(outgoing)) = (error.code, &operation.action) {
                            // The session believes in a chat that is not there any more.
                            let conversation_id = Some(outgoing.conversation_id.clone());
                            let event = ChatEvent { conversation_id, kind: ChatEventKind::Unknown };
                            self.events.push(Event::Received(vec![event]));
                        }
                        self.settle(Some(place), Err(error));
                        continue;
                    }
                }
            }
            place += 1;
        }
    }

    fn leave(&mut self, place: usize, data: String, now: Mono) {
        let sent = self.client.publish(data);
        let operation: &mut Operation = &mut self.operations[place];
        operation.sent = sent;
        operation.due = now + ANSWER_DUE;
    }

    /// Notes what the frame tells about the chat; any of it may change while the chat goes on.
    fn learn(&mut self, frame: &Frame<'_>) {
        let resume = &mut self.resume;
        for (name, known) in [
            ("chatId", &mut resume.chat_id),
            ("secureKey", &mut resume.secure_key),
            ("userId", &mut resume.user_id),
            ("alias", &mut resume.alias),
        ] {
            if let Some(told) = frame.data.owned_at(name) {
                *known = Some(told);
            }
        }
        self.save();
    }

    fn report(&mut self, kinds: Vec<ChatEventKind>) {
        let mut events = Vec::new();
        for kind in kinds {
            events.push(ChatEvent { conversation_id: self.resume.chat_id.clone(), kind });
        }
        self.events.push(Event::Received(events));
    }
}

fn no_chat() -> Error {
    Error::new(Code::ProtocolError, "the chat server named no chat")
}
