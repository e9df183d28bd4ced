// The page of a developer who installed the package: makes the chats its address asks for and offers
// the tests a door to them (`window.t`). Everything that crosses the door is JSON.
import { doubles } from "./doubles.js";

const t = window.t;
const entry = new URLSearchParams(location.search).get("entry") ?? "";
t.chats = {};
t.events = {};

/** "@name" in options stands for what JSON cannot say: functions and objects of doubles.js. */
async function real(value) {
  if (typeof value === "string" && value.startsWith("@")) return doubles(value.slice(1));
  if (Array.isArray(value)) return Promise.all(value.map(real));
  if (value && typeof value === "object") {
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, inner]) => [key, await real(inner)])));
  }
  return value;
}

const names = ("ready state error open close show hide launcher:show launcher:hide connection:state unread:change " +
  "conversation:started conversation:opened conversation:updated conversation:assigned conversation:resolved conversation:ended " +
  "message:sending message:sent message:delivered message:received message:failed message:read typing:start typing:stop " +
  "agent:joined agent:left storage:degraded auth:expired auth:changed").split(" ");

function plain(value) {
  return JSON.parse(JSON.stringify(value, (_, inner) => (inner instanceof Error ? failure(inner) : inner)) ?? "null");
}

function failure(error) {
  return {
    code: error?.code, name: error?.name, message: error?.message, reason: error?.reason, recoverable: error?.recoverable,
    typed: error instanceof t.package.SupportChatError, real: error instanceof Error,
  };
}

t.make = async (name, options) => {
  const chat = t.package.createChat(await real(options));
  t.chats[name] = chat;
  const heard = t.events[name] = [];
  for (const type of names) chat.on(type, (event) => heard.push(plain(event)));
  return chat.state;
};

t.get = (name) => {
  const chat = t.chats[name];
  return plain({ state: chat.state, identity: chat.identity, unreadCount: chat.unreadCount, connection: chat.connection });
};

/** Calls a method and tells how its promise settled; `pending` when it did not within the time. */
t.call = async (name, method, args = [], ms = 20_000) => {
  const chat = t.chats[name];
  const [owner, key] = method.startsWith("user.") ? [chat.user, method.slice(5)] : [chat, method];
  // No turn between this line and the call: what a test calls in one turn stays in one turn.
  const given = JSON.stringify(args).includes('"@') ? await real(args) : args;
  let promise;
  try {
    promise = owner[key](...given);
  } catch (error) {
    return { thrown: failure(error) };
  }
  let timer;
  const late = new Promise((done) => { timer = setTimeout(() => done({ pending: true }), ms); });
  const settled = Promise.resolve(promise).then((value) => ({ value: plain(value ?? null) }), (error) => ({ error: failure(error) }));
  const outcome = await Promise.race([settled, late]);
  clearTimeout(timer);
  return outcome;
};

/** What `fail` of a call that is refused tells. */
t.fail = (name, method, args) => new Promise((done) => { t.chats[name][method](...args).fail(({ error }) => done(error)); });

/** Every bit of storage a page can read of its own origin. */
t.storage = async () => {
  const all = (area) => { try { return Object.fromEntries(Object.keys(area).map((key) => [key, area.getItem(key)])); } catch { return null; } };
  const databases = indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [];
  const boxes = window.caches ? await caches.keys().catch(() => []) : [];
  return { local: all(localStorage), session: all(sessionStorage), cookie: document.cookie, databases, caches: boxes };
};

/** What React's StrictMode does to a component that boots when it is mounted; the second instance stays. */
t.strict = async (options) => {
  const settle = (promise) => promise.then((value) => ({ value: plain(value ?? null) }), (error) => ({ error: failure(error) }));
  const first = t.package.createChat({ ...options });
  const outcomes = [settle(first.boot()), settle(first.destroy())];
  t.chats.second = t.package.createChat({ ...options });
  t.events.second = [];
  outcomes.push(settle(t.chats.second.boot()));
  return Promise.all(outcomes);
};

/** boot and, in the same turn, its end. */
t.interrupt = (name, ending) => Promise.all([t.call(name, "boot"), t.call(name, ending)]);

/**
 * Calls a method in a page that dies after so many writes to storage: what would come later never happens, on the wire
 * neither. Gives how many writes there would have been.
 */
