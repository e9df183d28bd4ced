// A page's own store while one of its answers is under way. The rest of it: tests/web/stores.js, in browsers.
import assert from "node:assert/strict";
import { mock, test } from "node:test";

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
  page.write = (state) => new Promise((done, fail) => page.writes.push({ state, land: () => done((page.state = state)), fail }));
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

const session = (sid, epoch, more = "") => `{"v":1,"sid":"${sid}","epoch":${epoch},"term":1${more}}`;
const save = (kept, name, text, token = 0) => {
  kept.set(JSON.stringify([name, text, token]));
  kept.flush();
};
/** Ann's tab leads and has written this, `under` way or done. */
async function leading(under) {
  const { page, told, kept } = await loaded();
  save(kept, "session", session("ann", 1));
  if (!under) {
    page.writes[0].land();
    await turn();
  }
  return { page, told, kept, [Symbol.dispose]: () => kept.end() };
}
/** Another tab has logged out, and deleted what there was; this one hears of it. */
function hear(page, kept, left = null) {
  page.state = left;
  kept.lead("");
  kept.remove("session");
  kept.set(JSON.stringify(["epoch", "2", 0]));
  kept.flush();
}
const answer = async (page) => {
  page.reads.shift()();
  await turn();
};
const swept = (told) => told.filter((text) => text.includes(`"stored":${2 ** 32 - 2}`)).length;

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
  await answer(page);
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
  kept.set(`["session","mine",${2 ** 32 - 1}]`);
  kept.flush();
  assert.equal(told.length, before);
  page.writes.shift().land();
  await turn();
  assert.ok(page.state.entries.session == "mine" && told.at(-1).includes(`"stored":${2 ** 32 - 1}`), told.at(-1));
  kept.end();
});

test("a write that lands after another tab's logout is undone, and the others hear of it", async () => {
  for (const rejects of [false, true]) {
    const { page, told, kept } = await leading(true);
    hear(page, kept);
    assert.equal(page.reads.length + page.writes.length, 1, "before it has landed there is nothing to see");
    const [late] = page.writes;
    page.state = late.state;
    rejects ? late.fail() : late.land();
    await turn();
    await answer(page);
    assert.equal(page.writes.length, 2);
    assert.equal(page.writes[1].state, null);
    assert.equal(swept(told), 0, "not yet");
    page.writes[1].land();
    await turn();
    assert.deepEqual([page.state, swept(told)], [null, 1]);
    kept.end();
  }
});

test("so is one that was done between that logout and the word of it", async () => {
  const { page, told, kept } = await leading(false);
  hear(page, kept, page.state);
  await answer(page);
  page.writes[1].land();
  await turn();
  assert.deepEqual([page.state, swept(told), page.reads.length], [null, 1, 0]);
  kept.end();
});

test("a write that takes longer than it may is undone when it lands at last, by an instance that is gone by then, too", async () => {
  for (const gone of [false, true]) {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { page, kept } = await leading(true);
    hear(page, kept);
    mock.timers.tick(1_000);
    await turn();
    await answer(page); // nothing there yet, or nothing that it says
    page.writes[1].land();
    if (gone) kept.end();
    page.writes[0].land();
    await turn();
    await answer(page);
    page.writes[2].land();
    await turn();
    assert.equal(page.state, null);
    kept.end();
    mock.timers.reset();
  }
});

test("an instance that is gone undoes what it wrote before it logged out", async () => {
  const { page, told, kept } = await leading(true);
  kept.wipe('["epoch","consent"]');
  kept.flush();
  kept.end();
  const before = told.length;
  const [late, wipe] = page.writes;
  wipe.land();
  late.land();
  await turn();
  await answer(page);
  page.writes[2].land();
  await turn();
  assert.deepEqual([page.state, told.length], [null, before], "nothing left, and nobody told any more");
});

test("what somebody else has begun since stays, and so does what the logout has kept", async () => {
  for (const state of [session("bob", 2), session("bob", 1), session("ann", 2)].map((text) => ({ v: 1, entries: { session: text } }))) {
    for (const under of [true, false]) {
      const { page, told, kept } = await leading(under);
      hear(page, kept, state);
      if (under) page.writes[0].land();
      page.state = state;
      await turn();
      await answer(page);
      assert.deepEqual([page.writes.length, page.state, swept(told)], [1, state, 0]);
      kept.end();
    }
  }
});

