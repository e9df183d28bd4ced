//! Children: started in their own process group, with a time limit, ended with all they started. No output is interpreted here.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// The process groups to end when this process is asked to stop.
static GROUPS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How long a child may take to end after a polite request.
const GRACE: Duration = Duration::from_secs(5);

/// How a limited child ended.
pub struct Ended {
    pub success: bool,
    /// It was stopped because it took too long.
    pub timed_out: bool,
    pub elapsed: Duration,
}

/// On Ctrl-C and SIGTERM every child goes too.
pub fn stop_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            signal(*group, false);
        }
        std::process::exit(130);
    })
    .context("signal handler")
}

/// Runs a command with its output on stderr, so that stdout stays free for results. Fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let what = describe(command);
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status().context(what.clone())?;
    ensure!(status.success(), "{what}: {status}");
    Ok(())
}

/// Runs a command with its stdout in a file. Fails when it fails.
pub fn run_into(command: &mut Command, file: &Path) -> Result<()> {
    let what = describe(command);
    let status = command.stdin(Stdio::null()).stdout(File::create(file)?).status().context(what.clone())?;
    ensure!(status.success(), "{what}: {status}");
    Ok(())
}

/// Runs a command to its end or its time limit, everything it prints going to one log file.
pub fn run_logged(command: &mut Command, log: &Path, limit: Duration) -> Result<Ended> {
    let file = File::create(log).with_context(|| log.display().to_string())?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let started = Instant::now();
    let group = Group::spawn(command)?;
    let (status, timed_out) = group.wait(limit)?;
    Ok(Ended {
        success: status.is_some_and(|status| status.success()) && !timed_out,
        timed_out,
        elapsed: started.elapsed(),
    })
}

/// A child and all it starts.
pub struct Group {
    pub child: Child,
}

impl Group {
    pub fn spawn(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().with_context(|| describe(command))?;
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(child.id());
        Ok(Self { child })
    }

    /// Waits for the end, or for the limit and then ends the group. True: the limit was reached.
    pub fn wait(mut self, limit: Duration) -> Result<(Option<ExitStatus>, bool)> {
        let id = self.child.id();
        let (sender, receiver) = channel();
        std::thread::spawn(move || sender.send(self.child.wait()));
        let mut timed_out = false;
        for (wait, force) in [(limit, false), (GRACE, true), (GRACE, true)] {
            match receiver.recv_timeout(wait) {
                Ok(status) => {
                    // What the child left behind in its group must not outlive it.
                    signal(id, true);
                    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).retain(|group| *group != id);
                    return Ok((Some(status?), timed_out));
                }
                Err(RecvTimeoutError::Timeout) => {
                    timed_out = true;
                    signal(id, force);
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok((None, timed_out))
    }

    /// Asks the child to end, and insists after a while. True: it ended by itself, without an error.
    pub fn stop(self) -> Result<bool> {
        signal(self.child.id(), false);
        let (status, timed_out) = self.wait(GRACE)?;
        Ok(!timed_out && status.is_some_and(|status| status.success()))
    }
}

#[cfg(unix)]
fn signal(group: u32, force: bool) {
    use nix::sys::signal::{Signal, killpg};
    let Ok(group) = i32::try_from(group) else {
        return;
    };
    // A group that is gone already is what was wanted.
    let _ = killpg(nix::unistd::Pid::from_raw(group), if force { Signal::SIGKILL } else { Signal::SIGTERM });
}

#[cfg(not(unix))]
fn signal(group: u32, _force: bool) {
    let _ = Command::new("taskkill").args(["/T", "/F", "/PID", &group.to_string()]).output();
}

fn describe(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_hanging_child_is_ended_at_its_limit() {
        let log = std::env::temp_dir().join(format!("xtask-limit-{}.log", std::process::id()));
        let ended = run_logged(Command::new("sleep").arg("60"), &log, Duration::from_millis(100)).unwrap();
        assert!(ended.timed_out && !ended.success);
        assert!(ended.elapsed < Duration::from_secs(5));
    }

    #[test]
    fn output_and_outcome_are_kept() {
        let log = std::env::temp_dir().join(format!("xtask-log-{}.log", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let ended = run_logged(&mut command, &log, Duration::from_secs(10)).unwrap();
        assert!(!ended.success && !ended.timed_out);
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "out\nerr\n");
    }
}
