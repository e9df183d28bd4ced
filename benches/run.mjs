#!/usr/bin/env node
// Measures the packed tarball, against peers in the same run:
//   node benches/run.mjs [--only startup,heap] [--runs N] [--package FILE.tgz] [--report FILE] [--plots FOLDER] [--quick]
// `--quick` measures so little that the figures say nothing: it proves that everything can be measured.
// Prints a table and writes target/report/bench.json. A missed target is told and does not fail; what could not be measured does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { tarball, unpack } from "../tests/e2e/archive.mjs";
import { show } from "../tests/e2e/within.mjs";
import { table } from "./figures.mjs";
import { machine } from "./machine.mjs";
import { plots } from "./plot.mjs";

const root = new URL("..", import.meta.url).pathname;
const MEASURES = ["sizes", "core", "startup", "cometd", "transcript", "heap"];
/** What needs neither browser nor package. */
const NATIVE = ["sizes", "core"];

const { values: options } = parseArgs({
  options: {
    only: { type: "string" }, runs: { type: "string", default: "7" }, package: { type: "string" },
    report: { type: "string", default: join(root, "target/report/bench.json") }, plots: { type: "string" }, quick: { type: "boolean" },
  },
});
const runs = Number(options.runs);
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error("--runs wants a whole number above 0");
const chosen = options.only ? options.only.split(",") : MEASURES;
for (const name of chosen) if (!MEASURES.includes(name)) throw new Error(`no measurement is called ${name}; there are ${MEASURES.join(", ")}`);

const work = mkdtempSync(join(tmpdir(), "support-chat-bench-"));
const figures = [];
const failed = [];
let folder;
let browser;
if (chosen.some((name) => !NATIVE.includes(name))) {
  // Not before it is needed: it needs what npm installs.
  const { binary, missing } = await import("../tests/e2e/browsers.mjs");
  const gone = missing("chromium");
  browser = binary("chromium");
  const file = options.package ?? tarball(join(root, "target/package"));
  if (gone || !file) {
    console.error(gone ? `missing ${gone}` : "no packed tarball in target/package: run `cargo xtask build` first");
    process.exit(1);
  }
  folder = unpack(file, join(work, "npm"));
}
for (const name of MEASURES.filter((one) => chosen.includes(one))) {
  const began = performance.now();
  try {
    const { run } = await import(`./measures/${name}.mjs`);
    figures.push(...await run({ root, folder, runs, quick: options.quick }));
  } catch (error) {
    failed.push(name);
    console.error(`${name}: ${show(error)}\n${error.stack}`);
  }
  console.error(`${name}: ${Math.round((performance.now() - began) / 1000)} s`);
}
rmSync(work, { recursive: true, force: true });

const report = [machine(runs, browser), ...figures];
mkdirSync(dirname(options.report), { recursive: true });
writeFileSync(options.report, `${JSON.stringify(report, null, 1)}\n`);
if (options.plots) for (const [name, svg] of plots(report)) writeFileSync(join(options.plots, name), svg);
console.log(table(figures));
const count = (met) => figures.filter((one) => one.met === met).length;
console.log(`${count(true)} targets met, ${count(false)} missed, ${failed.length} measurements failed`);
process.exit(failed.length ? 1 : 0);
