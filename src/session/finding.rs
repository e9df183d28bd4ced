//! A user's open conversation of another device: found, and gone on with here. Not: who the user is (`identity`), nor
//! how what was said comes in (`conversation`).

use super::conversation::Open;
use super::delivery::Doing;
use super::machine::Session;
use super::reading::counts;
use super::view::ConnectionState;
use crate::store::persisted::SavedConversation;
use crate::time::Now;
use crate::transport::{Action, Capabilities, Found};

/// So many conversations are asked for to find the open one.
const PAGE: u32 = 20;

impl Session {
    /// A verified user without an open conversation may have one on another device.
    pub(super) fn find_conversation(&mut self, now: Now) {
        let open = self.open.as_ref().is_some_and(|open| open.requested());
        let can = self.link.connection.state == ConnectionState::Connected
            && self.link.capabilities.has(Capabilities::CONVERSATIONS);
        if self.is_verified() && self.tabs.leads() && can && !open && !self.doing(&Doing::Find) {
            self.perform(Doing::Find, Action::Conversations(PAGE), now);
        }
    }

    /// The user's open conversation is gone on with, unless this session has one by now.
    pub(super) fn conversation_found(&mut self, found: Found, now: Now) {
        if self.open.as_ref().is_some_and(|open| open.requested()) {
            return;
        }
        let entry = SavedConversation {
            local_id: ["local-", &self.ids.fresh()].concat(),
            client_conversation_id: Some(self.ids.fresh()),
            asked: true,
            status: found.status,
            created_at: found.created_at,
            subject: found.subject,
            id: Some(found.id),
            ..SavedConversation::default()
        };
        self.show_empty();
        self.open = Some(Open::new(entry));
        self.reading.reported = u64::MAX;
        self.reading.unseen = found.unread_count;
        self.link.former = None;
        if let Some(visitor) = &mut self.visitor {
            visitor.resume = Some(found.resume);
        }
        self.repeat_values();
        self.save_session();
        self.tell_snapshot(None, u64::MAX);
        self.set_connection(ConnectionState::Connecting, None, None);
        self.connect(now); // with what opens it; its messages come that way
    }

    /// Everything said on the other device is here: it is no news, and read but for the last few.
    pub(super) fn caught_up_with_found(&mut self) {
        if self.reading.reported < u64::MAX {
            return;
        }
        self.reading.reported = self.transcript.applied();
        let (mut unseen, mut read) = (self.reading.unseen, 0);
        for row in self.transcript.placed().iter().rev() {
            if unseen == 0 {
                read = row.message.index;
                break;
            }
            unseen -= u32::from(counts(&row.message));
        }
        self.mark_read(read);
        self.count_unread();
    }
}
