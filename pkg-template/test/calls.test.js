// The mailbox: calls made before the module is there, their order, limits and ends; listeners; getters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SupportChatError } from "../errors.js";
import { GETTERS, METHODS, WIPES } from "../names.js";
import { deferred, fresh, methodsOfInner, outcome, task } from "./env.js";

methodsOfInner(METHODS);
const waiting = METHODS.slice(WIPES).filter((name) => name !== "load");
const at = (chat, name) => name.split(".").reduce((object, key) => object[key], chat);

test("a new chat is not initialized, and nothing is fetched", async () => {
  const page = fresh();
  const chat = page.create();
  await task();
  assert.deepEqual([chat.state, chat.identity, chat.unreadCount, chat.connection], ["not_initialized", { type: null }, 0, { state: "idle" }]);
  assert.equal(page.imports, 0);
});

test("every call waits, starts the load, and runs in the order it was made", async () => {
  const page = fresh();
  const chat = page.create();
  const all = waiting.map((name) => at(chat, name)(name));
  assert.equal(chat.state, "loading");
  await Promise.all(all);
  const [inner] = page.inners;
  assert.deepEqual(inner.calls, waiting.map((name) => [name, name]));
  assert.equal(page.imports, 1);
});

test("each call alone starts the load", async () => {
  for (const name of [...waiting, "load"]) {
    const page = fresh();
    const chat = page.create();
    await at(chat, name)();
    assert.equal(page.inners.length, 1, name);
  }
});

test("what a listener calls while the queue is replayed comes after the queue", async () => {
  const page = fresh();
  const chat = page.create();
  chat.once("state", () => chat.on("state", ({ payload }) => payload.state === "ready" && chat.hide()));
  await Promise.all([chat.open(), chat.close()]);
  await task();
  assert.deepEqual(page.inners[0].calls.map(([name]) => name), ["open", "close", "hide"]);
});

test("the 1,001st waiting call is refused, the first thousand run", async () => {
  const page = fresh();
  const chat = page.create();
  const calls = Array.from({ length: 1000 }, () => chat.sendTyping());
  assert.equal((await outcome(chat.sendTyping())).code, "not_ready");
  await Promise.all(calls);
  assert.equal(page.inners[0].calls.length, 1000);
});

test("values and errors of the module reach the caller, errors as our class", async () => {
  const page = fresh();
  const chat = page.create();
  const thrown = Object.assign(new Error("no text"), { name: "SupportChatError", code: "message_invalid", recoverable: false, reason: "empty" });
  globalThis.fakeGlue.answers.sendMessage = (_, { text }) => {
    if (!text) throw thrown;
    return { id: "m1" };
  };
  assert.deepEqual(await chat.sendMessage({ text: "hi" }), { id: "m1" });
  const { error } = await outcome(chat.sendMessage({ text: "" }));
  assert.ok(error instanceof SupportChatError && error instanceof Error);
  assert.deepEqual([error.code, error.reason, error.recoverable, error.message], ["message_invalid", "empty", false, "no text"]);
  globalThis.fakeGlue.answers.rate = () => {
    throw new TypeError("broken glue");
  };
  const strange = await outcome(chat.rate());
  assert.equal(strange.code, "internal_error");
  assert.ok(strange.error.cause instanceof TypeError);
});

test("getters ask the module once it is there, and never throw", async () => {
  const page = fresh();
  const chat = page.create();
  await chat.load();
  assert.deepEqual([chat.state, chat.unreadCount], ["ready", 3]);
  Object.defineProperty(page.inners[0], "unreadCount", { get() { throw new Error("borrowed"); } });
  assert.equal(chat.unreadCount, GETTERS.unreadCount);
});

test("a late ready subscriber is called at once while live, and only then", async () => {
  const page = fresh();
  const chat = page.create();
  await chat.boot();
  let heard = 0;
  chat.once("ready", ({ payload }) => (heard += payload.identityType === "anonymous"));
  assert.equal(heard, 1);
  await chat.shutdown();
  chat.on("ready", () => (heard += 1));
  assert.equal(heard, 1);
  await chat.boot();
  assert.equal(heard, 2);
});

