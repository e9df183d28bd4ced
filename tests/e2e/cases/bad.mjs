// What goes wrong in other people's hands: each with its typed outcome, and the host page alive afterwards.
import { Garbage, kinds } from "../garbage.mjs";
import { marked } from "../panel.mjs";
import { agree, begin } from "./talk.mjs";
import { check, same, show, until } from "../within.mjs";

const fast = { load: "immediate" };

async function unknownOption(context) {
  const site = await context.site();
  await context.open(site.page("chat.html", [{ name: "chat", options: { ...fast, serverURL: "http://127.0.0.1:9/cometd" } }]));
  const error = await context.refused("chat", "boot", "invalid_config");
  check(/serverURL/.test(error.message) && /`?serverUrl`?/.test(error.message), `the nearest name is in the message: ${error.message}`);
  same(error.recoverable, false, "recoverable");
  const event = await context.event("error");
  same(event.payload.error.code, "invalid_config", "the error event's code");
  const lines = await context.run("return window.t.console.filter((line) => line.level === 'error')");
  same(lines.length, 1, `console.error lines (${show(lines)})`);
  same(await context.state(), "not_initialized", "state");
  await context.refused("chat", "open", "invalid_config");
  await context.hostLives();
}

const WRONG = [
  ["serverUrl", 7], ["serverUrl", "not a url at all"], ["transport", 5], ["transport", "carrier-pigeon"], ["transport", {}],
  ["disableWebSockets", "yes"], ["channel", 1], ["connect", "sometimes"], ["storage", "disk"], ["storage", { read: 1 }],
  ["namespace", ""], ["namespace", {}], ["autoBoot", "maybe"], ["locale", 3], ["theme", "pink"], ["theme", { mode: "pink" }],
  ["launcher", 7], ["launcher", { position: "top" }], ["launcher", { offset: { x: "wide" } }], ["launcher", { positoin: "left" }],
  ["maxOfflineDuration", "long"], ["maxOfflineDuration", -1], ["logLevel", "loud"], ["logger", "console"], ["tokenProvider", "secret"],
  ["cookieConsent", 1], ["messages", []], ["username", {}], ["updateLimit", 3], ["sound", 1],
];

async function wrongTypes(context) {
  const site = await context.site();
  await context.open(site.page("chat.html"));
  const wrong = [];
  for (const [index, [key, value]] of WRONG.entries()) {
    const name = `c${index}`;
    const options = { ...fast, transport: "@ready", launcher: false, namespace: `bad${index}`, [key]: value };
    await context.ask("make", name, options);
    const { error } = await context.ask("call", name, "boot", [], 8_000);
    if (error?.code !== "invalid_config" || !error.typed || !error.message.includes(key)) wrong.push({ [key]: value, got: error ?? "no error" });
  }
  context.values.cases = WRONG.length;
  same(wrong, [], "options with a wrong value that were not refused by name");
  // No object at all, and calls with arguments of the wrong type.
  await context.ask("make", "good", { ...fast, transport: "@ready", namespace: "good" });
  await context.call("good", "boot");
  const calls = [["sendMessage", { text: 7 }], ["sendMessage", { text: "   " }], ["sendMessage", {}], ["sendMessage", null], ["sendMessage", { text: "x".repeat(4_001) }],
    ["setTheme", 9], ["setZIndex", "high"], ["getTranscript", { fromIndex: "a" }], ["retryMessage", 5], ["startConversation", 5]];
  const loose = [];
  for (const [method, argument] of calls) {
    const outcome = await context.ask("call", "good", method, [argument], 8_000);
    if (!outcome.error?.typed || !outcome.error.code) loose.push([method, argument, outcome]);
  }
  same(loose, [], "calls with bad arguments without a typed refusal");
  // More than the module reads at once is refused by name; and `fail` says of each refusal which number it has.
  const big = "x".repeat(1_500_000);
  for (const [method, key, argument, code, number] of [
    ["sendMessage", "text", { text: big }, "message_invalid", 3], ["update", "context", { context: { a: big } }, "validation_error", 3],
    ["startConversation", "metadata", { message: "hello", metadata: [big] }, "message_invalid", 3], ["setTheme", "setTheme", { mode: big }, "invalid_config", 3]]) {
    const error = await context.refused("good", method, code, argument);
    check(error.message.includes(`\`${key}\``), `the name of what is too big: ${error.message}`);
    same(await context.ask("fail", "good", method, [argument]), { code: number, description: error.message }, `fail of ${method}`);
  }
  same((await context.ask("fail", "good", "searchArticles", ["lamps"])).code, 1, "fail of what is not supported");
  await context.ask("make", "big", { ...fast, transport: "@ready", namespace: "big", userData: { a: big } });
  check(/`userData`/.test((await context.refused("big", "boot", "invalid_config")).message), "the option that is too big");
  await context.hostLives();
}

