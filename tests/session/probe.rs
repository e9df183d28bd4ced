//! What a scenario looks at: what a tab asked of the transport, answered, shows and stored.

use crate::rig::Tab;
use support_chat::error::Code;
use support_chat::message::Content;
use support_chat::session::{CallId, Settled};
use support_chat::store::Store;
use support_chat::transport::{Action, Command, Connect, OpId};

impl Tab {
    /// The newest action of a kind, with its operation.
    pub(crate) fn action(&self, wanted: impl Fn(&Action) -> bool) -> Option<(OpId, Action)> {
        self.commands.iter().rev().find_map(|command| match command {
            Command::Perform(op, action) if wanted(action) => Some((*op, action.clone())),
            _ => None,
        })
    }

    pub(crate) fn actions(&self, wanted: impl Fn(&Action) -> bool) -> usize {
        let all = self.commands.iter();
        all.filter(|command| matches!(command, Command::Perform(_, action) if wanted(action))).count()
    }

    pub(crate) fn connects(&self) -> Vec<&Connect> {
        let all = self.commands.iter();
        all.filter_map(|command| if let Command::Connect(connect) = command { Some(&**connect) } else { None })
            .collect()
    }

    /// How a call was answered; `None` while it waits.
    pub(crate) fn outcome(&self, call: CallId) -> Option<Result<&Settled, Code>> {
        let mut answers = self.settled.iter().filter(|(id, _)| *id == call);
        let first = answers.next().map(|(_, result)| result.as_ref().map_err(|error| error.code));
        assert!(answers.next().is_none(), "call {call} was answered twice");
        first
    }

    /// What the transcript says, in order.
    pub(crate) fn texts(&self) -> Vec<String> {
        let items = self.session.view().items;
        let words = items.iter().filter_map(|item| match &item.message.content {
            Content::Text(text) => Some(text.clone()),
            _ => None,
        });
        words.collect()
    }

    /// What was said on the channel last.
    pub(crate) fn told(&self) -> String {
        self.browser.borrow().last_said()
    }

    /// Everything the store holds, as one text.
    pub(crate) fn stored(&self) -> String {
        format!("{:?}", self.browser.borrow_mut().store.load().expect("memory loads"))
    }

    /// How many logouts are written there; the number grows by more than one.
    pub(crate) fn stored_epoch(&self) -> u64 {
        self.stored_number("epoch")
    }

    fn stored_number(&self, name: &str) -> u64 {
        let entries = self.browser.borrow_mut().store.load().expect("memory loads");
        let text = entries.into_iter().find(|(other, _)| other == name).map_or("0".into(), |(_, text)| text);
        text.parse().expect("a bare number")
    }

    /// It looks into the store, as a browser does before each input.
    pub(crate) fn look(&mut self) {
        self.look_before(false);
    }

    /// The same before an input that may be the last.
    pub(crate) fn look_before(&mut self, last: bool) {
        let (epoch, term) = (self.stored_epoch(), self.stored_number("term"));
        self.session.handle_epoch(epoch, last);
        self.drain();
        self.session.handle_term(term, self.now);
        self.drain();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = self.browser.borrow_mut().store.load().expect("memory loads");
        let mut names: Vec<_> = entries.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    }
}
