//! target/report/test.json: written whole at the end, and the entries other programs leave for it.

use std::path::Path;

use anyhow::Result;
use serde_json::{Map, Value};

use super::outcome::{Outcome, TestCase};
use crate::project::Project;

/// Removes earlier reports: a step that writes none must not be credited with an old one.
pub fn forget(project: &Project) {
    for name in ["test.json", "e2e.json", "sim.json", "size.json"] {
        // It is absent on the first run.
        let _ = std::fs::remove_file(project.report(name));
    }
}

pub fn write(project: &Project, cases: &[TestCase]) -> Result<()> {
    let entries: Vec<Value> = cases.iter().map(TestCase::to_json).collect();
    std::fs::write(project.report("test.json"), format!("{:#}\n", Value::from(entries)))?;
    Ok(())
}

/// The entries of a report in the form of test.json. An unreadable one has no entries, which fails its step.
pub fn read_entries(path: &Path) -> Vec<TestCase> {
    let Ok(text) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    entries(&text)
}

/// The plain figures at the top of a report: numbers, texts, truths; no lists.
pub fn read_figures(path: &Path) -> Value {
    let report = std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok());
    let Some(Value::Object(mut figures)) = report else { return Value::Object(Map::new()) };
    figures.retain(|_, value| !value.is_array() && !value.is_object());
    Value::Object(figures)
}

fn entries(text: &str) -> Vec<TestCase> {
    let Ok(Value::Array(entries)) = serde_json::from_str(text) else {
        return Vec::new();
    };
    entries.iter().filter_map(entry).collect()
}

fn entry(entry: &Value) -> Option<TestCase> {
    Some(TestCase {
        id: entry["id"].as_str()?.to_owned(),
        browser: entry["browser"].as_str().map(str::to_owned),
        outcome: Outcome::read(entry["outcome"].as_str().unwrap_or_default()),
        ms: entry["ms"].as_f64().map(|ms| ms as u64),
        values: entry["values"].clone(),
        reason: entry["error"].as_str().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_id_browser_and_figures() {
        let cases = entries(
            r#"[{"id":"A.kill","browser":"firefox","outcome":"passed","ms":12.5,"values":{"lost":0}}, {"id":"A.csp"}]"#,
        );
        assert_eq!(cases[0].title(), "A.kill in firefox");
        assert_eq!(cases[0].to_json()["values"]["lost"], 0);
        assert_eq!(cases[1].outcome, Outcome::Failed);
        assert!(entries("not json").is_empty());
    }
}
