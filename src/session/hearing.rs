//! What another tab says, and who acts upon it: whoever leads, whoever follows, or whoever hears by it of a logout. Not: the
//! form of it (`peer`), who leads (`lead`), nor what this tab says (`tabs`).

use super::connecting::Ending;
use super::identity::User;
use super::machine::Session;
use super::peer::{self, ALLOWED, HERE, Header, MERGED, Peer, REVOKED, UNDID};
use super::storing::Purpose;
use super::tabs::TabRole;
use crate::error::{Code, Error};
use crate::store::persisted;
use crate::time::Now;

impl Session {
    /// A text of another tab.
    pub(super) fn peer_text(&mut self, text: &str, now: Now) {
        let Some((header, peer)) = peer::decode(text) else { return };
        let mine = self.visitor.as_ref().is_some_and(|visitor| visitor.id == header.visitor);
        match peer {
            Peer::Sign(sign @ (ALLOWED | REVOKED)) => return self.consent_elsewhere(sign == ALLOWED, mine),
            Peer::Sign(UNDID) => return self.write_over(now),
            _ => {}
        }
        self.tabs.company = true;
        let logout = matches!(peer, Peer::Logout { .. });
        let stranger = !mine && self.keeps_apart();
        if stranger && !logout {
            // Its epoch says nothing of this tab. Who has just come is to know that it is not alone.
            return if matches!(peer, Peer::Hello { .. }) && self.visitor.is_some() {
                self.tell(Peer::Sign(HERE))
            };
        }
        // Who logs out without a session knows no epoch but that of the store at hand: not every tab's. One who has
        // counted up to our own number knew all there was: what is here has come after that.
        let blind = header.visitor.is_empty() || header.visitor == header.tab && header.epoch < self.tabs.epoch;
        let unknown = logout && (stranger || blind && self.config.storage != "local");
        if header.epoch > self.tabs.epoch || unknown {
            let epoch = header.epoch.max(self.tabs.epoch + u64::from(unknown));
            if let Peer::Logout { clear, user: None } = peer {
                self.revoke_for_another(clear, now);
                self.cleared(clear && blind, &header, now);
            }
            let booted = self.visitor.is_some() || self.boot.is_some();
            let (gone, next) = match &peer {
                Peer::Logout { clear, user, .. } => {
                    (Some(*clear).filter(|_| *clear || user.is_none()), user.as_deref())
                }
                _ => (None, None),
            };
            // Who set this visitor aside had not read yet that they are a user by now.
            let merged = mine && next.is_some() && gone.is_none() && self.has_user();
            self.give_up_boot(next, logout);
            self.logged_out_elsewhere(epoch, gone, now);
            if merged {
                self.tell_of(&header.visitor, Peer::Sign(MERGED));
            }
            if logout && next.is_none() && !booted {
                self.forget_copy();
            }
            return;
        }
        if logout && blind {
            // Late, or said by who found a store that the page had emptied, and could not know better: the store tells.
            return match self.visitor {
                Some(_) => self.load(Purpose::Compare { back: false, told: true }),
                None => self.give_up_boot(None, true),
            };
        }
        if header.epoch < self.tabs.epoch {
            return self.write_over(now);
        }
        if !mine {
            if matches!(peer, Peer::Sign(MERGED)) {
                self.leaving.merged = true;
                self.remove(persisted::ASIDE); // and once more when this tab has the lead
            } else if !logout && !header.visitor.is_empty() {
                self.tabs.met = self.tabs.epoch;
            }
            return;
        }
        if self.tabs.role == TabRole::Alone {
            return;
        }
        if !self.heed_lead(&header, &peer, now) {
            return;
        }
        if self.unproven() && !matches!(peer, Peer::Snapshot(_)) {
            return; // a follower says again what the new leader is to hear
        }
        match peer {
            Peer::Logout { .. } => {}
            Peer::Values(text) => self.learn_from(&text),
            Peer::User(id) if !self.has_user() => self.become_user(User { id, verified: false }, now),
            Peer::Draft { counter, text } => self.mirror_draft(counter, text),
            Peer::Read(index) => self.mark_read(index),
            Peer::Used(at) => self.used_elsewhere(at, &header.tab),
            Peer::Retry(key) => self.requeue_failed(&key, now),
            // Of a chat that is over here too: a slow tab must not put away the next one.
            Peer::Cleared => drop(self.close_over()),
            // Said to an earlier leader. Its author, if that still waits for it, says it again to the new one.
            Peer::Outbox(_) if header.term < self.tabs.term => {}
            Peer::Outbox(waits) if self.tabs.leads() => self.take_in(waits, now),
            Peer::Gone { id, sent: false } => self.drop_waiting(&id),
            peer if self.tabs.leads() => self.follower_says(&header, peer, now),
            Peer::Outbox(waits) if !header.leads => self.mirror_new(waits),
            peer if header.leads => {
                let new = std::mem::replace(&mut self.tabs.term, header.term) < header.term;
                self.leader_says(peer, now);
                if new {
                    self.ask_again();
                }
            }
            _ => {}
        }
    }

    fn follower_says(&mut self, header: &Header, peer: Peer, now: Now) {
        match peer {
            Peer::Hello { conversation, from } => {
                let same = self.open.as_ref().is_some_and(|open| open.entry.id == conversation);
                self.tell_snapshot(Some(header.tab.clone()), if same { from } else { 0 });
            }
            Peer::Typing(is_typing) => self.typed(is_typing, now),
            // Who is about to prove a user itself, or has, goes on; the other hears what becomes of it.
            Peer::Take if self.proves() => {}
            Peer::Take => {
                self.say_farewell();
                self.step_down(now);
            }
            Peer::Want(want) => match self.tabs.wanting.iter().position(|tab| *tab == header.tab) {
                Some(at) if !want => drop(self.tabs.wanting.remove(at)),
                None if want => self.tabs.wanting.push(header.tab.clone()),
                _ => {}
            },
            Peer::Start(entry) => {
                if self.open.as_ref().is_none_or(|open| !open.requested()) {
                    self.adopt_conversation(Some(entry));
                    self.save_session();
                }
                self.tell_snapshot(None, u64::MAX); // of two that begin at once, the leader's stands
            }
            Peer::End { call, clear, chat } => {
                self.end_as_asked(Ending { tab: Some(header.tab.clone()), call, clear }, &chat);
            }
            _ => {}
        }
    }

    fn leader_says(&mut self, peer: Peer, now: Now) {
        match peer {
            Peer::Snapshot(snapshot) => self.mirror(*snapshot, now),
            Peer::Applied(events) => {
                self.received(events, now);
                if self.transcript.has_gap() && !self.tabs.answered {
                    self.say_hello();
                }
            }
            Peer::Connection(shared) => self.mirror_connection(&shared, now),
            Peer::Outbox(waits) => self.mirror_waiting(waits),
            Peer::Gone { id, sent: true } => self.forget_sent(&id),
            Peer::Ended { to, call, error } if to == self.tabs.tab => {
                let Some(at) = self.tabs.asked.iter().position(|asked| asked.0 == call) else { return };
                let (_, chat) = self.tabs.asked.remove(at);
                let result = match error {
                    None => Ok(()),
                    Some(code) => {
                        let code = Code::named(&code).unwrap_or(Code::InternalError);
                        Err(Error::new(code, "the backend refused it"))
                    }
                };
                self.answer(None, call, &result);
                if chat.is_empty() {
                    self.values_settled(&result);
                }
            }
            _ => {}
        }
    }
}
