//! Whom a call names: `user`, `company`, `context` and the token provider of `boot`, `identify` and `update`, checked and
//! read. Not: the same words among the options (`options`), nor what follows from them (the session).

use super::calls::object;
use super::convert::json_text;
use crate::browser::js;
use crate::error::{Code, Error};
use crate::json::{self, Value, Writer};
use crate::options::{self, Given};
use crate::session::{Call, Who};
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

/// User, company and context together may be this long as JSON.
const ROOM: usize = 16 * 1024;

/// What a call said, and the token provider it brought.
pub(super) type Named = (Call, Option<Function>);

/// `boot({user?, company?, tokenProvider?, context?})`.
pub(super) fn boot(argument: &JsValue) -> Result<Named, Error> {
    let (who, provider) = read(argument, "boot", &["user", "company", "tokenProvider", "context"])?;
    let nobody = who == Who::default() && provider.is_none();
    Ok((if nobody { Call::Boot } else { Call::BootAs(Box::new(who)) }, provider))
}

/// `identify({user, company?, tokenProvider?})`.
pub(super) fn identify(argument: &JsValue) -> Result<Named, Error> {
    let (who, provider) = read(argument, "identify", &["user", "company", "tokenProvider"])?;
    if who.user_id.is_none() {
        return Err(Error::new(Code::InvalidConfig, "`identify` needs a `user`"));
    }
    Ok((Call::Identify(Box::new(who)), provider))
}

/// `update({user?, company?, context?})`.
pub(super) fn update(argument: &JsValue) -> Result<Named, Error> {
    let (who, _) = read(argument, "update", &["user", "company", "context"])?;
    Ok((Call::Update(Box::new(who)), None))
}

/// `setContext(context)`: `update({context})`.
pub(super) fn set_context(context: &JsValue) -> Result<Named, Error> {
    let argument = Object::new();
    // `undefined` and `null` would be nothing said; here they are no object.
    let context = if context.is_object() { context.clone() } else { JsValue::FALSE };
    js::set(&argument, "context", &context);
    update(&argument)
}

fn read(argument: &JsValue, call: &str, known: &[&'static str]) -> Result<(Who, Option<Function>), Error> {
    let argument = object(argument, call)?;
    let (mut who, mut provider) = (Who::default(), None);
    let mut room = ROOM;
    for key in Object::keys(argument.unchecked_ref::<Object>()).iter().filter_map(|key: JsValue| key.as_string()) {
        options::among(known, &key)?;
        let value = js::member(&argument, &key);
        if value.is_undefined() || value.is_null() {
            continue;
        }
        if let Some(function) = value.dyn_ref::<Function>().filter(|_| key == "tokenProvider") {
            provider = Some(function.clone());
            continue;
        }
        let text = json_text(&value).unwrap_or_else(|| "null".into());
        let too_big = || Error::new(Code::ValidationError, "user, company and context take at most 16 kB as JSON");
        room = room.checked_sub(text.len()).ok_or_else(too_big)?;
        let document = json::parse(&text).map_err(|_| too_big())?;
        let root = document.root();
        options::check_of_call(&key, Given::Json(root), call == "update")?;
        match &*key {
            "user" => take_user(&mut who, root),
            "company" => who.company = Some(text),
            _ => who.context = Some(text),
        }
    }
    Ok((who, provider))
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
