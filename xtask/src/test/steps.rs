//! The steps of the test command in their order: what each runs, how its results are read, how long it may take.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::sim;

/// One step.
pub struct Step<'a> {
    pub name: &'static str,
    /// The first part of its tests' ids; the same in every browser.
    pub group: &'static str,
    pub browser: Option<&'static str>,
    pub limit: Duration,
    pub results: Results,
    pub work: Work<'a>,
}

/// How single results are found.
pub enum Results {
    /// The step is one test.
    Whole,
    /// `test name ... ok` lines in its log.
    Lines,
    /// A report it writes, in the form of test.json.
    File(PathBuf),
    /// The step is one test, with this id; the plain figures of the report it writes are its values.
    Figures(&'static str, PathBuf),
}

/// What there is to do.
pub enum Work<'a> {
    Run(Box<dyn Fn() -> Result<Command> + 'a>),
    Skip(String),
}

/// What has to be installed for a step.
#[derive(PartialEq)]
pub enum Need {
    Browsers,
    Npm(&'static str),
}

pub const NAMES: [&str; 19] = [
    "fmt",
    "clippy",
    "clippy-headless",
    "clippy-wasm",
    "clippy-wasm-headless",
    "native",
    "sim",
    "doc",
    "build",
    "build-panic",
    "wasm-chromium",
    "wasm-firefox",
    "wasm-webkit",
    "types",
    "server",
    "package",
    "bench",
    "e2e",
    "size",
];

/// What the named steps need, each once.
pub fn needs<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut add = |need| {
        if !needs.contains(&need) {
            needs.push(need)
        }
    };
    for name in names {
        match name {
            "wasm-chromium" | "wasm-firefox" | "wasm-webkit" => add(Need::Browsers),
            "server" => add(Need::Npm("examples/server")),
            "package" => add(Need::Npm("pkg-template/test")),
            "bench" => {
                add(Need::Browsers);
                add(Need::Npm("benches"));
                add(Need::Npm("examples/server"));
                add(Need::Npm("tests/e2e"));
            }
            "e2e" => {
                add(Need::Browsers);
                add(Need::Npm("examples/server"));
                add(Need::Npm("tests/e2e"));
            }
            _ => {}
        }
    }
    needs
}

const WASM: &str = "--target=wasm32-unknown-unknown";

/// A step by its name.
pub fn step<'a>(project: &'a Project, name: &str) -> Result<Step<'a>> {
    let name = *NAMES.iter().find(|known| **known == name).with_context(|| format!("unknown step `{name}`"))?;
    let cargo = |args: &'static [&'static str]| -> Work<'a> {
        Work::Run(Box::new(move || {
            let mut command = project.command("cargo");
            // A backtrace through the test harness hides the one line that says what was wrong.
            command.args(args).env("RUST_BACKTRACE", "0");
            Ok(command)
        }))
    };
    let whole = |minutes: u64, work| Step {
        name,
        group: name,
        browser: None,
        limit: Duration::from_secs(60 * minutes),
        results: Results::Whole,
        work,
    };
    let lines = |minutes: u64, work| Step { results: Results::Lines, ..whole(minutes, work) };
    let own = |args: &'static [&'static str]| -> Work<'a> {
        Work::Run(Box::new(move || {
            let mut command = project.command(&std::env::current_exe()?.to_string_lossy());
            command.args(args).env("CARGO_MANIFEST_DIR", project.root.join("xtask"));
            Ok(command)
        }))
    };
    let node = |folder: &'static str, tests: &'static str| -> Work<'a> {
        Work::Run(Box::new(move || {
            let mut command = project.command("node");
            command.arg("--test").arg("--test-reporter").arg(project.root.join("xtask/js/reporter.mjs")).arg(tests);
            command.current_dir(project.root.join(folder));
            Ok(command)
        }))
    };
    Ok(match name {
        "fmt" => whole(2, cargo(&["fmt", "--all", "--check"])),
        "clippy" => whole(10, cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-Dwarnings"])),
        "clippy-headless" => whole(
            10,
            cargo(&["clippy", "--package=support-chat", "--all-targets", "--no-default-features", "--", "-Dwarnings"]),
        ),
        "clippy-wasm" => whole(
            10,
            cargo(&["clippy", WASM, "--package=support-chat", "--all-targets", "--all-features", "--", "-Dwarnings"]),
        ),
        "clippy-wasm-headless" => whole(
            10,
            cargo(&[
                "clippy",
                WASM,
                "--package=support-chat",
                "--all-targets",
                "--no-default-features",
                "--",
                "-Dwarnings",
            ]),
        ),
        "native" => lines(10, cargo(&["test", "--workspace", "--no-fail-fast"])),
        "sim" => Step {
            results: Results::Figures("sim", project.report("sim.json")),
            ..whole(10, Work::Run(Box::new(move || sim::command(project, None, None))))
        },
        "doc" => whole(
            10,
            Work::Run(Box::new(move || {
                let mut command = project.command("cargo");
                command
                    .args(["doc", WASM, "--package=support-chat", "--lib", "--no-deps"])
                    .env("RUSTDOCFLAGS", "-Dwarnings");
                Ok(command)
            })),
        ),
        "build" => whole(15, own(&["build"])),
        // End to end proves with it that the page survives a panic.
        "build-panic" => whole(15, own(&["build", "--panic-test"])),
        "wasm-chromium" => wasm(whole(10, wasm_pack(project, &["chromedriver"], &[], &["--chrome"])), "chromium"),
        "wasm-firefox" => wasm(whole(10, wasm_pack(project, &["geckodriver"], &[], &["--firefox"])), "firefox"),
        "wasm-webkit" => wasm(whole(10, webkit(project)), "webkit"),
        "types" => whole(
            5,
            Work::Run(Box::new(move || {
                let mut command = project.node("node_modules/typescript/bin/tsc");
                command.args(["--strict", "--noEmit", "--project", "tests/types"]);
                Ok(command)
            })),
        ),
        "server" => lines(10, node("examples/server", "test/")),
        "package" => lines(5, node("pkg-template", "test/")),
        // That everything can be measured, not how fast it is: `cargo xtask bench`.
        "bench" => lines(5, node("benches", "test/")),
        "e2e" => Step {
            results: Results::File(project.report("e2e.json")),
            ..whole(25, Work::Run(Box::new(move || Ok(project.node("tests/e2e/run.mjs")))))
        },
        _ => Step { results: Results::Figures("A.size", project.report("size.json")), ..whole(5, own(&["size"])) },
    })
}

