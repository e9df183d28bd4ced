// Tabs that were away during the logout show nothing of the old user when they come back; and a logout that is cut short
// by the end of its page is finished by the next one.
import { back, freeze, hide, kill, leave } from "../pagelife.mjs";
import { beforeLogout, conversation } from "./leave.mjs";
import { everything, found } from "../traces.mjs";
import { opens, raw } from "../wire.mjs";
import { check, same, show, until } from "../within.mjs";

const USER = "ada-1815";

/**
 * What the page in each browser is told when it comes back. Firefox keeps no page that has, or lately had, a connection:
 * there it is made anew.
 */
const RETURNS = {
  hidden: { chromium: ["shown"], firefox: ["shown"], webkit: ["shown"] },
  frozen: { chromium: ["resume", "shown"] },
  cached: { chromium: ["resume", "shown", "cache"], firefox: [], webkit: ["shown", "cache"] },
};

/** The second window is hidden, frozen or in the cache while the first one logs out. */
const away = (how) => async (context) => {
  const scene = await conversation(context, { user: USER, query: { cache: "no-cache" } });
  const { site, group, panel } = scene;
  const [first, second] = group.windows;
  const secrets = await beforeLogout(context, scene);
  await group.to(second);
  const url = await context.driver.getCurrentUrl();
  await context.run("window.t.before = 'the logout'");
  let wake;
  if (how === "cached") await leave(context.driver, `${site.origin}/away.html`);
  else wake = how === "frozen" ? await freeze(context.driver) : await hide(context.driver);
  await group.to(first);
  const { outcome } = await context.ask("logout", "chat");
  check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
  await group.to(second);
  // A page made anew signs the user in again, as this site's page does: the pictures before that count.
  const asked = scene.tokens.asked.length;
  const release = scene.tokens.hold();
  await (how === "cached" ? back(context.driver, url) : wake());
  await context.picture(`${context.id}-first`);
  await context.loaded();
  const returns = await context.run("return window.t.returns");
  context.values.returns = returns.map(({ how }) => how);
  same(context.values.returns, RETURNS[how][context.browser.name], "what the page was told of its return");
  for (const { how: word, before, words, visible, present } of returns) {
    for (const [place, text] of Object.entries({ before, words, visible })) {
      same(secrets.filter((secret) => text.includes(secret)), [], `seen ${place} (${word})`);
    }
    same(present, [], `the agent's presence (${word})`);
  }
  if (!returns.length) {
    same(await context.run("return [performance.getEntriesByType('navigation')[0].type, window.t.before]"), ["back_forward", null], "made anew");
    await until(() => scene.tokens.asked.length > asked, 10_000, "the user signed in anew");
    same(await context.state(), "booting", "the state before anybody vouches for the user");
    const old = secrets.filter((text) => ![USER, scene.session.backend].includes(text));
    same(await found(context, old), [], "readable in the page made anew");
    same(await context.run("return window.t.present()"), [], "the agent's presence");
    release();
    return context.waitForState("authenticated");
  }
  release();
  await context.waitForState("shutdown");
  same(await found(context, secrets), [], "readable in the window that was away");
  // It closes with a movement.
  await until(async () => !(await panel.isOpen()), 2_000, "its panel closed");
};

/** A page that was in the cache hears of it all the same when it is frozen later, though its store cannot tell it. */
async function frozenAgain(context) {
  const { site, group, panel } = await conversation(context, { user: USER, storage: "session", query: { cache: "no-cache" } });
  const [first, second] = group.windows;
  await group.to(second);
  const url = await context.driver.getCurrentUrl();
  await leave(context.driver, `${site.origin}/away.html`);
  await back(context.driver, url);
  await context.loaded();
  check((await context.run("return window.t.returns.map(({ how }) => how)")).includes("cache"), "the page came from the cache");
  await context.waitForState("authenticated");
  await context.call("chat", "open");
  await panel.waitForRow("(a-01)");
  const wake = await freeze(context.driver);
  await group.to(first);
  const { outcome } = await context.ask("logout", "chat");
  check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
  await group.to(second);
  await wake();
  await context.waitForState("shutdown");
  same((await context.run("return window.t.words()")).match(/\([va]-\d+\)/g), null, "what the page still says");
}

/**
 * The page dies after so many writes of its logout, by the module or, `unloaded`, by the small script before it; the next
 * load finishes what it began. A user goes by `shutdown()` alone, an anonymous visitor by `clearStorage`.
 */
