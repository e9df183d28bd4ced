//! The command line: which command with which options, and the help texts. It does nothing else.

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

/// One command, ready to run.
pub enum Task {
    Help(&'static str),
    Demo { once: bool, port: Option<u16> },
    Test { only: Vec<String> },
    Check,
    Build { panic_test: bool },
    Size,
    Sim { seeds: Option<u64>, seed: Option<u64> },
    Bench { only: Option<String>, runs: u32 },
}

/// What `cargo xtask sim` and the test command run by default.
pub const SEEDS: u64 = 10_000;

/// How often `cargo xtask bench` measures each thing: the whole stays under ten minutes on two cores.
const RUNS: u32 = 7;

const HELP: &str = "\
cargo xtask <command> [--help]

  demo    build the package, start the example server, print the shop's and the agent's address
  test    install what the tests need, run everything; the last line counts passed, failed, skipped
  check   the quick round before a commit: fmt, clippy, native tests, tidy, tsc
  build   the optimised npm package: target/package/ and target/package/support-chat-<version>.tgz
  size    the size table of the built package; names every missed target, fails above what was reached before
  sim     the simulation of tabs, server, network and storage under seeded faults
  bench   speed, memory and size of the built package against peers measured in the same run, and against the targets

Reports are written to target/report/, one log for each test step to target/report/logs/.
";

const DEMO: &str = "\
cargo xtask demo [--once] [--port N]

Installs the wasm target and the npm tools, builds the optimised package, starts examples/server
and prints the addresses of the shop page with the widget and of the agent console. Ctrl-C ends it.

  --once     check that both pages answer, print one JSON line, stop the server, exit
  --port N   the server's port (8787; with --once a free one)
";

pub const TEST: &str = "\
cargo xtask test [STEP…]

Installs what is missing (cargo tools into target/tools, Debian packages when run as root), then runs
every step, or only those named, to the end, also after a failure. With CI=true a skipped test fails the run.

Steps: fmt clippy clippy-headless clippy-wasm clippy-wasm-headless native sim doc build build-panic
       wasm-chromium wasm-firefox wasm-webkit types server package bench e2e size
";

const CHECK: &str = "\
cargo xtask check

fmt, clippy (native and wasm), native tests with the tidy rules, tsc. Under a minute when warm.
";

const BUILD: &str = "\
cargo xtask build [--panic-test]

Release wasm with and without the widget, bindings, wasm-opt, glue and package files by esbuild and terser, npm pack.

  --panic-test   the test build with calls that panic on purpose, in target/package-panic/
";

const SIZE: &str = "\
cargo xtask size

Measures the built package (brotli 11) by file and by crate, writes target/report/size.json, names every
missed target, and fails above the ceilings: what was reached before, on the way down to the targets. Builds
the package first when there is none.
";

const SIM: &str = "\
cargo xtask sim [--seeds N] [--seed S]

  --seeds N   how many schedules (10000)
  --seed S    run this one schedule only, the way a failure printed it; with --seeds, N of them from S on
";

const BENCH: &str = "\
cargo xtask bench [--only NAME,…] [--runs N]

Builds the package, installs the peers it is compared with, measures in Chromium and natively, prints a table, and writes
target/report/bench.json and the README's plots (docs/bench-*.svg; only when everything is measured). A missed target does
not fail; what cannot be measured does. The machine should have nothing else to do.

  --only NAME,…   sizes, core, startup, cometd, transcript, heap
  --runs N        how often each thing is measured; told are medians (7)
";

/// Reads the arguments after `cargo xtask`.
pub fn parse(mut args: lexopt::Parser) -> Result<Task> {
    let (mut task, help) = match args.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help(HELP)),
        Some(Value(name)) => command(&name.string()?)?,
        Some(other) => return Err(other.unexpected().into()),
    };
    while let Some(arg) = args.next()? {
        match (&mut task, arg) {
            (_, Short('h') | Long("help")) => return Ok(Task::Help(help)),
            (Task::Demo { once, .. }, Long("once")) => *once = true,
            (Task::Demo { port, .. }, Long("port")) => *port = Some(args.value()?.parse()?),
            (Task::Test { only }, Value(step)) => only.push(step.string()?),
            (Task::Build { panic_test }, Long("panic-test")) => *panic_test = true,
            (Task::Sim { seeds, .. }, Long("seeds")) => *seeds = Some(args.value()?.parse()?),
            (Task::Sim { seed, .. }, Long("seed")) => *seed = Some(args.value()?.parse()?),
            (Task::Bench { only, .. }, Long("only")) => *only = Some(args.value()?.string()?),
            (Task::Bench { runs, .. }, Long("runs")) => *runs = args.value()?.parse()?,
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    Ok(task)
}

fn command(name: &str) -> Result<(Task, &'static str)> {
    Ok(match name {
        "demo" => (Task::Demo { once: false, port: None }, DEMO),
        "test" => (Task::Test { only: Vec::new() }, TEST),
        "check" => (Task::Check, CHECK),
        "build" => (Task::Build { panic_test: false }, BUILD),
        "size" => (Task::Size, SIZE),
        "sim" => (Task::Sim { seeds: None, seed: None }, SIM),
        "bench" => (Task::Bench { only: None, runs: RUNS }, BENCH),
        "help" => (Task::Help(HELP), HELP),
        _ => bail!("unknown command `{name}`; `cargo xtask --help` lists them"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Task, parse};

    fn read(args: &[&str]) -> anyhow::Result<Task> {
        parse(lexopt::Parser::from_args(args))
    }

    #[test]
    fn options_belong_to_their_command() {
        assert!(matches!(read(&["demo", "--once"]), Ok(Task::Demo { once: true, port: None })));
        assert!(matches!(read(&["sim", "--seeds", "5"]), Ok(Task::Sim { seeds: Some(5), seed: None })));
        assert!(matches!(read(&["bench", "--runs", "1"]), Ok(Task::Bench { only: None, runs: 1 })));
        assert!(read(&["check", "--once"]).is_err());
        assert!(read(&["sim", "--seeds", "many"]).is_err());
        assert!(read(&["deploy"]).is_err());
    }

    #[test]
    fn every_command_explains_itself() {
        for name in ["demo", "test", "check", "build", "size", "sim", "bench"] {
            let Ok(Task::Help(text)) = read(&[name, "--help"]) else { panic!("{name} has no help") };
            assert!(text.starts_with(&format!("cargo xtask {name}")));
        }
    }
}
