//! Rust to a small wasm file and its minified glue. The named copy beside it is for the size table, never shipped.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::Kind;
use crate::process;
use crate::project::Project;

/// The wasm file's name in the package.
pub const WASM: &str = "support_chat_bg.wasm";

/// The features the compiler uses. wasm-opt cannot read them from the module and refuses what it is not told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds into `out`: `core.js` and the wasm file.
pub fn build(project: &Project, kind: Kind, widget: bool, out: &Path) -> Result<()> {
    let compiled = compile(project, kind, widget)?;
    let work = named_folder(project, kind, widget);
    std::fs::create_dir_all(&work)?;
    bind(&compiled, &work)?;
    optimise(project, &work, out)?;
    minify(project, &work.join("support_chat.js"), &out.join("core.js"))
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
    process::run(&mut command)?;
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

fn optimise(project: &Project, work: &Path, out: &Path) -> Result<()> {
    let input = work.join(WASM);
    let named = work.join("named.wasm");
    let wasm_opt = "node_modules/binaryen/bin/wasm-opt";
    process::run(project.node(wasm_opt).args(FEATURES).args(["-Oz", "-g", "-o"]).arg(&named).arg(&input))?;
    let mut strip = project.node(wasm_opt);
    strip.args(FEATURES).args(["--strip-debug", "--strip-producers", "--strip-target-features", "-o"]);
    process::run(strip.arg(out.join(WASM)).arg(&named))
}

fn minify(project: &Project, glue: &Path, out: &Path) -> Result<()> {
    process::run(project.node("xtask/js/minify.mjs").arg(glue).arg(out))
}
