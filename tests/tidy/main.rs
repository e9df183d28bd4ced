//! Reads the sources and holds the rules that neither the compiler nor clippy knows: who may import whom, where the
//! browser may be named, no HTML sinks, files that say what they are. The rules' own tests stand beside them.
#![cfg(not(target_arch = "wasm32"))]

mod code;
mod files;
mod layers;
mod locks;
mod rules;

use files::{Source, below};

/// Fails with every finding at once.
fn hold(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}\n  {}", findings.join("\n  "));
}

fn crate_sources() -> Vec<Source> {
    let sources = below("src", &["rs"]);
    assert!(sources.len() > 3, "the sources were not found");
    sources
}

#[test]
fn layers_import_only_what_stands_to_their_right() {
    hold(
        "api → browser | widget → session → transport | store → lifecycle, message, options, error, json",
        crate_sources().iter().flat_map(layers::imports).collect(),
    );
}

#[test]
fn the_browser_is_named_only_in_its_layers() {
    hold(
        "wasm_bindgen, js_sys, web_sys, gloo stand in browser/, widget/, api/; exports and conversion in api/",
        crate_sources().iter().flat_map(layers::browser_names).collect(),
    );
}

#[test]
fn the_core_has_no_clock_no_chance_and_no_async() {
    hold("a pure core is told the time", crate_sources().iter().flat_map(layers::impurities).collect());
}

#[test]
fn every_file_says_what_it_is() {
    let sources = ["src", "tests", "xtask", "benches"].iter().flat_map(|folder| below(folder, &["rs"]));
    hold("a file opens with //!", sources.filter_map(|source| rules::opening(&source)).collect());
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let folders = ["src", "tests", "xtask", "benches", "pkg-template", "examples"];
    let sources = folders.iter().flat_map(|folder| below(folder, &["rs", "js", "mjs", "ts", "css"]));
    // A list of declarations is read by searching, and its readers want it in one place.
    let code = sources.filter(|source| !source.path.ends_with(".d.ts"));
    hold("split it along a noun", code.filter_map(|source| rules::length(&source)).collect());
}

#[test]
fn shipped_code_has_no_html_sink() {
    // Tests play the host page, which may do as it likes.
    let sources = crate_sources().into_iter().chain(below("src", &["js"])).chain(below("pkg-template", &["js"]));
    let shipped = sources.filter(|source| !source.path.contains("/tests/"));
    hold("text is text, never HTML", shipped.flat_map(|source| rules::sinks(&source)).collect());
}

#[test]
fn nothing_listens_for_unload() {
    let sources = crate_sources().into_iter().chain(below("src", &["js"])).chain(below("pkg-template", &["js"]));
    hold("a page with such a listener is not cached", sources.flat_map(|source| rules::unloads(&source)).collect());
}

#[test]
fn names_say_what_a_thing_is() {
    hold("no Manager, Helper, Util, Service, get_", crate_sources().iter().flat_map(rules::names).collect());
}

#[test]
fn lock_files_name_no_registry() {
    let found = below("", &["lock", "json", "npmrc"]);
    assert!(found.iter().any(|source| source.path == "Cargo.lock"), "Cargo.lock was not found");
    hold("a lock file works with every registry", found.iter().flat_map(locks::hosts).collect());
}
