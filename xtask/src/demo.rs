//! `cargo xtask demo`: the package, built and running on a shop page, with an agent's console beside it.

mod fetch;

use std::io::{BufRead, BufReader};
use std::process::{ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::process::Group;
use crate::project::Project;
use crate::{build, tools};

const PORT: u16 = 8787;
const READY_WITHIN: Duration = Duration::from_secs(30);

pub fn run(project: &Project, once: bool, port: Option<u16>) -> Result<ExitCode> {
    let started = Instant::now();
    eprintln!("SupportChat demo: a first build takes a few minutes");
    build::run(project, build::Kind::Release)?;
    tools::npm(project, "examples/server")?;
    let build_seconds = (started.elapsed().as_secs_f64() * 10.0).round() / 10.0;

    let (server, ready) = start(project, port.unwrap_or(if once { 0 } else { PORT }))?;
    if once {
        let checked = check_pages(&ready);
        let pid = server.child.id();
        let clean = server.stop()?;
        checked?;
        ensure!(clean, "the server did not end cleanly");
        let line = json!({
            "page": ready["page"], "agent": ready["agent"], "serverUrl": ready["serverUrl"],
            "pids": {"xtask": std::process::id(), "server": pid}, "buildSeconds": build_seconds,
        });
        println!("{line}");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n  shop with the widget   {}", address(&ready, "page")?);
    println!("  agent console          {}", address(&ready, "agent")?);
    println!("\nwrite in the one, answer in the other; Ctrl-C ends both\n");
    let mut server = server;
    let status = server.child.wait()?;
    bail!("the server ended: {status}")
}

/// Starts the example server and waits for its ready line; what it prints later goes to stderr.
fn start(project: &Project, port: u16) -> Result<(Group, Value)> {
    let mut command = project.node("examples/server/main.mjs");
    command.args(["--port", &port.to_string(), "--data"]).arg(project.target("demo-data"));
    command.arg("--package").arg(project.target("package")).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut server = Group::spawn(&mut command)?;
    let output = server.child.stdout.take().context("the server has no stdout")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            match serde_json::from_str::<Value>(&line) {
                // The demo may be stopping already: then nobody waits for the line.
                Ok(ready) if ready["ready"] == true => drop(sender.send(ready)),
                _ => eprintln!("{line}"),
            }
        }
    });
    match receiver.recv_timeout(READY_WITHIN) {
        Ok(ready) => Ok((server, ready)),
        Err(_) => {
            server.stop()?;
            bail!("the example server gave no ready line within {} s", READY_WITHIN.as_secs())
        }
    }
}

/// Both pages answer, are the pages they should be, and what the shop page loads is there.
fn check_pages(ready: &Value) -> Result<()> {
    let page = address(ready, "page")?;
    let shop = fetch::page(page)?;
    ensure!(shop.contains("embed.js"), "{page}: the shop page does not load the widget");
    let source = shop.split('"').find(|part| part.ends_with("embed.js")).context("no address of embed.js")?;
    let script = fetch::page(&fetch::join(page, source))?;
    ensure!(script.contains("SupportChat"), "{source} is not the widget's loader");
    let agent = address(ready, "agent")?;
    let console = fetch::page(agent)?;
    ensure!(console.to_lowercase().contains("agent"), "{agent} is not the agent console");
    Ok(())
}

fn address<'a>(ready: &'a Value, name: &str) -> Result<&'a str> {
    ready[name].as_str().with_context(|| format!("the server's ready line has no `{name}`"))
}
