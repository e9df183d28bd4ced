// The pure core natively: `benches/core.rs`, whose medians criterion leaves in files. Takes no runs of ours: criterion samples by itself.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { figure } from "../figures.mjs";

/** Of `benches/core.rs`: how many messages one iteration is. */
const MESSAGES = 10_000;
const PARTS = [
  { name: "whole", what: "messages a second from frame to page, natively", target: { least: 1_000_000 } },
  { name: "transport", what: "of it, frames to events" },
  { name: "session", what: "of it, events to what the page is told" },
];

export async function run({ root, runs }) {
  // Few runs: a quick look. Many: as long as criterion likes it.
  const pace = runs < 3 ? ["--sample-size", "10", "--warm-up-time", "0.5", "--measurement-time", "1"] : ["--sample-size", "30"];
  execFileSync("cargo", ["bench", "--quiet", "--bench", "core", "--", "--noplot", ...pace], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const { target_directory: target } = JSON.parse(execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], { cwd: root, encoding: "utf8" }));
  return PARTS.map(({ name, ...rest }) => {
    const folder = join(target, "criterion/core", name, "new");
    return figure({ id: `core.${name}`, unit: "messages/s", values: rates(json(folder, "sample.json")), ...rest });
  });
}

/** Messages a second in each of criterion's samples: `times` are ns for so many `iters`. */
export function rates({ iters, times }) {
  return times.map((time, at) => (MESSAGES * iters[at] * 1e9) / time);
}

function json(folder, name) {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}