t.dieDuring = async (name, method, args, after) => {
  let writes = 0;
  const dying = (act, counts) => (...given) => {
    if (counts) writes += 1;
    return writes > after ? new Promise(() => {}) : act(...given);
  };
  const hook = (owner, key, counts) => {
    const original = owner[key];
    owner[key] = function (...given) { return dying(original.bind(this), counts)(...given); };
  };
  for (const key of ["setItem", "removeItem"]) hook(Storage.prototype, key, true);
  // What is written as a member goes by no method.
  for (const name of ["localStorage", "sessionStorage"]) {
    const area = window[name];
    const set = dying((key, value) => { area[key] = value; }, true);
    const mortal = new Proxy(area, { get: (_, key) => area[key]?.bind?.(area) ?? area[key], set: (_, key, value) => [set(key, value)] });
    Object.defineProperty(window, name, { get: () => mortal });
  }
  // Taking away a cookie that is not there is no write.
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  const put = { true: dying(set.bind(document), true), false: dying(set.bind(document)) };
  Object.defineProperty(document, "cookie", { get, set: (pair) => put[!/Max-Age=0/.test(pair) || get.call(document).includes(pair.split("=")[0])](pair) });
  hook(BroadcastChannel.prototype, "postMessage");
  hook(WebSocket.prototype, "send");
  hook(window, "fetch");
  t.chats[name][method](...args).catch(() => {});
  return writes;
};

/** So many calls of `update` spread over a second, each with its own value; how long they took and how they settled. */
t.updates = async (name, calls) => {
  const settled = { resolved: 0, rejected: 0, pending: calls };
  const began = performance.now();
  let slowest = 0;
  const promises = [];
  for (let step = 0; step < calls; step += 1) {
    // A hundred at a time, or the timers alone would take longer than the second.
    if (step % 100 === 0) await new Promise((next) => { setTimeout(next, Math.max(0, began + step - performance.now())); });
    const context = { step, ...(step % 2 === 0 && { even: step }), ...(step === 0 && { first: "kept", gone: true }), ...(step === 5 && { gone: null }) };
    const done = (key) => () => { settled[key] += 1; settled.pending -= 1; slowest = performance.now() - began; };
    promises.push(t.chats[name].update({ context }).then(done("resolved"), done("rejected")));
  }
  const ms = Math.round(performance.now() - began);
  await Promise.race([Promise.all(promises), new Promise((late) => { setTimeout(late, 15_000); })]);
  return { ms, settled, slowest: Math.round(slowest) };
};

/** Several calls in one turn; gives how each settled. */
t.together = async (name, calls) => {
  const ready = await real(calls);
  const settle = (promise) => promise.then((value) => ({ value: plain(value ?? null) }), (error) => ({ error: failure(error) }));
  return Promise.all(ready.map(([method, ...args]) => settle(t.chats[name][method](...args))));
};

/** Makes the test build panic through an ordinary call of the handle, with another call still unanswered. */
t.panic = async (name, method) => {
  const { SupportChat } = await import("/node_modules/support-chat/core.js");
  const original = SupportChat.prototype.call;
  SupportChat.prototype.call = function (call, entry) {
    return call === "setZIndex" && entry[0] === 666 ? this[method]() : original.call(this, call, entry);
  };
  const pending = t.call(name, "sendMessage", [{ text: "(v-02) never answered" }], 10_000);
  const at = Date.now();
  const trigger = t.call(name, "setZIndex", [666], 2_000);
  const settled = await pending;
  await trigger;
  return { at, pending: settled, later: await t.call(name, "open") };
};

/** Two listeners, the first of which throws; and a call that rejects while nobody listens. */
t.careless = (name) => {
  const chat = t.chats[name];
  t.order = [];
  chat.on("ready", () => { t.order.push(1); throw new Error("a listener of the page broke"); });
  chat.on("ready", () => t.order.push(2));
  chat.sendFile(new Blob(["x"]));
};

t.locks = async () => {
  if (!navigator.locks) return [];
  const { held, pending } = await navigator.locks.query();
  return [...held, ...pending].map((lock) => lock.name).filter((lock) => lock.startsWith("sc:"));
};

/** Logs out, of which the others are told before and after, and reads everything back in the same turn; then says how the promise settled. */
t.logout = async (name, args) => {
  t.tell("before");
  const calledAt = t.clock();
  const settled = t.chats[name].shutdown(...(args ? [args] : [])).then((value) => ({ value: plain(value ?? null) }), (error) => ({ error: failure(error) }));
  const returnedAt = t.clock();
  t.tell("after");
  const words = t.words();
  const storage = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie };
  return { atOnce: { words, storage, calledAt, returnedAt }, outcome: await settled };
};

