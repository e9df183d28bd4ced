//! Every option of `createChat`: its default, its check, and how a session asks for it. The only copy; what the
//! loader needs is generated from it ([`loader_defaults`]). Not: how JavaScript values become JSON (`page.js`).

mod check;
mod nearest;
mod table;

use crate::error::{Code, Error};
use crate::json::{Value, Writer, parse};
use check::Place;
use table::{Row, Stage, TABLE};

/// How the page's side says a function: no JSON text that a page can give holds it, `JSON.stringify` makes `0` of it.
pub const FUNCTION: &str = "-0";

/// Where the state is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are the values of `storage`
pub enum Storage {
    Local,
    Session,
    Cookie,
    Memory,
    Custom,
}

impl Storage {
    /// As the option and `storage:degraded` say it.
    pub fn name(self) -> &'static str {
        match self {
            Storage::Local => "local",
            Storage::Session => "session",
            Storage::Cookie => "cookie",
            Storage::Memory => "memory",
            Storage::Custom => "custom",
        }
    }
}

/// The options of one instance, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What was given, by its place in the table, as JSON; what is not here has its default.
    held: Vec<(u8, String)>,
}

impl Options {
    /// Checks everything; the first thing that is wrong is told. What is `undefined` is left out. Of a transport or store
    /// of the page's own there is an object of its methods.
    pub fn of(given: Value<'_>) -> Result<Options, Error> {
        let mut options = Options::default();
        if !given.is_object() {
            return Err(invalid("the options must be an object"));
        }
        for (key, value) in given.members() {
            let place = find(key)?;
            check(key, value)?;
            options.held.push((place, value.raw().into()));
        }
        options.agree()?;
        Ok(options)
    }

    /// What they say together.
    fn agree(&self) -> Result<(), Error> {
        if self.server_url().is_none() && !self.own_transport() {
            return Err(invalid("option `serverUrl` is missing: give it, or a `transport`"));
        }
        if self.held("storage").is_some() && self.held("stateStorage").is_some() {
            return Err(invalid("options `storage` and `stateStorage` exclude each other"));
        }
        for row in self.given() {
            if row.stage == Stage::Later {
                let message = ["option `", row.key, "` is not supported by this version"].concat();
                return Err(Error::new(Code::Unsupported, message));
            }
        }
        Ok(())
    }

