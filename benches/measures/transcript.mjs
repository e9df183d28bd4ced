// Long transcripts: what 1,000 and 10,000 messages cost that come at once into the open panel, and into a closed one that is
// opened then; what memory and elements they take; whether scrolling through them keeps up. Against a windowed list of
// plain JavaScript, which knows no session: what is opened then is the fair comparison of the two lists.
import { dropped, figure } from "../figures.mjs";
import { Page } from "../page.mjs";
import { Site } from "../site.mjs";
import { page as markup } from "../markup.mjs";

const LENGTHS = [1_000, 10_000];
const QUICK = [100, 1_000];
const FRAMES = 100;
const STEP = 240;

export async function run({ folder, runs, quick }) {
  const lengths = quick ? QUICK : LENGTHS;
  const site = await Site.start({ folder, made: { "ours.html": markup("transcript.js"), "floor.html": markup("window.js") } });
  const page = await Page.start();
  const seen = { ours: {}, floor: {} };
  try {
    for (let time = 0; time < runs; time += 1) {
      for (const length of lengths) {
        for (const name of ["ours", "floor"]) (seen[name][length] ??= []).push(await one(page, site.page(`${name}.html`), length));
      }
    }
  } finally {
    await page.stop();
    await site.stop();
  }
  const longest = lengths.at(-1);
  return [...lengths.flatMap((length) => told(length, seen, length === longest)), ...ofLongest(longest, seen.ours[longest])];
}

/** A fresh page: a hundred messages, then as many more as wanted; and another one where they come before it is opened. */
async function one(page, address, length) {
  await page.open(address);
  await page.ask("start");
  await page.ask("receive", 0, 100);
  const nodesBefore = await page.ask("nodes");
  const heapBefore = (await page.heap()) + (await page.ask("memory"));
  const build = await page.working(() => page.ask("receive", 100, length));
  const nodes = (await page.ask("nodes")) - nodesBefore;
  const heap = (await page.heap()) + (await page.ask("memory")) - heapBefore;
  const missed = dropped(await page.ask("scroll", FRAMES, STEP));

  await page.open(address);
  await page.ask("start");
  await page.ask("hold", 0, length);
  const draw = await page.working(() => page.ask("show"));
  return { build: build.work, draw: draw.work, nodes, heap, missed };
}

function told(length, { ours, floor }, longest) {
  const of = (seen, key) => seen[length].map((run) => run[key]);
  const one = (id, what, unit, key, target) => figure({
    id: `transcript.${length}.${id}`, what, unit, values: of(ours, key), peer: { name: "floor", values: of(floor, key) }, target: longest ? target : undefined,
  });
  return [
    one("build", `work until ${length} messages that come at once are kept, told and drawn`, "ms", "build", { ratio: 3 }),
    one("draw", `work until ${length} messages that are there are drawn`, "ms", "draw"),
    one("dropped", `frames dropped in ${FRAMES} frames of scrolling ${length} messages`, "frames", "missed", { most: 0 }),
    one("heap", `memory ${length} messages take`, "bytes", "heap"),
  ];
}

/** A short transcript says nothing of either: it fits into memory the module has already. */
function ofLongest(length, runs) {
  return [
    figure({ id: "transcript.nodes", what: `elements ${length} messages take beyond those of a hundred`, unit: "nodes", values: runs.map((run) => run.nodes), target: { most: 0 } }),
    figure({ id: "heap.message", what: "memory a message takes", unit: "bytes", values: runs.map(({ heap }) => heap / length), target: { most: 1_000 } }),
  ];
}
