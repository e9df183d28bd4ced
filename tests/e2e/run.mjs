#!/usr/bin/env node
// Runs the end-to-end tests on the packed tarball, in each browser:
//   node run.mjs [--browser chromium,firefox] [--only A.talk,A.bad] [--package FILE.tgz] [--shots] [--jobs N] [--list]
// Writes target/report/e2e.json; the last line counts passed, failed and skipped. Exit code 1 on any failure.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Browser, missing, names } from "./browsers.mjs";
import { Context } from "./context.mjs";
import { panicBuild, tarball, unpack } from "./archive.mjs";
import { Server } from "./server.mjs";
import { show, within } from "./within.mjs";

const root = new URL("../..", import.meta.url).pathname;
const TEST_MS = 90_000;

const { values: options } = parseArgs({
  options: {
    browser: { type: "string" }, only: { type: "string" }, package: { type: "string" }, panic: { type: "string" },
    report: { type: "string" }, jobs: { type: "string" }, shots: { type: "boolean" }, "headed-shots": { type: "boolean" },
    list: { type: "boolean" },
  },
});

const list = (text) => (text ?? "").split(",").filter(Boolean);
const wanted = list(options.only);
const isWanted = ({ id }) => wanted.length === 0 || wanted.some((word) => id === word || id.startsWith(`${word}.`));
const folder = new URL("cases/", import.meta.url);
const modules = await Promise.all(readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort().map((name) => import(new URL(name, folder))));
const tests = modules.flatMap((module) => module.tests).filter(isWanted);
if (options.list) {
  for (const { id } of tests) console.log(id);
  process.exit(0);
}

const shots = join(root, "target/report/shots");
const reportFile = options.report ?? join(root, "target/report/e2e.json");
mkdirSync(shots, { recursive: true });
mkdirSync(dirname(reportFile), { recursive: true });
const work = mkdtempSync(join(tmpdir(), "support-chat-e2e-"));
const rows = [];
const seen = new Map();     // browser → violations that nobody meant

function record(row) {
  rows.push(row);
  const figures = Object.keys(row.values).length ? ` ${JSON.stringify(row.values)}` : "";
  console.log(`${row.outcome.padEnd(7)} ${row.browser.padEnd(8)} ${row.id} ${row.ms} ms${figures}${row.error ? `\n        ${row.error}` : ""}`);
  writeFileSync(reportFile, `${JSON.stringify(rows, null, 1)}\n`);
}

// What nobody waited for any more fails the run, and costs no other test its result.
process.on("unhandledRejection", (error) => record({ id: "stray", browser: "node", outcome: "failed", ms: 0, values: {}, error: show(error) }));

// What measures time has the machine to itself; other tests may run in another browser meanwhile.
const running = new Set();
let lonely = Promise.resolve();

async function inTurn(test, run) {
  // One after the other, and each after whatever runs: who comes meanwhile comes after it.
  const before = lonely;
  const alone = test.alone && (async () => {
    await before;
    await Promise.all(running);
    await run();
  })();
  if (alone) return (lonely = alone);
  for (let wait = lonely; ; wait = lonely) {
    await wait;
    if (wait === lonely) break;
  }
  const one = run();
  running.add(one);
  await one;
  running.delete(one);
}

async function runTest(test, browser, packages) {
  const began = performance.now();
  const context = new Context({ id: test.id, browser, picture: (name) => picture(name), ...packages });
  const row = { id: test.id, browser: browser.name, outcome: "passed", ms: 0, values: context.values };
  const picture = async (name) => {
    const image = await within(browser.driver.takeScreenshot(), 8_000, "screenshot").catch(() => null);
    if (image) writeFileSync(join(shots, `${name}-${browser.name}.png`), image, "base64");
  };
  try {
    if (!browser.driver) await browser.start();
    const outcome = await within(test.run(context), test.ms ?? TEST_MS, test.id);
    if (outcome?.skipped) Object.assign(row, { outcome: "skipped", error: outcome.skipped });
    if (options.shots || options["headed-shots"]) await picture(test.id);
    await browser.tidy();
  } catch (error) {
    row.outcome = "failed";
    row.error = show(error);
    row.stack = error.stack?.split("\n").slice(1, 6).map((line) => line.trim());
    if (browser.driver) {
      await picture(test.id);
      row.notes = await context.diagnosis();
    }
    // What a failed test leaves in a browser is unknown: the next one gets a new browser.
    await browser.stop();
  }
  // Policy reports are sent by the browser when it likes: the page is gone by now, the site still listens.
  const violations = context.violations();
  seen.get(browser.name).push(...violations.map((violation) => ({ test: test.id, ...violation })));
  await context.close();
  row.ms = Math.round(performance.now() - began);
  record(row);
}

