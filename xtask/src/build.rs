//! The npm package, from the sources to `npm pack`. What the files are is said in pkg-template's README; here is only how they come to be.

mod bundle;
mod order;
mod snip;
mod wasm;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{process, tools};

/// Which package is built.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// What users get.
    Release,
    /// With the calls that panic on purpose.
    PanicTest,
}

impl Kind {
    pub fn of(panic_test: bool) -> Self {
        if panic_test { Self::PanicTest } else { Self::Release }
    }

    /// Its folder below `target`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Release => "package",
            Self::PanicTest => "package-panic",
        }
    }
}

/// A finished package.
pub struct Package {
    /// The packed tarball.
    pub archive: PathBuf,
}

pub fn run(project: &Project, kind: Kind) -> Result<Package> {
    let progress = Progress::start(4);
    progress.say(1, "tools: wasm target, npm packages");
    tools::for_build(project)?;
    let out = project.target(kind.folder());
    if out.exists() {
        std::fs::remove_dir_all(&out).with_context(|| out.display().to_string())?;
    }
    std::fs::create_dir_all(&out)?;

    progress.say(2, "wasm with and without the widget: cargo, bindings, wasm-opt");
    both(|| wasm::build(project, kind, true, &out), || headless(project, kind, &out))?;

    progress.say(3, "package files: esbuild");
    bundle::run(project, &out)?;
    stamp_manifest(project, &out)?;
    std::fs::copy(project.root.join("LICENSE"), out.join("LICENSE"))?;

    progress.say(4, "npm pack");
    let archive = pack(project, &out)?;
    eprintln!("      {:>5.1} s  {}", progress.seconds(), archive.display());
    Ok(Package { archive })
}

/// The module without the panel. Panics are proven with the widget only.
fn headless(project: &Project, kind: Kind, out: &Path) -> Result<()> {
    if kind == Kind::PanicTest {
        return Ok(());
    }
    std::fs::create_dir_all(out.join("headless"))?;
    wasm::build(project, kind, false, &out.join("headless"))
}

/// Two builds side by side: each ends in one long single-threaded link.
fn both(first: impl FnOnce() -> Result<()> + Send, second: impl FnOnce() -> Result<()>) -> Result<()> {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        first.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the build panicked"))).and(second)
    })
}

/// The version's one home is Cargo.toml. The rest stays as written: the order of `exports` conditions has a meaning.
fn stamp_manifest(project: &Project, out: &Path) -> Result<()> {
    let source = project.root.join("pkg-template/package.json");
    let text = std::fs::read_to_string(&source).with_context(|| source.display().to_string())?;
    let stamped = text.replacen(r#""version": "0.0.0""#, &format!(r#""version": "{}""#, project.version), 1);
    anyhow::ensure!(stamped != text, "{} has no version to fill in", source.display());
    std::fs::write(out.join("package.json"), stamped)?;
    Ok(())
}

fn pack(project: &Project, out: &Path) -> Result<PathBuf> {
    let mut command = project.command("npm");
    command.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(out).arg(out);
    process::run(&mut command)?;
    let archive = out.join(format!("support-chat-{}.tgz", project.version));
    anyhow::ensure!(archive.is_file(), "npm pack left no {}", archive.display());
    Ok(archive)
}

/// The optimised wasm file of the last build with its function names.
pub fn named_wasm(project: &Project, kind: Kind) -> PathBuf {
    wasm::named_folder(project, kind, true).join("named.wasm")
}

/// Progress lines on stderr.
struct Progress {
    started: Instant,
    steps: usize,
}

impl Progress {
    fn start(steps: usize) -> Self {
        Self { started: Instant::now(), steps }
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn say(&self, step: usize, what: &str) {
        eprintln!("[{step}/{}] {:>5.1} s  {what}", self.steps, self.seconds());
    }
}