    /// Warnings worth a log line each: options this version accepts without acting on them, and contradictions.
    pub fn warnings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for row in self.given() {
            if row.stage == Stage::Unheeded && !self.harmless(row) {
                lines.push(["option `", row.key, "` has no effect in this version"].concat());
            }
        }
        if self.own_transport() && self.server_url().is_some() {
            lines.push("option `serverUrl` has no effect beside a `transport`".into());
        }
        lines
    }

    /// Address of the chat backend: http(s), or a path of the page's own origin.
    pub fn server_url(&self) -> Option<String> {
        self.text("serverUrl")
    }

    /// Whether the page brought a transport of its own.
    pub fn own_transport(&self) -> bool {
        self.own("transport")
    }

    /// Long-polling only.
    pub fn disable_web_sockets(&self) -> bool {
        self.flag("disableWebSockets")
    }

    /// The chat service channel.
    pub fn channel(&self) -> String {
        self.text("channel").unwrap_or_default()
    }

    /// Connect only when something needs it.
    pub fn lazy(&self) -> bool {
        self.text("connect").as_deref() == Some("lazy")
    }

    /// Where the state is kept.
    pub fn storage(&self) -> Storage {
        if self.held("stateStorage").is_some() || self.own("storage") {
            return Storage::Custom;
        }
        match self.text("storage").as_deref() {
            Some("session") => Storage::Session,
            Some("cookie") => Storage::Cookie,
            Some("memory") => Storage::Memory,
            _ => Storage::Local,
        }
    }

    /// The cookie's domain; absent: this host only.
    pub fn storage_domain(&self) -> Option<String> {
        self.text("storageDomain")
    }

    /// Seconds the saved session outlives the page; absent: as long as the store does.
    pub fn max_offline_duration(&self) -> Option<u64> {
        self.number("maxOfflineDuration").or(match self.storage() {
            Storage::Cookie => Some(5),
            Storage::Local => Some(30 * 24 * 60 * 60),
            _ => None,
        })
    }

    /// The page's word on consent.
    pub fn cookie_consent(&self) -> bool {
        self.flag("cookieConsent")
    }

    /// Prefix of every key, cookie, lock and channel.
    pub fn namespace(&self) -> String {
        self.text("namespace").unwrap_or_default()
    }

    /// Boots by itself, when the page said so; its default is the loader's.
    pub fn auto_boot(&self) -> Option<bool> {
        self.held("autoBoot").map(|_| self.flag("autoBoot"))
    }

    /// Messages of others are to be heard.
    pub fn sound(&self) -> bool {
        self.flag("sound")
    }

    /// Mounts the floating widget by itself.
    pub fn auto_render(&self) -> bool {
        self.flag("autoRender")
    }

    /// BCP 47; absent: the page's language.
    pub fn locale(&self) -> Option<String> {
        self.text("locale")
    }

    /// Strings of the widget by key, as JSON object text.
    pub fn messages(&self) -> Option<String> {
        self.json("messages").map(Into::into)
    }

    /// The theme, as JSON object text with at least `mode`.
    pub fn theme(&self) -> String {
        self.json("theme").and_then(|json| Some(theme_object(parse(json).ok()?.root()))).unwrap_or_default()
    }

    /// Settings of the launcher, as JSON object text; absent: there is none.
    pub fn launcher(&self) -> Option<&str> {
        self.json("launcher").filter(|json| *json != "false")
    }

    /// z-index of launcher and panel.
    pub fn z_index(&self) -> i32 {
        let given = self.launcher().and_then(|json| parse(json).ok()?.root().member("zIndex")?.number_i64());
        given.and_then(|number| i32::try_from(number).ok()).unwrap_or(Z_INDEX)
    }

    /// Name, picture and usual reply time of whoever answers, as JSON object text.
    pub fn brand(&self) -> Option<&str> {
        self.json("brand")
    }

    /// The page takes the log lines itself.
    pub fn own_logger(&self) -> bool {
        self.held("logger").is_some()
    }

    /// The page gave a function that gives tokens.
    pub fn own_token_provider(&self) -> bool {
        self.held("tokenProvider").is_some()
    }

    /// What is logged: 0 debug, 1 info, 2 warn, 3 error, 4 nothing.
    pub fn log_level(&self) -> u8 {
        let word = self.text("logLevel").unwrap_or_default();
        let place = table::LEVELS.iter().position(|level| *level == word);
        place.and_then(|place| u8::try_from(place).ok()).unwrap_or(2)
    }

    /// How agents see an anonymous visitor.
    pub fn username(&self) -> String {
        self.text("username").unwrap_or_default()
    }

    /// Subject of conversations.
    pub fn subject(&self) -> Option<String> {
        self.text("subject")
    }

    /// How often newer values are sent: a second, a minute. Never not at all.
    pub fn update_limit(&self) -> (u32, u32) {
        let number = |key: &str, usual: u32| {
            let given = self.json("updateLimit").and_then(|json| parse(json).ok()?.root().number_at(key));
            given.and_then(|given| u32::try_from(given).ok()).map_or(usual, |given| given.max(1))
        };
        (number("perSecond", 1), number("perMinute", 20))
    }

    /// JSON object text sent with the request of a conversation.
    pub fn user_data(&self) -> String {
        self.json("userData").unwrap_or_default().into()
    }

    fn given(&self) -> impl Iterator<Item = &'static Row> {
        self.held.iter().filter_map(|(place, _)| TABLE.get(usize::from(*place)))
    }

    /// An option without effect, asked for exactly what this version does anyway.
    fn harmless(&self, row: &Row) -> bool {
        !row.default.is_empty() && self.json(row.key) == Some(row.default)
    }

    /// As JSON, when it was given.
    fn held(&self, key: &str) -> Option<&str> {
        let place = find(key).ok()?;
        self.held.iter().rev().find(|(other, _)| *other == place).map(|(_, held)| held.as_str())
    }

    /// It is an object of the page's.
    fn own(&self, key: &str) -> bool {
        self.held(key).is_some_and(|held| held.starts_with('{'))
    }

    /// The JSON given, or the default; a default of nothing is absent.
    fn json(&self, key: &str) -> Option<&str> {
        let usual = || TABLE.iter().find(|row| row.key == key).map(|row| row.default).filter(|json| !json.is_empty());
        self.held(key).or_else(usual)
    }

    fn text(&self, key: &str) -> Option<String> {
        Some(parse(self.json(key)?).ok()?.root().text()?.to_owned())
    }

    fn flag(&self, key: &str) -> bool {
        self.json(key) == Some("true")
    }

    fn number(&self, key: &str) -> Option<u64> {
        parse(self.json(key)?).ok()?.root().number_u64()
    }
}

/// The default z-index of launcher and panel.
pub const Z_INDEX: i32 = 2_147_483_000;

/// Checks one value as the option of that name would be: for calls that change an option, as `setTheme`.
pub fn check(key: &str, given: Value<'_>) -> Result<(), Error> {
    check_of_call(key, given, false)
}

/// The same; of a `partial` value nothing is missing.
pub fn check_of_call(key: &str, given: Value<'_>, partial: bool) -> Result<(), Error> {
    let place = find(key)?;
    match TABLE.get(usize::from(place)) {
        Some(row) if !row.kinds.is_empty() => check::any(row.kinds, given, &Place::option(row.key, partial)),
        _ => Ok(()),
    }
}

/// Every member is one of those known.
pub fn among(known: &[&'static str], given: Value<'_>) -> Result<(), Error> {
    for (key, _) in given.members() {
        if !known.contains(&key) {
            return Err(nearest::unknown("", key, known.iter().copied()));
        }
    }
    Ok(())
}

/// A checked theme, as JSON object text: a mode alone becomes `{"mode": …}`.
pub fn theme_object(theme: Value<'_>) -> String {
    if theme.is_object() {
        return theme.raw().into();
    }
    let mut writer = Writer::new();
    writer.object().name("mode").raw(theme.raw()).end_object();
    writer.finish()
}

/// The defaults which the loader needs before the module is there, as a JSON object.
pub fn loader_defaults() -> String {
    let mut writer = Writer::new();
    writer.object();
    for key in ["load", "autoBoot", "autoRender", "launcher", "namespace", "storage", "cookieConsent"] {
        if let Some(row) = TABLE.iter().find(|row| row.key == key) {
            writer.name(key).raw(row.default);
        }
    }
    writer.end_object();
    writer.finish()
}

/// The place of an option in the table.
fn find(key: &str) -> Result<u8, Error> {
    let place = TABLE.iter().position(|row| row.key == key);
    place
        .and_then(|place| u8::try_from(place).ok())
        .ok_or_else(|| nearest::unknown("", key, TABLE.iter().map(|row| row.key)))
}

fn invalid(message: &'static str) -> Error {
    Error::new(Code::InvalidConfig, message)
}

#[cfg(test)]
mod tests;
