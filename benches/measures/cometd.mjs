// The built-in client against the official one, `cometd` from npm: on the same example server, in turns. Ours is the whole
// chat without a panel: besides the protocol it orders, dedupes, keeps and tells; the peer only hands over what came.
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { build } from "esbuild";
import { Agent } from "../../tests/e2e/agent.mjs";
import { Server } from "../../tests/e2e/server.mjs";
import { figure } from "../figures.mjs";
import { flood } from "../flood.mjs";
import { Page } from "../page.mjs";
import { Site } from "../site.mjs";
import { page as markup } from "../markup.mjs";

const MESSAGES = 10_000;
const QUICK = 100;
/** Where files cost no disk: it is not the server's store that is measured. */
const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** A flood is long: more than these tell nothing new. */
const MOST_RUNS = 5;

/** The peer's page with the client in it, as a bundler makes it. */
export async function peer() {
  const { outputFiles: [file] } = await build({
    entryPoints: [new URL("../site/peer.js", import.meta.url).pathname], bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "warning",
  });
  return file.text;
}

export async function run({ folder, runs, quick }) {
  const messages = quick ? QUICK : MESSAGES;
  const server = await Server.start({ folder, home: MEMORY });
  const made = { "peer-bundle.js": await peer(), "ours.html": markup("ours.js"), "peer.html": markup("peer-bundle.js") };
  const site = await Site.start({ folder, made });
  const page = await Page.start();
  const seen = { ours: [], peer: [] };
  try {
    for (let time = 0; time < Math.min(runs, MOST_RUNS); time += 1) {
      for (const name of ["ours", "peer"]) seen[name].push(await one(page, site.page(`${name}.html`), server, messages));
    }
  } finally {
    await page.stop();
    await site.stop();
    await server.stop();
  }
  const told = (id, what, key, ratio) => figure({
    id: `cometd.${id}`, what, unit: "ms", values: seen.ours.map((run) => run[key]),
    peer: { name: "cometd", values: seen.peer.map((run) => run[key]) }, ...(ratio && { target: { ratio } }),
  });
  return [
    told("connected", "from the making of the socket to a connection", "connected", 0.5),
    told("booted", "from the call to a connection; ours makes a visitor and takes the lead of its tabs first", "called"),
    told("script", `script for ${messages} inbound messages`, "script", 0.7),
    told("work", `all work of the main thread for ${messages} inbound messages`, "task"),
    told("reconnected", "from a lost socket to a connection", "reconnected", 0.7),
  ];
}

/** One page's life: connects, is flooded, loses its socket, is back. */
async function one(page, address, server, messages) {
  await page.open(address);
  await page.ask("prepare", server.serverUrl);
  const connected = await page.ask("connect"); // {connected, called}
  const agent = new Agent(server);
  await page.ask("begin");
  const conversation = await agent.take();
  await page.ask("expect", messages);
  const spent = await page.working(async () => {
    await flood(server, conversation, messages);
    await page.ask("received");
  });
  const back = page.ask("reconnected");
  await server.fault({ kind: "drop-connections" });
  const reconnected = await back;
  await agent.end();
  return { ...connected, reconnected, ...spent };
}
