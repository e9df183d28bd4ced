// The script tag: the stub and its replay, settings and data-* attributes, and the default instance.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import vm from "node:vm";
import { SupportChatError } from "../errors.js";
import { install } from "../loader.js";
import { METHODS } from "../names.js";
import { fresh, methodsOfInner, outcome, task } from "./env.js";

methodsOfInner(METHODS);
const stub = await readFile(new URL("../stub.js", import.meta.url), "utf8");

/** A page with the script tag's settings; `early` runs between the stub and the script. */
const load = (early, { settings = { load: "manual", logLevel: "silent" }, data = {} } = {}) => {
  const page = fresh();
  delete globalThis.SupportChat;
  globalThis.SupportChatSettings = settings;
  if (early) vm.runInThisContext(stub);
  const given = early?.(globalThis.SupportChat);
  install(page.api, data);
  return { page, given, chat: globalThis.SupportChat };
};

test("the stub fits in 600 bytes and stands in the README as it is", async () => {
  assert.ok(Buffer.byteLength(stub) <= 600, `${Buffer.byteLength(stub)} bytes`);
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  assert.ok(readme.includes(stub.trim()));
});

test("calls the stub kept run in their order, and their promises settle", async () => {
  globalThis.gone = [];
  const { page, given } = load((chat) => {
    const off = chat.on("ready", () => gone.push("off"));
    chat.on("ready", () => gone.push("on"));
    off();
    chat.once("ready", () => gone.push("once"));
    return [chat.boot(), chat.sendTyping({ isTyping: true }), chat.user.tag({ firstname: "Ann" })];
  });
  await Promise.all(given);
  assert.deepEqual(page.inners[0].calls, [["boot"], ["sendTyping", { isTyping: true }], ["user.tag", { firstname: "Ann" }]]);
  assert.deepEqual(gone, ["on", "once"]);
});

test("done and fail of the stub chain and answer as the handle's do", async () => {
  const events = [];
  const { given } = load((chat) => {
    const call = chat.startChat();
    assert.equal(call.done((value) => events.push(value)).fail((event) => events.push(event)), call);
    globalThis.fakeGlue.answers.startChat = () => {
      throw Object.assign(new Error("later"), { code: "unsupported", numeric: 1 });
    };
    return [outcome(call)];
  });
  assert.equal((await given[0]).code, "unsupported");
  await task();
  assert.deepEqual(events, [{ error: { code: 1, description: "later" } }]);
});

test("a call nobody knows rejects and holds up nobody; one nobody listens to raises no unhandledrejection", async () => {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const { given, page } = load((chat) => {
    chat.nonsense();
    return [outcome(chat.nonsense()), outcome(chat.open())];
  });
  assert.equal((await given[0]).code, "unsupported");
  assert.equal((await given[1]).code, undefined);
  await task();
  process.off("unhandledRejection", note);
  assert.deepEqual([unhandled, page.inners[0].calls.map(([name]) => name)], [[], ["open", "boot"]]);
});

test("window.SupportChat is the default instance and the ways to make others", async () => {
  const { chat, page } = load();
  assert.equal(chat.state, "not_initialized");
  assert.deepEqual([chat.version, chat.Error, typeof chat.user.tag], ["0.0.0", SupportChatError, "function"]);
  for (const name of METHODS) assert.equal(typeof chat[name], "function", name);
  const { open } = chat;
  await open();
  await chat.destroy();
  assert.equal((await outcome(chat.open())).code, "destroyed");
  const other = chat.createChat({ load: "manual" });
  await other.open();
  assert.equal(page.inners.length, 2);
});

test("the script boots by itself unless told not to", async () => {
  const { chat, page } = load();
  await chat.load();
  await task();
  assert.deepEqual(page.inners[0].calls, [["boot"]]);
  const other = load(null, { settings: { autoBoot: false, load: "manual" } });
  await other.chat.load();
  assert.deepEqual(other.page.inners[0].calls, []);
});

test("data-* attributes are options; settings win; other people's attributes are none of ours", async () => {
  const data = { serverUrl: "/cometd", autoBoot: "false", autoRender: "true", maxOfflineDuration: "60", namespace: "a", load: "manual", theme: "dark", turboTrack: "reload", cfasync: "false" };
  const { chat, page } = load(null, { settings: { namespace: "b" }, data });
  await chat.load();
  assert.deepEqual(page.inners[0].options, {
    autoBoot: false, autoRender: true, serverUrl: "/cometd", maxOfflineDuration: 60, namespace: "b", load: "manual", theme: "dark",
  });
});

test("the script twice on a page makes one instance", () => {
  const { chat, page } = load();
  install(page.api, {});
  assert.equal(globalThis.SupportChat, chat);
});
