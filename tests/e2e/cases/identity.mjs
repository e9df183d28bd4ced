// Who the visitor is: the cells of the table of `boot` that a browser can show, against a server that verifies tokens.
import { Agent } from "../agent.mjs";
import { say } from "../group.mjs";
import { Tokens } from "../tokens.mjs";
import { compare, marked, marks } from "../panel.mjs";
import { raw } from "../wire.mjs";
import { check, same, show, until } from "../within.mjs";

const WORDS = /\([va]-\d+\)/;
const as = (user, more = {}) => ({ user: { id: user, name: user.toUpperCase() }, tokenProvider: `@token:${user}`, ...more });
const identity = async (context) => (await context.ask("get", "chat")).identity;

/** A server, and a site that vouches for its users; `chats` gives the page of a site of its own origin: another device. */
async function backends(context, { args, devices = 1 } = {}) {
  const { server, proxy, site, serverUrl } = await context.backend({ args });
  const sites = [site];
  while (sites.length < devices) sites.push(await context.site({ servers: [proxy.origin] }));
  const pages = sites.map((one) => ({
    site: one, tokens: new Tokens(one),
    url: (calls = [], options = {}) => one.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", ...options }, calls }]),
  }));
  return { server, proxy, serverUrl, pages, ...pages[0] };
}

async function visitorSays(context, panel, text) {
  await panel.say(text);
  return panel.waitForRow(text, 15_000, "sent|delivered|read");
}

async function live(context, user) {
  await context.waitForState("authenticated");
  const { type, userId, verified } = await identity(context);
  same({ type, userId, verified }, { type: "authenticated", userId: user, verified: true }, "identity");
}

/** Nothing saved, `boot({user})`; then saved user A, `boot(A)`: nothing of A is drawn before A's token was accepted. */
async function bootUser(context) {
  const { server, tokens, url } = await backends(context);
  await context.open(url([["boot", as("ada")], ["open"]]));
  const panel = context.panel();
  await live(context, "ada");
  await panel.waitFor("input");
  await visitorSays(context, panel, marked("v", 1, "as ada"));
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  same((await server.state()).conversations.map(({ userId }) => userId), ["ada"], "whose the conversation is");
  same(tokens.reasons, ["boot"], "reasons");

  const release = tokens.hold();
  await context.reload();
  await until(() => tokens.asked.length === 2, 10_000, "the provider asked again");
  check(!WORDS.test(await context.ask("words")), "something is drawn before the token was accepted");
  same(await context.state(), "booting", "the state before that");
  release();
  await live(context, "ada");
  await panel.waitForRow("(a-01)", 15_000);
  same(await panel.marks(), ["(v-01)", "(a-01)"], "rows");
  same(tokens.reasons, ["boot", "boot"], "reasons");
  // Live user A: boot(A) resolves; boot(B), identify(B) and update(B) are refused and change nothing.
  await context.call("chat", "boot", as("ada"));
  for (const [method, argument] of [["boot", as("bob")], ["identify", as("bob")], ["update", { user: { id: "bob" } }]]) {
    await context.refused("chat", method, "identity_conflict", argument);
  }
  await live(context, "ada");
  same(await panel.marks(), ["(v-01)", "(a-01)"], "rows after the conflicts");
  const stored = JSON.stringify(await context.ask("storage"));
  for (const one of tokens.given) check(!stored.includes(one) && !stored.includes(one.split(".")[2]), "a token is stored");
  await context.hostLives();
}

