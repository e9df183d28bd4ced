// The page goes away and comes back: into the back/forward cache, frozen, offline, asleep with the laptop. Each time
// both sides go on writing, and nothing is lost and nothing comes twice.
import { say } from "../group.mjs";
import { back, freeze, hide, leave } from "../pagelife.mjs";
import { marked } from "../panel.mjs";
import { agree, begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

/** No handler that would keep the page out of the cache. */
async function noUnload(context) {
  context.values.unload_handlers = await context.run("return window.t.unloadHandlers()");
  same(context.values.unload_handlers, [], "unload handlers");
}

async function bfcache(context) {
  // A browser keeps no page that forbids to be kept.
  const scene = await begin(context, { query: { cache: "no-cache" } });
  const { site, server, panel, agent } = scene;
  const url = await context.driver.getCurrentUrl();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await noUnload(context);
  await panel.type("half a thought");
  await say(context, "(v-02) last words");
  // A page is left in the middle of a movement as it is at rest; what is looked at here is what stands in it.
  await until(() => panel.read("return !part('list').getAnimations({ subtree: true }).length"), 5_000, "every row at rest");
  const other = `${site.origin}/away.html`;
  await leave(context.driver, other);
  await until(async () => (await server.state()).connections === 0, 10_000, "no connection of a page that is away");
  await agent.say(marked("a", 2, "while you were away"));
  await back(context.driver, url);
  await context.loaded();
  const cached = (await context.run("return window.t.returns.map(({ how }) => how)")).includes("cache");
  context.values.cached = cached;
  if (context.browser.name === "firefox") same(cached, false, "Firefox keeps no page with a connection");
  else {
    check(cached, `the page came from the cache: ${JSON.stringify(await context.run("return performance.getEntriesByType('navigation')[0]?.notRestoredReasons ?? null"))}`);
    // The state the page was left in is that of its return: what is seen in between is what it looked like then.
    const [first] = await context.run("return window.t.returns");
    same(first.before.match(/\([va]-\d+\)/g), null, "seen before the page knew that it is back");
    check(first.visible.includes("(a-01)"), `the first picture shows the transcript again: ${first.visible}`);
  }
  await panel.waitForRow("(a-02)", 20_000);
  await say(context, "(v-03) back again");
  await panel.waitForRow("(v-03)", 15_000, "sent|delivered|read");
  await agree(context, scene, ["(v-01)", "(a-01)", "(v-02)", "(a-02)", "(v-03)"]);
  same(await panel.read("return part('input').value"), "half a thought", "the draft");
  same((await server.state()).connections, 1, "connections");
  await context.hostLives();
}

async function frozen(context) {
  const scene = await begin(context);
  const { server, proxy, panel, agent } = scene;
  await say(context, "(v-02) before the ice");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  const wake = await freeze(context.driver);
  same((await context.run("return window.t.visible()")).match(/\([va]-\d+\)/g), null, "seen in a frozen page");
  proxy.cut();
  await agent.say(marked("a", 1, "while you were frozen"));
  await wake();
  await panel.waitForRow("(a-01)", 20_000);
  await say(context, "(v-03) thawed");
  await panel.waitForRow("(v-03)", 15_000, "sent|delivered|read");
  await agree(context, scene, ["(v-01)", "(v-02)", "(a-01)", "(v-03)"]);
  same((await server.state()).connections, 1, "connections");
  await noUnload(context);
}

async function offline(context) {
  const scene = await begin(context);
  const { server, proxy, panel, agent } = scene;
  const chromium = context.browser.name === "chromium";
  const network = async (on) => {
    proxy.mode = on ? "pass" : "refuse";
    if (!on) proxy.cut();
    if (!chromium) return context.run("window.t.network(arguments[0])", on);
    return context.driver.setNetworkConditions({ offline: !on, latency: 0, download_throughput: -1, upload_throughput: -1 });
  };
  await network(false);
  await context.waitForState("disconnected");
  const events = await context.run("return window.t.events.chat.filter(({ type }) => type === 'state').map(({ payload }) => payload)");
  same(events.at(-1).reason, "offline", "the reason");
  const asked = proxy.accepted;
  await say(context, "(v-02) into the void");
  await panel.waitForRow("(v-02)");
  await agent.say(marked("a", 1, "while you were offline"));
  same(proxy.accepted, asked, "attempts to connect while offline");
  const began = Date.now();
  await network(true);
  await panel.waitForRow("(a-01)", 20_000);
  context.values.recovered_ms = Date.now() - began;
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await context.waitForState("anonymous");
  await agree(context, scene, ["(v-01)", "(a-01)", "(v-02)"]);
  same((await server.state()).connections, 1, "connections");
}

/** The laptop slept for ten minutes: its connection died without a word, and the page was not told. */
async function sleep(context) {
  const scene = await begin(context);
  const { server, proxy, panel, agent } = scene;
  const show = await hide(context.driver);
  proxy.deafen();
  await until(async () => (await server.state()).connections === 0, 10_000, "the server has lost the visitor");
  await agent.say(marked("a", 1, "while you slept"));
  await context.run("window.t.sleep(600_000)");
  const began = Date.now();
  await show();
  await panel.waitForRow("(a-01)", 20_000);
  context.values.recovered_ms = Date.now() - began;
  await say(context, "(v-02) good morning");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await agree(context, scene, ["(v-01)", "(a-01)", "(v-02)"]);
  // The old connection is of no use to anybody, and is not held on to.
  await until(async () => (await server.state()).connections === 1, 10_000, "one connection");
}

const MARK = /\([va]-\d+\)/;

/**
 * After sleep the store is asked first. One that answers at once is not noticed; until one that is far away has
 * answered nothing is to be seen in a page that is looked at, and afterwards all is as it was.
 */
async function asked(context) {
  for (const storage of ["local", "@kept-far"]) {
    const far = storage !== "local";
    const { panel, agent } = await begin(context, { options: { storage } });
    await agent.say(marked("a", 1));
    await panel.waitForRow("(a-01)");
    await panel.type("half a thought");
    check((await panel.text("live")).includes("(a-01)"), "what came was read aloud");
    const asleep = "window.t.record(); window.t.sleep(600_000); dispatchEvent(new Event('online'));";
    await context.run(far ? `window.t.hold(); ${asleep}` : asleep);
    if (far) {
      await until(() => context.run("return window.t.questions"), 5_000, "the store asked");
      await until(() => context.run("return window.t.recorded.seen.length > 5"), 5_000, "some pictures");
      same((await context.run("return window.t.recorded.seen.join()")).match(MARK), null, "seen before the store has answered");
      same(await panel.shows("input"), false, "the composer");
      await context.run("window.t.hold()");
      await panel.waitFor("input");
      same(await panel.text("live"), "", "what is said once more");
    }
    await panel.waitForRow("(a-01)");
    await until(() => panel.read("return document.activeElement === frame && inner.activeElement === part('input')"), 2_000, "the focus in the composer");
    same(await panel.read("return part('input').value"), "half a thought", "the draft");
    const { hidden, blurred } = await context.run("return window.t.recorded");
    if (!far) same([hidden, blurred], [0, 0], "hidden, and the focus lost, with a store at hand");
    await panel.say(", and the rest (v-02)");
    await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  }
  // Who comes back to a store that somebody has emptied meanwhile sees nothing any more.
  await context.run("window.t.record(); window.t.hold(); window.t.sleep(600_000); dispatchEvent(new Event('online'));");
  await until(() => context.run("return window.t.questions"), 5_000, "the store asked");
  await context.run("sessionStorage.removeItem('page-own-store'); window.t.hold()");
  await context.waitForState("shutdown");
  await until(() => context.run("return window.t.recorded.seen.length > 5"), 5_000, "some pictures");
  same((await context.run("return window.t.recorded.seen.join() + window.t.words()")).match(MARK), null, "seen of who logged out");
  await context.hostLives();
}

export const tests = [
  { id: "I.life.bfcache", run: bfcache },
  { id: "I.life.freeze", run: frozen, browsers: ["chromium"] },
  { id: "I.life.offline", run: offline },
  { id: "I.life.sleep", run: sleep },
  { id: "I.life.asked", run: asked },
];
