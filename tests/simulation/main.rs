//! The simulation: whole sessions, up to three tabs of them, against a model backend, network, store and people, under
//! faults drawn from a seed. A seed is replayed with `--seed N`. Not: the link level (`tests` of the transport), nor a
//! browser (`tests/e2e`).
//!
//! `--seeds N` runs seeds 0 to N-1 (300 without arguments), with `--seed S` N of them from S on; `--seed S` alone runs one
//! and says everything that happens. `--report PATH` writes the figures as JSON. Mistakes put in on purpose must be found
//! each time. With `--own-store` those of the seeds run that keep what they have in a page's own store, which answers late:
//! not all of them hold (ARCHITECTURE.md says why), so beyond the first ones they are asked for by name.

mod away;
mod backend;
mod bayeux;
mod browser;
mod bugs;
mod carry;
mod checks;
mod ending;
mod identity;
mod introduction;
mod lead;
mod ledger;
mod locks;
mod marks;
mod own;
mod people;
mod plan;
mod random;
mod report;
mod site;
mod tab;
mod users;
mod way;
mod wipes;
mod wire;
mod world;

use bugs::{BUGS, Bug};
use plan::Plan;
use report::Report;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use world::{Failure, World, Wrong};

/// How many seeds run when nobody says.
const QUICK: u64 = 300;
/// With a page's own store not every schedule holds; those of the first so many seeds do, and are run each time.
const HELD: u64 = 3_000;
/// A planted mistake must show within so many seeds.
const PATIENCE: u64 = 2_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let number = |name: &str| value(name).and_then(|text| text.parse::<u64>().ok());
    let bug = value("--bug").and_then(|name| BUGS.iter().find(|bug| bug.1 == name)).map(|bug| bug.0);
    let seeds = number("--seeds");
    let own_store = arguments.iter().any(|argument| argument == "--own-store");
    if let (Some(seed), None) = (number("--seed"), seeds) {
        let plan = if bug.is_none() { drawn(seed, own_store) } else { Plan::draw(seed, bug) };
        return match run(Plan { bug, ..plan }, true).1 {
            None => ExitCode::SUCCESS,
            Some(_) => ExitCode::FAILURE,
        };
    }
    // A panic is a finding like any other; its words are in the failure.
    std::panic::set_hook(Box::new(|_| {}));
    let first = number("--seed").unwrap_or(0);
    let most = seeds.unwrap_or(QUICK);
    let mut report = run_all(first..first + most, own_store);
    if !own_store && first == 0 {
        report.merge(run_all(0..most.min(HELD), true));
    }
    let planted = AtomicUsize::new(0);
    let found = Mutex::new(BUGS.map(|(_, name)| (name, None)));
    everywhere(|| {
        while let Some((at, (bug, _))) = BUGS.iter().enumerate().nth(planted.fetch_add(1, Relaxed)) {
            let seed = (0..PATIENCE).find(|seed| shows(*bug, *seed));
            if let Ok(mut found) = found.lock() {
                found[at].1 = seed;
            }
        }
    });
    report.planted = found.into_inner().map(Vec::from).unwrap_or_default();
    report.print();
    let written = value("--report").map_or(Ok(()), |path| std::fs::write(path, report.json()));
    if let Err(error) = &written {
        println!("the report could not be written: {error}");
    }
    if written.is_ok() && report.good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All cores do it.
fn everywhere(work: impl Fn() + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(&work);
        }
    });
}

/// The schedule of a seed. A browser's stores answer at once; one of the page's own does not.
fn drawn(seed: u64, own_store: bool) -> Plan {
    let mut plan = Plan::draw(seed, None);
    if !own_store {
        plan.store_delay = 0;
    }
    plan
}

/// Runs these seeds, each for itself.
fn run_all(seeds: Range<u64>, own_store: bool) -> Report {
    let whole = Mutex::new(Report::default());
    let next = AtomicU64::new(seeds.start);
    everywhere(|| {
        let mut report = Report::default();
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= seeds.end {
                break;
            }
            let plan = drawn(seed, own_store);
            if own_store && plan.store_delay == 0 {
                continue;
            }
            let (world, failure) = run(plan, false);
            if let Some(failure) = &failure {
                let kept = if own_store { " --own-store" } else { "" };
                eprintln!("--seed {seed}{kept}: {}", failure.words); // a run that is cut short has told this much
            }
            report.add(seed, world.as_ref(), failure);
        }
        if let Ok(mut whole) = whole.lock() {
            whole.merge(report);
        }
    });
    whole.into_inner().unwrap_or_default()
}

/// The mistake is found when it alone makes a schedule fail.
fn shows(bug: Bug, seed: u64) -> bool {
    let without = Plan::draw(seed, Some(bug));
    let with = Plan { bug: Some(bug), ..without.clone() };
    run(with, false).1.is_some() && run(without, false).1.is_none()
}

/// Runs one schedule; the world is absent when the session panicked.
fn run(plan: Plan, loud: bool) -> (Option<World>, Option<Failure>) {
    let run = || {
        let mut world = World::new(plan, loud);
        if loud {
            println!("{:?}", world.plan);
        }
        world.run();
        world
    };
    if loud {
        let world = run();
        let failure = world.failure.clone();
        return (Some(world), failure);
    }
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(world) => {
            let failure = world.failure.clone();
            (Some(world), failure)
        }
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
            (None, Some(Failure { wrong: Wrong::Other, words: format!("panic: {words}") }))
        }
    }
}
