//! What the visitor, the agent and fate do, one act after the other. Not: what follows from it.

use crate::browser::TabId;
use crate::ledger::Kind;
use crate::plan::Fault;
use crate::tab::Input;
use crate::world::{Due, World};
use support_chat::message::Status;
use support_chat::session::{Call, Gesture, PageEvent};

impl World {
    /// The next act, and when the one after it is due.
    pub(crate) fn act(&mut self) {
        if self.acts_left == 0 {
            return;
        }
        self.acts_left -= 1;
        if !self.plan.faults.is_empty() && self.random.percent(self.plan.fate) {
            let fault = self.random.pick(&self.plan.faults);
            self.fate(fault);
        } else if self.random.percent(60) {
            self.visitor_acts();
        } else {
            self.agent_acts();
        }
        let pause = 1 + self.random.below(self.plan.pace * 2);
        self.later(pause, Due::Act);
    }

    fn any_tab(&mut self) -> Option<TabId> {
        let ids = self.present();
        if ids.is_empty() { None } else { Some(self.random.pick(&ids)) }
    }

    fn visitor_acts(&mut self) {
        let Some(id) = self.any_tab() else { return self.open_anywhere() };
        match self.random.below(20) {
            0..=7 => self.write(id),
            8 => self.call(id, Call::Open),
            9 => self.call(id, Call::Close),
            10 => self.gesture(id, Gesture::AtEnd(true)),
            11 => {
                let visitor = self.tab(id).and_then(|tab| tab.session.identity()).map(|identity| identity.visitor_id);
                let home = self.home(id);
                let (_, text) = self.ledger.write(Kind::Draft, home, visitor);
                self.gesture(id, Gesture::Draft(text));
            }
            12 => self.call(id, Call::SendTyping(true)),
            13 => self.call(id, Call::Transcript(0)),
            14 | 15 => self.mend(id),
            16 => self.gesture(id, Gesture::Reconnect),
            17 => {
                let call = Call::StartConversation { subject: None, message: None, metadata: None };
                self.call(id, call);
            }
            _ => self.boot(id),
        }
    }

    /// The visitor writes a message, in the composer or through the page's code.
    pub(crate) fn write(&mut self, id: TabId) {
        let visitor = self.tab(id).and_then(|tab| tab.session.identity()).map(|identity| identity.visitor_id);
        let (place, text) = self.ledger.write(Kind::Message, self.home(id), visitor);
        let how = self.random.below(4);
        let key = format!("key-{place}");
        let Some(tab) = self.tab_mut(id) else { return };
        let input = match how {
            0 => Input::Gesture(Gesture::Send(text)),
            1 => {
                let call = Call::StartConversation { subject: None, message: Some(text), metadata: None };
                tab.promise(call, None)
            }
            _ => {
                let client_message_id = (how == 2).then_some(key);
                let call = Call::SendMessage { conversation_id: None, text, client_message_id };
                tab.promise(call, Some(place))
            }
        };
        self.drive(id, input);
        self.check_kept(id, place);
    }

    /// The visitor looks after a failed message.
    fn mend(&mut self, id: TabId) {
        let Some(tab) = self.tab(id) else { return };
        let failed = tab.session.view().items.iter().find(|item| item.message.status == Status::Failed);
        let Some(message) = failed.map(|item| item.message.clone()) else { return };
        let Some(key) = message.client_message_id.clone() else { return };
        let place = self.place_of(&message);
        let retry = self.random.percent(60);
        if let Some(written) = place.and_then(|place| self.ledger.written.get_mut(place)) {
            written.retried |= retry;
            written.given_up |= !retry;
        }
        let by_call = self.random.percent(50);
        match (retry, by_call) {
            (true, true) => self.call(id, Call::RetryMessage(key)),
            (true, false) => self.gesture(id, Gesture::Retry(key)),
            (false, true) => self.call(id, Call::DiscardMessage(key)),
            (false, false) => self.gesture(id, Gesture::Discard(key)),
        }
    }

    pub(crate) fn agent_acts(&mut self) {
        let open: Vec<_> =
            (0..self.backend.conversations.len()).filter(|at| !self.backend.conversations[*at].ended).collect();
        if open.is_empty() || self.backend.down_until > self.time {
            return;
        }
        let place = self.random.pick(&open);
        let says = self.random.percent(80);
        self.agent_says(place, says);
    }

