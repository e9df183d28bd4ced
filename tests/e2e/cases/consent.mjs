// Without consent nothing is stored, and nothing sent but by the visitor's act or an explicit call; withdrawn in
// mid-session, what was stored is gone in every tab, and the chat goes on.
import { Agent } from "../agent.mjs";
import { Group } from "../group.mjs";
import { back, hide, leave } from "../pagelife.mjs";
import { marked } from "../panel.mjs";
import { check, same, until } from "../within.mjs";

/**
 * What a page finds of ours, in every storage; the visitor's own word on consent apart, and what the other chat of the
 * page keeps, which may.
 */
async function stored(context) {
  const { local, session, cookie, databases, caches } = await context.ask("storage");
  const keys = [...Object.keys(local), ...Object.keys(session)].filter((key) => /^sc[:-](?!control)/.test(key) && !/:consent$/.test(key));
  return [...keys, ...databases, ...caches, ...(/sc-/.test(cookie) ? [cookie] : [])];
}

/** Nothing is stored, once the page's other chat has stored what both were given to store. */
async function nothingStored(context, what, fits = () => true) {
  await until(async () => {
    const { local } = await context.ask("storage");
    return local["sc:control:session"] && fits(local["sc:control:tail"] ?? "");
  }, 10_000, `${what}: the other chat has stored it`);
  same((await stored(context)).filter((key) => !/:epoch$/.test(key)), [], `stored ${what}`);
}

/** The other chat says something, and has stored it: by then this one would have, too. */
async function saved(context, mark, what) {
  await context.call("control", "sendMessage", { text: mark });
  await nothingStored(context, what, (tail) => tail.includes(mark));
}

/** Whatever makes a chat store or send on its own, before consent and before any act. The page's other chat may do both. */
async function quiet(context, { site, proxy, other, url }) {
  const silent = async (what) => {
    await context.waitForState("anonymous", "control");
    await until(async () => (await context.ask("get", "control")).connection.state === "connected", 10_000, `${what}: the other chat connected`);
    await nothingStored(context, what);
    same(proxy.accepted, 0, `connections ${what}`);
    same(await context.state(), "ready", `the state ${what}`);
  };
  await context.waitForState("ready");
  await silent("before consent");
  await context.call("chat", "setTheme", "dark");
  await context.call("chat", "setContext", { page: "lamps" });
  await context.run("document.getElementById('host').click(); dispatchEvent(new Event('focus')); dispatchEvent(new Event('storage'))");
  const shows = await hide(context.driver);
  await shows();
  await silent("after a look elsewhere");
  other.cut();
  await context.event("connection:state", ({ state }) => state === "reconnecting", "control");
  await context.run("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))");
  await silent("after the network came back");
  // Away and back, by the cache or anew: what the page left behind is seen from elsewhere.
  const away = `${site.origin}/away.html`;
  await leave(context.driver, away);
  const left = await context.run("return [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie]");
  same(left.filter((key) => key && !/^sc:control:/.test(key)), [], "left behind by a page before consent");
  await back(context.driver, url);
  await context.loaded();
  await silent("back again");
  // Every timer of the next ten minutes runs out, of a page on a fast clock.
  await context.open(url.replace("?", "?warp=200&"));
  await context.waitForState("ready");
  await context.timersRunOut(600_000);
  same(await stored(context), [], "stored in ten minutes before consent");
  same(proxy.accepted, 0, "connections in ten minutes before consent");
  await context.open(url);
  await silent("in the next page");
}

async function consent(context) {
  const { server, proxy, site, serverUrl } = await context.backend();
  // Beside it a chat that needs no consent, on a connection of its own: what it does, this one would do.
  const other = await context.proxy(server.port);
  site.servers.push(other.origin);
  const common = { load: "immediate", connect: "eager", autoBoot: true };
  const url = site.page("chat.html", [
    { name: "chat", options: { ...common, serverUrl, cookieConsent: false } },
    { name: "control", options: { ...common, serverUrl: other.through(server.serverUrl), namespace: "control", launcher: false } },
  ], { cache: "no-cache" });
  await context.open(url);
  const panel = context.panel();
  await quiet(context, { site, proxy, other, url });

  // The visitor's act: the chat works, in memory.
  await panel.clickLauncher();
  await panel.say(marked("v", 1, "marzipan"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await panel.type("a draft of marzipan");
  await (await hide(context.driver))();
  await saved(context, "(c-01)", "by a chat without consent");

  // Consent: from now on a reload and another tab find it.
  await context.call("chat", "setCookieConsent", true);
  await until(async () => (await stored(context)).some((key) => /:session$/.test(key)), 5_000, "the session in storage");
  const group = await Group.of(context, url);
  const first = group.windows[0];
  const second = await group.add();
  await context.call("chat", "open");
  await panel.waitForRow("(a-01)", 15_000);

  // Withdrawn in one tab: nothing is left in either, at once, and both go on.
  await group.to(first);
  const atOnce = await context.ask("atOnce", "chat", "setCookieConsent", [false]);
  const left = Object.keys({ ...atOnce.local, ...atOnce.session }).filter((key) => /^sc:(?!control)/.test(key) && !/:(consent|epoch)$/.test(key));
  same(left, [], "stored as the call returned");
  await group.everywhere("nothing of ours in storage", async () => (await stored(context)).filter((key) => !/:epoch$/.test(key)).length === 0);
  context.values.stored_after = (await stored(context)).length;
  for (const [handle, number] of [[first, 2], [second, 3]]) {
    await group.to(handle);
    await context.call("chat", "sendMessage", { text: marked("v", number) });
  }
  await agent.say(marked("a", 2));
  await group.everywhere("the chat goes on", async () => {
    const rows = await panel.marks();
    return ["(v-01)", "(a-01)", "(v-02)", "(v-03)", "(a-02)"].every((mark) => rows.filter((one) => one === mark).length === 1);
  });
  for (const handle of group.windows) {
    await group.to(handle);
    await panel.type("a draft that nobody keeps");
    await saved(context, marked("c", 2 + group.windows.indexOf(handle)), "after the withdrawal");
  }
  await context.hostLives();
  check(!JSON.stringify(await context.ask("storage")).includes("marzipan"), "no word of the conversation in any storage");
  // A reload finds nobody.
  await context.reload();
  await context.waitForState("ready");
  same((await stored(context)).filter((key) => !/:epoch$/.test(key)), [], "stored after a reload");
}

/** Withdrawn, not even an empty cookie is left. */
async function cookie(context) {
  const { site, serverUrl } = await context.backend();
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", storage: "cookie" }, calls: [["boot"]] }]));
  await context.waitForState("anonymous");
  check(/sc-default/.test(await context.run("return document.cookie")), "a cookie while consent is given");
  await context.call("chat", "setCookieConsent", false);
  same(await context.run("return document.cookie"), "", "the cookie");
}

export const tests = [{ id: "I.consent", run: consent }, { id: "I.consent.cookie", run: cookie }];
