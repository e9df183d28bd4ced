// What a page finds in storage when it comes back, in every broken shape, against the real server.
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, show, until } from "../within.mjs";

const KEY = "sc:default:";
const edit = (text, change) => { const value = JSON.parse(text); change(value); return JSON.stringify(value); };
const outbox = (seed, more) => JSON.stringify({
  v: 1, visitorId: JSON.parse(seed[`${KEY}session`]).visitorId, tab: "gone", seq: 1, at: Date.now(), clientMessageId: "lone-1", text: "(v-09) left behind", ...more });

/**
 * Each: how the good state is broken (`seed` is a copy), and what must come of it:
 * `visitor` same or new, `rows` there or none, `degraded`, and a look of its own.
 */
const cases = {
  untouched: { change: () => {}, visitor: "same", rows: "there" },
  absent: { change: (seed) => { for (const key of Object.keys(seed)) delete seed[key]; }, visitor: "new", rows: "none" },
  ...Object.fromEntries(Object.entries({
    empty: () => "", "not JSON": () => "{what", "a number": () => "7", "a list": () => "[1,2]", "cut in half": (text) => text.slice(0, text.length / 2),
    "wrong members": (text) => edit(text, (value) => { value.visitorId = 5; value.applied = "x"; }), "1 MB": () => JSON.stringify({ v: 1, junk: "x".repeat(1_000_000) }),
  }).map(([name, broken]) => [`session ${name}`, {
    change: (seed) => { seed[`${KEY}session`] = broken(seed[`${KEY}session`]); }, visitor: "new", rows: "none" }])),
  ...Object.fromEntries(Object.entries({
    "not JSON": () => "}{", "a text": () => '"tail"', "cut in half": (text) => text.slice(0, text.length / 2), "1 MB": () => `[${'"x",'.repeat(250_000)}1]`,
  }).map(([name, broken]) => [`tail ${name}`, {
    change: (seed) => { seed[`${KEY}tail`] = broken(seed[`${KEY}tail`]); }, visitor: "same", rows: "there" }])),
  "tail with doubles": {
    change: (seed) => { seed[`${KEY}tail`] = edit(seed[`${KEY}tail`], (value) => value.events.push(...value.events)); }, visitor: "same", rows: "there" },
  "draft, ui, read, link broken": {
    change: (seed) => { for (const name of ["draft", "ui", "read", "link"]) seed[KEY + name] = "\u0000broken"; }, visitor: "same", rows: "there" },
  "epoch and term broken": { change: (seed) => { seed[`${KEY}term`] = "NaN"; }, rows: undefined },
  "newer version": {
    change: (seed) => { seed[`${KEY}session`] = edit(seed[`${KEY}session`], (value) => { value.v = 99; }); }, visitor: "new", rows: "none", degraded: true,
    look: async (context, seed) => same((await context.ask("storage")).local[`${KEY}session`], seed[`${KEY}session`], "the newer entry") },
  "unknown key": {
    change: (seed) => { seed[`${KEY}from-the-future`] = "keep me"; }, visitor: "same", rows: "there",
    look: async (context) => same((await context.ask("storage")).local[`${KEY}from-the-future`], "keep me", "the unknown key") },
  "another epoch": {
    change: (seed) => { seed[`${KEY}epoch`] = String(Number(seed[`${KEY}epoch`] ?? 0) + 5); }, drawn: "never" },
  "a lone message of this visitor": {
    change: (seed) => {
      const session = JSON.parse(seed[`${KEY}session`]);
      delete session.conversation;
      const entry = outbox(seed);
      for (const key of Object.keys(seed)) if (!/:(epoch|term|consent)$/.test(key)) delete seed[key];
      seed[`${KEY}session`] = JSON.stringify({ ...session, applied: 0 });
      seed[`${KEY}outbox:lone-1`] = entry;
    },
    visitor: "same",
    look: async (context, seed, server, before) => {
      const all = await until(async () => {
        const found = (await server.state()).conversations;
        return found.length > before && found.some((one) => one.messages.some((message) => message.text?.includes("(v-09)"))) && found;
      }, 15_000, "the lone message in a new chat");
      same(all.flatMap((one) => one.messages).filter((message) => message.text?.includes("(v-09)")).length, 1, "copies of the lone message");
    } },
  "a message of another visitor": {
    change: (seed) => { seed[`${KEY}outbox:lone-1`] = outbox(seed, { visitorId: "somebody-else", text: "(v-08) not mine" }); }, visitor: "same", rows: "there",
    look: async (context, seed, server) => {
      check(!JSON.stringify(await server.state()).includes("(v-08)"), "the other's message was sent");
      check(!(await context.ask("words")).includes("(v-08)"), "the other's message was drawn");
      await context.call("chat", "shutdown");
      check(!(`${KEY}outbox:lone-1` in (await context.ask("storage")).local), "the other's message outlived a wipe");
    } },
};

async function stored(context) {
  const scene = await begin(context);
  const { server, panel, agent, site, serverUrl } = scene;
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  const { visitorId } = (await context.ask("get", "chat")).identity;
  await until(async () => (await context.ask("storage")).local[`${KEY}tail`]?.includes("(a-01)"), 5_000, "the tail in storage");
  // A page of the same origin without a chat: storage can be set while nobody writes it.
  await context.open(site.page("chat.html"));
  const { local: good } = await context.ask("storage");
  context.values.cases = Object.keys(cases).length;
  const wrong = {};
  for (const [name, one] of Object.entries(cases)) {
    try {
      const before = (await server.state()).conversations.length;
      const seed = { ...good };
      one.change(seed);
      await context.ask("seed", seed);
      await context.run("window.t.console.length = 0");
      await context.ask("make", "chat", { serverUrl, load: "immediate" });
      await context.call("chat", "boot");
      await context.call("chat", "open");
      await context.waitForState("anonymous");
      if (one.drawn === "never") check(!/\([va]-\d+\)/.test(await context.ask("words")), "a wiped conversation is drawn");
      const next = (await context.ask("get", "chat")).identity.visitorId;
      if (one.visitor) check((next === visitorId) === (one.visitor === "same"), `visitor: ${one.visitor} expected`);
      if (one.rows === "there") {
        await panel.waitForRow("(a-01)", 10_000);
        await panel.waitForRow("(v-01)");
        same(await panel.marks(), ["(v-01)", "(a-01)"], "rows");
      }
      if (one.rows === "none") same(await panel.marks(), [], "rows");
      const degraded = await context.run("return window.t.events.chat.some((event) => event.type === 'storage:degraded')");
      same(degraded, one.degraded ?? false, "storage:degraded");
      await one.look?.(context, seed, server, before);
      await context.hostLives();
    } catch (error) {
      wrong[name] = error.message;
    }
    await context.ask("call", "chat", "destroy", []);
  }
  same(wrong, {}, "stored states with another outcome");
}

export const tests = [{ id: "A.bad.stored", run: stored, ms: 150_000 }];