const interrupted = ({ user, storage, unloaded } = {}) => async (context) => {
  const scene = await conversation(context, { user, storage, windows: 1 });
  const { page, site, who } = scene;
  const secrets = (await beforeLogout(context, scene)).filter((text) => !text.includes("/"));
  const good = await context.ask("storage");
  check(JSON.stringify(good).includes("marzipan"), "words are stored");
  const blank = site.page("chat.html");
  await context.open(blank);
  const options = { serverUrl: scene.serverUrl, storage, load: unloaded ? "manual" : "immediate" };
  const wrong = {};
  let writes = 1;
  for (let after = 1; after <= writes; after += Math.max(1, Math.floor(writes / 6))) {
    await context.ask("seed", good.local, good.session, good.cookie);
    await context.ask("make", "chat", options);
    if (!unloaded) await context.call("chat", "boot", ...who);
    const all = await context.ask("dieDuring", "chat", "shutdown", user ? [] : [{ clearStorage: true }], after);
    writes = Math.max(writes, all);
    // The next load, and nobody boots.
    await context.open(page([["load"]], { storage }));
    await context.waitForState("ready");
    const left = await until(async () => {
      const readable = await found(context, secrets);
      return readable.length === 0 || Promise.reject(new Error(show(readable)));
    }, 3_000, "nothing readable").catch((error) => error.message);
    if (left !== true) wrong[`after ${after} of ${writes} writes`] = left;
    await context.open(blank);
  }
  context.values.writes = writes;
  check(writes > 3, `a logout writes: ${writes}`);
  same(wrong, {}, "logouts that were not finished");
};

/** `shutdown` and, in the same turn, off to another page; in Chromium the renderer crashes upon it. */
async function navigated(context) {
  const scene = await conversation(context, { user: USER, windows: 1 });
  const { server, site, tokens, session } = scene;
  const secrets = await beforeLogout(context, scene);
  const replay = () => raw(context, server, { visitorId: session.visitorId, token: tokens.given[0] });
  same((await replay()).refused, undefined, "the token before the logout");
  const url = `${site.origin}/away.html`;
  if (context.browser.name === "chromium") {
    const window = await context.browser.newWindow();
    await context.driver.switchTo().window(context.browser.first);
    await context.run("window.t.chats.chat.shutdown()");
    await kill(context.browser);
    await context.driver.switchTo().window(window);
    await context.driver.get(site.page("chat.html"));
  } else {
    await context.run("setTimeout((url) => { window.t.chats.chat.shutdown(); location.href = url; }, 0, arguments[0])", url);
    await until(async () => (await context.driver.getCurrentUrl()) === url, 10_000, "the other page");
    await context.driver.get(site.page("chat.html"));
  }
  await context.loaded();
  same(await found(context, secrets), [], "readable afterwards");
  // The page died upon the call: its word to the server had left within it, and may arrive later than the next page.
  await until(async () => /^403::invalid_token/.test((await replay()).refused ?? ""), 5_000, "the old token refused");
  check((await everything(context)).includes("Lamps"), "the search would find something");
}

/** Before the module is loaded the small script does it all, the server included. */
async function unloaded(context) {
  const scene = await conversation(context, { user: USER });
  const { server, group, page, session, resume, tokens } = scene;
  const secrets = await beforeLogout(context, scene);
  await context.open(page([], { load: "manual" }));
  same(await context.state(), "not_initialized", "the state before load");
  const { atOnce, outcome } = await context.ask("logout", "chat", { clearStorage: true });
  const plain = (JSON.stringify(atOnce.storage) + atOnce.words).replaceAll("\\", "");
  same(secrets.filter((text) => plain.includes(text)), [], "readable as the call returned");
  check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
  same(await context.state(), "not_initialized", "the state after");
  await group.to(group.windows[1]);
  await context.waitForState("shutdown");
  await group.each(async () => same(await found(context, secrets), [], "readable afterwards"));
  const bob = await raw(context, server, { visitorId: session.visitorId });
  for (const value of Object.values(resume)) if (typeof value === "string") same(await opens(bob, value), [], "what an old key opens");
  for (const token of tokens.given) {
    await until(async () => /^403::invalid_token/.test((await raw(context, server, { visitorId: session.visitorId, token })).refused ?? ""), 5_000, "the old token refused");
  }
}

export const tests = [
  { id: "I.logout.hidden", run: away("hidden") },
  { id: "I.logout.frozen", run: away("frozen"), browsers: ["chromium"] },
  { id: "I.logout.frozen-again", run: frozenAgain, browsers: ["chromium"] },
  { id: "I.logout.cached", run: away("cached") },
  { id: "I.logout.interrupted", run: interrupted() },
  { id: "I.logout.interrupted-user", run: interrupted({ user: USER }) },
  { id: "I.logout.interrupted-cookie", run: interrupted({ storage: "cookie" }) },
  { id: "I.logout.interrupted-unloaded", run: interrupted({ user: USER, unloaded: true }) },
  { id: "I.logout.interrupted-unloaded-cookie", run: interrupted({ user: USER, storage: "cookie", unloaded: true }) },
  { id: "I.logout.navigated", run: navigated },
  { id: "I.logout.unloaded", run: unloaded },
];