/** Calls a method and reads what is stored in the same turn, before anything else can run. */
t.atOnce = async (name, method, args = []) => {
  const settled = t.chats[name][method](...args);
  const stored = { local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie };
  await settled;
  return stored;
};

/** Puts exactly this into storage, as an earlier page or a bug may have left it. */
t.seed = async (local, session = {}, cookie = "") => {
  for (const [area, entries] of [[localStorage, local], [sessionStorage, session]]) {
    area.clear();
    for (const [key, value] of Object.entries(entries)) area.setItem(key, value);
  }
  for (const pair of document.cookie.split("; ").filter(Boolean)) document.cookie = `${pair.split("=")[0]}=;Path=/;Max-Age=0`;
  if (cookie) document.cookie = `${cookie};Path=/;SameSite=Lax`;
};

/**
 * One column of the lifecycle table: for each call a chat of its own is brought into the state, called, and watched.
 * Gives {call: "resolves" | a code | "waits"}; what is still pending after `quiet` ms waits.
 */
t.column = async (state, calls, more = {}, quiet = 400) => {
  const { control, transport } = steered();
  const cells = calls.map(async ([call, args], index) => {
    const chat = t.package.createChat({ load: "manual", transport: transport(), storage: "memory", namespace: `${state}-${index}`,
      logLevel: "silent", ...(state === "booting" || state === "reconnecting" || state === "disconnected" ? { connect: "eager" } : {}), ...more });
    const reached = (wanted) => new Promise((done) => { if (chat.state === wanted) done(); else chat.on("state", (event) => event.payload.state === wanted && done()); });
    if (state === "loading") chat.load().catch(() => {});
    else if (state === "destroyed") await chat.destroy();
    else if (state !== "not_initialized") {
      await chat.load();
      if (state === "booting") chat.boot().catch(() => {});
      else if (state !== "ready") {
        if (state !== "anonymous" && state !== "shutdown") control.answer = true;
        await chat.boot(state === "authenticated" ? { user: { id: "A" } } : undefined);
        if (state === "shutdown") await chat.shutdown();
        if (state === "reconnecting" || state === "disconnected") control.lose(state);
      }
    }
    await reached(state);
    const [owner, name] = call.startsWith("user.") ? [chat.user, call.slice(5)] : [chat, call.split("(")[0]];
    let timer;
    const late = new Promise((done) => { timer = setTimeout(() => done("waits"), quiet); });
    let outcome;
    try {
      outcome = await Promise.race([late, owner[name](...args).then(() => "resolves", (error) => (error instanceof t.package.SupportChatError ? error.code : `untyped ${error}`))]);
    } catch (error) {
      outcome = `threw ${error}`;
    }
    clearTimeout(timer);
    await chat.destroy();
    return [call, outcome];
  });
  return Object.fromEntries(await Promise.all(cells));
};

/** A page's transport that connects, loses and refuses when it is told to. */
function steered() {
  const sinks = [];
  const control = { answer: false, lose: (how) => { for (const sink of sinks.splice(0)) how === "reconnecting" ? sink.interrupted("told to") : sink.closed("refused"); } };
  const transport = () => {
    let first = true;
    return {
      connect(_, sink) { if (control.answer && first) { first = false; sinks.push(sink); sink.connected({ capabilities: ["typing"] }); } },
      perform: () => new Promise(() => {}),
      disconnect() {},
    };
  };
  return { control, transport };
}

/** All text the page holds: its own, the launcher's, the panels', and what stands in fields. */
t.words = () => {
  const parts = [];
  const visit = (root) => {
    parts.push(root.textContent ?? root.documentElement?.textContent ?? "");
    for (const node of root.querySelectorAll("*")) {
      for (const attribute of node.attributes) parts.push(attribute.value);
      if (typeof node.value === "string") parts.push(node.value);
      if (node.shadowRoot) visit(node.shadowRoot);
      if (node.localName === "iframe" && node.contentDocument?.documentElement) visit(node.contentDocument.documentElement);
    }
  };
  visit(document.documentElement);
  return parts.join("\n");
};

t.marks = () => [...document.querySelectorAll("[data-support-chat]")].map((node) => node.localName);

t.package = await import(`/npm/support-chat${entry && `/${entry}`}`);
for (const { name, options, calls = [] } of JSON.parse(new URLSearchParams(location.search).get("chats") || "[]")) {
  await t.make(name, options);
  // In the order given: doubles are made before the first call.
  for (const [method, ...args] of await real(calls)) t.call(name, method, args);
}
t.loaded = true;
