//! Where things are: the repository, cargo's target folder, the package's version. It builds nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The project's places. Reports, tools and the package live in `<root>/target`, cargo's own output where cargo wants it.
pub struct Project {
    pub root: PathBuf,
    pub cargo_target: PathBuf,
    /// The package's version, stamped into what npm gets.
    pub version: String,
    /// Of the `wasm-bindgen` in Cargo.lock: the command line tool must be exactly this one.
    pub bindgen_version: String,
}

impl Project {
    pub fn locate() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask lies outside the repository")?.to_path_buf();
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(&root)
            .output()
            .context("cargo metadata")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let version = metadata["packages"]
            .as_array()
            .and_then(|packages| packages.iter().find(|package| package["name"] == "support-chat"))
            .and_then(|package| package["version"].as_str())
            .context("cargo metadata knows no package support-chat")?;
        let lock = std::fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock")?;
        Ok(Self {
            cargo_target: metadata["target_directory"].as_str().context("no target_directory")?.into(),
            version: version.to_owned(),
            bindgen_version: locked(&lock, "wasm-bindgen").context("Cargo.lock holds no wasm-bindgen")?,
            root,
        })
    }

    /// A path below `<root>/target`.
    pub fn target(&self, path: &str) -> PathBuf {
        self.root.join("target").join(path)
    }

    /// A path below `<root>/target/report`.
    pub fn report(&self, path: &str) -> PathBuf {
        self.target("report").join(path)
    }

    /// A command in the repository's root that finds the project's own tools first.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        // What cargo tells this process about xtask is not meant for its children.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
            command.env_remove(name);
        }
        command
    }

    /// Node running a script of the repository (or of an installed npm tool).
    pub fn node(&self, script: &str) -> Command {
        let mut command = self.command("node");
        command.arg(self.root.join(script));
        command
    }

    fn path(&self) -> OsString {
        let found = std::env::var_os("PATH").unwrap_or_default();
        let own = [self.target("tools/bin")];
        std::env::join_paths(own.into_iter().chain(std::env::split_paths(&found))).unwrap_or(found)
    }

    /// Whether a program can be started by its bare name.
    pub fn finds(&self, program: &str) -> bool {
        std::env::split_paths(&self.path()).any(|folder| folder.join(program).is_file())
    }
}

/// The version of a package in the text of a Cargo.lock.
fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn the_locked_version_is_that_of_the_exact_name() {
        let lock =
            "[[package]]\nname = \"a-b\"\nversion = \"2.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        assert_eq!(locked(lock, "a").as_deref(), Some("1.2.3"));
        assert_eq!(locked(lock, "b"), None);
    }
}