test("one handler that throws is reported and stops nobody; off and the returned function unsubscribe", async () => {
  const page = fresh();
  const chat = page.create();
  const heard = [];
  const gone = () => heard.push("gone");
  chat.on("open", () => { throw new Error("page's own"); });
  chat.on("open", gone);
  chat.on("open", () => heard.push("kept"));
  const stop = chat.on("open", () => heard.push("stopped"));
  chat.once("open", () => heard.push("once"));
  await chat.load();
  chat.off("open", gone);
  stop();
  page.inners[0].emit("open");
  page.inners[0].emit("open");
  assert.deepEqual(heard, ["kept", "once", "kept"]);
  assert.deepEqual(page.reported.map(String), ["Error: page's own", "Error: page's own"]);
});

test("a rejection nobody listens to is an error event and a log line, not an unhandledrejection", async () => {
  const page = fresh();
  const chat = page.create();
  const unhandled = [];
  process.on("unhandledRejection", (error) => unhandled.push(error));
  globalThis.fakeGlue.answers.rate = () => {
    throw Object.assign(new Error("later"), { code: "unsupported" });
  };
  await chat.load();
  chat.rate();
  await task();
  await task();
  assert.deepEqual(chat.heard, ["loading", "ready", "unsupported"]);
  assert.equal(page.logged.length, 1);
  await assert.rejects(async () => { await chat.rate(); });
  await outcome(chat.rate());
  await outcome(chat.rate().finally(() => {}));
  await task();
  assert.equal(page.logged.length, 1, "who awaits or catches is told there, not by the log");
  process.removeAllListeners("unhandledRejection");
  assert.deepEqual(unhandled, []);
});

test("done and fail chain, settle late, and hand errors of the page to reportError", async () => {
  const page = fresh();
  const chat = page.create();
  globalThis.fakeGlue.answers.startChat = () => {
    throw Object.assign(new Error("not yet"), { code: "unsupported", numeric: 1 });
  };
  const events = [];
  const call = chat.startChat();
  assert.equal(call.fail((event) => events.push(event)).done(() => events.push("done")), call);
  await outcome(call);
  call.fail(() => { throw new Error("in a handler"); });
  await task();
  assert.deepEqual(events, [{ error: { code: 1, description: "not yet" } }]);
  assert.deepEqual(page.reported.map(String), ["Error: in a handler"]);
  assert.deepEqual(page.logged, []);
});

test("destroyed: destroy resolves, getters answer, the rest rejects", async () => {
  for (const loaded of [false, true]) {
    const page = fresh();
    const chat = page.create();
    if (loaded) await chat.load();
    await chat.destroy();
    assert.deepEqual([chat.state, chat.unreadCount, chat.heard.at(-1)], ["destroyed", 0, "destroyed"]);
    for (const name of METHODS) {
      const { code } = await outcome(at(chat, name)());
      assert.equal(code, name === "destroy" ? undefined : "destroyed", name);
    }
  }
});

test("destroy while loading: waiting calls are aborted and no module object is made", async () => {
  const page = fresh();
  const door = deferred();
  globalThis.fakeGlue.init = () => door.promise;
  const chat = page.create();
  const boot = outcome(chat.boot());
  await chat.destroy();
  assert.equal((await boot).code, "aborted");
  door.resolve();
  await task();
  assert.equal(page.inners.length, 0);
  assert.deepEqual(chat.heard, ["loading", "destroyed"]);
});

test("StrictMode: boot, destroy, boot on new instances leaves one module object", async () => {
  const page = fresh();
  const first = page.create();
  const boot = outcome(first.boot());
  first.destroy();
  const second = page.create();
  await second.boot();
  assert.equal((await boot).code, "aborted");
  assert.equal(page.inners.length, 1);
  assert.deepEqual([first.state, second.state], ["destroyed", "anonymous"]);
});

