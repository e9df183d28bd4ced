//! `cargo xtask size`: what the package weighs over the wire, by file and by crate, held against the budget.

mod attribution;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::build::{self, Kind};
use crate::project::Project;
use attribution::Share;

/// One budget: a name, the files that count, and what they may weigh together (bytes, brotli 11).
struct Budget {
    id: &'static str,
    name: &'static str,
    files: &'static [&'static str],
    /// The target. Above it the budget is missed, and every run says so.
    limit: u64,
    /// What was reached so far, and a little for noise. Above it the run fails: it only ever goes down, to the target.
    ceiling: u64,
}

const BUDGETS: [Budget; 3] = [
    Budget {
        id: "all",
        name: "all: loader + glue + wasm",
        files: &["embed.js", "core.js", "support_chat_bg.wasm"],
        limit: 52_000,
        ceiling: 105_500,
    },
    Budget {
        id: "headless",
        name: "headless: entry + glue + wasm",
        files: &["headless.js", "headless/core.js", "headless/support_chat_bg.wasm"],
        limit: 36_000,
        ceiling: 89_000,
    },
    Budget { id: "loader", name: "loader with the launcher", files: &["embed.js"], limit: 3_000, ceiling: 3_000 },
];

/// Further files in the table, without a budget of their own.
const OTHERS: [&str; 3] = ["index.js", "inline.js", "testing.js"];

pub fn run(project: &Project) -> Result<ExitCode> {
    let package = project.target(Kind::Release.folder());
    if !package.join("core.js").is_file() {
        build::run(project, Kind::Release)?;
    }
    let files = measure(project, &package)?;
    let shares = attribution::read(&build::named_wasm(project, Kind::Release))?;
    let held: Vec<(&Budget, u64)> = BUDGETS.iter().map(|budget| (budget, weight(budget, &files))).collect();
    print_table(&files, &shares, &held);
    write_report(project, &files, &shares, &held)?;
    let within = held.iter().all(|(budget, bytes)| *bytes <= budget.ceiling);
    Ok(if within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A file's length as it lies there and as it is sent.
struct File {
    name: String,
    raw: u64,
    brotli: u64,
}

/// Each file's bytes: raw, and as brotli 11.
pub fn weigh(project: &Project, paths: &[PathBuf]) -> Result<Vec<[u64; 2]>> {
    let output = project.node("xtask/js/brotli.mjs").args(paths).output()?;
    ensure!(output.status.success(), "brotli: {}", String::from_utf8_lossy(&output.stderr));
    let sizes: Vec<[u64; 2]> = serde_json::from_slice::<Value>(&output.stdout)?
        .as_array()
        .context("brotli.mjs answered no list")?
        .iter()
        .filter_map(|pair| Some([pair[0].as_u64()?, pair[1].as_u64()?]))
        .collect();
    ensure!(sizes.len() == paths.len(), "brotli.mjs left out a file");
    Ok(sizes)
}

fn measure(project: &Project, package: &Path) -> Result<Vec<File>> {
    let mut names: Vec<&str> = BUDGETS.iter().flat_map(|budget| budget.files).chain(&OTHERS).copied().collect();
    names.sort_unstable();
    names.dedup();
    let paths: Vec<PathBuf> = names.iter().map(|name| package.join(name)).collect();
    let sizes = weigh(project, &paths)?;
    Ok(names.iter().zip(sizes).map(|(name, [raw, brotli])| File { name: (*name).to_owned(), raw, brotli }).collect())
}

fn weight(budget: &Budget, files: &[File]) -> u64 {
    files.iter().filter(|file| budget.files.contains(&file.name.as_str())).map(|file| file.brotli).sum()
}

fn print_table(files: &[File], shares: &[Share], held: &[(&Budget, u64)]) {
    println!("{:<34} {:>9} {:>9}", "file", "raw", "brotli");
    for file in files {
        println!("{:<34} {:>9} {:>9}", file.name, file.raw, file.brotli);
    }
    println!("\n{:<34} {:>9} {:>9}", "in the wasm, by crate and module", "raw", "share");
    let whole: u64 = shares.iter().map(|share| share.bytes).sum();
    for share in shares.iter().filter(|share| share.bytes * 200 >= whole) {
        println!("{:<34} {:>9} {:>8}%", share.name, share.bytes, share.bytes * 100 / whole.max(1));
    }
    println!("\n{:<34} {:>9} {:>9} {:>9}", "budget", "target", "ceiling", "brotli");
    for (budget, bytes) in held {
        let mark = match bytes {
            _ if *bytes > budget.ceiling => "  TOO BIG",
            _ if *bytes > budget.limit => "  TARGET MISSED",
            _ => "",
        };
        println!("{:<34} {:>9} {:>9} {:>9}{mark}", budget.name, budget.limit, budget.ceiling, bytes);
    }
}

fn write_report(project: &Project, files: &[File], shares: &[Share], held: &[(&Budget, u64)]) -> Result<()> {
    let files: Vec<Value> =
        files.iter().map(|file| json!({"file": file.name, "raw": file.raw, "brotli": file.brotli})).collect();
    let crates: Vec<Value> = shares.iter().map(|share| json!({"name": share.name, "raw": share.bytes})).collect();
    let budgets: Vec<Value> = held
        .iter()
        .map(|(budget, bytes)| json!({"id": budget.id, "name": budget.name, "files": budget.files, "limit": budget.limit, "ceiling": budget.ceiling, "brotli": bytes}))
        .collect();
    let mut report = json!({"files": files, "crates": crates, "budgets": budgets});
    for (budget, bytes) in held {
        report[budget.id] = Value::from(*bytes);
    }
    // A figure, so that it reaches the report of the tests.
    report["missed"] = Value::from(held.iter().filter(|(budget, bytes)| *bytes > budget.limit).count());
    std::fs::create_dir_all(project.report(""))?;
    std::fs::write(project.report("size.json"), format!("{report:#}\n"))?;
    Ok(())
}