/** `identify` in mid-session: history, draft and what is unsent stay; it is the user's from then on, on every device. */
async function identify(context) {
  const { server, proxy, pages, tokens, url } = await backends(context, { devices: 2 });
  await context.open(url([["boot"], ["open"]]));
  const panel = context.panel();
  await context.waitForState("anonymous");
  await panel.waitFor("input");
  await visitorSays(context, panel, marked("v", 1, "hello"));
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  const before = await identity(context);
  const saved = JSON.parse((await context.ask("storage")).local["sc:default:session"]);
  const resume = JSON.parse(saved.resume);
  same(saved.visitorId, before.visitorId, "the saved visitor");
  check(resume.visitorSecret, `a secret to replay: ${Object.keys(resume)}`);
  await panel.type("half a thought");
  await say(context, marked("v", 2, "unsent"));
  const outcome = await context.ask("call", "chat", "identify", [as("ada")]);
  check("value" in outcome, `identify resolves: ${show(outcome)}`);
  await live(context, "ada");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  same(await panel.read("return part('input').value"), "half a thought", "the draft");
  same(tokens.reasons, ["identify"], "reasons");
  const state = await server.state();
  same(state.merged, 1, "visitors merged");
  same(state.conversations.map(({ userId }) => userId), ["ada"], "whose the conversation is");
  const rows = await panel.marks();
  Object.assign(context.values, compare(["(v-01)", "(a-01)", "(v-02)"], rows));
  same([context.values.lost, context.values.twice], [0, 0], `rows: ${rows}`);

  // A device where ada never was: the earlier conversation appears.
  const [, device] = pages;
  await context.open(device.url([["boot", as("ada")], ["open"]]));
  await live(context, "ada");
  await panel.waitForRow("(v-02)", 15_000);
  same(await panel.marks(), rows, "rows on another device");
  await visitorSays(context, panel, marked("v", 3, "from the other device"));
  await until(async () => marks(await agent.texts()).includes("(v-03)"), 10_000, "the other device's message at the agent's");
  // The anonymous visitor of before opens nothing any more.
  const replay = await raw(context, server, { visitorId: before.visitorId, visitorSecret: resume.visitorSecret });
  check(replay.ext.visitorSecret !== resume.visitorSecret, "the anonymous visitor's secret is still good after the merge");
  await context.hostLives();
}

/** What is saved and who boots: nothing of one person is drawn for, sent by or merged into another. */
async function saved(context) {
  const { server, tokens, url } = await backends(context);
  const panel = context.panel();
  const words = async () => marks([await context.ask("words")]);
  const talk = async (number) => {
    await context.call("chat", "open");
    await panel.waitFor("input");
    await visitorSays(context, panel, marked("v", number));
  };
  // Anonymous, then saved; `boot(ada)` starts as ada, and merges nothing: it may be another person.
  await context.open(url([["boot"]]));
  await context.waitForState("anonymous");
  const anonymous = (await identity(context)).visitorId;
  await talk(1);
  await context.open(url([["boot", as("ada")]]));
  await live(context, "ada");
  await talk(2);
  same(await panel.marks(), ["(v-02)"], "ada sees her own");
  same((await server.state()).merged, 0, "visitors merged");
  // Saved ada: `boot(bob)` wipes her first, and she is not seen while bob's token is being fetched.
  const release = tokens.hold();
  await context.open(url([["boot", as("bob")]]));
  await until(() => tokens.asked.at(-1).user === "bob", 10_000, "bob's token asked for");
  same(await words(), [], "words while bob boots");
  // As a word: three hexadecimal digits of somebody's id may spell it, too.
  const stored = JSON.stringify(await context.ask("storage"));
  check(!/\(v-0[12]\)|\bada\b/i.test(stored), `something of ada is stored while bob boots: ${stored}`);
  release();
  await live(context, "bob");
  await talk(3);
  same(await panel.marks(), ["(v-03)"], "bob sees his own");
  // Saved bob: `boot()` wipes him; the anonymous visitor that was set aside is resumed.
  await context.open(url([["boot"]]));
  await context.waitForState("anonymous");
  await context.call("chat", "open");
  await panel.waitForRow("(v-01)", 15_000);
  same(await panel.marks(), ["(v-01)"], "the anonymous visitor sees their own");
  same((await identity(context)).visitorId, anonymous, "the anonymous visitor");
  // And ada, anywhere, finds her conversation again.
  await context.call("chat", "shutdown");
  await context.call("chat", "boot", as("ada"));
  await context.call("chat", "open");
  await panel.waitForRow("(v-02)", 15_000);
  same(await panel.marks(), ["(v-02)"], "ada sees her own again");
  const state = await server.state();
  same(state.conversations.map(({ userId, messages }) => [userId ?? null, marks(messages.map(({ text }) => text ?? ""))]).sort(),
    [[null, ["(v-01)"]], ["ada", ["(v-02)"]], ["bob", ["(v-03)"]]].sort(), "whose words are whose");
}

export const tests = [
  { id: "I.identity.saved", run: saved },
  { id: "I.identity.boot", run: bootUser },
  { id: "I.identity.identify", run: identify },
];