fn wasm<'a>(step: Step<'a>, browser: &'static str) -> Step<'a> {
    Step { group: "wasm", browser: Some(browser), results: Results::Lines, ..step }
}

/// WebKit's driver needs a display; without one it hangs silently.
fn webkit(project: &Project) -> Work<'_> {
    let driver = ["--safari", "--safaridriver", "/usr/bin/WebKitWebDriver"];
    wasm_pack(project, &["WebKitWebDriver", "xvfb-run"], &["xvfb-run", "-a"], &driver)
}

fn wasm_pack<'a>(
    project: &'a Project,
    needed: &[&str],
    before: &'static [&'static str],
    browser: &[&'static str],
) -> Work<'a> {
    if let Some(missing) = needed.iter().find(|program| !project.finds(program)) {
        return Work::Skip(format!("no {missing} on this machine"));
    }
    let browser = browser.to_vec();
    Work::Run(Box::new(move || {
        let mut words = before.iter().chain(&["wasm-pack"]);
        let mut command = project.command(words.next().context("no program")?);
        // No-install: a missing wasm-bindgen fails at once and is not compiled behind our back.
        command.args(words).args(["--log-level", "error", "test", "--headless"]);
        command.args(["--mode", "no-install"]).args(&browser);
        // The runner's own 20 s count the browser's start too; what hangs, the step's limit ends.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        Ok(command)
    }))
}

#[cfg(test)]
impl Step<'_> {
    pub fn example(name: &'static str) -> Self {
        let work = Work::Skip(String::new());
        Step { name, group: name, browser: None, limit: Duration::ZERO, results: Results::Lines, work }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::TEST;

    #[test]
    fn every_step_has_its_name_and_is_in_the_help() {
        let project = Project::locate().unwrap();
        for name in NAMES {
            assert_eq!(step(&project, name).unwrap().name, name);
            assert!(TEST.split_whitespace().any(|word| word == name), "{name}");
        }
        assert!(step(&project, "lunch").is_err());
    }
}
