// Loading: when it starts, how it fails, and what a panic leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "../names.js";
import { deferred, fresh, methodsOfInner, outcome, task } from "./env.js";

methodsOfInner(METHODS);

test("immediate loads in a later task, idle when the browser idles, interaction at the first act, manual never", async () => {
  const page = fresh();
  const now = page.create({ load: "immediate" });
  assert.equal(page.imports, 0);
  await task();
  assert.equal(now.state, "loading");

  const idle = fresh();
  const calm = idle.create({ load: "idle" });
  await task();
  assert.equal(calm.state, "not_initialized");
  idle.idle.forEach((fn) => fn());
  assert.equal(calm.state, "loading");

  fresh({ idle: false });
  for (const type of ["pointerdown", "keydown"]) {
    const touched = fresh().create({ load: "interaction" });
    await task();
    assert.equal(touched.state, "not_initialized");
    dispatchEvent(new Event(type));
    assert.equal(touched.state, "loading");
  }

  const manual = fresh().create({ load: "manual" });
  dispatchEvent(new Event("keydown"));
  await task();
  assert.equal(manual.state, "not_initialized");
});

test("idle without requestIdleCallback (WebKit) loads in a later task", async () => {
  const chat = fresh({ idle: false }).create({ load: "idle" });
  assert.equal(chat.state, "not_initialized");
  await task();
  assert.equal(chat.state, "loading");
});

test("Save-Data and 2g turn idle into interaction, and only idle", async () => {
  for (const connection of [{ saveData: true }, { effectiveType: "slow-2g" }]) {
    const page = fresh({ connection });
    const chat = page.create({ load: "idle" });
    assert.equal(page.idle.length, 0);
    dispatchEvent(new Event("pointerdown"));
    assert.equal(chat.state, "loading");
    const eager = fresh({ connection }).create({ load: "immediate" });
    await task();
    assert.equal(eager.state, "loading");
  }
});

test("a chat destroyed before its time never loads", async () => {
  const page = fresh();
  const chat = page.create({ load: "immediate" });
  await chat.destroy();
  await task();
  assert.equal(page.imports, 0);
});

test("odd options do not throw at createChat; the module names them, to every waiting call and for good", async () => {
  for (const options of [null, undefined, 5, "text", [1], { launcher: 7, theme: 9, namespace: {} }]) {
    assert.doesNotThrow(() => fresh().api.createChat(options));
  }
  const page = fresh();
  globalThis.fakeGlue.make = () => {
    throw Object.assign(new Error("unknown option `serverURL`, did you mean `serverUrl`?"), { code: "invalid_config", recoverable: false });
  };
  const chat = page.create({ serverURL: "/" });
  const calls = [outcome(chat.boot()), outcome(chat.open())];
  for (const call of calls) assert.match((await call).error.message, /serverUrl/);
  assert.deepEqual(chat.heard, ["loading", "not_initialized", "invalid_config"]);
  assert.equal(page.logged.length, 1);
  assert.equal((await outcome(chat.close())).code, "invalid_config");
  assert.equal(page.imports, 1, "it is not asked again");
  await chat.shutdown();
  await chat.destroy();
});

test("load_failed: the waiting calls hear it, the next call loads again", async () => {
  const page = fresh();
  const { importCore } = page;
  page.importCore = async () => {
    throw new TypeError("404");
  };
  const chat = page.create();
  const { code, error } = await outcome(chat.boot());
  assert.deepEqual([code, error.numeric, error.recoverable, error.cause.message], ["load_failed", 100, true, "404"]);
  assert.deepEqual(chat.heard, ["loading", "not_initialized", "load_failed"]);
  page.importCore = importCore;
  globalThis.fakeGlue.init = async () => {
    throw new TypeError("no wasm there");
  };
  assert.equal((await outcome(chat.boot())).code, "load_failed");
  globalThis.fakeGlue.init = async () => {};
  await chat.boot();
  assert.equal(chat.state, "anonymous");
});

test("csp_blocked: where WebAssembly is refused, or a violation names what we fetched; for good", async () => {
  const page = fresh();
  globalThis.fakeGlue.init = async () => {
    throw new WebAssembly.CompileError("blocked");
  };
  const { Module } = WebAssembly;
  WebAssembly.Module = class {
    constructor() {
      throw new EvalError("Refused to create a WebAssembly object");
    }
  };
  const chat = page.create();
  assert.equal((await outcome(chat.boot())).code, "csp_blocked");
  WebAssembly.Module = Module;
  assert.equal((await outcome(chat.boot())).code, "csp_blocked");
  assert.equal(page.imports, 1);

  const other = fresh();
  globalThis.fakeGlue.init = async () => {
    setTimeout(() => dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI: "https://shop.example/support_chat_bg.wasm" })));
    throw new TypeError("Failed to fetch");
  };
  assert.equal((await outcome(other.create().boot())).code, "csp_blocked");
});

test("several instances share one module and nothing else", async () => {
  const page = fresh();
  const [one, two] = [page.create({ namespace: "a" }), page.create({ namespace: "b" })];
  await Promise.all([one.boot(), two.open()]);
  assert.deepEqual(page.inners.map(({ options }) => options.namespace), ["a", "b"]);
  assert.deepEqual([one.state, two.state], ["anonymous", "ready"]);
  await one.destroy();
  assert.equal(two.state, "ready");
});

