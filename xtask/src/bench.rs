//! `cargo xtask bench`: builds what is measured, installs what it is compared with, and runs `benches/run.mjs`, which
//! measures, compares and writes the report. No figure is taken here.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::build::{self, Kind};
use crate::process::Group;
use crate::project::Project;
use crate::{size, tools};

const LIMIT: Duration = Duration::from_secs(60 * 60);

pub fn run(project: &Project, only: Option<&str>, runs: u32) -> Result<ExitCode> {
    let wants = |name: &str| only.is_none_or(|only| only.split(',').any(|one| one == name));
    // The core alone is measured natively.
    if only != Some("core") {
        build::run(project, Kind::Release)?;
        tools::install_browsers(project);
        // The measurements drive the browser and the server by the end-to-end tests' own parts.
        for folder in ["benches", "tests/e2e", "examples/server"] {
            tools::npm(project, folder)?;
        }
    }
    if wants("sizes") {
        size::run(project)?;
    }
    let mut command = project.node("benches/run.mjs");
    command.args(["--runs", &runs.to_string()]);
    match only {
        Some(only) => command.args(["--only", only]),
        None => command.arg("--plots").arg(project.root.join("docs")),
    };
    let (status, timed_out) = Group::spawn(&mut command)?.wait(LIMIT)?;
    if timed_out {
        eprintln!("measuring took more than {} minutes", LIMIT.as_secs() / 60);
    }
    let success = !timed_out && status.is_some_and(|status| status.success());
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
