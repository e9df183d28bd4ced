//! Rust to a small wasm file and its minified glue. The named copy beside it is for the size table, never shipped.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{Kind, order};
use crate::process;
use crate::project::Project;

/// The wasm file's name in the package.
pub const WASM: &str = "support_chat_bg.wasm";

/// How wasm-opt renamed imports and exports.
const NAMES: &str = "names.json";

/// The features the compiler uses. wasm-opt cannot read them from the module and refuses what it is not told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The features the module is said to use. Without `reference-types`, which the compiler's own code never needs, JavaScript
/// keeps what Rust holds of its values in an array: half a kB less than a table of the module's.
const LINKED: [&str; 3] = [
    "-Clink-arg=--features=bulk-memory,bulk-memory-opt,multivalue,mutable-globals,nontrapping-fptoint,sign-ext",
    "-Clink-arg=--no-check-features",
    // A quarter of what is usual: JSON, the deepest there is, ends at 32 levels.
    "-Clink-arg=-zstack-size=262144",
];

/// What makes it small once it is compressed, which is not what makes it small as it lies there. Great bodies inlined
/// and alignment hints (engines heed none) each hide what repeats.
const PASSES: [&str; 13] = [
    "--skip-pass",
    "memory-packing", // zeros are compressed; the heads of many segments are not
    "--skip-pass",
    "local-cse",           // what is computed once more is compressed; where it is kept is not
    "--low-memory-unused", // the stack ends there
    "-ocimfs",             // functions with one caller, when smaller than this
    "20",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--dealign",
    "--minify-imports-and-exports-and-modules",
];

/// Builds into `out`: `core.js` and the wasm file.
pub fn build(project: &Project, kind: Kind, widget: bool, out: &Path) -> Result<()> {
    let compiled = compile(project, kind, widget)?;
    let work = named_folder(project, kind, widget);
    std::fs::create_dir_all(&work)?;
    bind(&compiled, &work)?;
    super::snip::snip(&work.join(WASM))?;
    optimise(project, &work, out)?;
    minify(project, &work, &out.join("core.js"))
}

/// Where the unminified glue and the wasm file with function names are kept.
pub fn named_folder(project: &Project, kind: Kind, widget: bool) -> PathBuf {
    project.target("generated").join(kind.folder()).join(if widget { "widget" } else { "headless" })
}

fn compile(project: &Project, kind: Kind, widget: bool) -> Result<PathBuf> {
    let mut command = project.command("cargo");
    command.args(["build", "--package", "support-chat", "--lib", "--release", "--target", "wasm32-unknown-unknown"]);
    if !widget {
        command.arg("--no-default-features");
    }
    if kind == Kind::PanicTest {
        command.args(["--features", "panic-test"]);
    }
    // A cdylib's file has the same name whatever its features: in one folder the variants would rebuild each other.
    let folder = match (kind, widget) {
        (Kind::Release, true) => project.cargo_target.clone(),
        (Kind::Release, false) => project.cargo_target.join("headless"),
        (Kind::PanicTest, _) => project.cargo_target.join("panic-test"),
    };
    // Function names are needed for the size table; wasm-opt takes them out of the shipped file.
    command.arg("--target-dir").arg(&folder).env("CARGO_PROFILE_RELEASE_STRIP", "debuginfo");
    let flags = [remapped_paths(), LINKED.join(" ")].join(" ");
    process::run(command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags))?;
    Ok(folder.join("wasm32-unknown-unknown/release/support_chat.wasm"))
}

fn bind(compiled: &Path, work: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        // Keeps `new URL("support_chat_bg.wasm", import.meta.url)`, by which bundlers find and copy the file.
        .omit_default_module_path(false)
        .typescript(false)
        .out_name("support_chat")
        .generate(work)
        .with_context(|| format!("bindings of {}", compiled.display()))
}

/// Import and export names are 260 long texts with a random half, which no compression
/// helps; wasm-opt shortens them and says how, and the glue follows.
fn optimise(project: &Project, work: &Path, out: &Path) -> Result<()> {
    let named = work.join("named.wasm");
    let wasm_opt = "node_modules/binaryen/bin/wasm-opt";
    let mut shorten = project.node(wasm_opt);
    shorten.args(FEATURES).args(PASSES).args(["-g", "-o"]);
    process::run_into(shorten.arg(&named).arg(work.join(WASM)), &work.join(NAMES))?;
    let mut strip = project.node(wasm_opt);
    strip.args(FEATURES).args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
    // What is written as a stack machine's code is made smaller while it is written, so here once more.
    strip.args(["-ol", "2", "-s", "2", "--generate-stack-ir", "--optimize-stack-ir", "-o"]);
    process::run(strip.arg(out.join(WASM)).arg(&named))?;
    order::run(project, &out.join(WASM))
}

fn minify(project: &Project, work: &Path, out: &Path) -> Result<()> {
    let glue = work.join("support_chat.js");
    process::run(project.node("xtask/js/minify.mjs").arg(glue).arg(work.join(NAMES)).arg(out))
}

/// Paths of the machine that built it do not belong in what is shipped: they name its user and its registry.
fn remapped_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let indices = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
    let mut folders: Vec<PathBuf> = indices.into_iter().flatten().flatten().map(|index| index.path()).collect();
    // Where the library's sources are installed, its files are named by where they lie.
    let sysroot = std::process::Command::new("rustc").args(["--print", "sysroot"]).output();
    if let Ok(sysroot) = sysroot {
        let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
        folders.push(sysroot.join("lib/rustlib/src/rust/library"));
    }
    folders.iter().map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect::<Vec<_>>().join(" ")
}
