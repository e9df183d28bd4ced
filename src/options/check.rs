//! Whether a value is what the table says, and the words when it is not. Not: the table.

use super::table::{Kind, Member};
use super::{FUNCTION, nearest};
use crate::error::{Code, Error};
use crate::json::Value;

/// Longest JSON of an object that is the page's own, in bytes.
const FREE: usize = 16 * 1024;

/// Where a value stands, for the words: an option, or a member of one.
pub(super) struct Place<'a> {
    key: &'a str,
    within: Option<&'a Place<'a>>,
    /// Nothing is missing: the rest is known already.
    partial: bool,
}

impl<'a> Place<'a> {
    pub(super) fn option(key: &'a str, partial: bool) -> Place<'a> {
        Place { key, within: None, partial }
    }

    /// With dots: `launcher.offset.x`.
    fn name(&self) -> String {
        match self.within {
            Some(outer) => [&outer.name(), ".", self.key].concat(),
            None => self.key.into(),
        }
    }
}

/// The value is of one of the kinds.
pub(super) fn any(kinds: &[Kind], value: Value<'_>, place: &Place<'_>) -> Result<(), Error> {
    let mut expected = String::new();
    for kind in kinds {
        if fits(kind, value) {
            // It is of this kind; whether all is well inside is another question.
            return inside(kind, value, place);
        }
        if !expected.is_empty() {
            expected.push_str(" or ");
        }
        describe(kind, &mut expected);
    }
    Err(refused(place, &expected))
}

/// Whether the value is of this kind, as far as can be seen from the outside.
fn fits(kind: &Kind, value: Value<'_>) -> bool {
    match kind {
        Kind::Text => value.text().is_some(),
        Kind::Id => value.text().is_some() || number(value),
        Kind::Key => number(value) || value.text().is_some_and(|text| !text.trim().is_empty()),
        Kind::Primitive => !value.is_object() && !value.is_array(),
        Kind::OrNull(kind) => value.is_null() || fits(kind, value),
        Kind::Flag => value.boolean().is_some(),
        Kind::Off => value.boolean() == Some(false),
        Kind::Count => value.number_u64().is_some(),
        Kind::Whole => value.number_i64().is_some(),
        Kind::Word(words) => value.text().is_some_and(|text| words.contains(&text)),
        Kind::Form(form, _) => value.text().is_some_and(form),
        Kind::Shape(_) | Kind::Strings | Kind::Free | Kind::Methods(_) => value.is_object(),
        Kind::Function => value.raw() == FUNCTION,
    }
}

/// Whether all is well inside a value of this kind.
fn inside(kind: &Kind, value: Value<'_>, place: &Place<'_>) -> Result<(), Error> {
    match kind {
        Kind::Shape(members) => shape(members, value, place),
        Kind::OrNull(kind) if !value.is_null() => inside(kind, value, place),
        Kind::Methods(names) => {
            let missing = names.iter().find(|name| value.member(name).is_none_or(|it| it.raw() != FUNCTION));
            missing.map_or(Ok(()), |name| {
                Err(refused(&Place { key: name, within: Some(place), partial: false }, "a function"))
            })
        }
        Kind::Strings if value.members().any(|(_, member)| member.text().is_none()) => {
            Err(refused(place, "an object of strings"))
        }
        Kind::Strings | Kind::Free if value.raw().len() > FREE => Err(refused(place, "at most 16 kB of JSON")),
        _ => Ok(()),
    }
}

fn shape(members: &[Member], value: Value<'_>, place: &Place<'_>) -> Result<(), Error> {
    for (key, given) in value.members() {
        let Some(member) = members.iter().find(|member| member.key == key || member.key.is_empty()) else {
            return Err(nearest::unknown(&place.name(), key, members.iter().map(|member| member.key)));
        };
        let place = Place { key, within: Some(place), partial: false };
        any(std::slice::from_ref(&member.kind), given, &place)?;
    }
    match members.iter().find(|member| member.required && !place.partial && value.member(member.key).is_none()) {
        Some(missing) => {
            let message = ["option `", &place.name(), ".", missing.key, "` is missing"].concat();
            Err(Error::new(Code::InvalidConfig, message))
        }
        None => Ok(()),
    }
}

fn number(value: Value<'_>) -> bool {
    value.raw().as_bytes().first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Appends what was expected, to stand after "must be".
fn describe(kind: &Kind, text: &mut String) {
    let words = match kind {
        Kind::Text => "a string",
        Kind::Id => "a string or a number",
        Kind::Key => "a string that is not empty, or a number",
        Kind::Primitive => "a string, a number, a boolean or null",
        Kind::OrNull(kind) => {
            describe(kind, text);
            " or null"
        }
        Kind::Flag => "true or false",
        Kind::Off => "false",
        Kind::Count => "a number that is not negative",
        Kind::Whole => "a whole number",
        Kind::Form(_, form) => form,
        Kind::Shape(_) | Kind::Free => "an object",
        Kind::Strings => "an object of strings",
        Kind::Function => "a function",
        Kind::Methods(_) => "an object with methods",
        Kind::Word(words) => {
            for (place, word) in words.iter().enumerate() {
                text.push_str(if place > 0 { ", `" } else { "`" });
                text.push_str(word);
                text.push('`');
            }
            ""
        }
    };
    text.push_str(words);
}

fn refused(place: &Place<'_>, expected: &str) -> Error {
    Error::new(Code::InvalidConfig, ["option `", &place.name(), "` must be ", expected].concat())
}
