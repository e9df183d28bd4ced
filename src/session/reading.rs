//! What the visitor has read, writes, and sees: read mark, unread count, draft, panel and launcher. Not: how any of
//! it is drawn.

use super::machine::Session;
use super::output::Event;
use super::peer::Peer;
use super::view::Item;
use crate::error::Code;
use crate::lifecycle::State;
use crate::message::{Content, Message, Role};
use crate::store::persisted::{self, Draft, ReadMark};
use crate::time::{Mono, Now, Wall};
use crate::transport::{Action, Capabilities};

/// See the module.
pub(super) struct Reading {
    /// Read up to this index.
    pub(super) read: u64,
    /// Messages of others after it.
    pub(super) unread: u32,
    /// What the page was last told.
    told: u32,
    /// An earlier page has reported everything up to this index: it is drawn, not reported.
    pub(super) reported: u64,
    /// Messages the visitor has not seen of a conversation found on another device.
    pub(super) unseen: u32,
    /// The row above which "New messages" stands.
    pub(super) marker: Option<u32>,
    /// What the composer holds.
    pub(super) draft: String,
    /// Grows with every change of it in any tab; the greater one wins.
    pub(super) draft_counter: u64,
    /// See `View::draft_revision`.
    pub(super) draft_revision: u32,
    /// See `View::unsent`.
    pub(super) unsent: Option<Code>,
    /// The newest message is in sight.
    at_end: bool,
    /// The page is visible.
    pub(super) visible: bool,
    /// The browser believes there is a network.
    pub(super) online: bool,
    /// The page is in the back/forward cache, or was and does not know yet who is there.
    pub(super) cached: bool,
    /// How far the clock on the wall is ahead of the other: a machine that sleeps stops one of them.
    pub(super) skew: u64,
    /// The last moment heard of, for timers.
    pub(super) mono: Mono,
    /// The last moment heard of, for what is stored without an input of its own.
    pub(super) wall: Wall,
}

impl Reading {
    /// Nothing read, nothing written.
    pub(super) fn new(now: Now) -> Self {
        Reading {
            read: 0,
            unread: 0,
            told: 0,
            reported: 0,
            unseen: 0,
            marker: None,
            draft: String::new(),
            draft_counter: 0,
            draft_revision: 0,
            unsent: None,
            at_end: false,
            visible: true,
            online: true,
            cached: false,
            skew: now.wall.wrapping_sub(now.mono),
            mono: now.mono,
            wall: now.wall,
        }
    }

    /// Nothing of the visitor; the page is the same.
    pub(super) fn emptied(&self) -> Self {
        Reading {
            draft_revision: self.draft_revision + 1,
            visible: self.visible,
            online: self.online,
            skew: self.skew,
            ..Reading::new(Now { mono: self.mono, wall: self.wall })
        }
    }
}

/// Whether a message counts as unread until the visitor has seen it.
pub(super) fn counts(message: &Message) -> bool {
    message.party.role != Role::Visitor && matches!(message.content, Content::Text(_) | Content::Url(_))
}

impl Session {
    /// From the store.
    pub(super) fn restore_reading(&mut self, mark: Option<ReadMark>, draft: Option<Draft>) {
        if let (Some(mark), Some(open)) = (mark, &self.open)
            && mark.conversation_id == open.shown_id()
        {
            self.reading.read = self.reading.read.max(mark.index);
        }
        let visitor = self.visitor.as_ref();
        let theirs = draft.as_ref().is_some_and(|draft| match &draft.visitor_id {
            Some(id) => visitor.is_none_or(|visitor| visitor.id != *id),
            None => self.config.storage == "cookie",
        });
        let draft = draft.filter(|_| !theirs);
        if theirs {
            self.remove(persisted::DRAFT);
        }
        let (text, counter) = draft.map_or((String::new(), 0), |draft| (draft.text, draft.counter));
        if self.reading.draft.is_empty() {
            self.reading.draft = text;
            self.reading.draft_counter = counter;
            self.reading.draft_revision += 1;
        } else {
            // Typed while booting: newer than what was kept.
            self.reading.draft_counter += counter;
            self.keep_draft();
        }
        self.count_unread();
    }

