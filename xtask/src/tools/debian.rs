//! Browsers and drivers from Debian's packages, when this is a Debian and we are root. Elsewhere what is missing is only said.

use std::process::Command;

use crate::process;
use crate::project::Project;

/// (the program looked for, the package that brings it)
const PACKAGES: [(&str, &str); 6] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("xvfb-run", "xvfb"),
    ("xauth", "xauth"),
];

/// Installs what is missing. A failure is printed, not returned: the tests that need a browser then say so.
pub fn install(project: &Project) {
    let missing: Vec<&str> =
        PACKAGES.iter().filter(|(program, _)| !project.finds(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() || !is_root() || !project.finds("apt-get") {
        return;
    }
    eprintln!("· apt-get install {}", missing.join(" "));
    let install = || {
        let mut command = apt();
        command.args(["install", "-y", "--no-install-recommends"]).args(&missing);
        process::run(&mut command)
    };
    if let Err(error) = process::run(apt().arg("update")) {
        eprintln!("· {error:#}");
    }
    if install().is_err() {
        // A half-configured package of an earlier run is mended once.
        let mended = process::run(apt().args(["-f", "install", "-y"])).and_then(|()| install());
        if let Err(error) = mended {
            eprintln!("· {error:#}");
        }
    }
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "Dpkg::Use-Pty=0"]);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
