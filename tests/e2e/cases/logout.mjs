// Logout leaves nothing behind: storage, cookies and document are read in the very turn of the call, in this
// tab and in another one.
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { opens, raw } from "../wire.mjs";
import { check, same, show, until } from "../within.mjs";

const AGENT = "Annabeth Quill";
const TRACES = [/\([vad]-\d+\)/, /marzipan/, /Annabeth|Quill/];

/** The traces of the conversation in a text. */
function traces(text) {
  return TRACES.filter((trace) => trace.test(text)).map(String);
}

async function conversation(context, options = {}) {
  const scene = await begin(context, { options, first: marked("v", 1, "about marzipan"), agentName: AGENT });
  const { panel, agent } = scene;
  await agent.say(marked("a", 1, "marzipan it is"));
  await panel.waitForRow("(a-01)");
  await panel.say(marked("v", 2, "more marzipan"));
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  // Something unsent and a draft, which must go as well.
  await context.run("window.t.chats.chat.sendMessage({ text: '(v-03) late marzipan' })");
  await panel.type("(d-01) draft of marzipan");
  await until(async () => traces(JSON.stringify(await context.ask("storage"))).length, 5_000, "the conversation in storage");
  return scene;
}

const logout = (args) => async (context) => {
  const scene = await conversation(context);
  const { panel, url } = scene;
  const visitor = (await context.ask("get", "chat")).identity.visitorId;
  const first = await context.driver.getWindowHandle();
  const second = await context.browser.newWindow();
  await context.open(url);
  await context.waitForState("anonymous");
  await until(async () => traces(await context.ask("words")).length, 15_000, "the conversation in the second window");
  await context.driver.switchTo().window(first);

  const { atOnce, outcome } = await context.ask("logout", "chat", args);
  same(traces(JSON.stringify(atOnce.storage)), [], "traces in storage as the call returned");
  same(traces(atOnce.words), [], "traces in the document as the call returned");
  check("value" in outcome, `shutdown resolved: ${show(outcome)}`);
  await context.waitForState("shutdown");
  const stored = await context.ask("storage");
  same(traces(JSON.stringify(stored)), [], "traces in storage afterwards");
  await until(async () => !(await panel.isOpen()), 2_000, "the panel closed");
  same(stored.databases.concat(stored.caches), [], "databases and caches");
  const keys = [...Object.keys(stored.local), ...Object.keys(stored.session)].filter((key) => key.startsWith("sc:"));
  context.values.keys = keys;
  if (args?.clearStorage) {
    const others = keys.filter((key) => !/^sc:default:(epoch|consent)$/.test(key));
    same(others, [], "keys of ours left");
    check(/^\d+$/.test(stored.local["sc:default:epoch"] ?? "0"), `the epoch is a bare number: ${stored.local["sc:default:epoch"]}`);
    check(!/sc-default/.test(stored.cookie), "no cookie of ours");
  }

  await context.driver.switchTo().window(second);
  await until(async () => traces(await context.ask("words")).length === 0, 2_000, "the second window wiped");
  await context.waitForState("shutdown");
  await context.driver.switchTo().window(first);
  // The next boot: the same visitor with the history of the server, or a new one with nothing.
  await context.call("chat", "boot");
  await context.call("chat", "open");
  const next = (await context.ask("get", "chat")).identity.visitorId;
  if (args?.clearStorage) {
    check(next !== visitor, "a new visitor");
    same(traces(await context.ask("words")), [], "the new visitor sees nothing");
  } else {
    same(next, visitor, "the visitor");
    await panel.waitForRow("(a-01)", 20_000);
  }
  await context.hostLives();
};

/** Where each store keeps the session. */
export const sessions = {
  local: ({ local }) => local["sc:default:session"],
  session: ({ session }) => session["sc:default:session"],
  cookie: ({ cookie }) => new URLSearchParams(/sc-default=([^;]*)/.exec(cookie)[1]).get("session"),
  "@kept-sync": ({ session }) => JSON.parse(session["page-own-store"]).entries.session,
};

/** A click that logs out before the load hands over its event: what is stored is gone as its handler returns. */
async function click(context) {
  const site = await context.site();
  await context.open(site.page("chat.html", [{ name: "chat", options: { load: "manual", serverUrl: "http://127.0.0.1:9/" } }]));
  same(await context.run(`
    localStorage["sc:default:session"] = '{"epoch":1,"userId":"ada"}';
    localStorage["sc:default:draft"] = "words";
    const button = document.body.appendChild(document.createElement("button"));
    button.onclick = window.t.chats.chat.shutdown;
    button.click();
    const { chat } = window.t.chats;
    return ["sc:default:draft" in localStorage, "sc:default:session" in localStorage, chat.state];`), [false, false, "not_initialized"], "as the handler returned");
}

/** `shutdown` before the module was loaded at all: the loader wipes, and tells the server. */
const unloaded = (storage) => async (context) => {
  const scene = await conversation(context, { storage });
  const { server, site, serverUrl } = scene;
  const session = JSON.parse(sessions[storage](await context.ask("storage")));
  const { visitorSecret, secureKey } = JSON.parse(session.resume);
  check(visitorSecret && secureKey, "something to replay");
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, storage, load: "manual" } }]));
  same(await context.state(), "not_initialized", "state before load");
  const { atOnce, outcome } = await context.ask("logout", "chat", { clearStorage: true });
  same(traces(JSON.stringify(atOnce.storage)), [], "traces in storage as the call returned");
  check("value" in outcome, `shutdown resolved: ${show(outcome)}`);
  same(await context.state(), "not_initialized", "state after");
  const { local, session: ofTab, cookie } = await context.ask("storage");
  const keys = [...Object.keys(local), ...Object.keys(ofTab)].filter((key) => /^sc:|^page-own/.test(key));
  same(keys.filter((key) => !/:(epoch|consent)$/.test(key)), [], "keys of ours left");
  check(!/sc-default/.test(cookie), `a cookie of ours is left: ${cookie}`);
  // The request is on its way when the promise resolves; what opened anything is worthless once it has arrived.
  await until(async () => {
    const replay = await raw(context, server, { visitorId: session.visitorId, visitorSecret });
    return replay.ext.visitorSecret !== visitorSecret && !(await opens(replay, secureKey)).length;
  }, 5_000, "the old secret and key refused");
};

export const tests = [
  { id: "A.logout.plain", run: logout() },
  { id: "A.logout.clear", run: logout({ clearStorage: true }) },
  { id: "A.logout.unloaded", run: unloaded("local") },
  { id: "A.logout.unloaded-click", run: click },
  { id: "A.logout.unloaded-cookie", run: unloaded("cookie") },
  { id: "A.logout.unloaded-own", run: unloaded("@kept-sync") },
];
