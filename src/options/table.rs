//! The table of options: name, shape, default, and since when it is heeded. Not: how shapes are checked (`check`).

use Kind::*;

/// One option.
pub(super) struct Row {
    pub(super) key: &'static str,
    /// One of these it must be; the first that fits.
    pub(super) kinds: &'static [Kind],
    /// As JSON; empty: there is none.
    pub(super) default: &'static str,
    pub(super) stage: Stage,
}

/// Whether this version acts on an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Now,
    /// Leaving it out changes nothing the page relies on: accepted, with a warning.
    Unheeded,
    /// The page would be misled: `unsupported`, whatever the value.
    Later,
}

/// What a value may be.
pub(super) enum Kind {
    /// Any string.
    Text,
    /// A string, or a number that stands for one.
    Id,
    /// The same, and not empty.
    Key,
    /// A string, a number, a boolean or `null`.
    Primitive,
    /// This, or `null`.
    OrNull(&'static Kind),
    Flag,
    /// `false` alone: there is none.
    Off,
    /// A number that is not negative.
    Count,
    /// A whole number.
    Whole,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A string of a form, and what to call that form.
    Form(fn(&str) -> bool, &'static str),
    /// An object with these members and no others; one without a name stands for all others.
    Shape(&'static [Member]),
    /// An object of strings whose names are not checked here.
    Strings,
    /// An object of the page's own: its keys are never checked; 16 kB of JSON at most.
    Free,
    Function,
    /// An object of the page's own with these methods.
    Methods(&'static [&'static str]),
}

/// A member of an object.
pub(super) struct Member {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

const fn may(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, required: false }
}

const fn must(key: &'static str, kind: Kind) -> Member {
    Member { key, kind, required: true }
}

const fn row(key: &'static str, kinds: &'static [Kind], default: &'static str) -> Row {
    Row { key, kinds, default, stage: Stage::Now }
}

const fn unheeded(key: &'static str, kinds: &'static [Kind], default: &'static str) -> Row {
    Row { key, kinds, default, stage: Stage::Unheeded }
}

const fn later(key: &'static str) -> Row {
    Row { key, kinds: &[], default: "", stage: Stage::Later }
}

/// From loud to silent.
pub(super) const LEVELS: &[&str] = &["debug", "info", "warn", "error", "silent"];

/// Every option, in the order of the README.
pub(super) static TABLE: &[Row] = &[
    row("serverUrl", &[Form(address, "an http(s) address or a path that begins with `/`")], ""),
    row("transport", &[Word(&["cometd"]), Methods(&["connect", "perform", "disconnect"])], r#""cometd""#),
    row("disableWebSockets", &[Flag], "false"),
    row("channel", &[Form(channel, "a channel that begins with `/`")], r#""/service/chatV2/customer-support""#),
    row("connect", &[Word(&["lazy", "eager"])], r#""lazy""#),
    row("user", &[Shape(USER)], ""),
    row("company", &[Shape(COMPANY)], ""),
    row("tokenProvider", &[Function], ""),
    row("context", &[Free], ""),
    row("storage", &[Word(&["local", "session", "cookie", "memory"]), STORE], r#""local""#),
    row("stateStorage", &[STORE], ""),
    row("storageDomain", &[Form(domain, "a domain")], ""),
    row("maxOfflineDuration", &[Count], ""),
    row("cookieConsent", &[Flag], "true"),
    row("namespace", &[Form(namespace, "1 to 64 letters, digits, `.`, `_` or `-`")], r#""default""#),
    row("load", &[Word(&["immediate", "idle", "interaction", "manual"])], r#""idle""#),
    row("autoBoot", &[Flag], "false"),
    row("autoRender", &[Flag], "true"),
    row("locale", &[Form(language, "a language tag as `de` or `pt-BR`")], ""),
    row("messages", &[Strings], ""),
    row("theme", &[Word(MODES), Shape(THEME)], r#""system""#),
    row("launcher", &[Off, Shape(LAUNCHER)], LAUNCHER_DEFAULT),
    row("brand", &[Shape(BRAND)], ""),
    unheeded("greeting", &[Shape(GREETING)], ""),
    later("prechat"),
    later("offline"),
    row("sound", &[Flag], "true"),
    // Their defaults here are what this version does: asking for just that is no cause for a warning.
    unheeded("notifications", &[Flag], "false"),
    row("updateLimit", &[Shape(LIMIT)], r#"{"perSecond":1,"perMinute":20}"#),
    row("logger", &[Function], ""),
    row("logLevel", &[Word(LEVELS)], r#""warn""#),
    row("username", &[Text], r#""User""#),
    row("subject", &[Text], ""),
    row("userData", &[Free], "{}"),
    later("buttonId"),
    later("prepopulatedPrechatFields"),
    later("extraPrechatFormDetails"),
    later("extraPrechatInfo"),
    later("fallbackRouting"),
    later("directToButtonRouting"),
];

const STORE: Kind = Methods(&["read", "write"]);
const LAUNCHER_DEFAULT: &str = r#"{"position":"right","badge":true,"offset":{"x":20,"y":20},"zIndex":2147483000}"#;
const MODES: &[&str] = &["system", "light", "dark"];

const USER: &[Member] = &[
    must("id", Key),
    may("email", OrNull(&Text)),
    may("name", OrNull(&Text)),
    may("phone", OrNull(&Text)),
    may("avatarUrl", OrNull(&Text)),
    may("traits", OrNull(&Free)),
];

const COMPANY: &[Member] =
    &[must("id", Key), may("name", OrNull(&Text)), may("plan", OrNull(&Text)), may("", Primitive)];

const THEME: &[Member] = &[
    may("mode", Word(MODES)),
    may("accent", Text),
    may("onAccent", Text),
    may("accentHover", Text),
    may("accentText", Text),
    may("accentSoft", Text),
    may("accentLine", Text),
    may("surface", Text),
    may("surfaceRaised", Text),
    may("surfaceSunken", Text),
    may("hover", Text),
    may("text", Text),
    may("textMuted", Text),
    may("border", Text),
    may("borderStrong", Text),
    may("bubbleVisitor", Text),
    may("bubbleAgent", Text),
    may("danger", Text),
    may("dangerSoft", Text),
    may("dangerLine", Text),
    may("badge", Text),
    may("success", Text),
    may("warnText", Text),
    may("warnSoft", Text),
    may("warnLine", Text),
    may("radius", Id),
    may("font", Text),
];

const LAUNCHER: &[Member] = &[
    may("position", Word(&["right", "left"])),
    may("label", Text),
    may("badge", Flag),
    may("icon", Text),
    may("selector", Text),
    may("offset", Shape(OFFSET)),
    may("zIndex", Whole),
];
const OFFSET: &[Member] = &[may("x", Whole), may("y", Whole)];
const BRAND: &[Member] = &[must("name", Text), may("avatarUrl", Text), may("replyTime", Text)];
const GREETING: &[Member] = &[may("title", Text), must("text", Text), may("avatarUrl", Text), may("delay", Count)];
const LIMIT: &[Member] = &[may("perSecond", Count), may("perMinute", Count)];
/// Relative addresses would mean something else on every page, `//host` something else by scheme.
fn address(text: &str) -> bool {
    let scheme = |scheme: &str| {
        let head = text.get(..scheme.len()).unwrap_or("");
        head.eq_ignore_ascii_case(scheme)
            && text.len() > scheme.len()
            && text.as_bytes().get(scheme.len()) != Some(&b'/')
    };
    let path = text.starts_with('/') && !text.starts_with("//");
    (path || scheme("http://") || scheme("https://")) && graphic(text)
}

fn channel(text: &str) -> bool {
    text.starts_with('/') && text.len() > 1 && graphic(text) && !text.bytes().any(|byte| byte == b'*')
}

fn domain(text: &str) -> bool {
    namespace(text) && !text.bytes().any(|byte| byte == b'_')
}

fn namespace(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn language(text: &str) -> bool {
    (2..=35).contains(&text.len())
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Nothing invisible and no space inside.
fn graphic(text: &str) -> bool {
    text.len() <= 2048 && text.chars().all(|char| char > ' ' && char != '\u{7f}')
}
