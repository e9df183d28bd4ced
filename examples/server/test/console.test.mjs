// The console's own rules, without a browser: every event once and in order, and what is drawn of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../public/agent/outbox.js";
import { State } from "../public/agent/state.js";
import { tablesOf } from "../public/agent/details.js";
import { entriesOf } from "../public/agent/transcript.js";

const event = (index, more = {}) => ({ seq: index, conversationId: "c", index, type: "Message", from: "visitor", nickname: "Lena", text: `t${index}`, time: index, ...more });
const summary = { id: "c", status: "active", nickname: "Lena", createdAt: 0, visitor: { delivered: 0, read: 0, isTyping: false } };

function serve(t, answer) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (url, options) => {
    const body = options.body && JSON.parse(options.body);
    asked.push(body ?? url);
    const [status, reply] = await answer(url, body);
    return { ok: status < 400, status, json: async () => reply };
  });
  return asked;
}

function storage(t) {
  const kept = {};
  const methods = {
    getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value), removeItem: (name) => delete kept[name],
  };
  // As in a browser, its own keys are the entries.
  globalThis.localStorage = Object.setPrototypeOf(kept, methods);
  t.after(() => delete globalThis.localStorage);
  return kept;
}

test("an event is known once, and a gap is fetched", async (t) => {
  const stored = [1, 2, 3, 4, 5].map((index) => event(index));
  const asked = serve(t, (url) => [200, { conversation: summary, events: stored.slice(Number(new URL(url, "http://x").searchParams.get("from")) - 1) }]);
  const state = new State(() => {});
  state.snapshot({ conversations: [summary], seq: 2 });
  stored.length = 2;
  await state.open("c");
  for (const index of [2, 3, 3, 1]) state.message(event(index));
  assert.deepEqual(state.events("c").map(({ index }) => index), [1, 2, 3]);
  stored.push(event(3), event(4), event(5));
  state.message(event(5));
  await state.open("c");
  assert.deepEqual(state.events("c").map(({ index }) => index), [1, 2, 3, 4, 5]);
  assert.deepEqual(asked, ["/agent/api/conversations/c?from=1", "/agent/api/conversations/c?from=4"]);
  assert.equal(state.position(), 5);
  // Another server's file: what is known is not from there.
  stored.length = 1;
  state.snapshot({ conversations: [summary], seq: 1 });
  await state.open("c");
  assert.deepEqual([state.events("c").length, state.position()], [1, 1]);
});

test("what is not acknowledged is kept, repeated with the same key, and goes out in order", async (t) => {
  const kept = storage(t);
  let failures = 2;
  const asked = serve(t, (url, { key }) => {
    if (failures-- > 0) throw new TypeError("refused");
    return [200, { key, index: 7, time: 1 }];
  });
  let done;
  const both = new Promise((resolve) => (done = resolve));
  const answers = [];
  const outbox = new Outbox({ changed: () => {}, acknowledged: (item) => answers.push(item.text) === 2 && done() });
  outbox.add("c", "one");
  outbox.add("c", "two");
  assert.equal(Object.keys(kept).length, 2, "kept before anything is answered");
  await both;
  assert.deepEqual(asked.map(({ text }) => text), ["one", "one", "one", "two"]);
  assert.equal(new Set(asked.slice(0, 3).map(({ key }) => key)).size, 1);
  await new Promise(setImmediate);
  assert.deepEqual(Object.keys(kept), []);
});

test("another tab, opened after the first was closed, sends what was left, in order", async (t) => {
  const kept = storage(t);
  for (const [key, time] of [["b", 2], ["a", 1], ["c", 3]]) {
    kept[`desk-outbox:${key}`] = JSON.stringify({ conversationId: "c", key, text: key, time });
  }
  const asked = serve(t, (url, { key }) => [200, { key, index: 7, time: 1 }]);
  await new Promise((resolve) => new Outbox({ changed: () => {}, acknowledged: (item) => item.key === "c" && resolve() }));
  await new Promise(setImmediate);
  assert.deepEqual([asked.map(({ key }) => key), Object.keys(kept)], [["a", "b", "c"], []]);
});

