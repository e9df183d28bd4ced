//! Single results out of a log: the `test name ... ok` lines that cargo, wasm-bindgen and our reporter for Node print.

use super::outcome::{Outcome, TestCase};
use super::steps::Step;

/// All results of a step's log. The id is `step/binary::test`, stable as long as the names are.
pub fn lines(step: &Step, log: &str) -> Vec<TestCase> {
    let mut binary = String::new();
    let mut cases = Vec::new();
    for line in log.lines() {
        let line = line.trim();
        // wasm-bindgen says "Running headless tests in …" of the binary named before.
        if let Some(running) = line.strip_prefix("Running ").filter(|running| running.ends_with(')')) {
            binary = binary_name(running);
        } else if let Some(doc) = line.strip_prefix("Doc-tests ") {
            binary = format!("doc:{doc}");
        } else if let Some((name, outcome, ms)) = result(line) {
            let name = if binary.is_empty() { name.to_owned() } else { format!("{binary}::{name}") };
            let browser = step.browser.map(str::to_owned);
            cases.push(TestCase { browser, ms, ..TestCase::whole(&format!("{}/{name}", step.group), outcome, None) });
        }
    }
    cases
}

/// How much of one failure is shown: its reason comes first, a browser's backtrace after it is long.
const SECTION: usize = 14;

/// The first lines of the sections `---- name stdout ----` that explain failures.
pub fn failures(log: &str) -> Vec<&str> {
    let mut inside = false;
    let mut shown = 0;
    log.lines()
        .filter(|line| {
            if line.starts_with("---- ") {
                inside = true;
                shown = 0;
            } else if *line == "failures:" || line.starts_with("test result:") || line.starts_with("     Running ") {
                inside = false;
            }
            shown += 1;
            inside && shown <= SECTION
        })
        .collect()
}

/// `unittests src/lib.rs (target/debug/deps/support_chat-0123abcd)` → `support_chat`
fn binary_name(running: &str) -> String {
    let path = running.rsplit_once('(').map_or(running, |(_, path)| path.trim_end_matches(')'));
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let file = file.trim_end_matches(".wasm").trim_end_matches(".exe");
    file.rsplit_once('-').map_or(file, |(name, _)| name).to_owned()
}

fn result(line: &str) -> Option<(&str, Outcome, Option<u64>)> {
    let (name, rest) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let (word, rest) = rest.split_once([' ', ',']).unwrap_or((rest, ""));
    let outcome = match word {
        "ok" => Outcome::Passed,
        "FAILED" | "FAIL" => Outcome::Failed,
        "ignored" => Outcome::Skipped,
        _ => return None,
    };
    let ms = rest.trim_start_matches('(').split_once(" ms").and_then(|(number, _)| number.parse().ok());
    Some((name, outcome, ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::steps::Step;

    const LOG: &str = "\
     Running unittests src/lib.rs (target/debug/deps/support_chat-64d0)
running 3 tests
test json::reads ... ok
test json::says a ... b ... FAILED
test slow ... ignored, takes an hour
test result: FAILED. 1 passed; 1 failed; 1 ignored
     Running tests/tidy/main.rs (target/debug/deps/tidy-0aa1)
test opening - should panic ... ok
   Doc-tests support_chat
test src/lib.rs - open (line 3) ... ok
";

    #[test]
    fn cargo_lines_are_counted_one_by_one() {
        let cases = lines(&Step::example("native"), LOG);
        let seen: Vec<(&str, Outcome)> = cases.iter().map(|case| (case.id.as_str(), case.outcome)).collect();
        assert_eq!(
            seen,
            [
                ("native/support_chat::json::reads", Outcome::Passed),
                ("native/support_chat::json::says a ... b", Outcome::Failed),
                ("native/support_chat::slow", Outcome::Skipped),
                ("native/tidy::opening - should panic", Outcome::Passed),
                ("native/doc:support_chat::src/lib.rs - open (line 3)", Outcome::Passed),
            ]
        );
    }

    #[test]
    fn a_failure_is_shown_with_its_reason_only() {
        let log = "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\nleft: 1\n\nfailures:\n    a\n\ntest result: FAILED\n";
        assert_eq!(failures(log), ["---- a stdout ----", "left: 1", ""]);
        let long = format!("---- a output ----\nreason\n{}---- b output ----\nother\n", "    at x\n".repeat(100));
        let shown = failures(&long);
        assert_eq!((shown[1], shown.len(), shown[SECTION + 1]), ("reason", SECTION + 2, "other"));
        assert!(failures("error[E0063]: missing field\n").is_empty());
    }

    #[test]
    fn node_lines_carry_their_time() {
        let cases = lines(
            &Step::example("server"),
            "test rules.test.mjs: keeps order ... ok (12 ms)\ntest x ... FAILED (3 ms)\n",
        );
        assert_eq!((cases[0].ms, cases[0].outcome), (Some(12), Outcome::Passed));
        assert_eq!((cases[1].ms, cases[1].outcome), (Some(3), Outcome::Failed));
    }

    #[test]
    fn the_failure_word_of_wasm_bindgen_counts() {
        let log = "     Running tests/web_stores.rs (target/deps/web_stores-05.wasm)\n\
                   Running headless tests in Chrome on `http://127.0.0.1:1/`\ntest own_stores ... FAIL\n";
        let cases = lines(&Step::example("wasm"), log);
        assert_eq!((cases[0].id.as_str(), cases[0].outcome), ("wasm/web_stores::own_stores", Outcome::Failed));
    }
}
