import assert from "node:assert/strict";
import { test } from "node:test";
import { dropped, figure, growth, median, rounded, table } from "../figures.mjs";
import { plots } from "../plot.mjs";
import { rates } from "../measures/core.mjs";

test("the median is the middle, whatever the order, and there is none of nothing", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 1, 2, 100]), 6);
  assert.throws(() => median([]));
  assert.throws(() => median([1, undefined]));
  assert.throws(() => median([1, NaN]));
});

test("frames that were left out are counted, a little jitter is not", () => {
  assert.equal(dropped([0, 16.7, 33.3, 50]), 0);
  assert.equal(dropped([0, 20, 36, 49]), 0);
  assert.equal(dropped([0, 33.4, 50, 116.7]), 4);
});

test("growth is that of most of the way: one reading is none", () => {
  assert.equal(growth([5, 7, 9, 11]), 2);
  assert.equal(growth([5, 5, 5, 90, 5, 5, 5]), 0);
  assert.equal(growth([5, 4, 5, 6, 5, 4, 5]), 0);
  assert.throws(() => growth([1]));
});

test("a figure is held against its target by what the target is of", () => {
  const of = (values, target, peer) => figure({ id: "a", what: "", unit: "ms", values, target, peer: peer && { name: "b", values: peer } });
  assert.equal(of([3, 1, 2], { most: 2 }).met, true);
  assert.equal(of([3, 1, 2], { most: 1.9 }).met, false);
  assert.equal(of([3, 1, 2], { least: 2 }).met, true);
  assert.equal(of([3, 1, 2], { least: 3 }).met, false);
  const ratio = of([11, 1_000, 1], { ratio: 1.1 }, [10, 1, 20]);
  assert.deepEqual([ratio.value, ratio.peerValue, ratio.ratio, ratio.met], [11, 10, 1.1, true]);
  assert.equal(of([11.1], { ratio: 1.1 }, [10]).met, false);
  assert.deepEqual([of([0], { ratio: 2 }, [0]).met, of([1], { ratio: 2 }, [0]).met], [true, false]);
  assert.deepEqual([of([1]).target, of([1]).met], [null, null]);
  assert.throws(() => of([1], { ratio: 2 }));
});

test("what is close to a target is judged before it is rounded", () => {
  const peer = { name: "b", values: [1234.56] };
  assert.equal(figure({ id: "a", what: "", unit: "ms", values: [1234.56 * 1.1004], peer, target: { ratio: 1.1 } }).met, false);
  assert.equal(figure({ id: "a", what: "", unit: "ms", values: [2.001], target: { most: 2 } }).met, false);
});

test("three digits are told", () => {
  assert.deepEqual([rounded(0), rounded(0.12345), rounded(12.345), rounded(12_345.6)], [0, 0.123, 12.3, 12_346]);
});

test("the table has a line for each figure and a word for each target", () => {
  const lines = table([
    figure({ id: "a.b", what: "", unit: "ms", values: [1], target: { most: 2 } }),
    figure({ id: "a.c", what: "", unit: "bytes", values: [10_000], peer: { name: "floor", values: [5_000] }, target: { ratio: 1.5 } }),
    figure({ id: "a.d", what: "", unit: "ms", values: [3] }),
  ]).split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[1], /^a\.b +1 ms +≤ 2 +met$/);
  assert.match(lines[2], /^a\.c +10,000 bytes +5,000 floor +2 × +≤ 1\.5 × floor +MISSED$/);
  assert.match(lines[3], /^a\.d +3 ms$/);
});

test("criterion's samples become messages a second", () => {
  // Two iterations of 10,000 messages in 20 ms, one in 5 ms.
  assert.deepEqual(rates({ iters: [2, 1], times: [20e6, 5e6] }), [1e6, 2e6]);
});

test("plots are made of what is there, and of nothing none", () => {
  const on = { chromium: "156.0", cores: 2, processor: "A & B", load: 0.1, at: "2026-01-01T00:00:00.000Z" };
  const machine = { id: "machine", runs: 7, values: on };
  assert.deepEqual(plots([machine]), []);
  const of = (id, value, target) => figure({ id, what: "", unit: "ms", values: [value], peer: { name: "floor", values: [100] }, target });
  const figures = ["launcher", "composer", "composer-bare"].map((id) => of(`startup.4x.${id}`, 130, { ratio: 1.1 }));
  const [[name, svg], [, targets]] = plots([machine, ...figures, of("a<b", 90, { most: 100 })]);
  assert.equal(name, "bench-startup.svg");
  assert.equal(svg.match(/<rect/g).length, 5);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.match(targets, /a&lt;b/);
  assert.equal(targets.match(/class="bad"/g).length, 3);
  assert.match(targets, /1\.18 ×/);
  for (const drawn of [svg, targets]) assert.match(drawn, /Chromium 156\.0, 2 cores \(A &amp; B\), medians of 7 runs, load at the end 0\.1, 2026-01-01/);
});