test("without `launcher`, or with `autoRender: false`, no button is drawn, neither before nor after the load", async () => {
  const drawn = [];
  const page = fresh({ launcher: ({ namespace }) => void drawn.push(namespace) });
  for (const [namespace, more] of [["a", {}], ["b", { launcher: false }], ["c", { autoRender: false }]]) {
    await page.create({ namespace, ...more }).boot();
  }
  assert.deepEqual(drawn, ["a"]);
  assert.deepEqual(page.inners.map(({ host }) => host.launcher), [null, null, null]);
});

test("the address of the module goes to the glue, never to the module", async () => {
  const page = fresh();
  await page.create({ wasm: "/files/chat.wasm", serverUrl: "/" }).load();
  assert.deepEqual(page.initialised, { module_or_path: "/files/chat.wasm" });
  assert.ok(!("wasm" in page.inners[0].options));
});

test("a panic settles every promise, runs the teardowns, ends every handle of the module, and stays", async () => {
  const page = fresh();
  const removed = [];
  document.querySelectorAll = () => ["default", "stranger", "b"].map((name) => ({
    dataset: { supportChat: name },
    remove: () => removed.push(name),
  }));
  const [one, two] = [page.create(), page.create({ namespace: "b" })];
  await Promise.all([one.boot(), two.load()]);
  const torn = [];
  const [inner] = page.inners;
  inner.host.teardown(() => torn.push("lock"));
  inner.host.teardown(() => { throw new Error("a teardown that fails"); });
  inner.host.teardown(() => torn.push("socket"));
  inner.host.teardown(() => torn.push("cancelled"))();
  const never = deferred();
  globalThis.fakeGlue.answers.getTranscript = () => never.promise;
  inner.traps.open = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  const calls = await Promise.all([outcome(one.getTranscript()), outcome(one.open()), outcome(two.getTranscript())]);
  assert.deepEqual(calls.map(({ code }) => code), ["internal_error", "internal_error", "internal_error"]);
  assert.match(calls[0].error.message, /unreachable/);
  assert.ok(calls[0].error.cause instanceof WebAssembly.RuntimeError, "its stack says where it was");
  assert.deepEqual(torn, ["lock", "socket"]);
  assert.deepEqual(removed, ["default", "b"]);
  assert.deepEqual(one.heard.slice(-2), ["internal_error", "destroyed"]);
  assert.deepEqual([one.state, two.state], ["destroyed", "destroyed"]);
  assert.equal((await outcome(one.open())).code, "destroyed");
  const third = page.create();
  assert.equal((await outcome(third.boot())).code, "internal_error", "nothing is started again");
  assert.equal(page.inners.length, 2);
});

test("what is destroyed is given back to the module, once and not within the call; after a panic it is not touched", async () => {
  const page = fresh();
  const [one, two] = [page.create(), page.create({ namespace: "b" })];
  await Promise.all([one.boot(), two.boot()]);
  const [first, second] = page.inners;
  // The module says "destroyed" while the call is under way.
  first.traps.destroy = () => first.move("destroyed");
  await one.destroy();
  await task();
  assert.deepEqual([first.freed, second.freed], [1, 0]);
  assert.deepEqual([one.state, one.unreadCount], ["destroyed", 0]);
  assert.equal((await outcome(one.open())).code, "destroyed");
  await one.destroy();
  second.traps.open = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  await outcome(two.open());
  await task();
  assert.deepEqual([two.state, first.freed, second.freed, page.reported], ["destroyed", 1, 0, []]);
});

test("a trap in an event, with no call under way, is treated the same; later events are nobody's", async () => {
  const page = fresh();
  const chat = page.create();
  await chat.load();
  const { event } = globalThis.fakeDoors;
  assert.throws(() => event(() => { throw new WebAssembly.RuntimeError("out of bounds"); }), /out of bounds/);
  let later = 0;
  event(() => (later += 1));
  await task();
  assert.equal(later, 0);
  assert.deepEqual(chat.heard.slice(-2), ["internal_error", "destroyed"]);
  assert.equal(chat.state, "destroyed");
});

test("what frames further out ask of a module that died within them ends them too", async () => {
  const page = fresh();
  const chat = page.create();
  await chat.load();
  const { event } = globalThis.fakeDoors;
  const steps = [];
  assert.throws(() => event(() => {
    // A listener of the page's makes a call that traps; its frame is gone, that of the event still there.
    assert.throws(() => event(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
    steps.push("the outer frame goes on");
    event(() => steps.push("never"));
  }), /unreachable/);
  assert.deepEqual(steps, ["the outer frame goes on"]);
  await task();
  assert.equal(chat.state, "destroyed");
});

test("the npm entry asks for core.js anew under another address where the browser keeps it failed (Firefox)", async () => {
  const { again } = await import("../again.js");
  const address = `data:text/javascript,export const url = import.meta.url //`;
  let tries = 0;
  const load = again(async () => {
    tries += 1;
    throw new TypeError(`error loading dynamically imported module: ${address.replaceAll(" ", "%20")}`);
  });
  await assert.rejects(load());
  assert.match((await load()).url, /\?$/);
  assert.match((await load()).url, /\?\?$/);
  assert.equal(tries, 1);
  let others = 0;
  const chunk = again(async () => {
    others += 1;
    throw new Error("Loading chunk 7 failed.");
  });
  await assert.rejects(chunk());
  await assert.rejects(chunk());
  assert.equal(others, 2);
});
