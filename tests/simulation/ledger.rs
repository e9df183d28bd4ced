//! Who wrote what, and what became of it. Every text is one word that names its place here, so that it is found again
//! wherever it turns up: in a view, in the store, in a message between tabs. Not: the checks (`checks`).

use crate::marks::marks;

/// What kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A visitor's message.
    Message,
    /// An agent's message.
    Answer,
    /// What a composer held.
    Draft,
}

/// One text.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// In which browser it was written.
    pub(crate) home: usize,
    /// Whose: the id of the visitor who wrote it, once it is known.
    pub(crate) visitor: Option<String>,
    /// The session took it: from now on it must not be lost.
    pub(crate) accepted: bool,
    /// A logout, an end or the visitor took it back: it may be at the backend or not.
    pub(crate) given_up: bool,
    /// The visitor tried it again after it had failed.
    pub(crate) retried: bool,
    /// The visitor ended the chat while it waited: it goes with the chat's data, though it may be at the backend by then.
    pub(crate) ended: bool,
    /// Its promise said that it is not sent: it must not be at the backend, now or later.
    pub(crate) broken: bool,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) written: Vec<Written>,
}

impl Ledger {
    /// A new text.
    pub(crate) fn write(&mut self, kind: Kind, home: usize, visitor: Option<String>) -> (usize, String) {
        let place = self.written.len();
        let letter = match kind {
            Kind::Message => 'm',
            Kind::Answer => 'a',
            Kind::Draft => 'd',
        };
        let text = format!("~{letter}{place}.");
        self.written.push(Written {
            kind,
            text: text.clone(),
            home,
            visitor,
            accepted: false,
            given_up: false,
            retried: false,
            ended: false,
            broken: false,
        });
        (place, text)
    }

    /// The places of all texts that stand somewhere in this one.
    pub(crate) fn found_in(&self, text: &str) -> Vec<usize> {
        let texts = marks(text).filter(|mark| matches!(mark.0, 'm' | 'a' | 'd'));
        texts.map(|mark| mark.1).filter(|place| *place < self.written.len()).collect()
    }

    /// The place of this very text.
    pub(crate) fn place(&self, text: &str) -> Option<usize> {
        self.found_in(text).first().copied()
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = (usize, &Written)> {
        self.written.iter().enumerate().filter(|(_, written)| written.kind == Kind::Message)
    }
}
