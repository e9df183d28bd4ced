// What the figures were measured on.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

/** The first entry of the report: facts, not a figure. `browser`: where the one is that was measured in, if one was. */
export function machine(runs, browser) {
  return {
    id: "machine", runs, target: null, met: null,
    values: {
      cores: cpus().length, processor: cpus()[0]?.model ?? null, memoryGB: Math.round(totalmem() / 2 ** 30), load: Math.round(loadavg()[0] * 10) / 10,
      chromium: browser ? version(browser) : null, node: process.version, platform: `${process.platform}-${process.arch}`, at: new Date().toISOString(),
    },
  };
}

function version(browser) {
  const told = execFileSync(browser, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return /\d+(\.\d+)+/.exec(told)?.[0] ?? told.trim();
}
