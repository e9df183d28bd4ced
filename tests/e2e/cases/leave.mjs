// A logout that cannot leak: nothing of the conversation can be read in any tab afterwards, and what was stored opens
// nothing at the server any more. Then another user logs in on the same browser.
import { Agent } from "../agent.mjs";
import { Group } from "../group.mjs";
import { sessions } from "./logout.mjs";
import { Tokens } from "../tokens.mjs";
import { everything, found, leaves } from "../traces.mjs";
import { opens, raw } from "../wire.mjs";
import { marked } from "../panel.mjs";
import { check, same, show, until } from "../within.mjs";

const AGENT = "Annabeth Quill";
const WORDS = ["(v-01)", "(v-02)", "(v-03)", "(a-01)", "(d-01)", "marzipan", "Annabeth", "Quill"];

/** A word between windows takes no longer on an idle machine. */
const IDLE_MS = 25;
/** Nor does the call. */
const IDLE_CALL_MS = 50;

/** A page with a conversation, something unsent and a draft; and a second window of the same visitor. */
export async function conversation(context, { user, query, storage, windows = 2 } = {}) {
  const { server, proxy, site, serverUrl } = await context.backend();
  const tokens = new Tokens(site);
  const who = user ? [{ user: { id: user, name: "Ada Lovelace-King", email: "ada.king@example.org" }, tokenProvider: `@token:${user}` }] : [];
  const page = (calls, options = {}) => site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", ...options }, calls }], query);
  const url = page([["boot", ...who], ["open"]], { storage });
  await context.open(url);
  const state = user ? "authenticated" : "anonymous";
  await context.waitForState(state);
  const panel = context.panel();
  await panel.waitFor("input");
  await panel.say(marked("v", 1, "about marzipan"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const agent = new Agent(server, AGENT);
  await agent.take();
  await agent.say(marked("a", 1, "marzipan it is"));
  await panel.waitForRow("(a-01)");
  const group = await Group.of(context, url);
  while (group.windows.length < windows) {
    await group.add(state);
    await panel.waitForRow("(a-01)");
  }
  await group.to(group.windows[0]);
  const session = JSON.parse(sessions[storage ?? "local"](await context.ask("storage")));
  const resume = session.resume ? JSON.parse(session.resume) : {};
  return { server, proxy, site, serverUrl, tokens, who, page, url, panel, agent, group, session, resume, state };
}

/** Something unsent, a draft; then every text that is stored. */
export async function beforeLogout(context, { panel, tokens }) {
  await panel.type("(d-01) draft of marzipan");
  await context.run("window.t.chats.chat.sendMessage({ text: '(v-03) late marzipan' }).catch(() => {})");
  await until(async () => (await found(context, ["(d-01)"])).length, 5_000, "the draft in storage");
  const { local, session, cookie } = await context.ask("storage");
  return [...WORDS, "ada-1815", "Lovelace-King", "ada.king@example.org", ...tokens.given, ...leaves({ local, session, cookie })];
}

/** How long after the call this window, which watches, showed and stored nothing more; and how long bare words took. */
async function elsewhere(context, { calledAt, returnedAt }) {
  const { seen, stored, before, after } = await until(() => context.run(
    "const { cleared, told } = window.t; return cleared.seen && cleared.stored && told.after && { ...cleared, ...told };"), 5_000, "nothing seen and stored any more");
  return { seen: seen - calledAt, stored: stored - calledAt, word: Math.max(before - calledAt, after - returnedAt), call: returnedAt - calledAt };
}

/** In other windows within 100 ms of the call's start; where bare words, or the call itself, took longer than on an idle machine, of them. */
function cleared(context, samples) {
  const round = (ms) => Math.round(ms * 10) / 10;
  const most = (name) => round(Math.max(...samples.map((sample) => sample[name])));
  const all = samples.flatMap(({ seen, stored }) => [seen, stored]).sort((a, b) => a - b);
  Object.assign(context.values, { elsewhere_max_ms: round(all.at(-1)), elsewhere_median_ms: round(all[all.length >> 1]),
    seen_max_ms: most("seen"), stored_max_ms: most("stored"), word_max_ms: most("word") });
  const busy = (ms, idle) => (ms > idle ? ms : 0);
  for (const { seen, stored, word, call } of samples) {
    check(Math.max(seen, stored) - busy(word, IDLE_MS) - busy(call, IDLE_CALL_MS) <= 100, `other windows: ${show(samples)}`);
  }
}

/** Each of three windows logs out once, the leader and the followers; the two others watch. */
async function promptly(context) {
  const { panel, group } = await conversation(context, { windows: 3 });
  const samples = [];
  for (const handle of [...group.windows]) {
    const others = group.windows.filter((other) => other !== handle);
    await group.each(() => panel.waitForRow("(a-01)"));
    await until(() => context.run("return JSON.stringify(localStorage).includes('(a-01)')"), 5_000, "the words in storage");
    for (const other of others) {
      await group.to(other);
      await context.ask("watch", ["(v-01)", "(a-01)", "marzipan", "Annabeth"]);
    }
    await group.to(handle);
    const { atOnce, outcome } = await context.ask("logout", "chat");
    check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
    for (const other of others) {
      await group.to(other);
      samples.push(await elsewhere(context, atOnce));
      await context.waitForState("shutdown");
    }
    await group.each(async () => {
      await context.call("chat", "boot");
      await context.call("chat", "open");
    });
  }
  context.values.samples = samples.length * 2;
  cleared(context, samples);
}

const logout = ({ user, clear }) => async (context) => {
  const scene = await conversation(context, { user });
  const { server, panel, group, tokens, resume, session } = scene;
  await panel.say(marked("v", 2, "more marzipan"));
  const secrets = await beforeLogout(context, scene);
  context.values.secrets = secrets.length;
  // An anonymous visitor who only logs out comes back as the same one: that is all that may stay.
  const keeps = !user && !clear;
  const kept = keeps ? leaves({ visitor: session.visitorId, sid: session.sid, backend: session.backend, resume, chat: session.conversation }) : [];
  const forbidden = secrets.filter((text) => !kept.includes(text) && text !== session.backend);

  await group.to(group.windows[1]);
  await context.ask("watch", forbidden);
  await group.to(group.windows[0]);
  const { atOnce, outcome } = await context.ask("logout", "chat", clear ? { clearStorage: true } : undefined);
  const plain = (JSON.stringify(atOnce.storage) + atOnce.words).replaceAll("\\", "");
  same(forbidden.filter((text) => plain.includes(text.replaceAll("\\", ""))), [], "readable as the call returned");
  context.values.call_ms = Math.round(atOnce.returnedAt - atOnce.calledAt);
  check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
  await context.waitForState("shutdown");
  await group.to(group.windows[1]);
  await context.waitForState("shutdown");
  cleared(context, [await elsewhere(context, atOnce)]);
  await group.each(async (handle) => same(await found(context, forbidden), [], `readable in window ${group.windows.indexOf(handle) + 1}`));

  // What was stored, or overheard, on the wire.
  const replay = await raw(context, server, { visitorId: session.visitorId, visitorSecret: resume.visitorSecret });
  if (clear && !user) check(replay.ext.visitorSecret !== resume.visitorSecret, "the old visitorSecret is still good");
  for (const secureKey of leaves(resume)) same(await opens(replay, secureKey), [], "what an old key opens");
  for (const token of tokens.given) {
    // Each window has its own, and revokes it when it hears of the logout.
    await until(async () => {
      const again = await raw(context, server, { visitorId: session.visitorId, token });
      return /^403::invalid_token/.test(again.refused ?? "") || Promise.reject(new Error(show(again.ext)));
    }, 5_000, "the old token refused");
  }

  // Another user, on the same browser.
  await group.to(group.windows[0]);
  await context.call("chat", "boot", { user: { id: "bob", name: "Bob" }, tokenProvider: "@token:bob" });
  await context.call("chat", "open");
  await panel.waitFor("input");
  same(await found(context, forbidden), [], "readable to the next user");
  await panel.say(marked("b", 1, "bob was here"));
  await panel.waitForRow("(b-01)", 15_000, "sent|delivered|read");
  same(await panel.marks(), ["(b-01)"], "rows of the next user");
  same((await server.state()).conversations.map(({ userId }) => userId ?? null).sort(), [user ?? null, "bob"].sort(), "whose the conversations are");
  await context.hostLives();
  check((await everything(context)).includes("(b-01)"), "the search would find something");
};

export const tests = [
  { id: "I.logout.promptly", run: promptly, alone: true },
  { id: "I.logout.anonymous", run: logout({}), alone: true },
  { id: "I.logout.anonymous-clear", run: logout({ clear: true }), alone: true },
  { id: "I.logout.user", run: logout({ user: "ada-1815" }), alone: true },
  { id: "I.logout.user-clear", run: logout({ user: "ada-1815", clear: true }), alone: true },
];
