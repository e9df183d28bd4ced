//! The site whose pages the chat stands on: who is signed in there, what its pages call, and what its token provider
//! answers. Not: what the backend makes of a token (`users`).

use crate::browser::TabId;
use crate::plan::{Fault, Wire};
use crate::tab::{Input, Tab};
use crate::users::{Kind, UserId, life, name_of};
use crate::world::{Due, World, Wrong};
use support_chat::lifecycle::State;
use support_chat::session::{Call, ProviderId, Who};

/// A provider has this long.
const PROVIDER_LIMIT: u64 = 15_000;

impl World {
    /// A page boots the chat, as whoever is signed in.
    pub(crate) fn boot(&mut self, id: TabId) {
        let call = match self.browsers[self.home(id)].login {
            None => Call::Boot,
            Some(user) => Call::BootAs(self.who(id, user)),
        };
        let anew = self.tab(id).is_some_and(|tab| matches!(tab.state(), State::Ready | State::Shutdown));
        if let Some(tab) = self.tab_mut(id).filter(|_| anew) {
            tab.boots_as = None;
        }
        if let Call::BootAs(who) = &call
            && let Some(tab) = self.tab_mut(id).filter(|_| anew)
        {
            tab.boots_as.clone_from(&who.user_id);
        }
        self.call(id, call);
    }

    fn who(&mut self, id: TabId, user: UserId) -> Box<Who> {
        let bare = !self.calm && self.random.percent(self.plan.unproven);
        let provider = self.tab_mut(id).filter(|_| !bare).map(|tab| {
            tab.providers.push(Some(user));
            tab.providers.len() as ProviderId
        });
        Box::new(Who {
            user_id: Some(name_of(user)),
            said: format!(r#"{{"user":{{"id":"{}"}}}}"#, name_of(user)),
            provider,
        })
    }

    /// Something happens at the site.
    pub(crate) fn site_acts(&mut self, id: TabId, fault: Fault) {
        let home = self.home(id);
        let login = self.browsers[home].login;
        let user = self.random.below(self.plan.users) as UserId;
        match fault {
            Fault::SignIn if login.is_none() => {
                self.browsers[home].login = Some(user);
                let who = self.who(id, user);
                let live = self.tab(id).is_some_and(|tab| tab.state().live());
                if live && self.random.percent(70) { self.call(id, Call::Identify(who)) } else { self.boot(id) }
            }
            Fault::ChangeUser => {
                self.browsers[home].login = Some(user);
                self.boot(id); // the page of somebody careless: a conflict
                if self.random.percent(70) {
                    self.log_out(id, self.random.clone().percent(30));
                    self.boot(id);
                }
            }
            Fault::SignedOut => self.browsers[home].login = None, // and nobody tells the chat
            Fault::RevokeAll => self.backend.revoke_all(user),
            Fault::Update => {
                let said = r#"{"context":{"page":"prices"}}"#.to_owned();
                self.call(id, Call::Update(Box::new(Who { said, ..Who::default() })));
            }
            _ => {}
        }
    }

    /// Pages of a site in order: whoever the chat takes the visitor for is who is signed in.
    pub(crate) fn tidy_up(&mut self, id: TabId) {
        let wanted = self.browsers[self.home(id)].login.map(name_of);
        let Some(tab) = self.tab(id) else { return };
        let other = tab.session.identity().is_some_and(|identity| identity.user_id != wanted);
        if other && tab.state().live() {
            self.log_out(id, false);
        }
    }

    /// A session wants a token.
    pub(crate) fn ask(&mut self, tab: &mut Tab, ask: u32, provider: ProviderId) {
        self.asks += 1;
        if let Some((other, at)) = tab.asking.filter(|(_, at)| self.time < at + PROVIDER_LIMIT) {
            let words = format!("tab {} asks for a token ({ask}) while it asks ({other}, at {at})", tab.id);
            return self.fail(Wrong::Other, words);
        }
        tab.asking = Some((ask, self.time));
        let known = tab.providers.get((provider as usize).wrapping_sub(1)).copied().flatten();
        if known.is_none() {
            return self.fail(Wrong::Other, format!("tab {} asks provider {provider}, which it had let go", tab.id));
        }
        let odd = !self.calm && self.random.percent(self.plan.odd_tokens);
        let mut delay = 1 + self.random.below(300);
        let now = self.now().wall;
        // The site answers for whoever is signed in now; without anybody, with its login page.
        let Some(mut user) = self.browsers[self.home(tab.id)].login else {
            return self.answer(tab.id, ask, Some("<!doctype html><p>Please sign in".into()), delay);
        };
        let mut kind = if self.random.percent(25) { Kind::Opaque } else { Kind::Signed };
        let life = if self.calm { 600_000 } else { life(&mut self.random) };
        if odd {
            match self.random.below(9) {
                0 => delay = 10_000 + self.random.below(10_000), // may be too late
                1 => return,
                2 => return self.answer(tab.id, ask, None, delay),
                3 => return self.answer(tab.id, ask, Some("<!doctype html><p>Out of order".into()), delay),
                4 => return self.answer(tab.id, ask, Some(" \n".into()), delay),
                5 => user = self.random.below(self.plan.users) as UserId,
                6 => kind = Kind::Expired,
                7 => kind = Kind::Forged,
                _ => delay += 2_000,
            }
        }
        if self.plan.wire != Wire::Chat && known != Some(user) && kind == Kind::Opaque {
            kind = Kind::Signed; // a handshake says whose token it is by nothing else
        }
        let token = self.backend.sign(user, kind, life, now);
        self.answer(tab.id, ask, Some(format!(" {token}\n")), delay);
    }

    fn answer(&mut self, id: TabId, ask: u32, token: Option<String>, delay: u64) {
        self.later(delay, Due::Input(id, Input::Token(ask, token)));
    }
}