async function runBrowser(name, packages) {
  seen.set(name, []);
  // Some things only some browsers do: a page that is frozen on demand, one that is kept for the way back.
  const able = tests.filter((test) => !test.browsers || test.browsers.includes(name));
  const gone = missing(name);
  if (gone) {
    const outcome = process.env.CI ? "failed" : "skipped";
    console.log(`${outcome} ${name}: missing ${gone}`);
    for (const { id } of able) record({ id, browser: name, outcome, ms: 0, values: {}, error: `missing ${gone}` });
    return;
  }
  const browser = new Browser(name);
  try {
    for (const test of able) await inTurn(test, () => runTest(test, browser, packages));
  } finally {
    await browser.stop();
  }
  for (const row of lines(name)) record(row);
  if (wanted.length && !isWanted({ id: "A.csp" })) return;
  const violations = seen.get(name);
  record({
    id: "A.csp", browser: name, ms: 0, values: { violations: violations.length, tests: able.length },
    outcome: violations.length || able.length === 0 ? "failed" : "passed",
    ...(violations.length ? { error: show(violations.slice(0, 5)) } : {}),
  });
}

/** One row per acceptance line of several tests: `A.kill` from `A.kill.websocket` and `A.kill.long-polling`. */
function lines(browser) {
  const groups = Map.groupBy?.(rows, groupOf) ?? rows.reduce((map, row) => map.set(groupOf(row), [...(map.get(groupOf(row)) ?? []), row]), new Map());
  return [...groups].filter(([id]) => id).map(([id, parts]) => {
    const values = { tests: parts.length, passed: parts.filter((part) => part.outcome === "passed").length };
    for (const part of parts) {
      for (const [key, value] of Object.entries(part.values)) {
        // Counts of harm add up; anything else is told by the single tests.
        if (["lost", "twice", "violations"].includes(key)) values[key] = (values[key] ?? 0) + value;
        if (["takeover_ms", "connections"].includes(key)) values[key] = Math.max(values[key] ?? 0, value);
      }
    }
    const outcome = ["failed", "skipped"].find((word) => parts.some((part) => part.outcome === word)) ?? "passed";
    return { id, browser, outcome, ms: parts.reduce((sum, part) => sum + part.ms, 0), values };
  });

  function groupOf(row) {
    return row.browser === browser ? /^([AI]\.[a-z0-9]+)\./.exec(row.id)?.[1] : undefined;
  }
}

const file = options.package ?? tarball(join(root, "target/package"));
if (!file) {
  console.error("no packed tarball in target/package: run `cargo xtask build` first");
  process.exit(1);
}
const packages = {
  folder: unpack(file, join(work, "npm")),
  panicFolder: panicBuild(options.panic ?? join(root, "target/package-panic"), join(work, "panic")),
};
const began = performance.now();
const queue = list(options.browser).length ? list(options.browser) : [...names];
for (const name of queue) if (!names.includes(name)) throw new Error(`no browser is called ${name}`);
const jobs = Number(options.jobs ?? Math.min(2, availableParallelism()));
await Promise.all(Array.from({ length: jobs }, async () => {
  for (let name = queue.shift(); name; name = queue.shift()) await runBrowser(name, packages);
}));
await Server.spareNone();
rmSync(work, { recursive: true, force: true });

/** Why it failed, in the form in which cargo says it: `cargo xtask test` shows the beginning of each such section. */
function explain({ id, browser, error, stack, notes }) {
  const lines = Object.entries(notes ?? {}).map(([what, note]) => `${what}: ${show(note)}`);
  console.log([`---- ${id} in ${browser} ----`, error, ...(stack ?? []), ...lines].join("\n"));
}

const count = (outcome) => rows.filter((row) => row.outcome === outcome).length;
// An acceptance line that failed by its parts has nothing to add to them.
for (const row of rows) if (row.outcome === "failed" && row.error) explain(row);
console.log(`end to end: ${Math.round((performance.now() - began) / 1000)} s`);
console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
process.exit(count("failed") ? 1 : 0);
