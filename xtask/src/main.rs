//! The project's own commands: `cargo xtask --help`. This file only reads the command line; each command has a module.

mod bench;
mod build;
mod check;
mod cli;
mod demo;
mod process;
mod project;
mod sim;
mod size;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::Result;
use cli::Task;
use project::Project;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let task = cli::parse(lexopt::Parser::from_env())?;
    if let Task::Help(text) = task {
        print!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    process::stop_children_on_signal()?;
    let project = Project::locate()?;
    match task {
        Task::Help(_) => Ok(ExitCode::SUCCESS),
        Task::Demo { once, port } => demo::run(&project, once, port),
        Task::Test { only } => test::run(&project, &only),
        Task::Check => check::run(&project),
        Task::Build { panic_test } => {
            let package = build::run(&project, build::Kind::of(panic_test))?;
            println!("{}", package.archive.display());
            Ok(ExitCode::SUCCESS)
        }
        Task::Size => size::run(&project),
        Task::Sim { seeds, seed } => sim::run(&project, seeds, seed),
        Task::Bench { only, runs } => bench::run(&project, only.as_deref(), runs),
    }
}
