// Logout and its kin before the module is loaded: what is deleted, what stays, and that it happens within the call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "../names.js";
import { deferred, fresh, methodsOfInner, outcome, task } from "./env.js";

methodsOfInner(METHODS);

const anonymous = {
  v: 1, sid: "s1", epoch: 4, backend: "cometd /cometd", visitorId: "v1",
  resume: '{"visitorSecret":"the secret","chatId":"c1","secureKey":"the key","userId":"u1","revokePath":"cometd/revoke"}',
  conversation: { localId: "l1", id: "c1", subject: "my words", metadata: '{"my":"words"}' },
};
const names = ["session", "outbox:m1", "outbox:m2", "read", "draft", "ui", "consent", "tail", "aside", "epoch", "term", "link"];

const fill = (area, session = anonymous, namespace = "default") => {
  for (const name of names) area[`sc:${namespace}:${name}`] = "text";
  area[`sc:${namespace}:session`] = JSON.stringify(session);
  area[`sc:${namespace}:epoch`] = "4";
  area["their own"] = "kept";
};
const left = (area) => Object.keys(area).map((key) => key.replace("sc:default:", "")).sort();

/** Everything another tab of the namespace is told until `act` is done. */
const broadcast = async (act) => {
  const heard = deferred();
  const channel = new BroadcastChannel("sc:default");
  channel.onmessage = ({ data }) => heard.resolve(JSON.parse(data));
  act();
  const message = await heard.promise;
  channel.close();
  return message;
};

test("shutdown of an anonymous visitor deletes the texts within the call and keeps id, term and link", async () => {
  const page = fresh();
  fill(localStorage);
  fill(sessionStorage);
  const chat = page.create();
  const done = chat.shutdown();
  for (const area of [localStorage, sessionStorage]) {
    assert.deepEqual(left(area), ["aside", "consent", "epoch", "link", "session", "term", "their own"]);
    assert.equal(String(area["sc:default:epoch"]), "5");
  }
  await done;
  assert.deepEqual([chat.state, page.imports], ["not_initialized", 0]);
});

test("the session that stays is of the new epoch, or the module would wipe it, and holds no words", () => {
  const page = fresh();
  fill(localStorage);
  page.create().shutdown();
  assert.deepEqual(JSON.parse(localStorage["sc:default:session"]), {
    ...anonymous, epoch: 5, conversation: { ...anonymous.conversation, subject: 0, metadata: 0 },
  });
  localStorage["sc:default:session"] = "my words {";
  page.create().shutdown();
  assert.equal(localStorage["sc:default:session"], undefined, "a broken one is removed");
});

test("tabs hear of the greater epoch, though sessionStorage has nothing but the connection type", async () => {
  const page = fresh();
  fill(localStorage);
  sessionStorage["sc:default:link"] = "websocket";
  assert.equal((await broadcast(() => page.create().shutdown())).epoch, 5);
});

test("shutdown of a user deletes the session too", () => {
  const page = fresh();
  fill(localStorage, { ...anonymous, userId: "ann" });
  page.create().shutdown();
  assert.deepEqual(left(localStorage), ["aside", "consent", "epoch", "link", "term", "their own"]);
});

test("clearStorage, clearSession and user.reset leave nothing but epoch and consent", () => {
  for (const act of [(chat) => chat.shutdown({ clearStorage: true }), (chat) => chat.clearSession(), (chat) => chat.user.reset()]) {
    const page = fresh();
    fill(localStorage);
    act(page.create());
    assert.deepEqual(left(localStorage), ["consent", "epoch", "their own"]);
  }
});

const told = (page) => page.fetched.map(([url, { body, ...init }]) => [url, init, JSON.parse(body)]);
const POST = { method: "POST", keepalive: 1 };

test("the server is told within the call, and of the secret only when it goes too", () => {
  const user = { ...anonymous, userId: "ann" };
  for (const [session, args, secret] of [[anonymous, [], false], [anonymous, [{ clearStorage: true }], true], [user, [], true]]) {
    const page = fresh();
    fill(localStorage, session);
    page.create().shutdown(...args);
    const credentials = { ...(secret && { visitorSecret: "the secret" }), secureKey: "the key" };
    assert.deepEqual(told(page), [["https://shop.example/cometd/revoke", POST, credentials]]);
  }
});

const all = { visitorSecret: "the secret", secureKey: "the key" };
const other = (secret) => JSON.stringify({ ...anonymous, resume: JSON.stringify({ visitorSecret: secret, revokePath: "cometd/revoke" }) });
const bodies = (page) => told(page).map(([, , body]) => body);

