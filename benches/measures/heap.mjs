// Memory: what a page has more of once the chat is open, and whether visits leave anything behind.
import { figure, growth } from "../figures.mjs";
import { Page } from "../page.mjs";
import { Site } from "../site.mjs";
import { page as markup } from "../markup.mjs";

/** What is made once and kept: compiled code, caches, the first of everything. */
const WARM = 100;
const CYCLES = 100;
/** Long enough runs tell the same every time. */
const MOST_RUNS = 3;
/** Bytes a visit may leave: far less than a handle (30,000), and more than the noise of collecting garbage and compiling. */
const NOISE = 1_000;

export async function run({ folder, runs, quick }) {
  const cycles = quick ? 10 : CYCLES;
  const site = await Site.start({ folder, made: { "ours.html": markup("transcript.js") } });
  const page = await Page.start();
  const seen = [];
  try {
    for (let time = 0; time < Math.min(runs, MOST_RUNS); time += 1) seen.push(await one(page, site.page("ours.html"), { cycles, quick }));
  } finally {
    await page.stop();
    await site.stop();
  }
  const told = (id, what, unit, key, most) => figure({ id: `heap.${id}`, what, unit, values: seen.map((run) => run[key]), target: { most } });
  return [
    told("start", "memory of the open chat, code not counted", "bytes", "start", 3_000_000),
    told("cycle", `memory a visit leaves behind, over ${cycles} of boot, open, send, destroy`, "bytes", "cycle", NOISE),
    told("cycle-pages", `growth of the module's memory over ${cycles} visits`, "bytes", "pages", 0),
    told("cycle-documents", `documents ${cycles} visits leave behind`, "documents", "documents", 0),
    told("cycle-nodes", `nodes ${cycles} visits leave behind`, "nodes", "nodes", 0),
    told("cycle-listeners", `listeners ${cycles} visits leave behind`, "listeners", "listeners", 0),
  ];
}

/** So many visits at a time, between two readings; no step takes longer than a driver waits. */
const STEP = 10;

async function one(page, address, { cycles, quick }) {
  await page.open(address);
  const empty = await page.heap();
  await page.ask("start");
  const start = (await page.heap()) + (await page.ask("memory")) - empty;
  for (let done = 0; done < (quick ? STEP : WARM); done += STEP) await page.ask("visit", STEP);
  const before = { pages: await page.ask("memory"), ...await page.counters() };
  const heaps = [await page.scripts()];
  for (let done = 0; done < cycles; done += STEP) {
    await page.ask("visit", STEP);
    heaps.push(await page.scripts());
  }
  const after = { pages: await page.ask("memory"), ...await page.counters() };
  return {
    start, cycle: growth(heaps) / STEP, pages: after.pages - before.pages,
    documents: after.documents - before.documents, nodes: after.nodes - before.nodes, listeners: after.jsEventListeners - before.jsEventListeners,
  };
}
