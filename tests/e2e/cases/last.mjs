// A logout is the last word: a store without room for one byte more is wiped all the same, and a tab that the site takes
// apart before the word of it came writes nothing back.
import { beforeLogout, conversation } from "./leave.mjs";
import { found } from "../traces.mjs";
import { check, same, until } from "../within.mjs";

/** The page takes all the room there is; nothing of ours has been refused until then. */
async function fill(context) {
  await until(async () => /\(a-01\)/.test(await context.run("return localStorage['sc:default:tail']")), 5_000, "the words in storage");
  await context.run(`
    for (let size = 1 << 20, n = 0; size;) try { localStorage["host-" + n] = "x".repeat(size); n += 1; } catch { size >>= 1; }
    try { for (const key of "abcdefghijklmnopqrstuvwxyz") localStorage[key] = ""; } catch {}`);
  same(await context.run("try { localStorage.Z = ''; return 'room'; } catch { return 'full'; }"), "full", "the store");
  same(await context.run("return window.t.events.chat.filter(({ type }) => type === 'storage:degraded')"), [], "refusals before the logout");
}

/** … and gives it back. */
const empty = (context) => context.run("for (const key of Object.keys(localStorage)) if (!key.startsWith('sc:')) localStorage.removeItem(key)");

const WORDS = ["(v-01)", "(a-01)", "(d-01)", "marzipan"];

const full = (args) => async (context) => {
  const { panel, page, session, group } = await conversation(context);
  const [first, second] = group.windows;
  await panel.type("(d-01) draft of marzipan");
  await until(async () => (await found(context, ["(d-01)"])).length, 5_000, "the draft in storage");
  await fill(context);
  const { atOnce } = await context.ask("logout", "chat", args);
  const { local } = atOnce.storage;
  const ours = JSON.stringify(Object.entries(local).filter(([key]) => key.startsWith("sc:")));
  same(WORDS.filter((word) => ours.includes(word)), [], "readable as the call returned");
  check(args || local["sc:default:session"], "the visitor stays");
  await group.to(second);
  await context.waitForState("shutdown");
  await group.to(first);
  await empty(context);
  same(await found(context, WORDS), [], "readable afterwards");
  // The next page: whoever may stay stays, and finds the history at the server.
  await context.open(page([["boot"]]));
  await context.waitForState("anonymous");
  same((await context.ask("get", "chat")).identity.visitorId === session.visitorId, !args, "the same visitor");
};

/** A user signs in where an anonymous visitor has talked. */
async function fullUser(context) {
  const { page, session, panel, site } = await conversation(context, { windows: 1 });
  await panel.type("(d-01) draft of marzipan");
  await until(async () => (await found(context, ["(d-01)"])).length, 5_000, "the draft in storage");
  await fill(context);
  await context.open(page([["boot", { user: { id: "ada-1815" }, tokenProvider: "@token:ada-1815" }]]));
  await context.waitForState("authenticated");
  await empty(context);
  same(await found(context, WORDS), [], "readable for the user");
  await context.call("chat", "shutdown");
  await context.open(site.page("chat.html"));
  same(await found(context, WORDS), [], "readable afterwards");
  await context.open(page([["boot"]]));
  await context.waitForState("anonymous");
  same((await context.ask("get", "chat")).identity.visitorId, session.visitorId, "who finds back");
}

/** A tab logs out while another is busy, which the site takes apart before it hears of anything. */
const destroyed = (storage, unloaded) => async (context) => {
  const scene = await conversation(context, { storage });
  const { group, page } = scene;
  const [first, second] = group.windows;
  const secrets = await beforeLogout(context, scene);
  await context.run(`
    const site = new BroadcastChannel("site");
    site.onmessage = () => {
      site.postMessage("busy");
      const began = Date.now();
      while (Date.now() < began + 3000);
      window.busy = { began, state: window.t.chats.chat.state, ended: Date.now() };
      window.t.chats.chat.destroy();
    };`);
  await group.to(second);
  if (unloaded) await context.open(page([], { load: "manual", storage }));
  await context.run(`
    const site = new BroadcastChannel("site");
    site.onmessage = () => {
      window.t.chats.chat.shutdown({ clearStorage: true });
      window.out = Date.now();
    };
    site.postMessage("be busy");`);
  const out = await until(() => context.run("return window.out"), 5_000, "the logout");
  await group.to(first);
  await context.waitForState("destroyed");
  const { began, state, ended } = await context.run("return window.busy");
  same([began <= out, out < ended, state], [true, true, "anonymous"], "logged out meanwhile, and not heard of");
  await group.to(second);
  same(await found(context, secrets), [], "readable where the visitor logged out");
  await group.to(first);
  same(await found(context, [scene.resume.visitorSecret, scene.resume.secureKey]), [], "what opens anything");
  // Firefox and WebKit show a busy page the cookie of before: its own words go on the next load, and nobody boots.
  if (storage === "cookie" && context.browser.name !== "chromium") {
    await context.open(page([["load"]], { storage }));
    await context.waitForState("ready");
  }
  same(await found(context, secrets), [], "readable where it was taken apart");
};

export const tests = [
  { id: "I.logout.full", run: full() },
  { id: "I.logout.full-clear", run: full({ clearStorage: true }) },
  { id: "I.logout.full-user", run: fullUser },
  { id: "I.logout.destroyed", run: destroyed("local") },
  { id: "I.logout.destroyed-cookie", run: destroyed("cookie") },
  { id: "I.logout.destroyed-unloaded", run: destroyed("local", true) },
  { id: "I.logout.destroyed-unloaded-cookie", run: destroyed("cookie", true) },
];
