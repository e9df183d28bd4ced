// The anonymous visitor set aside while a user is here, where the cookie keeps the session and each tab has its own
// `sessionStorage` beside it: a logout in another tab that clears all leaves neither them nor what opens anything of
// theirs; one that does not leaves them the way back.
import { Group } from "../group.mjs";
import { marked } from "../panel.mjs";
import { Tokens } from "../tokens.mjs";
import { opens, raw } from "../wire.mjs";
import { check, same, until } from "../within.mjs";

const as = (id) => ({ user: { id, name: id.toUpperCase() }, tokenProvider: `@token:${id}` });
const KEY = "sc:default:aside";

/** A tab in which an anonymous visitor has talked, who is set aside since ada booted there; `secrets` are the visitor's. */
async function scene(context) {
  const { server, site, serverUrl } = await context.backend();
  new Tokens(site);
  const url = (calls, options = {}) => site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", storage: "cookie", ...options }, calls }]);
  await context.open(url([["boot"], ["open"]]));
  await context.waitForState("anonymous");
  const panel = context.panel();
  await panel.waitFor("input");
  await panel.say(marked("v", 1, "about marzipan"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  await context.call("chat", "shutdown");
  await context.call("chat", "boot", as("ada"));
  const aside = () => context.run("return sessionStorage.getItem(arguments[0])", KEY);
  const { visitorId, resume } = JSON.parse(await aside());
  const { visitorSecret, secureKey } = JSON.parse(resume);
  check(visitorSecret && secureKey, "something to replay");
  const group = await Group.of(context, url([["boot", as("ada")]]));
  return { server, site, url, panel, group, aside, visitorId, visitorSecret, secureKey, first: group.windows[0] };
}

/** What was set aside opens nothing any more. */
async function refused(context, { server, visitorId, visitorSecret, secureKey }) {
  await until(async () => {
    const replay = await raw(context, server, { visitorId, visitorSecret });
    return replay.ext.visitorSecret !== visitorSecret && !(await opens(replay, secureKey)).length;
  }, 5_000, "the secret and key of the visitor set aside refused");
}

/** The next anonymous visitor of this tab is this one. */
async function next(context, { panel, visitorId }, same) {
  await context.call("chat", "boot");
  await context.call("chat", "open");
  const { identity } = await context.ask("get", "chat");
  check((identity.visitorId === visitorId) === same, `the next anonymous visitor is ${same ? "not " : ""}the one set aside`);
  if (same) await panel.waitForRow("(v-01)", 20_000);
  else check(!/\(v-01\)/.test(await context.ask("words")), "the next visitor is shown what was said before");
}

const logout = (args) => async (context) => {
  const all = await scene(context);
  const { group, aside, first } = all;
  await group.add("authenticated");
  const { outcome } = await context.ask("logout", "chat", args);
  check("value" in outcome, "shutdown resolved");
  await group.to(first);
  await context.waitForState("shutdown");
  if (!args) {
    check(await aside(), "a logout that keeps the anonymous visitor has dropped them");
    return next(context, all, true);
  }
  await until(async () => !await aside(), 2_000, "the visitor set aside is gone");
  await refused(context, all);
  return next(context, all, false);
};

/** The other tab has not even loaded the module. */
async function unloaded(context) {
  const all = await scene(context);
  const { group, url, aside, first } = all;
  await context.browser.newWindow();
  await context.open(url([], { load: "manual" }));
  await context.ask("logout", "chat", { clearStorage: true });
  await group.to(first);
  await context.waitForState("shutdown");
  await until(async () => !await aside(), 2_000, "the visitor set aside is gone");
  await refused(context, all);
  await next(context, all, false);
}

/** The tab that has them is elsewhere and hears nothing; somebody else is here by the time it is back. */
async function away(context) {
  const all = await scene(context);
  const { site, group, url, aside, first } = all;
  const second = await group.add("authenticated");
  await group.to(first);
  await context.driver.get(`${site.origin}/away.html`);
  await group.to(second);
  await context.ask("logout", "chat", { clearStorage: true });
  const third = await context.browser.newWindow();
  await context.open(url([["boot", as("bob")]]));
  await context.waitForState("authenticated");
  const { identity } = await context.ask("get", "chat");
  await group.to(first);
  check(await aside(), "nobody could reach it there");
  await context.open(url([]));
  await context.waitForState("ready");
  await until(async () => !await aside(), 2_000, "the visitor set aside is gone");
  await refused(context, all);
  // Whoever came meanwhile is none of its business.
  await group.to(third);
  await context.reload();
  await context.waitForState("authenticated");
  same((await context.ask("get", "chat")).identity.visitorId, identity.visitorId, "bob's session");
}

export const tests = [
  { id: "I.logout.aside", run: logout() },
  { id: "I.logout.aside-clear", run: logout({ clearStorage: true }) },
  { id: "I.logout.aside-unloaded", run: unloaded },
  { id: "I.logout.aside-away", run: away },
];