test("clearing, the server is told of the visitor set aside, too, and else not", () => {
  for (const [args, expected] of [[[{ clearStorage: true }], [all, { visitorSecret: "aside's" }]], [[], [all]]]) {
    const page = fresh();
    fill(localStorage, { ...anonymous, userId: "ann" });
    localStorage["sc:default:aside"] = other("aside's");
    page.create().shutdown(...args);
    const sorted = (list) => list.map((body) => JSON.stringify(body, Object.keys(all))).sort();
    assert.deepEqual(sorted(bodies(page)), sorted(expected));
  }
});

test("the server is told of what stands in the cookie of this namespace, all of which goes", () => {
  const entries = (session) => `v=1&epoch=4&session=${encodeURIComponent(session)}`;
  for (const clear of [false, true]) {
    for (const cookies of [[entries(JSON.stringify(anonymous))], [entries(JSON.stringify(anonymous)) + "&term=3"]]) {
      const page = fresh();
      document.cookie = [`sc-other=${entries(other("another's"))}`, `my-sc-default=${entries(other("another's"))}`, `sc-default=${cookies}`, "theirs=1&2"].join("; ");
      page.create({ storage: "cookie" }).shutdown({ clearStorage: clear });
      assert.deepEqual([bodies(page), document.cookie], [[all], "sc-default=;Path=/;Max-Age=0;Domain="]);
    }
  }
  for (const cookie of ["", "sc-default=", "sc-default=v=1", "sc-default=v=1&session=%7B", "sc-default=%"]) {
    const page = fresh();
    document.cookie = cookie;
    page.create().shutdown();
    assert.deepEqual([page.fetched, document.cookie], [[], "sc-default=;Path=/;Max-Age=0;Domain="], cookie);
  }
});

test("the server is told of what a page's own store holds, which is asked before it is told to delete", async () => {
  const state = { v: 1, entries: { epoch: "4", draft: "null", session: JSON.stringify(anonymous), aside: other("aside's") } };
  for (const read of [() => state, async () => state]) {
    const page = fresh();
    const order = [];
    const store = { read: () => (order.push("read"), read()), write: (value) => order.push(value) };
    await page.create({ stateStorage: store }).shutdown();
    assert.deepEqual(order, ["read", null]);
    await task();
    assert.deepEqual(bodies(page), [all, { visitorSecret: "aside's" }]);
  }
  for (const read of [() => null, () => "nonsense", () => ({}), () => ({ entries: { session: 7 } }), () => new Promise(() => {}),
    () => { throw new Error("theirs"); }, () => Promise.reject(new Error("theirs"))]) {
    const page = fresh();
    const order = [];
    await page.create({ storage: { read, write: (value) => order.push(value) } }).shutdown();
    await task();
    assert.deepEqual([order, page.fetched], [[null], []]);
  }
});

test("credentials go to the server they are of, whatever stands in the store", () => {
  for (const backend of ["cometd https://chat.example/cometd", "cometd https://chat.example"]) {
    for (const path of ["revoke", "https://evil.example/", "//evil.example/", "@evil.example/", ".evil.example", ":444/", "\\evil.example"]) {
      const page = fresh();
      fill(localStorage, { ...anonymous, backend, resume: JSON.stringify({ secureKey: "k", revokePath: path }) });
      page.create().shutdown();
      assert.deepEqual(told(page).map(([url]) => new URL(url).origin), ["https://chat.example"], path);
    }
  }
});

test("who cannot be told is not, and everything is deleted all the same", async () => {
  const broken = [
    { resume: undefined }, { resume: "{" }, { resume: "null" }, { resume: '{"secureKey":"k"}' },
    { resume: '{"secureKey":"k","revokePath":""}' }, { backend: "cometd https://" }, { backend: 7 }, { backend: undefined },
  ];
  for (const more of broken) {
    const page = fresh();
    fill(localStorage, { ...anonymous, ...more });
    page.create().shutdown({ clearStorage: true });
    assert.deepEqual([page.fetched, left(localStorage)], [[], ["consent", "epoch", "their own"]], JSON.stringify(more));
    await task();
  }
});