test("of a visitor whom the logout keeps nothing but that is written again", async () => {
  const { page, kept } = await leading(true);
  kept.set('["tail","words of Ann",0]');
  kept.set('["outbox:k","of another tab",0]');
  hear(page, kept);
  save(kept, "session", session("ann", 2));
  page.writes[0].land();
  await turn();
  await answer(page);
  assert.deepEqual(page.writes[1].state, { v: 1, entries: { session: session("ann", 2), epoch: "2" } });
  kept.end();
});

test("who is somebody else's session by then writes that", async () => {
  const { page, kept } = await leading(true);
  hear(page, kept);
  mock.timers.enable({ apis: ["setTimeout"] });
  save(kept, "session", session("bob", 2));
  page.writes[0].land();
  await turn();
  await answer(page);
  assert.equal(page.writes[1].state.entries.session, session("bob", 2));
  kept.end();
  mock.timers.reset();
});

test("where the store does not tell what stands there, it is undone", async () => {
  for (const read of [() => null, () => Promise.reject(new Error("no store today")), () => "what is this", () => ({ get entries() { throw 7; } }), () => ({ entries: { session: Symbol() } })]) {
    const { page, kept } = await leading(true);
    page.read = read;
    hear(page, kept);
    page.writes[0].land();
    await turn();
    assert.equal(page.writes[1]?.state, null, `${read}`);
    kept.end();
  }
});

test("who has written nothing, or long ago, asks nothing", async () => {
  mock.timers.enable({ apis: ["Date"], now: 1e12 });
  for (const wrote of [false, true]) {
    const { page, kept } = wrote ? await leading(false) : await loaded();
    mock.timers.tick(3_000);
    hear(page, kept);
    await turn();
    assert.deepEqual([page.reads.length, page.writes.length], [0, +wrote]);
    kept.end();
  }
  mock.timers.reset();
});

test("who hears of a logout while what it created is being written writes nothing more of that", async () => {
  const { page, kept } = await loaded();
  kept.wipe("[]");
  kept.flush();
  page.writes.shift().land();
  await turn();
  page.writes.length = 0;
  kept.lead("");
  save(kept, "session", session("ann", 1), 2 ** 32 - 1);
  kept.lead("leads");
  save(kept, "session", session("ann", 1), 2 ** 32 - 1);
  save(kept, "draft", "words of Ann");
  kept.lead("");
  kept.remove("session");
  kept.set(JSON.stringify(["epoch", "2", 0]));
  save(kept, "session", session("ann", 2));
  page.writes[0].land();
  page.state = { v: 1, entries: { session: session("bob", 2) } };
  await turn();
  await answer(page);
  assert.equal(page.writes.length, 1, "nothing goes over Bob's");
  kept.end();
});

test("who goes with its page writes what changed though a write is under way, and nothing after that", async () => {
  for (const cached of [true, false]) {
    const { page, told, kept } = await leading(true);
    kept.lead("goes");
    kept.lead("leads");
    save(kept, "session", session("ann", 1, ',"conversation":{}'), 7);
    const [before, last] = page.writes;
    assert.deepEqual(last?.state.entries.session, session("ann", 1, ',"conversation":{}'));
    if (cached) kept.lead("");
    before.land();
    await turn();
    assert.ok(!told.some((text) => text.includes('"stored":7')), "not yet there");
    save(kept, "draft", "more");
    assert.equal(page.writes.length, 2, "once");
    last.land();
    await turn();
    assert.ok(told.at(-1).includes('"stored":7') || !cached, told.at(-1));
    kept.end();
  }
});

test("who hears of a logout while it writes does not write that once more, though more had changed", async () => {
  const { page, kept } = await leading(true);
  save(kept, "draft", "words of Ann");
  hear(page, kept);
  assert.equal(page.writes.length, 1);
  kept.end();
});

test("from whom the lead was taken writes nothing more, whatever waited for that", async () => {
  const { page, kept } = await leading(true);
  save(kept, "session", session("ann", 1, ',"conversation":{}'), 2 ** 32 - 3);
  kept.lead("");
  page.writes[0].land();
  await turn();
  kept.flush();
  assert.equal(page.writes.length, 1);
  kept.end();
});
