//! The entries of a few fields each.

use super::{Broken, decode, encode};
use crate::json::{Fields, Form, MOST, digits, parse, push_number};
use crate::time::Wall;

/// How far the visitor has read; two marks of one conversation merge by max.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadMark {
    /// Local or backend's id of the conversation.
    pub conversation_id: String,
    /// Everything up to this index.
    pub index: u64,
}

impl ReadMark {
    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<ReadMark, Broken> {
        let mut it = ReadMark::default();
        decode(text, &[], &mut it).map(|()| it)
    }
}

impl Fields for ReadMark {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.id("conversationId", &mut self.conversation_id);
        form.number("index", &mut self.index);
    }
}

/// What the composer held; the draft with the highest counter wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whose words they are: beside a cookie they may outlive who wrote them. Absent: written before this was kept.
    pub visitor_id: Option<String>,
    /// Counts the changes, over all tabs.
    pub counter: u64,
    /// The words; empty: nothing.
    pub text: String,
    /// The logout epoch they were written in.
    pub epoch: u64,
}

impl Draft {
    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Draft, Broken> {
        let mut it = Draft::default();
        decode(text, &[], &mut it).map(|()| it)
    }
}

impl Fields for Draft {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.number("counter", &mut self.counter);
        form.text("text", &mut self.text);
        form.maybe("visitorId", &mut self.visitor_id);
        form.number_or_0("epoch", &mut self.epoch);
    }
}

/// How the widget was left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ui {
    /// The panel was open.
    pub open: bool,
}

impl Ui {
    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Ui, Broken> {
        let mut it = Ui::default();
        decode(text, &[], &mut it).map(|()| it)
    }
}

impl Fields for Ui {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.flag("open", &mut self.open);
    }
}

/// The visitor's decision on keeping things; it wins over the page's option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Given, or withdrawn.
    pub given: bool,
}

impl Consent {
    /// As text.
    pub fn encode(&self) -> String {
        encode(&mut self.clone())
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Consent, Broken> {
        let mut it = Consent::default();
        decode(text, &[], &mut it).map(|()| it)
    }
}

impl Fields for Consent {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.flag("given", &mut self.given);
    }
}

/// A logout under way: a crash in the middle of it is finished at the next load. Holds no credential. It has no version,
/// since the loader writes it too, before any of this is loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tombstone {
    /// The saved session that is over.
    pub session_id: String,
    /// In ms since 1970.
    pub at: Wall,
}

impl Tombstone {
    /// As text.
    pub fn encode(&self) -> String {
        let mut form = Form::writing();
        self.clone().fields(&mut form);
        form.finish()
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Tombstone, Broken> {
        let document = parse(text).map_err(|_| Broken::NotOurs)?;
        let mut it = Tombstone::default();
        if Form::read(document.root(), &mut it) { Ok(it) } else { Err(Broken::NotOurs) }
    }
}

impl Fields for Tombstone {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.text("sessionId", &mut self.session_id);
        form.number("at", &mut self.at);
    }
}

/// `epoch` and `term`: decimal digits and nothing else, since the loader counts `epoch` too.
pub fn encode_number(number: u64) -> String {
    let mut text = String::new();
    push_number(&mut text, number);
    text
}

/// From text. Of what there is nobody gets to the half: whoever reads more has read what a page, or somebody else, put there, and
/// counts anew; and whoever reads less has room to count.
pub fn decode_number(text: &str) -> Result<u64, Broken> {
    digits(text).filter(|number| *number <= MOST / 2).ok_or(Broken::NotOurs)
}