    /// An agent joins, or writes.
    pub(crate) fn agent_says(&mut self, place: usize, says: bool) {
        let text = says.then(|| self.ledger.write(Kind::Answer, 0, None).1);
        let time = self.now().wall;
        let news = self.backend.agent_says(place, text, time);
        self.spread(news);
    }

    pub(crate) fn call(&mut self, id: TabId, call: Call) {
        let Some(tab) = self.tab_mut(id) else { return };
        let input = tab.promise(call, None);
        self.drive(id, input);
    }

    fn gesture(&mut self, id: TabId, gesture: Gesture) {
        self.drive(id, Input::Gesture(gesture));
    }

    fn fate(&mut self, fault: Fault) {
        let Some(id) = self.any_tab() else { return self.open_anywhere() };
        if fault != Fault::Drop {
            self.strike(fault);
        }
        match fault {
            Fault::Reset | Fault::Mute => {
                let linked = self.linked();
                let noticed = if fault == Fault::Mute { 45_000 } else { 1_000 };
                let noticed = self.random.below(noticed);
                for connection in linked {
                    self.break_connection(connection, noticed);
                }
            }
            Fault::Drop => {
                for connection in self.linked() {
                    self.connections[connection].drops += 1;
                }
            }
            Fault::Restart => {
                self.backend.down_until = self.time + self.random.between(1, 8_000);
                self.forget_clients();
                let noticed = self.random.below(500);
                for connection in 0..self.connections.len() {
                    self.break_connection(connection, noticed);
                }
            }
            Fault::Kill => self.kill(id),
            Fault::Crash => {
                let after = self.random.below(12);
                if let Some(tab) = self.tab_mut(id) {
                    tab.crash_after = Some(after);
                }
                self.visitor_acts();
            }
            Fault::Reload => {
                self.drive(id, Input::Page(PageEvent::Leaving));
                let home = self.home(id);
                self.kill(id);
                let pause = self.random.between(1, 800);
                self.later(pause, Due::Open(home));
            }
            Fault::Open => self.open_anywhere(),
            Fault::Close => {
                self.drive(id, Input::Page(PageEvent::Leaving));
                self.kill(id);
            }
            Fault::Full => {
                self.browser(id).full = true;
                let pause = self.random.between(1, 10_000);
                self.later(pause, Due::Store(self.home(id)));
            }
            Fault::Sleep => {
                self.lead_since.clear();
                self.jump += self.random.between(31_000, 3_600_000);
                for connection in self.linked() {
                    self.break_connection(connection, 10);
                }
            }
            Fault::Offline => {
                self.online = false;
                for connection in self.linked() {
                    self.break_connection(connection, 2_000);
                }
                self.everywhere(PageEvent::Offline);
                let pause = self.random.between(1, 20_000);
                self.later(pause, Due::Online);
            }
            Fault::Hang | Fault::Freeze | Fault::Cache => self.put_away(id, fault),
            Fault::Hide => {
                let lateness = self.random.below(1_000);
                if let Some(tab) = self.tab_mut(id) {
                    tab.lateness = lateness;
                    tab.visible = false;
                }
                self.drive(id, Input::Page(PageEvent::Hidden));
                let pause = self.random.between(1, 10_000);
                self.later(pause, Due::Show(id));
            }
            Fault::SignIn | Fault::ChangeUser | Fault::SignedOut | Fault::RevokeAll | Fault::Update => {
                self.site_acts(id, fault);
            }
            Fault::Logout => self.log_out(id, false),
            Fault::LogoutClear => self.log_out(id, true),
            Fault::End => {
                self.end_all(self.home(id));
                self.ending_until = self.time + 60_000;
                match self.random.below(3) {
                    0 => self.gesture(id, Gesture::StartNew),
                    1 => self.gesture(id, Gesture::EndChat),
                    _ => self.call(id, Call::EndChat),
                }
            }
            Fault::AgentEnds => {
                let open = (0..self.backend.conversations.len()).find(|at| !self.backend.conversations[*at].ended);
                if let Some(place) = open.filter(|_| self.backend.down_until <= self.time) {
                    let news = self.backend.end(place);
                    self.spread(news);
                }
            }
            Fault::Refuse => self.backend.refuse_next = true,
        }
    }
}
