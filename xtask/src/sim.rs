//! `cargo xtask sim`: runs the simulation (`tests/simulation`) optimised and keeps its report. The simulation itself is not here.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::Result;

use crate::cli::SEEDS;
use crate::process::Group;
use crate::project::Project;

const LIMIT: Duration = Duration::from_secs(30 * 60);

pub fn run(project: &Project, seeds: Option<u64>, seed: Option<u64>) -> Result<ExitCode> {
    let (status, timed_out) = Group::spawn(&mut command(project, seeds, seed)?)?.wait(LIMIT)?;
    if timed_out {
        eprintln!("the simulation took more than {} minutes", LIMIT.as_secs() / 60);
    }
    let success = !timed_out && status.is_some_and(|status| status.success());
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The command that runs it and writes target/report/sim.json.
pub fn command(project: &Project, seeds: Option<u64>, seed: Option<u64>) -> Result<Command> {
    std::fs::create_dir_all(project.report(""))?;
    let mut command = project.command("cargo");
    command.args(["test", "--package", "support-chat", "--profile", "sim", "--test", "simulation", "--"]);
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    if seeds.is_some() || seed.is_none() {
        command.args(["--seeds", &seeds.unwrap_or(SEEDS).to_string()]);
    }
    command.arg("--report").arg(project.report("sim.json"));
    Ok(command)
}
