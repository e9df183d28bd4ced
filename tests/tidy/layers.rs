//! Which part of the crate may name which. The drawing is in ARCHITECTURE; here it is data.

use super::code::{Keep, is_word, line_of, lines_with};
use super::files::Source;

/// (a layer, what it may import besides itself and the nouns)
const LAYERS: [(&str, &[&str]); 6] = [
    ("api", &["browser", "widget", "session", "transport", "store"]),
    ("browser", &["session", "transport", "store"]),
    ("widget", &["session", "transport", "store"]),
    ("session", &["transport", "store"]),
    ("transport", &[]),
    ("store", &[]),
];

/// The nouns everyone shares; they may name each other.
const NOUNS: [&str; 7] = ["lifecycle", "message", "options", "error", "json", "queue", "time"];

/// (a folder, what it imports against the drawing): each with its reason, none by habit.
const EXCEPTIONS: [(&str, &str); 1] = [
    // Persisted entries keep messages in the wire's own form, so that there is one reader of events and not two.
    ("src/store/", "transport"),
];

/// The layers that may name the browser.
const WEB: [&str; 3] = ["api", "browser", "widget"];

/// The first part of the path: a folder or a file of the crate's root.
fn layer(source: &Source) -> &str {
    let path = source.path.trim_start_matches("src/");
    path.split_once('/').map_or(path.trim_end_matches(".rs"), |(folder, _)| folder)
}

/// Imports of another part of the crate that the drawing does not have.
pub(crate) fn imports(source: &Source) -> Vec<String> {
    let own = layer(source);
    if own == "lib" {
        return Vec::new();
    }
    let Some(allowed) = LAYERS.iter().find(|(name, _)| *name == own).map(|(_, allowed)| *allowed).or(noun(own)) else {
        return vec![source.finding(1, "is in no layer the drawing has")];
    };
    let code = source.code(Keep::Code);
    crate_paths(&code)
        .into_iter()
        .chain(upward_paths(source, &code))
        .filter(|(_, part)| part != own && !NOUNS.contains(&part.as_str()) && !allowed.contains(&part.as_str()))
        .filter(|(_, part)| !EXCEPTIONS.iter().any(|(folder, to)| source.path.starts_with(folder) && part == to))
        .map(|(line, part)| source.finding(line, &format!("{own} imports {part}")))
        .collect()
}

fn noun(name: &str) -> Option<&'static [&'static str]> {
    NOUNS.contains(&name).then_some(&[])
}

/// The first module of every `crate::…` path, groups included.
fn crate_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = at.checked_sub(1).map_or(b' ', |before| code.as_bytes()[before]);
        if is_word(before) || before == b'$' {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let modules = match rest.strip_prefix('{') {
            Some(group) => group_heads(group),
            None => vec![head(rest)],
        };
        let lower = |name: &String| name.starts_with(|c: char| c.is_ascii_lowercase());
        found.extend(modules.into_iter().filter(lower).map(|name| (line_of(code, at), name)));
    }
    found
}

/// Layers reached by enough `super::` to arrive at the crate's root.
fn upward_paths(source: &Source, code: &str) -> Vec<(usize, String)> {
    let depth = source.path.trim_end_matches("/mod.rs").matches('/').count();
    let mut found = Vec::new();
    let mut end = 0;
    for (at, _) in code.match_indices("super::") {
        if at < end {
            continue;
        }
        let rest = code[at..].trim_start_matches("super::");
        end = code.len() - rest.len();
        let name = head(rest);
        let is_layer = LAYERS.iter().any(|(layer, _)| *layer == name);
        if (end - at) / "super::".len() >= depth && is_layer {
            found.push((line_of(code, at), name));
        }
    }
    found
}

fn head(path: &str) -> String {
    path.trim_start().chars().take_while(|c| is_word(*c as u8) && c.is_ascii()).collect()
}

/// `a::{b, c}, d}` → a, d
fn group_heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = vec![head(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(head(&group[at + 1..])),
            _ => {}
        }
    }
    heads
}

