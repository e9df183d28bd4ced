//! One test's result and the count of many. Nothing is run or read here.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Passed,
    Failed,
    Skipped,
    /// No worse than it was, and short of its target all the same. Named in every run, never counted as passed.
    Missed,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Missed => "missed",
        }
    }

    /// An outcome it does not know is a failure: a misspelt "pased" must not hide one.
    pub fn read(text: &str) -> Self {
        match text {
            "passed" | "pass" | "ok" => Self::Passed,
            "skipped" | "skip" => Self::Skipped,
            _ => Self::Failed,
        }
    }
}

/// One entry of target/report/test.json.
pub struct TestCase {
    pub id: String,
    pub browser: Option<String>,
    pub outcome: Outcome,
    pub ms: Option<u64>,
    pub values: Value,
    /// Why it failed or was skipped, where that is known in one text.
    pub reason: Option<String>,
}

impl TestCase {
    /// A step that is one test as a whole.
    pub fn whole(id: &str, outcome: Outcome, elapsed: Option<Duration>) -> Self {
        let ms = elapsed.and_then(|elapsed| u64::try_from(elapsed.as_millis()).ok());
        Self { id: id.to_owned(), browser: None, outcome, ms, values: json!({}), reason: None }
    }

    pub fn title(&self) -> String {
        match &self.browser {
            Some(browser) => format!("{} in {browser}", self.id),
            None => self.id.clone(),
        }
    }

    pub fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let reason = self.reason.as_deref().and_then(|reason| reason.lines().next());
        let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
        format!("{} {}{reason}", self.outcome.name(), self.title())
    }

    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "browser": self.browser, "outcome": self.outcome.name(), "ms": self.ms,
            "values": self.values, "reason": self.reason,
        })
    }
}

/// Counts, printed in the form scripts rely on.
#[derive(Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Tally {
    pub fn of(cases: &[TestCase]) -> Self {
        let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
        Self { passed: count(Outcome::Passed), failed: count(Outcome::Failed), skipped: count(Outcome::Skipped) }
    }

    /// Whether the run as a whole fails. Strict: what was not run is not proven.
    pub fn fails(&self, strict: bool) -> bool {
        self.failed > 0 || (strict && self.skipped > 0)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_test_fails_only_a_strict_run() {
        let cases = [TestCase::whole("a", Outcome::Passed, None), TestCase::whole("b", Outcome::Skipped, None)];
        let tally = Tally::of(&cases);
        assert_eq!(tally.to_string(), "1 passed, 0 failed, 1 skipped");
        assert!(!tally.fails(false));
        assert!(tally.fails(true));
        assert!(Tally { failed: 1, ..Tally::default() }.fails(false));
    }

    #[test]
    fn an_unknown_outcome_is_a_failure() {
        assert_eq!(Outcome::read("pased"), Outcome::Failed);
    }
}
