//! Whom a call names: `user`, `company`, `context` and the token provider of `boot`, `identify` and `update`, checked and
//! read. Not: the same words among the options (`options`), nor what follows from them (the session).

use super::calls::object;
use crate::error::{Code, Error};
use crate::json::{Value, Writer};
use crate::options;
use crate::session::{Call, CallId, TOO_MUCH, Who};

/// User, company and context together may be this long as JSON.
const ROOM: usize = 16 * 1024;

/// `boot({user?, company?, tokenProvider?, context?})`, or without `context`; a provider has the number of its call.
pub(super) fn boot(call: CallId, argument: Value<'_>) -> Result<Call, Error> {
    let (who, anything) = read(call, argument, "boot", &["user", "company", "tokenProvider", "context"])?;
    Ok(if anything { Call::BootAs(who) } else { Call::Boot })
}

/// `identify({user, company?, tokenProvider?})`.
pub(super) fn identify(call: CallId, argument: Value<'_>) -> Result<Call, Error> {
    let (who, _) = read(call, argument, "identify", &["user", "company", "tokenProvider"])?;
    if who.user_id.is_none() {
        return Err(Error::new(Code::InvalidConfig, "`identify` needs a `user`"));
    }
    Ok(Call::Identify(who))
}

/// `update({user?, company?, context?})`.
pub(super) fn update(argument: Value<'_>) -> Result<Call, Error> {
    let (who, _) = read(0, argument, "update", &["user", "company", "context"])?;
    Ok(Call::Update(who))
}

/// `setContext(context)`: `update({context})`.
pub(super) fn set_context(context: Value<'_>) -> Result<Call, Error> {
    check(0, "context", context, &mut ROOM.clone())?;
    let mut said = Writer::new();
    said.object().name("context").raw(context.raw()).end_object();
    Ok(Call::Update(Box::new(Who { said: said.finish(), ..Who::default() })))
}

fn read(call: CallId, argument: Value<'_>, name: &str, known: &[&'static str]) -> Result<(Box<Who>, bool), Error> {
    object(argument, name, known)?;
    let (mut who, mut anything) = (Box::<Who>::default(), false);
    let (mut said, mut room) = (Writer::new(), ROOM);
    said.object();
    for (key, value) in argument.members() {
        if value.is_null() {
            continue;
        }
        check(call, key, value, &mut room)?;
        if key == "tokenProvider" {
            who.provider = Some(call);
            continue;
        }
        anything = true;
        said.name(key);
        match key {
            "user" => who.user_id = write_user(&mut said, value),
            _ => drop(said.raw(value.raw())),
        }
    }
    said.end_object();
    if anything {
        who.said = said.finish();
    }
    anything |= who.provider.is_some();
    Ok((who, anything))
}

/// What is left of the room grows less. Of an update, which is of no call, nothing is missing.
fn check(call: CallId, key: &str, value: Value<'_>, room: &mut usize) -> Result<(), Error> {
    let too_big = || Error::new(Code::ValidationError, TOO_MUCH);
    *room = room.checked_sub(value.raw().len()).ok_or_else(too_big)?;
    options::check_of_call(key, value, call == 0)
}

/// The id, which it answers, is text from here on, whatever the page's database makes of it.
fn write_user(said: &mut Writer, user: Value<'_>) -> Option<String> {
    let mut user_id = None;
    said.object();
    for (name, value) in user.members() {
        said.name(name);
        if name == "id" {
            let id = value.text().unwrap_or(value.raw());
            said.string(id);
            user_id = Some(id.to_owned());
        } else {
            said.raw(value.raw());
        }
    }
    said.end_object();
    user_id
}