/// The browser's crates outside their layers, exports and conversion outside `api`.
pub(crate) fn browser_names(source: &Source) -> Vec<String> {
    let code = source.code(Keep::Code);
    let own = layer(source);
    let mut findings = Vec::new();
    let mut find = |word: &str, code: &str| {
        findings.extend(
            lines_with(code, word).into_iter().map(|line| source.finding(line, &format!("{own} names {word}"))),
        );
    };
    if !WEB.contains(&own) {
        for word in ["wasm_bindgen", "js_sys", "web_sys", "gloo_timers", "wasm_bindgen_futures"] {
            find(word, &code);
        }
    }
    if own != "api" {
        find("serde_wasm_bindgen", &code);
        find("#[wasm_bindgen", &without_foreign_blocks(&code));
    }
    findings
}

/// Blanks `#[wasm_bindgen] extern "C" { … }`: imports, which may stand in every web layer.
fn without_foreign_blocks(code: &str) -> String {
    let mut out = code.to_owned();
    for (at, _) in code.match_indices("extern ") {
        let from = code[..at].rfind([';', '}']).map_or(0, |end| end + 1);
        let Some(open) = code[at..].find('{').map(|open| at + open) else { continue };
        let to = code[open..].find("\n}").map_or(code.len(), |end| open + end + 2);
        let blank: String = out[from..to].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        if blank.len() == to - from {
            out.replace_range(from..to, &blank);
        }
    }
    out
}

/// Clocks, chance and async outside the web layers.
pub(crate) fn impurities(source: &Source) -> Vec<String> {
    let own = layer(source);
    if WEB.contains(&own) || own == "lib" {
        return Vec::new();
    }
    let code = source.code(Keep::Code);
    ["Instant", "SystemTime", "async", "await", "getrandom", "thread"]
        .iter()
        .flat_map(|word| lines_with(&code, word).into_iter().map(move |line| (line, word)))
        .map(|(line, word)| source.finding(line, &format!("{own} names {word}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_to_the_left_is_found() {
        let bad = Source::of("src/transport/cometd.rs", "use crate::session::Session;\n");
        assert_eq!(imports(&bad), ["src/transport/cometd.rs:1: transport imports session"]);
        let sideways = Source::of("src/browser/driver.rs", "use crate::{error::Error, widget::{Panel, theme}};\n");
        assert_eq!(imports(&sideways), ["src/browser/driver.rs:1: browser imports widget"]);
        let path = Source::of("src/json.rs", "//! json\nfn f() { crate::store::keys() }\n");
        assert_eq!(imports(&path), ["src/json.rs:2: json imports store"]);
        assert_eq!(imports(&Source::of("src/misc.rs", "")).len(), 1);
        let upward =
            Source::of("src/store/memory.rs", "use super::super::session::Session;\nuse super::session::Entry;\n");
        assert_eq!(imports(&upward), ["src/store/memory.rs:1: store imports session"]);
    }

    #[test]
    fn an_import_to_the_right_is_fine() {
        let text = "// crate::api\nuse crate::{error::{self, Error}, message::Message, transport};\nuse crate::store::State;\n";
        assert_eq!(imports(&Source::of("src/session/outbox.rs", text)), [""; 0]);
    }

    #[test]
    fn the_browser_in_the_core_is_found() {
        let bad = Source::of("src/session.rs", "use web_sys::Window;\n");
        assert_eq!(browser_names(&bad), ["src/session.rs:1: session names web_sys"]);
        assert_eq!(browser_names(&Source::of("src/widget/panel.rs", "use web_sys::Window;\n")), [""; 0]);
        assert_eq!(browser_names(&Source::of("src/browser/tabs.rs", "serde_wasm_bindgen::to_value(&x)")).len(), 1);
    }

    #[test]
    fn an_export_outside_api_is_found_and_an_import_is_not() {
        let import = "#[wasm_bindgen]\nextern \"C\" {\n    #[wasm_bindgen(method)]\n    fn now(this: &Clock);\n}\n";
        assert_eq!(browser_names(&Source::of("src/browser/clock.rs", import)), [""; 0]);
        let export = format!("{import}#[wasm_bindgen]\npub fn leak() {{}}\n");
        assert_eq!(
            browser_names(&Source::of("src/browser/clock.rs", &export)),
            ["src/browser/clock.rs:6: browser names #[wasm_bindgen"]
        );
        assert_eq!(browser_names(&Source::of("src/api/chat.rs", &export)), [""; 0]);
    }

    #[test]
    fn a_clock_in_the_core_is_found() {
        assert_eq!(impurities(&Source::of("src/session/backoff.rs", "let t = std::time::Instant::now();")).len(), 1);
        assert_eq!(impurities(&Source::of("src/browser/driver.rs", "async fn f() {}")), [""; 0]);
    }
}