/** One chat for each kind of nonsense, side by side: every one says that it is reconnecting, and asks with pauses. */
async function garbageServers(context) {
  const servers = {};
  for (const kind of kinds) {
    const garbage = await context.own(Garbage.start(kind), "stop");
    servers[kind] = { garbage, proxy: await context.proxy(garbage.port) };
  }
  const site = await context.site({ servers: Object.values(servers).map(({ proxy }) => proxy.origin) });
  // Sockets that say nothing of use have seconds: on a clock four times as fast.
  await context.open(site.page("chat.html", kinds.map((kind) => ({
    name: kind, calls: [["boot"], ["open"]],
    options: { ...fast, serverUrl: `${servers[kind].proxy.origin}/cometd`, namespace: kind, launcher: false } })), { warp: 4 }));
  for (const kind of kinds) {
    await context.waitForState("reconnecting|disconnected", kind, 25_000);
    const mark = marked(kind, 1, "is anybody there");
    const panel = context.panel(kind);
    await context.ask("call", kind, "sendMessage", [{ text: mark }], 10);
    await panel.waitForRow(mark);
    await panel.waitFor("banner", 10_000);
    const { asked } = servers[kind].garbage;
    check(asked > 0, `${kind}: the server was asked`);
    check(asked < 60, `${kind}: the server was asked ${asked} times: no pauses`);
    context.values[kind] = (await context.ask("get", kind)).connection.state;
  }
  await context.hostLives();
}

/** Garbage in the middle of a good conversation changes nothing. */
async function garbageFrames(context) {
  const scene = await begin(context);
  const { server, panel, agent } = scene;
  await server.fault({ kind: "garbage-frame", count: 3 });
  await server.fault({ kind: "garbage", count: 1, operation: "startTyping" });
  await panel.say(marked("v", 2, "between garbage"));
  await panel.waitForRow("(v-02)");
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await server.fault({ kind: "none" });
  await context.hostLives();
  check(/anonymous|reconnecting/.test(await context.state()), `state ${await context.state()}`);
  await panel.say(marked("v", 3, "still here"));
  await panel.waitForRow("(v-03)", 40_000, "sent|delivered|read");
}

async function pageTransport(context) {
  const site = await context.site();
  const namespaces = ["connect-throws", "connect-rejects", "perform-throws", "perform-rejects", "sends-garbage"];
  await context.open(site.page("chat.html", namespaces.map((name) => (
    { name, options: { ...fast, transport: `@${name}`, namespace: name, launcher: false, storage: "memory" }, calls: [["boot"], ["open"]] }))));
  for (const name of ["connect-throws", "connect-rejects"]) {
    await context.waitForState("reconnecting", name);
    same((await context.ask("get", name)).connection.state, "reconnecting", `${name}: connection`);
  }
  for (const [name, code] of [["perform-throws", null], ["perform-rejects", "rate_limited"]]) {
    const { error } = await context.ask("call", name, "sendMessage", [{ text: "(v-01) hello" }]);
    check(error?.typed && (!code || error.code === code), `${name}: sendMessage rejects with ${code ?? "a typed code"}: ${show(error)}`);
    context.values[name] = error.code;
    const failed = await context.event("message:failed", () => true, name);
    same(failed.payload.error.code, error.code, `${name}: code of message:failed`);
  }
  await context.waitForState("anonymous", "sends-garbage");
  await context.hostLives();
}

