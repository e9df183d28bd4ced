//! JSON: a reader that borrows from the text and a small writer, for the wire and for persisted state. Not: how
//! JavaScript values are converted (`api/convert.rs`).
//!
//! [`parse`] checks the whole text once and notes where its values stand; a [`Value`] is a cheap view of one of them.
//! Numbers stay text until they are asked for, strings are copied only where they hold escapes.

mod decode;
mod reader;
mod writer;

pub use writer::{Writer, push_number};

use decode::{unescape, whole};
use reader::Reader;
use std::borrow::Cow;

/// Deeper nesting is refused.
pub const MAX_DEPTH: u32 = 32;
/// Longer texts, in bytes, are refused.
pub const MAX_SIZE: usize = 1 << 20;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not JSON; the byte at which that shows.
    #[error("not JSON")]
    Syntax(u32),
    /// Arrays and objects within each other, more than [`MAX_DEPTH`].
    #[error("JSON nested too deeply")]
    Depth,
    /// More than [`MAX_SIZE`] bytes.
    #[error("JSON too large")]
    Size,
}

/// A text that was found to be JSON, and where its values stand in it.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

/// One value of a [`Document`]; its kind shows in its first byte.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Its bytes: from here …
    start: u32,
    /// … to before here.
    end: u32,
    /// How many nodes belong to it, itself included. Children follow it; an object's are name, value, name, value.
    span: u32,
}

/// Checks that the text is one JSON value.
pub fn parse(text: &str) -> Result<Document<'_>, Refused> {
    if text.len() > MAX_SIZE {
        return Err(Refused::Size);
    }
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, nodes: Vec::new() };
    reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.wrong());
    }
    Ok(Document { text, nodes: reader.nodes })
}

impl Document<'_> {
    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value { text: self.text, nodes: &self.nodes }
    }
}

/// A view of one value. Asking it for what it is not gives `None`.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// The whole document.
    text: &'a str,
    /// This value's nodes, itself first.
    nodes: &'a [Node],
}

impl<'a> Value<'a> {
    /// The value as it stands in the text: JSON again.
    pub fn raw(self) -> &'a str {
        match self.nodes.first() {
            Some(node) => self.text.get(node.start as usize..node.end as usize).unwrap_or(""),
            None => "",
        }
    }

    /// The member of this name; of several the last, as everywhere.
    pub fn member(self, name: &str) -> Option<Value<'a>> {
        let mut found = None;
        for (key, value) in self.members() {
            if key == name {
                found = Some(value);
            }
        }
        found
    }

    /// The members of an object; nothing for anything else.
    pub fn members(self) -> Members<'a> {
        Members { rest: self.children(b'{') }
    }

    /// The elements of an array; nothing for anything else.
    pub fn items(self) -> Items<'a> {
        Items { rest: self.children(b'[') }
    }

    /// A string, unescaped. Half a surrogate pair becomes U+FFFD.
    pub fn text(self) -> Option<Cow<'a, str>> {
        let raw = self.raw();
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inner.as_bytes().contains(&b'\\') { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) })
    }

    /// The text of a member.
    pub fn text_at(self, name: &str) -> Option<Cow<'a, str>> {
        self.member(name)?.text()
    }

    /// A number that is not negative, without its fraction; `None` also when it is too big.
    pub fn number_u64(self) -> Option<u64> {
        whole(self.raw().as_bytes())
    }

    /// The number of a member.
    pub fn number_at(self, name: &str) -> Option<u64> {
        self.member(name)?.number_u64()
    }

    /// A number, without its fraction.
    pub fn number_i64(self) -> Option<i64> {
        let raw = self.raw().as_bytes();
        let (digits, negative) = match raw.strip_prefix(b"-") {
            Some(digits) => (digits, true),
            None => (raw, false),
        };
        let size = i64::try_from(whole(digits)?).ok()?;
        Some(if negative { -size } else { size })
    }

    /// True or false.
    pub fn boolean(self) -> Option<bool> {
        match self.raw() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.raw() == "null"
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.raw().as_bytes().first() == Some(&b'{')
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.raw().as_bytes().first() == Some(&b'[')
    }

    /// The nodes within this value, when it opens with `kind`.
    fn children(self, kind: u8) -> Value<'a> {
        let within = self.raw().as_bytes().first() == Some(&kind);
        Value { text: self.text, nodes: if within { self.nodes.get(1..).unwrap_or(&[]) } else { &[] } }
    }

    /// Takes the first value off a row of values.
    fn next(&mut self) -> Option<Value<'a>> {
        let (first, rest) = self.nodes.split_at_checked(self.nodes.first()?.span as usize)?;
        self.nodes = rest;
        Some(Value { text: self.text, nodes: first })
    }
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    rest: Value<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;
    fn next(&mut self) -> Option<Value<'a>> {
        self.rest.next()
    }
}

/// The members of an object: name and value.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    rest: Value<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Value<'a>);
    fn next(&mut self) -> Option<(Cow<'a, str>, Value<'a>)> {
        let name = self.rest.next()?.text()?;
        Some((name, self.rest.next()?))
    }
}
