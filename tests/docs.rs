//! The documents say what the code says: every option, call, event, code, stored name and folder stands in them, and
//! every test ARCHITECTURE names exists. Not: whether the sentences around them are true.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::Path;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a marked table of the README, without head and rule, each split into cells.
fn table(name: &str) -> Vec<Vec<String>> {
    let readme = file("README.md");
    let marked =
        readme.split(&format!("<!-- {name}: ")).nth(1).and_then(|rest| rest.split(&format!("<!-- /{name} -->")).next());
    let lines = marked.expect("the table is marked").lines().filter(|line| line.starts_with('|'));
    let rows: Vec<Vec<String>> = lines.skip(2).map(cells).collect();
    assert!(rows.len() > 1, "{name}");
    rows
}

/// `a \| b` is one cell.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_matches('|').replace("\\|", "\u{1}");
    inner.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
}

/// Everything between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// What stands between `before` and the next `"`, everywhere.
fn names<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn sorted(mut list: Vec<&str>) -> Vec<&str> {
    list.sort_unstable();
    list
}

#[test]
fn every_option_stands_in_the_readme_with_what_this_version_does_with_it() {
    let source = file("src/options/table.rs");
    let body = source.split("static TABLE").nth(1).and_then(|rest| rest.split("\n];").next()).expect("the table");
    let mut expected = Vec::new();
    for line in body.lines().map(str::trim_start) {
        for (call, mark) in [("row(\"", "yes"), ("unheeded(\"", "warns"), ("later(\"", "rejects")] {
            if let Some(name) = line.strip_prefix(call).and_then(|rest| rest.split('"').next()) {
                expected.push(format!("{name} {mark}"));
            }
        }
    }
    let told: Vec<String> = table("options").iter().map(|row| format!("{} {}", quoted(&row[0])[0], row[1])).collect();
    assert_eq!(told, expected);
}

#[test]
fn every_code_stands_in_the_readme_once() {
    let source = file("src/error.rs");
    let list = source.split("const ALL").nth(1).and_then(|rest| rest.split("];").next()).expect("the list");
    let rows = table("errors");
    let told = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    assert_eq!(sorted(told), sorted(names(list, ", \"")));
    let recoverable =
        rows.iter().filter(|row| row[1].contains("(recoverable)")).map(|row| quoted(&row[0])[0]).collect();
    assert_eq!(
        sorted(recoverable),
        [
            "auth_expired",
            "load_failed",
            "message_send_failed",
            "network_error",
            "rate_limited",
            "transport_unavailable"
        ]
    );
}

#[test]
fn every_event_stands_in_the_readme_and_those_of_later_versions_apart() {
    let types = file("src/api/types.d.ts");
    let body = types.split("interface Events {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("events");
    let known: Vec<&str> =
        body.lines().filter_map(|line| line.trim().split_once(": ")).map(|(name, _)| name.trim_matches('"')).collect();
    let rows = table("events");
    assert_eq!(sorted(rows.iter().flat_map(|row| quoted(&row[0])).collect()), sorted(known));
    // What is never emitted is named nowhere but in the shapes, and there only from a change nobody makes.
    let shapes = file("src/api/shapes.rs");
    let (later, now) = rows.split_last().expect("rows");
    for event in now.iter().flat_map(|row| quoted(&row[0])) {
        assert!(shapes.contains(&format!("\"{event}\"")), "{event}");
    }
    for event in quoted(&later[0]).into_iter().filter(|event| !event.starts_with("conversation:")) {
        assert!(!shapes.contains(&format!("\"{event}\"")), "{event}");
    }
}

#[test]
fn the_table_of_calls_and_states_is_that_of_the_tests() {
    let tsv = file("tests/lifecycle.tsv");
    let mut lines = tsv.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let same = head.iter().position(|state| *state == "authenticated").expect("a column");
    let rows = table("lifecycle");
    let mut told = 0;
    for mut line in lines {
        assert_eq!(line.remove(same), line[same - 1], "{}: one column stands for both", line[0]);
        let row = rows.iter().find(|row| quoted(&row[0]).contains(&line[0]));
        assert_eq!(row.expect(line[0])[1..], line[1..], "{}", line[0]);
        told += 1;
    }
    assert_eq!(rows.iter().map(|row| quoted(&row[0]).len()).sum::<usize>(), told);
}

#[test]
fn every_stored_name_stands_in_the_readme() {
    let source = file("src/store/persisted.rs");
    let known = names(&source, ": &str = \"").into_iter().map(|name| name.trim_end_matches(':')).collect();
    let rows = table("storage");
    let told = rows.iter().map(|row| quoted(&row[0])[0]).map(|name| name.split(':').next().unwrap_or(name)).collect();
    assert_eq!(sorted(told), sorted(known));
}

#[test]
fn the_stub_stands_in_both_readmes_as_it_is() {
    let stub = file("pkg-template/stub.js");
    for readme in ["README.md", "pkg-template/README.md"] {
        assert!(file(readme).contains(stub.trim()), "{readme}");
    }
}

#[test]
fn links_within_the_repository_lead_somewhere() {
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = file(document);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let inside = !target.starts_with('#') && !target.contains("://");
            assert!(!inside || Path::new(env!("CARGO_MANIFEST_DIR")).join(target).exists(), "{document}: {target}");
        }
    }
}

#[test]
fn every_folder_of_the_map_is_there_and_every_test_architecture_names_exists() {
    let text = file("ARCHITECTURE.md");
    let map = text.split("## The map").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the map");
    let mut folders = 0;
    for row in map.lines().filter(|line| line.starts_with("| `")).map(cells) {
        let path = quoted(&row[0])[0];
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "{path}");
        folders += 1;
    }
    assert!(folders > 8);

    let mut tests = String::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut tests);
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut tests);
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg-template/test"), &mut tests);
    let held = text.split("## Invariants").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the invariants");
    let mut named = 0;
    for row in held.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #")).map(cells) {
        let words = quoted(&row[2]);
        assert!(!words.is_empty(), "invariant {} names no test", row[0]);
        for word in words {
            assert!(tests.contains(word), "invariant {}: no test `{word}`", row[0]);
            named += 1;
        }
    }
    assert!(named > 20);
}

/// The text of every source below a folder, but for what is installed there and this file.
fn gather(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" {
            gather(&path, into);
        } else if ["rs", "js", "mjs"].iter().any(|end| name.ends_with(end)) && name != "docs.rs" {
            into.push_str(&fs::read_to_string(&path).unwrap_or_default());
        }
    }
}
