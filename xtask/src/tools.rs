//! What is installed on demand: the wasm target, npm packages, cargo tools in `target/tools`, Debian's browsers. Present things are left alone.

mod debian;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::process;
use crate::project::Project;

pub use debian::install as install_browsers;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK: &str = "0.15.1";
const GECKODRIVER: &str = "0.37.1";

/// What a build needs: the compiler's wasm target, Node, the npm tools.
pub fn for_build(project: &Project) -> Result<()> {
    wasm_target()?;
    node_present()?;
    npm(project, "")
}

/// The formatter and the linter, which a minimal toolchain lacks.
pub fn rust_components() -> Result<()> {
    for (component, probe) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if !answers(Command::new(probe).arg("--version")) {
            eprintln!("· installing {component}");
            process::run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

fn wasm_target() -> Result<()> {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]).output()?;
    let folder = String::from_utf8(output.stdout)?;
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    eprintln!("· installing the target {WASM_TARGET}");
    process::run(Command::new("rustup").args(["target", "add", WASM_TARGET]))
}

fn node_present() -> Result<()> {
    let Ok(output) = Command::new("node").arg("--version").output() else {
        bail!("Node 20 or newer is needed: no `node` was found");
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(major.is_some_and(|major| major >= 20), "Node 20 or newer is needed: this is {version}");
    Ok(())
}

/// `npm ci` in a folder of the repository, unless what is installed is what its lock file says.
pub fn npm(project: &Project, folder: &str) -> Result<()> {
    let home = project.root.join(folder);
    let lock = std::fs::read(home.join("package-lock.json"));
    let Ok(lock) = lock else { bail!("{}: no package-lock.json", home.display()) };
    // npm's own record differs in form from the lock file, so a copy of the lock is what tells "up to date".
    let stamp = home.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("· npm ci in {}", if folder.is_empty() { "." } else { folder });
    process::run(project.command("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&home))?;
    std::fs::create_dir_all(home.join("node_modules"))?;
    std::fs::write(stamp, lock)?;
    Ok(())
}

/// The tools of the wasm tests. Each is compiled once into `target/tools`.
pub fn cargo_tools(project: &Project) -> Result<()> {
    let bindgen = project.bindgen_version.clone();
    for (package, program, version) in [
        ("wasm-bindgen-cli", "wasm-bindgen", bindgen.as_str()),
        ("wasm-pack", "wasm-pack", WASM_PACK),
        ("geckodriver", "geckodriver", GECKODRIVER),
    ] {
        let own = project.target("tools/bin").join(program);
        let output = Command::new(&own).arg("--version").output();
        let installed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        if installed.lines().next().is_some_and(|line| line.split_whitespace().any(|word| word == version)) {
            continue;
        }
        eprintln!("· installing {package} {version}");
        let mut command = project.command("cargo");
        command.args(["install", "--locked", "--force", package, "--version", version, "--root"]);
        // Its own build folder: the project's one has other profiles and stays small.
        command.arg(project.target("tools")).env("CARGO_TARGET_DIR", project.target("tools/build"));
        process::run(&mut command)?;
    }
    let _ = std::fs::remove_dir_all(project.target("tools/build"));
    Ok(())
}

fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
