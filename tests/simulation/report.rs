//! The figures of a run, for people and for `target/report/sim.json`.

use crate::plan::FAULTS;
use crate::world::{Failure, World, Wrong};
use std::fmt::Write;
use std::time::Instant;

/// Besides messages.
const COUNTS: [&str; 7] = ["identities", "merges", "tokens_asked", "logouts", "changes_of_user", "steals", "returns"];

/// Failures that are told one by one; the rest are counted.
const TOLD: usize = 100;

/// See the module.
pub(crate) struct Report {
    began: Instant,
    schedules: u64,
    messages: u64,
    steps: u64,
    lost: u64,
    twice: u64,
    /// What happened to identities and the lead, by the names of the report.
    counts: [u64; COUNTS.len()],
    struck: [u64; FAULTS.len()],
    failures: Vec<(u64, String)>,
    /// Mistakes put in on purpose, and the seed that found each.
    pub(crate) planted: Vec<(&'static str, Option<u64>)>,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            began: Instant::now(),
            schedules: 0,
            messages: 0,
            steps: 0,
            lost: 0,
            twice: 0,
            counts: [0; COUNTS.len()],
            struck: [0; FAULTS.len()],
            failures: Vec::new(),
            planted: Vec::new(),
        }
    }
}

impl Report {
    pub(crate) fn add(&mut self, seed: u64, world: Option<&World>, failure: Option<Failure>) {
        self.schedules += 1;
        if let Some(world) = world {
            self.messages += world.ledger.messages().filter(|(_, written)| written.accepted).count() as u64;
            self.steps += world.steps;
            let counts = [
                world.identities,
                world.backend.merges,
                world.asks,
                world.logouts,
                world.changes,
                world.steals,
                world.returns,
            ];
            for (sum, count) in self.counts.iter_mut().zip(counts) {
                *sum += count;
            }
            for (sum, struck) in self.struck.iter_mut().zip(world.struck) {
                *sum += struck;
            }
        }
        if let Some(failure) = failure {
            self.lost += u64::from(failure.wrong == Wrong::Lost);
            self.twice += u64::from(failure.wrong == Wrong::Twice);
            self.failures.push((seed, failure.words));
        }
    }

    /// What another core has done.
    pub(crate) fn merge(&mut self, other: Report) {
        self.schedules += other.schedules;
        self.messages += other.messages;
        self.steps += other.steps;
        self.lost += other.lost;
        self.twice += other.twice;
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
        for (sum, struck) in self.struck.iter_mut().zip(other.struck) {
            *sum += struck;
        }
        self.failures.extend(other.failures);
        self.failures.sort();
    }

    pub(crate) fn good(&self) -> bool {
        self.failures.is_empty() && self.planted.iter().all(|(_, found)| found.is_some())
    }

    pub(crate) fn print(&self) {
        let faults: u64 = self.struck.iter().sum();
        println!(
            "simulation: {} schedules, {} steps, {faults} faults, {} messages, {} lost, {} twice, {} failed, {:.1} s",
            self.schedules,
            self.steps,
            self.messages,
            self.lost,
            self.twice,
            self.failures.len(),
            self.began.elapsed().as_secs_f64()
        );
        let struck: Vec<_> =
            FAULTS.iter().zip(self.struck).map(|((_, name), count)| format!("{name} {count}")).collect();
        let counts: Vec<_> = COUNTS.iter().zip(self.counts).map(|(name, count)| format!("{name} {count}")).collect();
        println!("{}", counts.join(", "));
        println!("faults: {}", struck.join(", "));
        for (seed, words) in self.failures.iter().take(TOLD) {
            println!("seed {seed}: {words}");
        }
        for (name, found) in &self.planted {
            match found {
                Some(seed) => println!("planted `{name}`: found by seed {seed}"),
                None => println!("planted `{name}`: NOT FOUND"),
            }
        }
    }

    pub(crate) fn json(&self) -> String {
        let mut text = String::new();
        let faults: u64 = self.struck.iter().sum();
        let _ = write!(
            text,
            "{{\"schedules\":{},\"steps\":{},\"faults\":{faults},\"messages\":{},\"lost\":{},\"twice\":{},\"seconds\":{:.1}",
            self.schedules,
            self.steps,
            self.messages,
            self.lost,
            self.twice,
            self.began.elapsed().as_secs_f64()
        );
        for (name, count) in COUNTS.iter().zip(self.counts) {
            let _ = write!(text, ",\"{name}\":{count}");
        }
        for (at, ((_, name), count)) in FAULTS.iter().zip(self.struck).enumerate() {
            let _ = write!(text, "{}\"{name}\":{count}", if at == 0 { ",\"struck\":{" } else { "," });
        }
        let seeds: Vec<_> = self.failures.iter().map(|failure| failure.0.to_string()).collect();
        let _ = write!(text, "}},\"failed\":[{}],\"planted\":{{", seeds.join(","));
        for (at, (name, found)) in self.planted.iter().enumerate() {
            let seed = found.map_or("null".into(), |seed| seed.to_string());
            let _ = write!(text, "{}\"{name}\":{seed}", if at == 0 { "" } else { "," });
        }
        text.push_str("}}\n");
        text
    }
}
