//! Rules for one file at a time: its opening, its length, its names, and no way from text to HTML.

use super::code::{Keep, lines_with};
use super::files::Source;

/// The most lines a file may have. Generated tables belong in data files.
const LONGEST: usize = 400;

/// What would turn text into HTML, script or inline style. All of them throw under the strict policy the product promises.
const SINKS: [&str; 20] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "DOMParser",
    "srcdoc",
    "document.write",
    "createContextualFragment",
    "setHTMLUnsafe",
    "eval",
    "new Function",
    "set_inner_html",
    "set_outer_html",
    "insert_adjacent_html",
    "DomParser",
    "set_srcdoc",
    "create_contextual_fragment",
    "\"style\"",
    "'style'",
    "<style",
    "Function::new_no_args",
];

/// A Rust file without its opening sentence.
pub(crate) fn opening(source: &Source) -> Option<String> {
    (!source.text.starts_with("//! ")).then(|| source.finding(1, "opens without //!"))
}

/// A file that is too long.
pub(crate) fn length(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > LONGEST).then(|| source.finding(LONGEST + 1, &format!("has {lines} lines")))
}

/// HTML sinks in code or in strings.
pub(crate) fn sinks(source: &Source) -> Vec<String> {
    if source.path.starts_with("pkg-template/test/") {
        return Vec::new();
    }
    let code = source.code(Keep::CodeAndStrings);
    let found = SINKS.iter().flat_map(|sink| lines_with(&code, sink).into_iter().map(move |line| (line, sink)));
    found.map(|(line, sink)| source.finding(line, sink)).collect()
}

/// Listeners that keep a page out of the back/forward cache.
pub(crate) fn unloads(source: &Source) -> Vec<String> {
    if source.path.starts_with("pkg-template/test/") {
        return Vec::new();
    }
    let code = source.code(Keep::CodeAndStrings);
    let names = ["unload", "beforeunload", "onunload", "onbeforeunload", "set_onunload", "set_onbeforeunload"];
    let found = names.iter().flat_map(|name| lines_with(&code, name).into_iter().map(move |line| (line, name)));
    found.map(|(line, name)| source.finding(line, name)).collect()
}

/// Type names that say nothing, and getters with a prefix.
pub(crate) fn names(source: &Source) -> Vec<String> {
    let code = source.code(Keep::Code);
    let mut findings = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        for pair in words.windows(2) {
            let vague = ["Manager", "Helper", "Util", "Utils", "Service"].iter().any(|end| pair[1].ends_with(end));
            let declares = matches!(pair[0], "struct" | "enum" | "trait" | "type");
            if (declares && vague) || (pair[0] == "fn" && pair[1].starts_with("get_")) {
                findings.push(source.finding(number + 1, pair[1]));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_opening_and_a_long_file_are_found() {
        assert!(opening(&Source::of("a.rs", "use std::fmt;\n")).is_some());
        assert!(opening(&Source::of("a.rs", "//! What it is.\n")).is_none());
        assert!(length(&Source::of("a.rs", &"\n".repeat(401))).is_some());
        assert!(length(&Source::of("a.rs", &"\n".repeat(400))).is_none());
    }

    #[test]
    fn every_sink_is_found_and_a_comment_is_not() {
        for sink in SINKS {
            let bad = Source::of("src/widget/row.rs", &format!("x.{sink}(y)"));
            assert!(!sinks(&bad).is_empty(), "{sink}");
        }
        assert!(sinks(&Source::of("pkg-template/a.js", "// innerHTML would throw\nlet medieval = 1;")).is_empty());
    }

    #[test]
    fn an_unload_listener_is_found_and_a_comment_is_not() {
        for bad in
            ["addEventListener('beforeunload', f)", "window.onunload = f", "listeners.on(&window, \"unload\", f)"]
        {
            assert!(!unloads(&Source::of("src/browser/page.rs", bad)).is_empty(), "{bad}");
        }
        assert!(unloads(&Source::of("pkg-template/a.js", "// no unload here\nreload(); unloaded();")).is_empty());
    }

    #[test]
    fn vague_names_are_found() {
        let bad = Source::of("src/a.rs", "struct SocketManager;\nfn get_name() {}\nfn get(&self) {}\n");
        assert_eq!(names(&bad), ["src/a.rs:1: SocketManager", "src/a.rs:2: get_name"]);
    }
}
