//! Marks: everything that belongs to somebody carries one (`~`, a letter, a number), so that it is found wherever it
//! turns up: texts (`m`, `a`, `d`), chats (`c`), what opens a chat (`k`) or a history (`s`), tokens (`t`). Whose each is,
//! and who may have it. Not: when that is looked at (`checks`, `wipes`).

use crate::tab::Tab;
use crate::world::{World, Wrong};

/// Kind and number.
pub(crate) type Mark = (char, usize);

/// All marks in a text.
pub(crate) fn marks(text: &str) -> impl Iterator<Item = Mark> {
    text.match_indices('~').filter_map(move |(at, _)| {
        let mut rest = text[at + 1..].chars();
        let kind = rest.next().filter(|kind| "madckst".contains(*kind))?;
        let digits: String = rest.take_while(char::is_ascii_digit).collect();
        Some((kind, digits.parse().ok()?))
    })
}

impl World {
    /// Whether whoever goes by this visitor's id may have what carries the mark.
    pub(crate) fn may_have(&self, visitor: &str, mark: Mark) -> bool {
        let (kind, number) = mark;
        match kind {
            'c' | 'k' => {
                let one = self.backend.conversations.get(number);
                one.is_some_and(|one| self.backend.may_see(visitor, one.account) || one.opener == visitor)
            }
            's' => self.backend.accounts.get(number).is_some_and(|account| account.visitor == visitor),
            't' => false,
            _ => {
                let Some(written) = self.ledger.written.get(number) else { return true };
                let own = written.visitor.as_deref();
                let mut holders = self.backend.holders(&written.text).peekable();
                own == Some(visitor)
                    || own.is_none() && holders.peek().is_none()
                    || holders.any(|one| one.opener == visitor || self.backend.may_see(visitor, one.account))
            }
        }
    }

    /// What a tab hands on, under the eyes of the page, the log or other tabs: nothing of anybody else, and of nobody
    /// what opens anything.
    pub(crate) fn check_said(&mut self, tab: &Tab, what: &str, text: &str, credentials: bool) {
        if !text.contains('~') {
            return;
        }
        // In the middle of taking a session over, its messages are the first to say whose it is.
        let named = || text.split("\"visitor\":\"").nth(1)?.split('"').next().map(str::to_owned);
        let visitor = tab.visitor.clone().or_else(|| named().filter(|_| credentials && !tab.over));
        for mark in marks(text) {
            let secret = mark.0 == 't' || (!credentials && matches!(mark.0, 'k' | 's'));
            let foreign = match &visitor {
                Some(visitor) => !self.may_have(visitor, mark),
                None => true,
            };
            if secret || foreign {
                let words = format!("tab {} lets {mark:?} out in {what}, as {visitor:?}: {text}", tab.id);
                return self.fail(Wrong::Other, words);
            }
        }
    }
}
