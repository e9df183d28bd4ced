//! `cargo xtask check`: the quick steps of the test command, stopping at nothing.

use std::process::ExitCode;

use anyhow::Result;

use crate::project::Project;
use crate::test;

/// A subset of the test command's steps that together take under a minute when warm.
const STEPS: [&str; 5] = ["fmt", "clippy", "clippy-wasm", "native", "types"];

pub fn run(project: &Project) -> Result<ExitCode> {
    test::run_steps(project, &STEPS, test::Report::None)
}
