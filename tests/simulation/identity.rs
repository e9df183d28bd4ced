//! Who a session is for: users stay users until they log out, nobody sees another's words, a token is nobody's but the
//! backend's. Not: what is left after a logout (`wipes`).

use crate::browser::TabId;
use crate::tab::Tab;
use crate::users::name_of;
use crate::world::{World, Wrong};
use support_chat::lifecycle::State;
use support_chat::transport::{Action, Command, Connect};

impl World {
    /// Whether a tab may show a text: its own, or one of a conversation of whoever it is live as.
    pub(crate) fn may_show(&self, tab: &Tab, place: usize) -> bool {
        let written = &self.ledger.written[place];
        let Some(visitor) = &tab.visitor else { return false };
        if written.visitor.as_ref() == Some(visitor) {
            return true;
        }
        let user = tab.session.identity().and_then(|identity| identity.user_id);
        let mut holders = self.backend.holders(&written.text).peekable();
        written.visitor.is_none() && holders.peek().is_none()
            || holders.any(|one| {
                let of = self.backend.accounts[one.account].user.map(name_of);
                one.opener == *visitor || (self.backend.may_see(visitor, one.account) && (of.is_none() || of == user))
            })
    }

    /// After every input.
    pub(crate) fn check_identity(&mut self, id: TabId) {
        let Some(tab) = self.tab(id) else { return };
        // Who joins a group of tabs that is live needs no proof of its own.
        let group = |other: &Tab| other.visitor == tab.visitor && other.state().live();
        let alone = self.plan.identifies && !self.tabs.iter().any(group);
        if let (Some(visitor), State::Booting, Some(user), true) = (&tab.visitor, tab.state(), &tab.boots_as, alone)
            && !self.is_wiped_now(visitor)
        {
            let view = tab.session.view();
            let seen = !view.items.is_empty() || !view.draft.is_empty();
            let proven = self.backend.proven.iter().any(|(proven, of)| proven == visitor && name_of(*of) == *user);
            let own = |item: &support_chat::session::Item| item.message.index == 0;
            if seen && !proven && !view.items.iter().all(own) {
                return self.fail(Wrong::Other, format!("tab {id} shows {user}'s words before the proof"));
            }
        }
        let Some(identity) = tab.session.identity() else { return };
        if tab.was_user.is_some() && identity.user_id != tab.was_user {
            let words = format!("tab {id} was {:?} and is {:?} in one session", tab.was_user, identity.user_id);
            return self.fail(Wrong::Other, words);
        }
        let expected = if identity.user_id.is_some() { State::Authenticated } else { State::Anonymous };
        let state = tab.state();
        if matches!(state, State::Anonymous | State::Authenticated) && state != expected {
            return self.fail(Wrong::Other, format!("tab {id} is {} as {:?}", state.name(), identity.user_id));
        }
        let died = self.dead.get(&identity.visitor_id).copied();
        if let Some(at) = died.filter(|at| tab.since > Some(at + self.plan.store_delay + 51) && !self.browser_failed())
        {
            return self.fail(Wrong::Other, format!("tab {id} goes by an id that was gone {} ms ago", self.time - at));
        }
        if tab.was_user.is_none() && identity.user_id.is_some() {
            if let Some(tab) = self.tab_mut(id) {
                tab.was_user = identity.user_id;
            }
            self.identities += 1;
        }
    }

    /// A boot or an identify came true.
    pub(crate) fn check_became(&mut self, tab: &Tab, user: &str) {
        let now = tab.session.identity();
        if now.as_ref().is_some_and(|identity| identity.user_id.as_deref() != Some(user)) {
            let words = format!("tab {} was to be {user}, and is {now:?}", tab.id);
            self.fail(Wrong::Other, words);
        }
    }

    /// What a session asks of the transport, under its user's name and with a token of theirs.
    pub(crate) fn check_command(&mut self, tab: &Tab, command: &Command) {
        let (claimed, token) = match command {
            Command::Connect(connect) => {
                let Connect { user_id, token, .. } = &**connect;
                let user = tab.was_user.as_ref().or(tab.boots_as.as_ref().filter(|_| tab.state() == State::Booting));
                if user.is_some() && user_id.as_ref() != user {
                    let words = format!("tab {} is {user:?} and connects as {user_id:?}", tab.id);
                    return self.fail(Wrong::Other, words);
                }
                (user_id.clone(), token)
            }
            Command::Perform(_, Action::Identify(token)) => (None, &Some(token.clone())),
            _ => return,
        };
        let Some(token) = token else { return };
        let signed = self.backend.tokens.iter().find(|signed| signed.text == *token);
        let wrong = match signed {
            None => Some("what is no token"),
            Some(signed) if claimed.as_ref().is_some_and(|name| *name != name_of(signed.user)) => {
                // What a token does not say, nobody but the backend knows.
                token.contains('.').then_some("another user's token")
            }
            Some(_) => None,
        };
        if let Some(wrong) = wrong {
            self.fail(Wrong::Other, format!("tab {} sends {wrong}", tab.id));
        }
    }

    /// What a tab stores: no token; and whose session it is.
    pub(crate) fn check_saved(&mut self, tab: &Tab, name: &str, text: &str) {
        if text.contains("~t") {
            return self.fail(Wrong::Other, format!("tab {} stores a token in `{name}`: {text}", tab.id));
        }
        if name != "session" || tab.memory.is_some() {
            return;
        }
        let entry: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let member = |name: &str| entry[name].as_str().map(str::to_owned);
        let Some(visitor) = member("visitorId") else { return };
        let home = self.home(tab.id);
        let owner = (visitor, member("userId"), entry["epoch"].as_u64().unwrap_or(0));
        if self.browsers[home].owner.as_ref().is_some_and(|last| last.2 > owner.2) {
            return; // it has not heard of the last logout yet
        }
        let before = self.browsers[home].owner.replace(owner.clone());
        let Some((former, user, _)) = before.filter(|before| before.0 != owner.0) else { return };
        if !self.plan.locks {
            self.dead.remove(&owner.0); // of two created at once the last one stands
        }
        if user.is_some() || owner.1.is_some() {
            self.changes += 1;
        }
        // What an anonymous visitor had not sent goes as well: what is set aside holds no words.
        self.give_up_of(Some(&former));
        if user.is_some() {
            // An identify under way while another tab set the visitor aside: the backend alone knows that it is merged.
            let aside =
                self.browsers[home].entries().iter().any(|(name, text)| name == "aside" && text.contains(&former));
            self.wiped(home, former, !aside);
        }
    }
}