test("autoBoot comes after the queue, unless a queued call takes its place", async () => {
  const booted = async (act, options) => {
    const page = fresh();
    const chat = page.create({ autoBoot: true, ...options });
    act(chat);
    await chat.load();
    await task();
    return page.inners[0].calls.map(([name]) => name);
  };
  assert.deepEqual(await booted(() => {}), ["boot"]);
  assert.deepEqual(await booted((chat) => chat.open()), ["open", "boot"]);
  for (const name of ["boot", "identify", "startChat", "startSession", "restoreSession"]) {
    assert.deepEqual(await booted((chat) => chat[name]()), [name]);
  }
  assert.deepEqual(await booted((chat) => chat.shutdown()), []);
  assert.deepEqual(await booted(() => {}, { autoBoot: undefined }), []);
  assert.deepEqual(await booted(() => {}, { cookieConsent: false }), []);
  assert.deepEqual(await booted((chat) => chat.setCookieConsent(true), { cookieConsent: false }), ["setCookieConsent", "boot"]);
});

test("a call that boots first boots as the user of the options, whom `autoBoot` would boot", async () => {
  const user = { id: "ann" };
  for (const cookieConsent of [true, false]) {
    for (const name of ["open", "toggle", "startConversation"]) {
      const page = fresh();
      const chat = page.create({ autoBoot: true, user, cookieConsent });
      chat[name]();
      await chat.load();
      await task();
      const [first, second, ...more] = page.inners[0].calls;
      assert.deepEqual([first[0], first[1].user, second[0], more], ["boot", user, name, []], `${name} ${cookieConsent}`);
    }
  }
});

test("autoBoot that failed is not tried again after a logout", async () => {
  const page = fresh();
  const chat = page.create({ autoBoot: true, user: { id: "ann" } });
  globalThis.fakeGlue.answers.boot = () => {
    throw Object.assign(new Error("offline"), { code: "network_error", recoverable: true });
  };
  globalThis.fakeGlue.answers.shutdown = () => {}; // without a session the state stays
  await chat.load();
  await task();
  await chat.shutdown();
  dispatchEvent(new Event("online"));
  await task();
  assert.deepEqual(page.inners[0].calls.map(([name]) => name), ["boot", "shutdown"]);
});

test("autoBoot heeds the consent an earlier page was given, wherever it is stored", async () => {
  const given = '{"v":1,"given":true}';
  const booted = async (options, act = () => {}) => {
    const page = fresh();
    const chat = page.create({ autoBoot: true, cookieConsent: false, ...options });
    act(chat);
    await chat.load();
    await task();
    return page.inners[0].calls.map(([name]) => name);
  };
  const stores = {
    local: () => (localStorage["sc:a:consent"] = given),
    session: () => (sessionStorage["sc:a:consent"] = given),
    cookie: () => (document.cookie = `sc-a=v=1&consent=${encodeURIComponent(given)}`),
  };
  for (const [storage, store] of Object.entries(stores)) {
    assert.deepEqual(await booted({ storage, namespace: "a" }), [], `${storage}: nothing stored`);
    assert.deepEqual(await booted({ storage, namespace: "a" }, store), ["boot"], storage);
    assert.deepEqual(await booted({ storage, namespace: "b" }, store), [], `${storage}: another namespace's`);
  }
  const stateStorage = { read: async () => ({ v: 1, entries: { consent: given } }), write() {} };
  assert.deepEqual(await booted({ stateStorage }), ["boot"]);
  assert.deepEqual(await booted({ stateStorage }, (chat) => chat.setCookieConsent(false)), ["setCookieConsent"], "revoked meanwhile");
  assert.deepEqual(await booted({ stateStorage }, (chat) => chat.boot()), ["boot"], "once");
  assert.deepEqual(await booted({ stateStorage: { read: () => Promise.reject(new Error("mine")), write() {} } }), []);
});

test("autoBoot that failed is left to the module, which knows who logged out meanwhile", async () => {
  const page = fresh();
  const chat = page.create({ autoBoot: true });
  let boots = 0;
  globalThis.fakeGlue.answers.boot = () => {
    boots += 1;
    throw Object.assign(new Error("offline"), { code: "network_error", recoverable: true });
  };
  await chat.load();
  await task();
  assert.deepEqual(chat.heard, ["loading", "ready", "network_error"]);
  dispatchEvent(new Event("online"));
  dispatchEvent(new Event("pageshow"));
  await task();
  assert.equal(boots, 1);
});
