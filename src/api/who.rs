//! Whom a call names: `user`, `company`, `context` and the token provider of `boot`, `identify` and `update`, checked and
//! read. Not: the same words among the options (`options`), nor what follows from them (the session).

use super::calls::object;
use crate::error::{Code, Error};
use crate::json::{Value, Writer};
use crate::options;
use crate::session::{Call, CallId, Who};

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
    let mut who = Box::default();
    take(&mut who, 0, "context", context, ROOM)?;
    Ok(Call::Update(who))
}

fn read(call: CallId, argument: Value<'_>, name: &str, known: &[&'static str]) -> Result<(Box<Who>, bool), Error> {
    object(argument, name, known)?;
    let (mut who, mut anything) = (Box::default(), false);
    let mut room = ROOM;
    for (key, value) in argument.members() {
        if !value.is_null() {
            room = take(&mut who, call, key, value, room)?;
            anything = true;
        }
    }
    Ok((who, anything))
}

/// Answers how much room is left. Of an update, which is of no call, nothing is missing.
fn take(who: &mut Who, call: CallId, key: &str, value: Value<'_>, room: usize) -> Result<usize, Error> {
    let too_big = || Error::new(Code::ValidationError, "user, company and context take at most 16 kB as JSON");
    let room = room.checked_sub(value.raw().len()).ok_or_else(too_big)?;
    options::check_of_call(key, value, call == 0)?;
    match key {
        "user" => take_user(who, value),
        "company" => who.company = Some(value.raw().to_owned()),
        "context" => who.context = Some(value.raw().to_owned()),
        _ => who.provider = Some(call),
    }
    Ok(room)
}

/// The id is text from here on, whatever the page's database makes of it.
fn take_user(who: &mut Who, user: Value<'_>) {
    let mut writer = Writer::new();
    writer.object();
    for (name, value) in user.members() {
        writer.name(name);
        if name == "id" {
            let id = value.text().unwrap_or(value.raw());
            writer.string(id);
            who.user_id = Some(id.to_owned());
        } else {
            writer.raw(value.raw());
        }
    }
    writer.end_object();
    who.user = Some(writer.finish());
}
