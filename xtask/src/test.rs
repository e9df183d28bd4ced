//! `cargo xtask test`: every step to its end, one report, and a last line that counts. What a step runs is in `steps`.

mod outcome;
mod parse;
mod report;
mod steps;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::process::{self, Ended};
use crate::project::Project;
use crate::tools;
use outcome::{Outcome, Tally, TestCase};
use steps::{Results, Step, Work};

/// How many lines of a failed step's log are printed at most.
const TAIL: usize = 60;

/// Whether target/report/test.json is written.
#[derive(PartialEq)]
pub enum Report {
    Full,
    None,
}

pub fn run(project: &Project, only: &[String]) -> Result<ExitCode> {
    let names: Vec<&str> = only.iter().map(String::as_str).collect();
    run_steps(project, &names, Report::Full)
}

/// Runs the named steps, or all of them when none is named.
pub fn run_steps(project: &Project, names: &[&str], report: Report) -> Result<ExitCode> {
    let known = steps::NAMES;
    for name in names {
        ensure!(known.contains(name), "unknown step `{name}`; there are {}", known.join(" "));
    }
    let chosen = |step: &&str| names.is_empty() || names.contains(step);
    std::fs::create_dir_all(project.report("logs"))?;
    if report == Report::Full {
        report::forget(project);
    }
    let mut cases = prepare(project, known.iter().copied().filter(chosen));
    for name in known.iter().copied().filter(chosen) {
        let step = steps::step(project, name)?;
        cases.extend(carry_out(project, &step));
    }
    let tally = Tally::of(&cases);
    if report == Report::Full {
        report::write(project, &cases)?;
    }
    for case in cases.iter().filter(|case| case.outcome != Outcome::Passed) {
        println!("{}", case.line());
    }
    println!("{tally}");
    let strict = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    Ok(if tally.fails(strict) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Installs what the steps need. What cannot be installed is one failed test each; the steps are tried all the same.
fn prepare<'a>(project: &Project, names: impl Iterator<Item = &'a str>) -> Vec<TestCase> {
    let mut failed = Vec::new();
    let mut attempt = |what: &str, result: Result<()>| {
        if let Err(error) = result {
            println!("install {what}: {error:#}");
            let case = TestCase::whole(&format!("install/{what}"), Outcome::Failed, None);
            failed.push(case.because(format!("{error:#}")));
        }
    };
    attempt("rust", tools::rust_components());
    attempt("tools", tools::for_build(project));
    for need in steps::needs(names) {
        match need {
            steps::Need::Browsers => {
                tools::install_browsers(project);
                attempt("cargo-tools", tools::cargo_tools(project));
            }
            steps::Need::Npm(folder) => attempt(folder, tools::npm(project, folder)),
        }
    }
    failed
}

fn carry_out(project: &Project, step: &Step) -> Vec<TestCase> {
    let command = match &step.work {
        Work::Skip(reason) => {
            println!("skip {:<22} {reason}", step.name);
            return vec![TestCase::whole(step.name, Outcome::Skipped, None).because(reason)];
        }
        Work::Run(build) => build(),
    };
    let log = project.report("logs").join(format!("{}.log", step.name));
    let ended = command.and_then(|mut command| process::run_logged(&mut command, &log, step.limit));
    let ended = match ended {
        Ok(ended) => ended,
        Err(error) => {
            println!("FAIL {:<22} {error:#}", step.name);
            return vec![TestCase::whole(step.name, Outcome::Failed, None).because(format!("{error:#}"))];
        }
    };
    let cases = collect(step, &ended, &log);
    let tally = Tally::of(&cases);
    let seconds = ended.elapsed.as_secs_f64();
    let mark = if tally.failed > 0 { "FAIL" } else { "ok  " };
    println!("{mark} {:<22} {seconds:>6.1} s  {tally}", step.name);
    if tally.failed > 0 {
        if ended.timed_out {
            println!("     stopped after {} s", step.limit.as_secs());
        }
        print_failure(&log);
    }
    cases
}

/// The single results of a step. A step that fails without a failed test, or that should have tests and has none, is a failure itself.
fn collect(step: &Step, ended: &Ended, log: &Path) -> Vec<TestCase> {
    let mut cases = match &step.results {
        Results::Whole => {
            let outcome = if ended.success { Outcome::Passed } else { Outcome::Failed };
            return vec![TestCase::whole(step.name, outcome, Some(ended.elapsed))];
        }
        Results::Lines => parse::lines(
            step,
            &std::fs::read(log).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default(),
        ),
        Results::File(path) => report::read_entries(path),
        Results::Figures(id, path) => {
            let values = report::read_figures(path);
            let outcome = match values["missed"].as_u64() {
                _ if !ended.success => Outcome::Failed,
                None | Some(0) => Outcome::Passed,
                Some(_) => Outcome::Missed,
            };
            vec![TestCase { values, ..TestCase::whole(id, outcome, Some(ended.elapsed)) }]
        }
    };
    let silent = !ended.success && cases.iter().all(|case| case.outcome != Outcome::Failed);
    if silent || cases.is_empty() {
        cases.push(TestCase::whole(&format!("{}/step", step.name), Outcome::Failed, Some(ended.elapsed)));
    }
    cases
}

/// What failed and why: the sections that cargo and our reporter for Node write for each failed test, or the log's end.
fn print_failure(log: &Path) {
    let text = std::fs::read(log).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
    let sections = parse::failures(&text);
    let lines: Vec<&str> = if sections.is_empty() { text.lines().collect() } else { sections };
    let shown = &lines[lines.len().saturating_sub(TAIL)..];
    println!("     from {}:", log.display());
    for line in shown {
        println!("     | {line}");
    }
}