/** A transport that never says a word, under a clock that runs sixteen times as fast. */
async function silentTransport(context) {
  const site = await context.site();
  await context.open(site.page("chat.html", [
    { name: "chat", options: { ...fast, transport: "@never-answers", storage: "memory" }, calls: [["boot"], ["open"]] }], { warp: "16" }));
  await context.waitForState("anonymous|reconnecting");
  const began = performance.now();
  await context.waitForState("reconnecting", "chat", 20_000);
  context.values.gave_up_after_ms = Math.round((performance.now() - began) * 16);
  await context.panel().say(marked("v", 1, "anyone"));
  await context.panel().waitForRow("(v-01)");
  await context.hostLives({ clicks: true });
}

/** An application that keeps its state in its address, and says as much of itself as it may: its visitors can chat all the same. */
async function longAddress(context) {
  const { serverUrl, server, site } = await context.backend();
  await context.open(site.page("chat.html"));
  await context.ask("make", "chat", { ...fast, serverUrl, userData: { notes: "y".repeat(16_000) } });
  await context.call("chat", "boot");
  await context.run("location.hash = 'x'.repeat(100_000); document.title = 't'.repeat(100_000)");
  await context.call("chat", "update", { context: { words: "z".repeat(16_300) } });
  await context.call("chat", "sendMessage", { text: marked("v", 1) });
  const [{ userData: told }] = (await server.state()).conversations;
  same([told.notes.length, told.context.words.length], [16_000, 16_300], "what the page says of itself");
  check(told.url.startsWith(`${site.origin}/chat.html?`), `the address: ${told.url.slice(0, 80)}`);
}

async function missingWasm(context) {
  const site = await context.site();
  site.deny = /\.wasm$/;
  await context.open(site.page("chat.html", [{ name: "chat", options: { ...fast, transport: "@ready" } }]));
  const error = await context.refused("chat", "boot", "load_failed");
  same(error.recoverable, true, "recoverable");
  same(await context.state(), "not_initialized", "state");
  await context.event("error", (payload) => payload.error.code === "load_failed");
  await context.hostLives();
  // The file is back: the next call loads again.
  site.deny = null;
  await context.call("chat", "boot");
  await context.waitForState("anonymous");
  await context.hostLives();
}

async function blockedWasm(context) {
  const site = await context.site();
  site.expected = (report) => /wasm/.test(`${report.blocked} ${report.sample} ${report.source}`) || (/script-src/.test(report.directive) && /eval/.test(report.blocked));
  await context.open(site.page("chat.html", [{ name: "chat", options: { ...fast, transport: "@ready" } }], { csp: "no-wasm" }));
  await context.refused("chat", "boot", "csp_blocked");
  await context.refused("chat", "open", "csp_blocked");
  same(await context.state(), "not_initialized", "state");
  const frames = await context.run("return document.querySelectorAll('iframe').length");
  same(frames, 0, "iframes");
  await context.hostLives();
}

export const tests = [
  { id: "A.bad.option", run: unknownOption },
  { id: "A.bad.types", run: wrongTypes },
  { id: "A.bad.server", run: garbageServers },
  { id: "A.bad.garbage-frames", run: garbageFrames },
  { id: "A.bad.transport", run: pageTransport },
  { id: "A.bad.transport-silent", run: silentTransport },
  { id: "A.bad.address", run: longAddress },
  { id: "A.bad.wasm-missing", run: missingWasm },
  { id: "A.bad.wasm-blocked", run: blockedWasm },
];