test("no credential is in what a logout leaves behind, at any moment of it", () => {
  for (const args of [[{ clearStorage: true }], []]) {
    const page = fresh();
    fill(localStorage, { ...anonymous, userId: "ann" });
    localStorage["sc:default:aside"] = JSON.stringify(anonymous);
    const seen = [];
    localStorage.removeItem = function (key) {
      delete this[key];
      seen.push(String(this["sc:default:tombstone"]));
    };
    Object.defineProperty(localStorage, "removeItem", { enumerable: false });
    page.create().shutdown(...args);
    assert.doesNotMatch(seen.join(), /the (secret|key)/);
    const rest = JSON.stringify({ ...localStorage, "sc:default:aside": args[0] ? localStorage["sc:default:aside"] : "" });
    assert.doesNotMatch(rest, /the (secret|key)/);
  }
});

test("another namespace is not touched, and destroy deletes nothing", async () => {
  const page = fresh();
  fill(localStorage);
  const before = { ...localStorage };
  page.create({ namespace: "other" }).shutdown({ clearStorage: true });
  await page.create().destroy();
  assert.deepEqual({ ...localStorage }, before);
});

test("where nothing is stored nothing is written", () => {
  const page = fresh();
  page.create().shutdown();
  assert.deepEqual([left(localStorage), left(sessionStorage)], [[], []]);
});

test("the tombstone is there before the first removal and gone after the last", () => {
  const page = fresh();
  fill(localStorage);
  const order = [];
  localStorage.removeItem = function (key) {
    order.push(this["sc:default:tombstone"]);
    delete this[key];
  };
  Object.defineProperty(localStorage, "removeItem", { enumerable: false });
  page.create().shutdown();
  assert.ok(order.length > 5);
  for (const tombstone of order) assert.ok(tombstone);
  assert.equal(localStorage["sc:default:tombstone"], undefined);
});

test("blocked or full storage, a blocked channel and a broken session change nothing about it", async () => {
  const page = fresh();
  Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("SecurityError"); }, configurable: true });
  fill(sessionStorage);
  sessionStorage["sc:default:session"] = "not json {";
  Object.freeze(sessionStorage); // nothing more fits
  const area = globalThis.sessionStorage;
  globalThis.sessionStorage = new Proxy(area, {
    get: (target, key) => (key === "removeItem" ? (name) => removed.push(name) : target[key]),
    set: () => { throw new Error("QuotaExceededError"); },
  });
  const removed = [];
  const { BroadcastChannel } = globalThis;
  globalThis.BroadcastChannel = undefined;
  await page.create().shutdown();
  globalThis.BroadcastChannel = BroadcastChannel;
  Object.defineProperty(globalThis, "localStorage", { value: undefined, writable: true, configurable: true });
  assert.ok(removed.includes("sc:default:outbox:m1") && removed.includes("sc:default:tail"));
});

test("the cookie goes, on its domain; the page's own store is told to delete", async () => {
  const page = fresh();
  const writes = [];
  await page.create({ storageDomain: "shop.example", stateStorage: { read() {}, write: (state) => writes.push(state) } }).shutdown();
  assert.equal(document.cookie, "sc-default=;Path=/;Max-Age=0;Domain=shop.example");
  assert.deepEqual(writes, [null]);
  const failing = page.create({ storage: { read() {}, write: async () => { throw new Error("theirs"); } } });
  await failing.shutdown();
  await task();
});

test("other tabs are told", async () => {
  const page = fresh();
  fill(localStorage);
  assert.deepEqual(await broadcast(() => page.create().shutdown()), { v: 1, t: "logout", epoch: 5 });
  const clearing = await broadcast(() => page.create().shutdown({ clearStorage: true }));
  assert.deepEqual(clearing, { v: 1, t: "logout", epoch: 6, clear: true }, "what their own logout kept goes, too");
});

test("what waits is aborted, the load goes on, and the state is what it was", async () => {
  const page = fresh();
  const chat = page.create({ autoBoot: true });
  const boot = outcome(chat.boot());
  const open = outcome(chat.open());
  await chat.shutdown();
  assert.deepEqual([(await boot).code, (await open).code, chat.state], ["aborted", "aborted", "loading"]);
  await chat.load();
  await task();
  assert.deepEqual([chat.state, page.inners[0].calls], ["ready", []]);
});

test("once loaded the module does it", async () => {
  const page = fresh();
  const chat = page.create();
  await chat.boot();
  fill(localStorage);
  const before = { ...localStorage };
  await chat.shutdown({ clearStorage: true });
  assert.deepEqual(page.inners[0].calls.at(-1), ["shutdown", { clearStorage: true }]);
  assert.deepEqual({ ...localStorage }, before);
});
