// By which word a page's own transport is left: whether whoever connects next is somebody else; and in what parts its
// events are handed on. The rest of it:
// tests/web/identity.js and misbehaving.js, in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: { lang: "en" } };
globalThis.navigator ??= {};
const { transport } = await import("../../src/page.js");

const turn = () => new Promise((done) => setImmediate(done));

/** Connects for each of these users in turn; before the last time `identify` is answered so. Gives how it was left. */
async function left(users, answer) {
  const words = [];
  const told = [];
  const page = {
    connect: (_, sink) => sink.connected({ capabilities: ["identify"] }),
    perform: () => answer,
    disconnect: (reason) => words.push(reason),
  };
  const own = transport({ given: { transport: page } }, (text) => told.push(JSON.parse(text)));
  for (const [at, id] of users.entries()) {
    if (at && at === users.length - 1) own.perform('{"op":1,"type":"identify","token":"t"}');
    await turn();
    own.connect(JSON.stringify({ visitorId: "v", lastIndex: {}, locale: "en", ...(id && { user: { id } }) }));
    await turn();
  }
  own.end();
  return { words, said: told.find(({ t }) => t === "performed")?.value };
}

test("whom `identify` names is who the connection is for", async () => {
  assert.deepEqual((await left([null, null], { userId: "ben" })).words, ["identity"], "an anonymous visitor stays one");
  assert.deepEqual((await left([null, "ann"], { userId: "ben" })).words, ["identity"]);
  assert.deepEqual((await left(["ann", "ann"], { userId: "ben" })).words, ["identity"], "a renewal");
  assert.deepEqual((await left([null, "ann"], { userId: "ann" })).words, ["reload"], "in place");
  assert.deepEqual((await left(["ann", "ann"], { userId: "ann" })).words, ["reload"]);
});

test("where it names nobody, whoever is named next is no other", async () => {
  for (const answer of [undefined, null, {}, { userId: "" }, { merged: true }, { get userId() { throw new Error("mine"); } }]) {
    assert.deepEqual((await left([null, "ann"], answer)).words, ["reload"], JSON.stringify(Object.keys(Object(answer))));
  }
});

test("a user's id may be a number there, too", async () => {
  const { words, said } = await left([null, "7"], { userId: 7, merged: true });
  assert.deepEqual([words, said.userId], [["reload"], "7"]);
  assert.deepEqual((await left([null, "8"], { userId: 7 })).words, ["identity"]);
});

/** What reaches the module of these events. */
async function heard(events, meanwhile = () => {}) {
  const told = [];
  let sink;
  const page = { capabilities: [], connect: (_, given) => (sink = given).connected(), disconnect() {}, perform() {} };
  const own = transport({ given: { transport: page } }, (text) => {
    told.push(text);
    if (text.includes('"received"')) meanwhile(own);
  });
  own.connect('{"visitorId":"v","lastIndex":{},"locale":"en"}');
  await turn();
  told.length = 0;
  sink.receive(events);
  own.end();
  return told.map((text) => [text.length, JSON.parse(text).value]);
}

test("however many events come at once, each arrives, in order, in parts that the module reads", async () => {
  const events = Array.from({ length: 1_000 }, (_, index) => ({ index, text: "x".repeat(4_000) }));
  const parts = await heard(events);
  assert.deepEqual(parts.flatMap(([, value]) => value), events);
  assert.ok(parts.length > 10 && parts.every(([length]) => length < 310_000), String(parts.map(([length]) => length)));
  assert.deepEqual((await heard({ index: 1 })).map(([, value]) => value), [[{ index: 1 }]]);
  const odd = [undefined, 1n, { toJSON() { throw new Error("mine"); } }, { index: 2 }];
  assert.deepEqual((await heard(odd)).map(([, value]) => value), [[null, null, null, { index: 2 }]]);
  assert.deepEqual(await heard([]), []);
});

test("what is left of many events is not handed to the next connection", async () => {
  const events = Array.from({ length: 200 }, (_, index) => ({ index, text: "x".repeat(4_000) }));
  assert.equal((await heard(events, (own) => own.disconnect("identity"))).length, 1);
});
