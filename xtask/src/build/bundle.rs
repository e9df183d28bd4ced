//! The package's hand-written JavaScript and declarations, by one script (esbuild; the classic script by terser, too).

use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::project::Project;

/// Bundles `pkg-template/*.js` into `out` and copies declarations and README.
pub fn run(project: &Project, out: &Path) -> Result<()> {
    process::run(
        project.node("xtask/js/bundle.mjs").arg(project.root.join("pkg-template")).arg(out).arg(&project.version),
    )
}
