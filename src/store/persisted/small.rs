//! The entries of a few fields each.

use super::{Broken, begin, decode, end, id, owned};
use crate::json::{Writer, push_number};
use crate::time::Wall;

/// How far the visitor has read; two marks of one conversation merge by max.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMark {
    /// Local or backend's id of the conversation.
    pub conversation_id: String,
    /// Everything up to this index.
    pub index: u64,
}

impl ReadMark {
    /// As text.
    pub fn encode(&self) -> String {
        let mut writer = begin(1);
        writer.name("conversationId").string(&self.conversation_id).name("index").number(self.index);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<ReadMark, Broken> {
        decode(text, &[], |root| {
            Some(ReadMark { conversation_id: id(root, "conversationId")?, index: root.number_at("index")? })
        })
    }
}

/// What the composer held; the draft with the highest counter wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Counts the changes, over all tabs.
    pub counter: u64,
    /// The words; empty: nothing.
    pub text: String,
}

impl Draft {
    /// As text.
    pub fn encode(&self) -> String {
        let mut writer = begin(1);
        writer.name("counter").number(self.counter).name("text").string(&self.text);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Draft, Broken> {
        decode(text, &[], |root| Some(Draft { counter: root.number_at("counter")?, text: owned(root, "text")? }))
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
        let mut writer = begin(1);
        writer.name("open").boolean(self.open);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Ui, Broken> {
        decode(text, &[], |root| Some(Ui { open: root.member("open")?.boolean()? }))
    }
}

/// The visitor's decision on keeping things; it wins over the page's option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Given, or withdrawn.
    pub given: bool,
}

impl Consent {
    /// As text.
    pub fn encode(&self) -> String {
        let mut writer = begin(1);
        writer.name("given").boolean(self.given);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Consent, Broken> {
        decode(text, &[], |root| Some(Consent { given: root.member("given")?.boolean()? }))
    }
}

/// A logout under way: a crash in the middle of it is finished at the next load. Holds no credential. It has no version,
/// since the loader writes it too, before any of this is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The saved session that is over.
    pub session_id: String,
    /// In ms since 1970.
    pub at: Wall,
}

impl Tombstone {
    /// As text.
    pub fn encode(&self) -> String {
        let mut writer = Writer::new();
        writer.object().name("sessionId").string(&self.session_id).name("at").number(self.at);
        end(writer)
    }

    /// From text.
    pub fn decode(text: &str) -> Result<Tombstone, Broken> {
        let document = crate::json::parse(text).map_err(|_| Broken::NotOurs)?;
        let root = document.root();
        let read = || Some(Tombstone { session_id: owned(root, "sessionId")?, at: root.number_at("at")? });
        read().ok_or(Broken::NotOurs)
    }
}

/// `epoch` and `term`: decimal digits and nothing else, since the loader counts `epoch` too.
pub fn encode_number(number: u64) -> String {
    let mut text = String::new();
    push_number(&mut text, number);
    text
}

/// From text.
pub fn decode_number(text: &str) -> Result<u64, Broken> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(Broken::NotOurs)
}
