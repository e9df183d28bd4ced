// Starts the real server as a process of its own and stops or kills it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../main.mjs", import.meta.url));

export async function dataDirectory(t) {
  const directory = await mkdtemp(join(tmpdir(), "support-chat-server-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A running server; ended with the test. */
export async function startServer(t, { data, port = 0, args = ["--test"] } = {}) {
  const directory = data ?? (await dataDirectory(t));
  const child = spawn(process.execPath, [MAIN, "--port", String(port), "--data", directory, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), exited.then(() => { throw new Error(`the server ended: ${errors}`); })]);
  const ready = JSON.parse(first[0]);
  const base = ready.page.replace(/\/$/, "");
  const stop = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code, by] = await exited;
    return { code, signal: by, errors };
  };
  t.after(() => stop("SIGKILL"));
  return {
    ...ready, base, directory, port: Number(new URL(base).port),
    errors: () => errors,
    terminate: () => stop("SIGTERM"),
    kill: () => stop("SIGKILL"),
    token: async (user, parameters = {}) => (await fetch(`${base}/shop/token?${new URLSearchParams({ user, ...parameters })}`)).text(),
    revoke: (credentials, options) => fetch(`${base}/cometd/revoke`, { method: "POST", body: JSON.stringify(credentials), ...options }),
    state: () => getJson(`${base}/debug/state`),
    fault: (fault) => postJson(`${base}/debug/fault`, fault),
    agent: (path, body) => postJson(`${base}/agent/api/${path}`, body),
    read: (path) => getJson(`${base}/agent/api/${path}`),
  };
}

export async function getJson(url) {
  return (await fetch(url)).json();
}

export async function postJson(url, body) {
  const response = await fetch(url, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
}

/** The console's stream of server-sent events. */
export async function openStream(t, url) {
  const stopped = new AbortController();
  t.after(() => stopped.abort());
  const response = await fetch(url, { signal: stopped.signal });
  const events = [];
  const wanted = new Set();
  const check = () => wanted.forEach((want) => want());
  (async () => {
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
        const field = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(text.slice(0, end))?.[1];
        if (field("event")) events.push({ name: field("event"), id: field("id"), data: JSON.parse(field("data")) });
      }
      check();
    }
  })().catch(() => {});
  return {
    events,
    close: () => stopped.abort(),
    until: (fits) => new Promise((resolve, reject) => {
      const late = setTimeout(() => { wanted.delete(look); reject(new Error(`no such event in ${JSON.stringify(events)}`)); }, 5000);
      const look = () => {
        const found = events.find(fits);
        if (!found) return;
        clearTimeout(late);
        wanted.delete(look);
        resolve(found);
      };
      wanted.add(look);
      look();
    }),
  };
}
