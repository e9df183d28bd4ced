// The panel's pure parts that arrange and colour: how rows join, which are drawn, what is legible. How they are drawn:
// src/widget/tests, in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heightsOf } from "../../src/widget/heights.js";
import { shape } from "../../src/widget/shape.js";
import { contrast, css, legibleOn, mix, parse, textOn } from "../../src/widget/theme.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const agent = (at, more) => ({ own: false, kind: "text", name: "Maya", who: "m", at, status: "sent", ...more });
const visitor = (at, status) => ({ own: true, kind: "text", name: "Lena", who: "l", at, status });

/** The names of what each row shows. */
const shapes = (items, marker, newest) =>
  items.map((item, at) => {
    const day = (ms) => ms - (ms % DAY);
    const is = shape(items[at - 1], item, items[at + 1], at === marker, at + 1 === marker, at === newest, day);
    return Object.keys(is).filter((name) => is[name]).map((name) => (is[name] === true ? name : is[name])).join(" ");
  });

test("one author within three minutes is a group", () => {
  const items = [agent(0), agent(3 * MINUTE), agent(6 * MINUTE), agent(10 * MINUTE), visitor(10 * MINUTE, "sent")];
  const expected = ["day first below", "above below", "last above", "first last", "first last newest"];
  assert.deepEqual(shapes(items, null, 4), expected);
});

test("a failed message stays in its group without a joint", () => {
  assert.deepEqual(shapes([visitor(0, "sent"), visitor(1, "failed")], null, 1), ["day first", "last newest"]);
});

test("a day, a marker and a notice part groups", () => {
  const items = [agent(DAY - 1), agent(DAY), agent(DAY + 1), agent(DAY + 2, { kind: "left" }), agent(DAY + 3)];
  const expected = ["day first last", "day first last", "marked first last", "notice", "first last"];
  assert.deepEqual(shapes(items, 2), expected);
});

test("that visitors came to their own chat is not said", () => {
  assert.deepEqual(shapes([{ ...visitor(0, "sent"), kind: "joined" }, agent(0, { kind: "joined" })]), ["day silent", "notice"]);
});

test("a clock that runs back repeats no day", () => {
  const found = shapes([agent(2 * DAY), agent(DAY), agent(DAY)]);
  assert.equal(found.filter((names) => names.includes("day")).length, 1);
});

test("two agents are two groups", () => {
  assert.deepEqual(shapes([agent(0), agent(1, { who: "other" })]), ["day first last", "first last"]);
});

const GUESS = 56;

test("heights stay with their rows", () => {
  const window = heightsOf();
  assert.equal(window.sync([1, 2, 3, 4]), 0);
  window.measured(1, 10);
  window.measured(2, 20);
  // 9 comes in late, 2 and 3 change places.
  assert.equal(window.sync([1, 9, 3, 2, 4, 5]), 1);
  assert.deepEqual([window.height(1, 2), window.height(2, 3), window.height(3, 4)], [GUESS, 20, 10]);
  assert.equal(window.height(0), 4 * GUESS + 30);
  assert.equal(window.sync([1, 9]), 2);
  assert.deepEqual(window.keys(), [1, 9]);
});

test("the window holds what is in sight and no more", () => {
  const window = heightsOf();
  window.sync(Array.from({ length: 10_000 }, (_, key) => key));
  for (const [low, high, start, end] of [
    [0, 3, 0, 3],
    [1, 3, 1, 3],
    [1 + 1 / GUESS, 3 + 1 / GUESS, 1, 4],
    [9_998, 20_000, 9_998, 10_000],
    [20_000, 20_001, 10_000, 10_000],
    [-500, 0, 0, 0],
  ]) {
    assert.deepEqual(window.within(low * GUESS, high * GUESS), [start, end]);
  }
});

test("an empty transcript has an empty window", () => {
  const window = heightsOf();
  assert.equal(window.sync([]), 0);
  assert.deepEqual([window.within(0, 600), window.height(0)], [[0, 0], 0]);
});

const WHITE = [255, 255, 255];

test("contrast is that of the standard, and of the design", () => {
  const accent = [0x1f, 0x6f, 0xeb];
  assert.ok(Math.abs(contrast(WHITE, [0, 0, 0]) - 21) < 0.01);
  assert.ok(Math.abs(contrast(accent, WHITE) - 4.63) < 0.02);
  assert.ok(Math.abs(contrast(accent, [0xf2, 0xf3, 0xf5]) - 4.2) < 0.05);
});

test("any accent carries legible text and gives a legible text colour", () => {
  const schemes = [[WHITE, [0xf2, 0xf3, 0xf5]], [[0x16, 0x18, 0x1d], [0x26, 0x2a, 0x32]]];
  for (let r = 0; r < 256; r += 15)
    for (let g = 0; g < 256; g += 15)
      for (let b = 0; b < 256; b += 15) {
        const accent = [r, g, b];
        assert.ok(contrast(accent, textOn(accent)) >= 4.5, css(accent));
        for (const grounds of schemes) {
          const text = legibleOn(accent, grounds);
          assert.ok(grounds.every((ground) => contrast(ground, text) >= 4.5), css(accent));
        }
      }
});

test("a legible colour is left alone", () => {
  assert.deepEqual(legibleOn([0, 0, 120], [WHITE]), [0, 0, 120]);
});

test("reads what browsers compute, and nothing else", () => {
  assert.deepEqual(parse("rgb(1, 22, 255)"), [1, 22, 255]);
  for (const odd of ["", "#123456", "red", "rgb(", "rgb(1,2", "rgb(10% 20% 30%)", "rgb(1.5, 2, 3)", "color(srgb 1 0 0)",
    "rgba(1, 22, 255, 0.5)", "rgb(1 22 255 / 0.5)"]) {
    assert.equal(parse(odd), null, odd);
  }
  assert.equal(css([0, 170, 255]), "#00aaff");
  assert.deepEqual(mix([0, 0, 0], WHITE, 50), [128, 128, 128]);
});
