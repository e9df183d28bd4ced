// The life of a handle, in the page: StrictMode, several instances, late listeners, ends in the middle of beginnings.
import { readFileSync } from "node:fs";
import { Agent } from "../agent.mjs";
import { marked } from "../panel.mjs";
import { check, same, show, until } from "../within.mjs";

/** boot, destroy, boot in one tick on new instances, as React's StrictMode does. */
async function strictMode(context) {
  const { server, proxy, site, serverUrl } = await context.backend();
  await context.open(site.page("chat.html"));
  const outcomes = await context.ask("strict", { serverUrl, load: "immediate", connect: "eager" });
  same(outcomes.map((one) => one.error?.code ?? "resolved"), ["aborted", "resolved", "resolved"], "boot, destroy, boot");
  await until(async () => (await server.state()).connections === 1, 10_000, "one connection at the server");
  const marks = await context.ask("marks");
  same(marks.filter((name) => name === "div").length, 1, `launchers (${marks})`);
  await context.call("second", "open");
  const panel = context.panel();
  await panel.waitFor("input");
  same((await context.ask("marks")).filter((name) => name === "iframe").length, 1, "iframes");
  await panel.say(marked("v", 1, "once"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const { conversations, connections } = await server.state();
  same(connections, 1, "connections");
  same(conversations.length, 1, "conversations");
  same(conversations[0].messages.filter((one) => one.type === "Message").length, 1, "messages at the server");
  check(proxy.upgraded <= 2, `${proxy.upgraded} sockets were opened`);
  await context.call("second", "destroy");
  await until(async () => (await server.state()).connections === 0, 10_000, "no connection after destroy");
  same(await context.ask("marks"), [], "nodes of ours after destroy");
  const locks = await context.ask("locks");
  same(locks, [], "locks held or asked for after destroy");
  await context.refused("second", "boot", "destroyed");
  await context.call("second", "destroy");
  await context.hostLives();
}

/** Two independent chats on one page, told apart by their namespace. */
async function instances(context) {
  const { server, site, serverUrl } = await context.backend();
  const chat = (name, position) => ({
    name, options: { serverUrl, load: "immediate", namespace: name, launcher: { position } }, calls: [["boot"], ["open"]] });
  await context.open(site.page("chat.html", [chat("sales", "left"), chat("help", "right")]));
  const panels = { sales: context.panel("sales"), help: context.panel("help") };
  for (const name of ["sales", "help"]) {
    await context.waitForState("anonymous", name);
    await context.ask("call", name, "sendMessage", [{ text: `(${name}-01) to ${name}` }]);
    await panels[name].waitForRow(`(${name}-01)`, 15_000, "sent|delivered|read");
  }
  const agents = [new Agent(server), new Agent(server)];
  for (const agent of agents) await agent.take();
  for (const agent of agents) {
    const [text] = await agent.texts();
    await agent.say(text.includes("sales") ? "(sales-02) from sales" : "(help-02) from help");
  }
  for (const name of ["sales", "help"]) {
    await panels[name].waitForRow(`(${name}-02)`);
    same(await panels[name].marks(), [`(${name}-01)`, `(${name}-02)`], `rows of ${name}`);
  }
  await context.call("sales", "shutdown", { clearStorage: true });
  same(await context.state("help"), "anonymous", "the other chat's state");
  same(await panels.help.marks(), ["(help-01)", "(help-02)"], "the other chat's rows");
  const keys = Object.keys((await context.ask("storage")).local);
  same(keys.filter((key) => /^sc:sales:(?!epoch$|consent$)/.test(key)), [], "keys of the one that left");
  check(keys.some((key) => key.startsWith("sc:help:")), `keys of the other: ${keys}`);
  await context.call("sales", "destroy");
  same(await context.run("return document.querySelectorAll('[data-support-chat=sales]').length"), 0, "nodes of the destroyed one");
  check(await panels.help.isOpen(), "the other panel is still open");
  await context.hostLives();
}

async function lateReady(context) {
  const site = await context.site();
  await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", transport: "@ready", storage: "memory" }, calls: [["boot"]] }]));
  await context.waitForState("anonymous");
  const heard = await context.run(`
    let heard = []; window.t.chats.chat.on('ready', (event) => heard.push(event.type + ' ' + event.payload.identityType));
    window.t.heard = heard; return heard;`);
  same(heard, ["ready anonymous"], "a late subscriber is called at once");
  await context.call("chat", "shutdown");
  await context.call("chat", "boot");
  same(await context.run("return window.t.heard"), ["ready anonymous", "ready anonymous"], "the subscription survives shutdown and boot");
}

/** shutdown and destroy during booting win. */
async function interrupted(context) {
  const site = await context.site();
  for (const ending of ["shutdown", "destroy"]) {
    await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", transport: "@never-answers", connect: "eager", storage: "memory" }, calls: [["load"]] }]));
    await context.waitForState("ready");
    const [boot, end] = await context.ask("interrupt", "chat", ending);
    same(boot.error?.code, "aborted", `boot, then ${ending}: ${show(boot)}`);
    check("value" in end, `${ending} resolves: ${show(end)}`);
    same(await context.state(), ending === "destroy" ? "destroyed" : "shutdown", "state");
    if (ending === "shutdown") same(await context.panel().isOpen(), false, "panel");
    else same(await context.ask("marks"), [], "nodes of ours");
  }
  // Before the module is there at all.
  await context.open(site.page("chat.html", [{ name: "chat", options: { load: "manual", transport: "@ready" } }]));
  const [boot, end] = await context.ask("interrupt", "chat", "destroy");
  same(boot.error?.code, "aborted", "boot before load, then destroy");
  check("value" in end, "destroy resolves");
  same(await context.state(), "destroyed", "state");
  await context.hostLives();
}

/** A listener that throws is reported and stops nobody; a rejected call nobody listens to is no unhandledrejection. */
async function listeners(context) {
  const site = await context.site();
  await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", transport: "@ready", storage: "memory" } }]));
  await context.ask("careless", "chat");
  await context.call("chat", "boot");
  await until(async () => (await context.run("return window.t.order")).length === 2, 5_000, "both listeners");
  const errors = await context.run("return window.t.errors.splice(0)");
  same(errors.filter((text) => /a listener of the page broke/.test(text)).length, 1, `reportError (${show(errors)})`);
  await context.event("error", (payload) => payload.error.code === "unsupported");
  await context.hostLives();
}

const table = readFileSync(new URL("../../lifecycle.tsv", import.meta.url), "utf8").trim().split("\n").map((line) => line.split("\t"));
const ARGS = {
  sendMessage: [{ text: "hello" }], retryMessage: ["nobody's"], discardMessage: ["nobody's"], setTheme: ["dark"], setZIndex: [7],
  setCookieConsent: [true], "boot({user})": [{ user: { id: "A" } }], identify: [{ user: { id: "A" } }], update: [{ context: {} }], setContext: [{}],
  setLauncherVisible: [true], sendTyping: [{ isTyping: true }], startConversation: [{}],
};

/** Every cell of tests/lifecycle.tsv, in the page: the handle's states as well as the module's. */
async function matrix(context) {
  const site = await context.site();
  await context.open(site.page("chat.html"));
  const [[, ...states], ...rows] = table;
  const calls = rows.map(([call]) => [call, ARGS[call] ?? []]);
  const wrong = [];
  let cells = 0;
  const column = async (state, more) => {
    const seen = await context.ask("column", state, calls, more);
    for (const [call, ...outcomes] of rows) {
      const expected = outcomes[states.indexOf(state)];
      cells += 1;
      if (seen[call] !== expected) wrong.push(`${call} in ${state}: ${expected} expected, ${seen[call]}`);
    }
  };
  // The two states before the module is there: on a page whose module never comes.
  site.hold = /\.wasm$/;
  for (const state of ["not_initialized", "loading"]) await column(state);
  site.hold = null;
  await context.open(site.page("chat.html"));
  for (const state of states.filter((one) => !["not_initialized", "loading"].includes(one))) await column(state);
  context.values.cells = cells;
  same(wrong, [], "cells with another outcome");
  await context.hostLives();
}

export const tests = [
  { id: "lifecycle.matrix", run: matrix },
  { id: "lifecycle.strict-mode", run: strictMode },
  { id: "lifecycle.instances", run: instances },
  { id: "lifecycle.late-ready", run: lateReady },
  { id: "lifecycle.interrupted", run: interrupted },
  { id: "lifecycle.listeners", run: listeners },
];
