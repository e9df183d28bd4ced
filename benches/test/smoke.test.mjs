import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { tarball } from "../../tests/e2e/archive.mjs";
import { missing } from "../../tests/e2e/browsers.mjs";

const root = new URL("../..", import.meta.url).pathname;
const run = promisify(execFile);
const bench = (...args) => run(process.execPath, [join(root, "benches/run.mjs"), ...args], { timeout: 240_000 });

const gone = missing("chromium") || (tarball(join(root, "target/package")) ? "" : "a packed tarball");

test("everything measured in the browser can be measured, and is reported whole", { skip: gone && !process.env.CI ? `missing ${gone}` : false }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "support-chat-bench-test-"));
  try {
    const report = join(folder, "bench.json");
    const { stdout } = await bench("--quick", "--runs", "1", "--only", "startup,cometd,transcript,heap", "--report", report, "--plots", folder);
    const [machine, ...figures] = JSON.parse(readFileSync(report, "utf8"));
    assert.equal(machine.id, "machine");
    assert.match(machine.values.chromium, /^\d+\./);
    assert.ok(machine.values.cores > 0 && machine.runs === 1);
    const ids = figures.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "an id is given twice");
    for (const id of ["startup.1x.launcher", "startup.1x.composer-bare", "cometd.script", "cometd.reconnected", "transcript.1000.build",
      "transcript.nodes", "heap.start", "heap.message", "heap.cycle"]) assert.ok(ids.includes(id), id);
    for (const figure of figures) {
      assert.ok(Number.isFinite(figure.value) && figure.runs >= 1 && figure.values.length === figure.runs, figure.id);
      assert.equal(typeof figure.met, figure.target === null ? "object" : "boolean", figure.id);
      assert.ok(stdout.includes(figure.id), figure.id);
    }
    // What a visit leaves behind stays for good, however few there are.
    for (const id of ["heap.cycle-documents", "heap.cycle-nodes", "heap.cycle-listeners"]) assert.equal(figures.find((one) => one.id === id).value, 0, id);
    // What takes time takes some: a mark that was never set would be 0.
    for (const { id, value, unit } of figures) if (unit === "ms" && !id.includes("blocking")) assert.ok(value > 0, id);
    assert.ok(existsSync(join(folder, "bench-startup.svg")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what nobody measures is refused by name", async () => {
  await assert.rejects(bench("--only", "lunch"), /no measurement is called lunch/);
  await assert.rejects(bench("--runs", "0"), /--runs/);
});
