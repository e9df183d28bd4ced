// A page's own store while one of its answers is under way. The rest of it: tests/web/stores.js, in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: { lang: "en" } };
globalThis.navigator ??= {};
const { store } = await import("../../src/page_store.js");

/** A store that answers when it is told to; `reads` and `writes` are what waits for that. */
function slow() {
  const page = { state: { v: 1, entries: { session: "old", tail: "words of Ann", epoch: "1" } }, reads: [], writes: [] };
  page.read = () => {
    const seen = structuredClone(page.state);
    return new Promise((done) => page.reads.push(() => done(seen)));
  };
  page.write = (state) => new Promise((done) => page.writes.push({ state, land: () => done((page.state = state)) }));
  return page;
}

const turn = () => new Promise((done) => setImmediate(done));

async function loaded() {
  const page = slow();
  const told = [];
  const kept = store({ given: { stateStorage: page } }, (text) => told.push(text));
  kept.load();
  page.reads.shift()();
  await turn();
  kept.lead("leads");
  return { page, told, kept };
}

test("what was asked before a logout brings nothing back, whenever it is answered", async () => {
  const { page, told, kept } = await loaded();
  kept.load();
  kept.set('["read","1",0]');
  kept.flush();
  kept.wipe('["epoch","consent"]');
  kept.flush();
  const [before, wipe] = page.writes;
  wipe.land();
  page.reads.shift()();
  await turn();
  page.reads.shift()();
  await turn();
  before.land();
  await turn();
  assert.deepEqual(page.writes.map(({ state }) => state).slice(1), [null, null]);
  assert.ok(told.every((text, at) => at === 0 || !text.includes("Ann")), told.join("\n"));
  kept.end();
});

test("what is saved while the store is asked is in the next write, and in what was loaded", async () => {
  const { page, told, kept } = await loaded();
  kept.load();
  kept.set('["outbox:k","my message",7]');
  kept.remove("tail");
  page.reads.shift()();
  await turn();
  kept.flush();
  assert.deepEqual(page.writes[0].state.entries, { session: "old", epoch: "1", "outbox:k": "my message" });
  assert.ok(told.at(-1).includes("my message") && !told.at(-1).includes("Ann"));
  kept.end();
});

test("nothing is asked before what was written got there", async () => {
  const { page, told, kept } = await loaded();
  kept.wipe('["epoch","consent"]');
  kept.set('["session","of somebody else",0]');
  kept.flush();
  kept.load();
  assert.equal(page.reads.length, 0);
  page.writes.shift().land();
  await turn();
  page.reads.shift()();
  await turn();
  assert.ok(told.at(-1).includes("somebody else") && !told.at(-1).includes("Ann"), told.at(-1));
  kept.end();
});

test("who creates a visitor writes it, though nobody leads yet, and is told when it got there", async () => {
  const { page, told, kept } = await loaded();
  kept.lead(false);
  kept.set('["session","older",0]');
  kept.set('["outbox:k","words",1]');
  kept.flush();
  assert.equal(page.writes.length, 0, "who follows writes nothing");
  const before = told.length;
  kept.set('["session","mine",2]');
  kept.flush();
  assert.equal(told.length, before);
  page.writes.shift().land();
  await turn();
  assert.ok(page.state.entries.session == "mine" && told.at(-1).includes('"stored":2'), told.at(-1));
  kept.end();
});
