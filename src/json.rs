//! JSON: a reader that borrows from the text and a small writer, for the wire and for persisted state. Not: how
//! JavaScript values become texts (`page.js`).
//!
//! [`parse`] checks the whole text once and makes a tree of it; a [`Value`] points at one of its nodes.
//! Numbers stay text until they are asked for, strings are copied only where they hold escapes.

mod decode;
mod form;
mod reader;
mod writer;

pub use form::{Fields, Form};
pub use writer::{Writer, push_number};

use decode::whole;
use reader::Reader;
use std::slice::Iter;

/// Deeper nesting is refused.
pub const MAX_DEPTH: u32 = 32;
/// Longer texts, in bytes, are refused.
pub const MAX_SIZE: usize = 1 << 20;

/// JavaScript counts up to here, and so does everything of ours: a number beyond it is broken.
pub const MOST: u64 = 1 << 53;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not JSON.
    #[error("not JSON")]
    Syntax,
    /// Arrays and objects within each other, more than [`MAX_DEPTH`].
    #[error("JSON nested too deeply")]
    Depth,
    /// More than [`MAX_SIZE`] bytes.
    #[error("JSON too large")]
    Size,
}

/// A text that was found to be JSON.
#[derive(Clone, Debug)]
pub struct Document<'a>(Box<Node<'a>>);

/// One value; its kind shows in its first byte.
#[derive(Clone, Debug)]
struct Node<'a> {
    /// As it stands in the text.
    raw: &'a str,
    /// A string that holds escapes, without them; else empty.
    plain: String,
    /// What is in an array; of an object name, value, name, value.
    within: Vec<Node<'a>>,
}

/// The number that is written by decimal digits and nothing else.
pub fn digits(text: &str) -> Option<u64> {
    whole(text.as_bytes()).filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Checks that the text is one JSON value.
pub fn parse(text: &str) -> Result<Document<'_>, Refused> {
    if text.len() > MAX_SIZE {
        return Err(Refused::Size);
    }
    let mut reader = Reader { text, at: 0, too_deep: false };
    let mut nodes = Vec::new();
    let good = reader.value(0, &mut nodes);
    reader.skip_space();
    match nodes.pop() {
        Some(root) if good && reader.at == text.len() => Ok(Document(Box::new(root))),
        _ => Err(if reader.too_deep { Refused::Depth } else { Refused::Syntax }),
    }
}

impl Document<'_> {
    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value(&self.0)
    }
}

/// A view of one value, one pointer wide. Asking it for what it is not gives `None`.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a>(&'a Node<'a>);

impl<'a> Value<'a> {
    /// The value as it stands in the text: JSON again.
    pub fn raw(self) -> &'a str {
        self.0.raw
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
        Members(self.within(b'{'))
    }

    /// The elements of an array; nothing for anything else.
    pub fn items(self) -> Items<'a> {
        Items(self.within(b'['))
    }

    /// A string, unescaped. Half a surrogate pair becomes U+FFFD.
    pub fn text(self) -> Option<&'a str> {
        let inner = self.0.raw.strip_prefix('"')?.strip_suffix('"')?;
        Some(if self.0.plain.is_empty() { inner } else { &self.0.plain })
    }

    /// The text of a member.
    pub fn text_at(self, name: &str) -> Option<&'a str> {
        self.member(name)?.text()
    }

    /// The text of a member, to keep.
    pub fn owned_at(self, name: &str) -> Option<String> {
        self.text_at(name).map(str::to_owned)
    }

    /// Whether a member is there and true.
    pub fn flag_at(self, name: &str) -> bool {
        self.member(name).is_some_and(|value| value.raw() == "true")
    }

    /// The elements of a member that is an array.
    pub fn items_at(self, name: &str) -> Items<'a> {
        self.member(name).map_or(Items([].iter()), Value::items)
    }

    /// A number that is not negative, without its fraction; `None` also when it is too big.
    pub fn number_u64(self) -> Option<u64> {
        whole(self.raw().as_bytes())
    }

    /// The same, also where the number was made a string.
    pub fn count(self) -> Option<u64> {
        whole(self.text().unwrap_or(self.raw()).as_bytes())
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
        self.opens_with(b'{')
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.opens_with(b'[')
    }

    fn opens_with(self, kind: u8) -> bool {
        self.0.raw.as_bytes().first() == Some(&kind)
    }

    /// The nodes within this value, when it opens with `kind`.
    fn within(self, kind: u8) -> Iter<'a, Node<'a>> {
        let within: &[Node<'a>] = if self.opens_with(kind) { &self.0.within } else { &[] };
        within.iter()
    }
}

/// The elements of an array.
#[derive(Clone, Debug)]
pub struct Items<'a>(Iter<'a, Node<'a>>);

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;
    fn next(&mut self) -> Option<Value<'a>> {
        self.0.next().map(Value)
    }
}

/// The members of an object: name and value.
#[derive(Clone, Debug)]
pub struct Members<'a>(Iter<'a, Node<'a>>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Value<'a>);
    fn next(&mut self) -> Option<(&'a str, Value<'a>)> {
        let name = Value(self.0.next()?).text()?;
        Some((name, Value(self.0.next()?)))
    }
}