test("what was written for a chat of another server is given up", async (t) => {
  const kept = storage(t);
  kept["desk-outbox:k"] = JSON.stringify({ conversationId: "gone", key: "k", text: "left", time: 1 });
  serve(t, () => [404, { error: "conversation_not_found" }]);
  let outbox;
  await new Promise((resolve) => (outbox = new Outbox({ changed: resolve, acknowledged: () => assert.fail("not acknowledged") })));
  assert.deepEqual([outbox.of("gone"), Object.keys(kept)], [[], []]);
});

test("a reload sends what was left; a refusal is shown, not repeated", async (t) => {
  const kept = storage(t);
  kept["desk-outbox:k"] = JSON.stringify({ conversationId: "c", key: "k", text: "left", time: 1 });
  const asked = serve(t, () => [409, { error: "chat_ended", description: "this chat has ended" }]);
  let changed;
  const settled = new Promise((resolve) => (changed = resolve));
  const outbox = new Outbox({ changed: () => changed(), acknowledged: () => assert.fail("not acknowledged") });
  await settled;
  assert.deepEqual(outbox.of("c").map(({ key, problem }) => [key, problem]), [["k", "this chat has ended"]]);
  assert.equal(asked.length, 1);
  outbox.discard("k");
  assert.deepEqual(outbox.of("c"), []);
});

test("groups, ticks, and a pending message that is already there", () => {
  const mine = (index, key) => event(index, { from: "agent", nickname: "Maya", key });
  const conversation = { ...summary, visitor: { delivered: 5, read: 4 } };
  const events = [event(1), event(2), event(3, { time: 200_000 }), mine(4, "a"), mine(5, "b"), mine(6, "d")];
  const entries = entriesOf(conversation, events, [{ key: "d", text: "t6", time: 7 }, { key: "e", text: "new", time: 8 }], "Maya");
  assert.deepEqual(entries.map(({ key, state }) => [key, state]), [["i1", undefined], ["i2", undefined], ["i3", undefined], ["a", "read"], ["b", "delivered"], ["d", "sent"], ["e", "sending"]]);
  assert.deepEqual(entries.map(({ first, last }) => [first, last]), [[true, false], [false, true], [true, true], [true, false], [false, false], [false, false], [false, true]]);
});

test("the details show what the page says as text, and call a user signed in only when the server did", () => {
  const tables = (more) => Object.fromEntries(tablesOf({ ...summary, ...more }).map(({ title, rows }) => [title, rows]));
  const userData = {
    pageTitle: "Grinders", plan: { a: 1 }, tags: ["vip", "<b>x</b>"], tag: { gender: "f" }, company: { size: 7, name: "Org", plan: "pro" },
    user: { id: "ann", email: "ann@example.com", name: "Ann", traits: { role: "admin", big: { x: [1] } } }, context: { currentPage: "billing", off: null },
  };
  const { User, ...rest } = tables({ userData, userId: "ann" });
  assert.deepEqual(User, [["Signed in", "ann"], ["Name", "Ann"], ["Email", "ann@example.com"], ["role", "admin"], ["big", '{"x":[1]}']]);
  delete rest["This chat"];
  assert.deepEqual(rest, {
    Company: [["Name", "Org"], ["Plan", "pro"], ["size", "7"]], Page: [["Title", "Grinders"]], Context: [["currentPage", "billing"]],
    Tags: [["Tags", "vip, <b>x</b>"], ["gender", "f"]], Attributes: [["plan", '{"a":1}']],
  });
  assert.deepEqual(tables({ userData: { user: { id: "ann" } } }).User, [["Says to be", "ann (not verified)"]]);
  assert.deepEqual(tables({ userData: { user: { id: "ann" } }, userId: "ben" }).User, [["Signed in", "ben"], ["Says to be", "ann (not verified)"]]);
  for (const odd of [5, "x", null, [1], true]) {
    assert.deepEqual(Object.keys(tables({ userData: { user: odd, company: odd, context: odd, tag: odd } })), ["This chat"], JSON.stringify(odd));
  }
});

test("an answer that left before the news of a chat does not undo them", async (t) => {
  const waiting = { ...summary, status: "waiting" };
  let state;
  serve(t, () => {
    state.conversation(summary); // accepted, and told of, while the answer is on its way
    return [200, { conversation: waiting, events: [event(1)] }];
  });
  state = new State(() => {});
  state.snapshot({ conversations: [waiting], seq: 1 });
  await state.open("c");
  assert.equal(state.conversations.get("c").status, "active");
  assert.equal(state.events("c").length, 1);
});
