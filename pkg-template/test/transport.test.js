// By which word a page's own transport is left: whether whoever connects next is somebody else. The rest of it:
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