    /// A message was placed. (Of a conversation that was found, what is unread is known once all of it is here.)
    pub(super) fn count_placed(&mut self, message: &Message) {
        if message.index > self.reading.read && counts(message) && self.reading.reported < u64::MAX {
            self.reading.unread += 1;
        }
    }

    /// Counts anew.
    pub(super) fn count_unread(&mut self) {
        let read = self.reading.read;
        let placed = self.transcript.placed();
        let unread = placed.iter().rev().take_while(|row| row.message.index > read).filter(|row| counts(&row.message));
        self.reading.unread = unread.count() as u32;
    }

    /// Tells the page when the count changed.
    pub(super) fn tell_unread(&mut self) {
        if self.reading.told != self.reading.unread && self.state.live() {
            self.reading.told = self.reading.unread;
            self.emit(Event::Unread(self.reading.unread));
        }
    }

    /// The mark moves when the panel is open, the page visible and the transcript at its end.
    pub(super) fn read_what_is_seen(&mut self) {
        let seen = self.reading.at_end && self.reading.visible && self.look.open && self.look.shown;
        if !seen || self.storing.checking() {
            return;
        }
        let newest = self.transcript.placed().last().map_or(0, |row| row.message.index);
        if newest > self.reading.read {
            self.mark_read(newest);
            self.tell(Peer::Read(newest));
        }
    }

    /// Read up to `index`, here or in another tab.
    pub(super) fn mark_read(&mut self, index: u64) {
        if index <= self.reading.read {
            return;
        }
        self.reading.read = index;
        self.count_unread();
        self.save_read();
        self.send_quietly(Capabilities::RECEIPTS, Action::Read(index));
        self.render();
    }

    /// The newest message came into sight, or left it.
    pub(super) fn set_at_end(&mut self, at_end: bool) {
        self.reading.at_end = at_end;
    }

    /// The composer of this tab holds `text`.
    pub(super) fn set_draft(&mut self, text: String, now: Now) {
        let typing = !text.is_empty();
        if self.reading.unsent.take().is_some() {
            self.render();
        }
        self.write_draft(text);
        self.typed(typing, now);
    }

    /// The draft changed in this tab.
    pub(super) fn write_draft(&mut self, text: String) {
        if text == self.reading.draft {
            return;
        }
        self.reading.draft = text;
        self.reading.draft_counter += 1;
        if self.visitor.is_some() {
            self.keep_draft(); // before that, whose it is and whether it may be stored, nobody knows
        }
    }

    fn keep_draft(&mut self) {
        self.save_draft();
        self.tell(Peer::Draft { counter: self.reading.draft_counter, text: self.reading.draft.clone() });
    }

    /// The draft changed in another tab.
    pub(super) fn mirror_draft(&mut self, counter: u64, text: String) {
        if counter > self.reading.draft_counter {
            self.reading.draft = text;
            self.reading.draft_counter = counter;
            self.reading.draft_revision += 1;
            self.reading.unsent = None;
            self.render();
        }
    }

    /// Opens or closes the panel.
    pub(super) fn set_open(&mut self, open: bool) {
        if self.look.open == open {
            return;
        }
        self.look.open = open;
        self.render();
        self.emit(if open { Event::Open } else { Event::Close });
        if self.visitor.is_some() {
            self.save_ui();
        }
        if open {
            let read = self.reading.read;
            let first = self.transcript.placed().iter().find(|row| row.message.index > read && counts(&row.message));
            self.reading.marker = first.map(|row: &Item| row.key);
        } else {
            self.reading.marker = None;
            self.reading.at_end = false;
            self.stop_typing();
        }
        self.announce_want();
    }

    /// `show()` and `hide()`.
    pub(super) fn set_shown(&mut self, shown: bool) {
        if std::mem::replace(&mut self.look.shown, shown) != shown {
            self.emit(if shown { Event::Show } else { Event::Hide });
        }
    }

    /// The launcher calls.
    pub(super) fn set_launcher(&mut self, visible: bool) {
        if std::mem::replace(&mut self.look.launcher, visible) != visible {
            self.emit(if visible { Event::LauncherShow } else { Event::LauncherHide });
        }
    }

    /// At the end of a boot: the page hears of unread messages of before.
    pub(super) fn emit_unread_if_any(&mut self) {
        if self.state != State::Destroyed {
            self.tell_unread();
        }
    }
}
