// The kinds of storage over a reload, and what a page finds when the stored state is broken.
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, show, until } from "../within.mjs";

const kept = (storage, { expected, where }) => async (context) => {
  const scene = await begin(context, { options: { storage } });
  const { panel, agent, server } = scene;
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  const { visitorId } = (await context.ask("get", "chat")).identity;
  const stored = await context.ask("storage");
  const ours = (area) => Object.keys(stored[area]).filter((key) => key.startsWith("sc:"));
  const cookie = /(^|; )sc-default=/.test(stored.cookie);
  const places = [ours("local").length && "local", ours("session").length && "session", cookie && "cookie",
    stored.session["page-own-store"] && "own"].filter(Boolean);
  context.values.places = places;
  for (const place of where) check(places.includes(place), `stored in ${where}: ${places}`);
  if (!where.includes("local")) same(ours("local"), [], "keys in localStorage");
  if (!where.includes("cookie")) same(cookie, false, "a cookie");
  await context.reload();
  await context.waitForState("anonymous");
  const next = (await context.ask("get", "chat")).identity.visitorId;
  if (expected === "kept") {
    same(next, visitorId, "the visitor after a reload");
    await context.call("chat", "open");
    await panel.waitForRow("(a-01)", 20_000);
    await panel.waitForRow("(v-01)");
    same(await panel.marks(), ["(v-01)", "(a-01)"], "the rows after a reload");
    await panel.say(marked("v", 2));
    await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
    same((await server.state()).conversations.length, 1, "conversations at the server");
  } else {
    check(next !== visitorId, "a new visitor after a reload");
    await context.call("chat", "open");
    await panel.waitFor("input");
    same(await panel.marks(), [], "the rows after a reload");
  }
  await context.hostLives();
};

/** Storage that is not there, each way a browser can refuse it: memory, `storage:degraded`, and a working chat. */
async function refused(context) {
  const site = await context.site();
  for (const [fault, storage] of [["no-access", "local"], ["get-throws", "local"], ["set-throws", "local"], ["quota", "local"],
    ["no-access", "session"], ["no-cookies", "cookie"], ["", "@read-throws"], ["", "@read-string"], ["", "@read-never"], ["", "@write-throws"]]) {
    const what = `${fault} ${storage}`.trim();
    // A store that never answers has three seconds, on a clock eight times as fast.
    const query = { storage: fault, ...(storage === "@read-never" && { warp: 8 }) };
    await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", storage, transport: "@ready" }, calls: [["boot"], ["open"]] }], query));
    await context.waitForState("anonymous");
    const { payload } = await context.event("storage:degraded").catch((error) => { throw new Error(`${what}: ${error.message}`); });
    same(payload.using, "memory", `${what}: using`);
    check(payload.reason, `${what}: a reason is given`);
    const sent = await context.ask("call", "chat", "sendMessage", [{ text: "(v-01) hello" }], 500);
    check(!sent.error, `${what}: sendMessage does not fail: ${show(sent)}`);
    await context.panel().waitForRow("(v-01)");
    await context.hostLives();
  }
}

export const tests = [
  { id: "stores.local", run: kept("local", { expected: "kept", where: ["local"] }) },
  { id: "stores.session", run: kept("session", { expected: "kept", where: ["session"] }) },
  { id: "stores.cookie", run: kept("cookie", { expected: "kept", where: ["cookie"] }) },
  { id: "stores.memory", run: kept("memory", { expected: "new", where: [] }) },
  { id: "stores.own", run: kept("@kept-sync", { expected: "kept", where: ["own"] }) },
  { id: "stores.own-async", run: kept("@kept-async", { expected: "kept", where: ["own"] }) },
  { id: "A.bad.storage", run: refused, ms: 120_000 },
];
