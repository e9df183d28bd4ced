// Processes of this run. None may outlive it, however it ends.
import { spawn } from "node:child_process";

const alive = new Set();

/** Starts a process in a group of its own, so that its end takes along whatever it started. */
export function start(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  child.on("error", () => alive.delete(child));
  return child;
}

/** Kills the whole group; resolves when the process itself is gone. */
export async function kill(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return end(child);
  const gone = new Promise((done) => child.once("exit", done));
  end(child);
  return gone;
}

function end(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone already.
  }
}

process.on("exit", () => alive.forEach(end));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
