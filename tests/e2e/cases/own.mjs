// Identity and logout over a transport of the page's own, in front of a backend that is none of ours: the same rules as
// on CometD (identity.mjs, tokens.mjs, leave.mjs), and what such a transport is asked and told.
import { Operator } from "../operator.mjs";
import { Group, held, say } from "../group.mjs";
import { marked, marks } from "../panel.mjs";
import { Tokens, token } from "../tokens.mjs";
import { everything, found, leaves } from "../traces.mjs";
import { check, same, show, until } from "../within.mjs";

const as = (user) => ({ user: { id: user, name: `${user} Lovelace-King`, email: `${user}@example.org` }, tokenProvider: `@token:${user}` });
const identity = async (context) => (await context.ask("get", "chat")).identity;
const left = (context) => context.run("return window.t.left");
const states = (context) => context.run("return window.t.events.chat.filter(({ type }) => type === 'state').map(({ payload }) => payload.state)");

/** The operator's backend, and the site's, on origins of their own: devices. */
async function backends(context, devices = 1) {
  const sites = [];
  while (sites.length < devices) sites.push(await context.site());
  const operator = new Operator(...sites);
  const pages = sites.map((site) => ({
    site, tokens: new Tokens(site),
    url: (calls = []) => site.page("chat.html", [{ name: "chat", options: { transport: "@own", load: "immediate" }, calls }]),
  }));
  return { operator, pages, panel: context.panel(), ...pages[0] };
}

async function live(context, user) {
  await context.waitForState("authenticated");
  const { type, userId, verified } = await identity(context);
  same({ type, userId, verified }, { type: "authenticated", userId: user, verified: true }, "identity");
}

async function visitorSays(panel, text) {
  await panel.waitFor("input");
  await panel.say(text);
  await panel.waitForRow(text, 15_000, "sent|delivered|read");
}

/** `identify` in mid-session: history, draft and what is unsent stay; on another device the conversation appears. */
async function identify(context) {
  const { operator, pages, panel, tokens, url } = await backends(context, 2);
  await context.open(url([["boot"], ["open"]]));
  await context.waitForState("anonymous");
  await visitorSays(panel, marked("v", 1, "hello"));
  operator.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await panel.type("half a thought");
  await say(context, marked("v", 2, "unsent"));
  await context.call("chat", "identify", as("ada"));
  await live(context, "ada");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  same(await panel.read("return part('input').value"), "half a thought", "the draft");
  same(await panel.marks(), ["(v-01)", "(a-01)", "(v-02)"], "rows");
  same([tokens.reasons, await left(context)], [["identify"], []], "why a token was asked for, and how the connection was left");
  same(operator.talks().map(([whose]) => whose), ["ada"], "whose the conversation is");
  const stored = JSON.stringify(await context.ask("storage"));
  check(tokens.given.length === 1 && !stored.includes(tokens.given[0].split(".")[2]), "a token is stored");

  const [, device] = pages;
  await context.open(device.url([["boot", as("ada")], ["open"]]));
  await live(context, "ada");
  await panel.waitForRow("(v-02)", 15_000);
  same(await panel.marks(), ["(v-01)", "(a-01)", "(v-02)"], "rows on another device");
  await visitorSays(panel, marked("v", 3, "from the other device"));
  same(operator.talks().map(([, ...texts]) => marks(texts)), [["(v-01)", "(a-01)", "(v-02)", "(v-03)"]], "at the operator's");
  await context.hostLives();
}

/** A backend that takes us for somebody else is left as such at once, and nothing it tells them is seen or kept. */
async function wrong(context) {
  const { operator, panel, tokens, url } = await backends(context);
  operator.left("ben", marked("b", 1, "what ben was told"));
  const nothingOfBen = async (what) => {
    const heard = await context.run("return JSON.stringify(window.t.events.chat)");
    const transcript = (await context.state()) === "ready" ? [] : await held(context);
    check(!/\(b-01\)/.test(await everything(context) + heard + transcript), `something of ben ${what}`);
  };
  await context.open(url([["boot"], ["open"]]));
  await visitorSays(panel, marked("v", 1, "hello"));
  operator.mistake = "ben";
  await context.refused("chat", "identify", "invalid_token", as("ada"));
  same(await left(context), ["identity"], "how the connection was left");
  await context.waitForState("anonymous");
  await visitorSays(panel, marked("v", 2, "still nobody"));
  await nothingOfBen("is seen or kept by an anonymous visitor");
  same([(await identity(context)).type, await left(context)], ["anonymous", ["identity"]], "the session goes on");

  // A token that is renewed on the live connection.
  let release;
  const answered = new Promise((done) => { release = done; });
  tokens.make = (user, reason) => (reason === "rejected" ? answered.then(() => token(user)) : token(user, { life: 4 }));
  await context.call("chat", "shutdown", { clearStorage: true });
  await context.call("chat", "boot", as("ada"));
  await context.call("chat", "open");
  await live(context, "ada");
  await visitorSays(panel, marked("v", 3, "as ada"));
  operator.mistake = "ben";
  await until(() => tokens.reasons.at(-1) === "rejected", 8_000, "another token asked for");
  await context.event("auth:expired");
  // On a slow machine it was renewed before, too.
  same([tokens.reasons.slice(-2), await left(context)], [["expiring", "rejected"], ["identity", "shutdown", "identity"]], "left before there is another token");
  release();
  await context.waitForState("authenticated");
  await visitorSays(panel, marked("v", 4, "still ada"));
  await nothingOfBen("is seen or kept by ada");
  same([await panel.marks(), (await left(context)).length], [["(v-03)", "(v-04)"], 3], "rows, and connections left");

  // Refused as the connection is made: never live, and nothing to be seen.
  await context.open(url());
  tokens.make = () => token("ben", { sub: undefined });
  const outcome = await context.ask("call", "chat", "boot", [as("ada")]);
  check(/^(auth_required|invalid_token)$/.test(outcome.error?.code), `boot with a token of ben: ${show(outcome)}`);
  same((await states(context)).filter((state) => /anonymous|authenticated/.test(state)), [], "never live");
  await nothingOfBen("is seen of a connection that was refused");
  await context.hostLives();
}

/** A command refused for its token is done again with the next one; two refusals are the end, and never anonymous. */
async function refused(context) {
  const { operator, panel, tokens, url } = await backends(context);
  await context.open(url([["boot", as("ada")], ["open"]]));
  await live(context, "ada");
  await visitorSays(panel, marked("v", 1));
  operator.heard = [];
  operator.refuse = { type: "send", code: "auth_expired" };
  await say(context, marked("v", 2, "refused at first"));
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await context.event("auth:expired");
  same([tokens.reasons, operator.heard], [["boot", "rejected"], ["send", "identify", "send"]], "what was asked for a message refused");
  tokens.make = (user) => token(user, { secret: "a secret of somebody else, long enough" });
  operator.refuse = { type: "send", code: "invalid_token" };
  await say(context, marked("v", 3, "waits"));
  await context.waitForState("disconnected");
  same((await context.ask("get", "chat")).connection.reason, "auth", "the reason");
  check(/^(invalid_token|auth_required)$/.test((await context.event("error")).payload.error.code), "a typed error");
  same((await identity(context)).userId, "ada", "still the user's session");
  tokens.make = (user) => token(user);
  await context.call("chat", "boot", as("ada"));
  await live(context, "ada");
  await panel.waitForRow("(v-03)", 15_000, "sent|delivered|read");
  same(operator.talks().map(([whose, ...texts]) => [whose, ...marks(texts)]), [["ada", "(v-01)", "(v-02)", "(v-03)"]], "at the operator's, each once");
  same((await states(context)).includes("anonymous"), false, "never anonymous");
  await context.hostLives();
}

/** Logged out in the window without the connection, then in the one with it: nothing is left in either, and the transport is told. */
async function logout(context) {
  const { operator, panel, tokens, url } = await backends(context);
  await context.open(url([["boot", as("ada")], ["open"]]));
  await live(context, "ada");
  const group = await Group.of(context, url([["boot", as("ada")], ["open"]]));
  await visitorSays(panel, marked("v", 1, "about marzipan"));
  operator.say(marked("a", 1, "marzipan it is"));
  await group.add("authenticated");
  await panel.waitForRow("(a-01)");
  for (const at of [1, 0]) {
    const [leader] = group.windows;
    await group.to(leader);
    await panel.type("(d-01) draft of marzipan");
    await until(async () => (await found(context, ["(d-01)"])).length, 5_000, "the draft in storage");
    const { local, session } = await context.ask("storage");
    const { visitorId, resume } = JSON.parse(local["sc:default:session"]);
    const { key } = JSON.parse(resume);
    const secrets = ["marzipan", "(v-01)", "(a-01)", "(d-01)", "Quill", "Lovelace-King", "ada@example.org", ...tokens.given, ...leaves({ local, session })];
    operator.heard = [];
    await group.to(group.windows[at]);
    const { atOnce, outcome } = await context.ask("logout", "chat");
    const readable = (JSON.stringify(atOnce.storage) + atOnce.words).replaceAll("\\", "");
    same(secrets.filter((text) => readable.includes(text)), [], "readable as the call returned");
    check("value" in outcome, `shutdown resolves: ${show(outcome)}`);
    await group.each(async () => {
      await context.waitForState("shutdown");
      same(await found(context, secrets), [], "readable afterwards");
    });
    // In that order from the page; two requests may overtake each other.
    const ends = () => operator.heard.filter((word) => /^(leave|revoke)/.test(word)).sort();
    await until(() => ends().length > 1, 5_000, "the transport told of the logout");
    same(ends(), ["leave shutdown", "revoke"], "what the operator was told");
    for (const given of tokens.given) {
      const again = await operator.connect({ key, visitorId, user: { id: "ada", token: given }, lastIndex: {} }).catch((error) => error.code);
      if (given === tokens.given.at(-1)) same(again, "invalid_token", "the token of the connection, used once more");
    }
    same((await operator.perform({ key, command: { type: "conversations" } }).catch((error) => error.code)), "auth_expired", "the old key");
    if (at) {
      // Again, for the other window.
      await group.to(leader);
      await context.call("chat", "boot", as("ada"));
      await group.to(group.windows[1]);
      await context.call("chat", "boot", as("ada"));
      await group.each(async () => {
        await context.call("chat", "open");
        await live(context, "ada");
        await panel.waitForRow("(a-01)");
      });
    }
  }
  // Another user logs in here.
  await context.call("chat", "boot", as("bob"));
  await context.call("chat", "open");
  await live(context, "bob");
  await visitorSays(panel, marked("v", 2, "as bob"));
  same(await held(context), ["(v-02)"], "bob sees his own");
  check(!(await everything(context)).includes("marzipan"), "words of ada");
  await context.hostLives();
}

/** What is saved and who boots: nothing of one person is drawn for, sent by or merged into another. */
async function saved(context) {
  const { operator, panel, tokens, url } = await backends(context);
  const talk = async (number) => {
    await context.call("chat", "open");
    await visitorSays(panel, marked("v", number));
  };
  await context.open(url([["boot"]]));
  await context.waitForState("anonymous");
  const anonymous = (await identity(context)).visitorId;
  await talk(1);
  await context.open(url([["boot", as("ada")]]));
  await live(context, "ada");
  await talk(2);
  same(await panel.marks(), ["(v-02)"], "ada sees her own");
  const release = tokens.hold();
  await context.open(url([["boot", as("bob")]]));
  await until(() => tokens.asked.at(-1).user === "bob", 10_000, "bob's token asked for");
  same(marks([await context.ask("words")]), [], "words while bob boots");
  check(!/\(v-0[12]\)|\bada\b/i.test(JSON.stringify(await context.ask("storage"))), "something of ada is stored while bob boots");
  release();
  await live(context, "bob");
  await talk(3);
  same(await panel.marks(), ["(v-03)"], "bob sees his own");
  await context.open(url([["boot"]]));
  await context.waitForState("anonymous");
  await context.call("chat", "open");
  await panel.waitForRow("(v-01)", 15_000);
  same([await panel.marks(), (await identity(context)).visitorId], [["(v-01)"], anonymous], "the anonymous visitor of before sees their own");
  await context.call("chat", "shutdown");
  await context.call("chat", "boot", as("ada"));
  await context.call("chat", "open");
  await panel.waitForRow("(v-02)", 15_000);
  same(await panel.marks(), ["(v-02)"], "ada sees her own again");
  same(operator.talks().map(([whose, ...texts]) => [whose, ...marks(texts)]), [[null, "(v-01)"], ["ada", "(v-02)"], ["bob", "(v-03)"]], "whose words are whose");
  await context.hostLives();
}

/** Several windows: one connects, and speaks for the others; when it is killed with words under way another one goes on. */
async function tabs(context) {
  const { operator, panel, url } = await backends(context);
  const connects = () => operator.heard.filter((word) => word === "connect").length;
  await context.open(url([["boot"], ["open"]]));
  await context.waitForState("anonymous");
  await visitorSays(panel, marked("v", 1));
  const group = await Group.of(context, url([["boot"], ["open"]]));
  const [leader] = group.windows;
  while (group.windows.length < 3) await group.add();
  const everyone = (what, ...expected) => group.everywhere(what, async () => JSON.stringify((await held(context)).sort()) === JSON.stringify(expected.sort()));
  await group.to(group.windows[1]);
  await say(context, marked("v", 2, "from another window"));
  operator.say(marked("a", 1));
  await everyone("the same words", "(v-01)", "(v-02)", "(a-01)");
  same(connects(), 1, "connections made for three windows");
  await group.to(leader);
  await say(context, marked("v", 3, "of the one that dies"));
  await group.kill(leader);
  await say(context, marked("v", 4, "in the gap"));
  operator.say(marked("a", 2));
  const all = ["(v-01)", "(v-02)", "(v-03)", "(v-04)", "(a-01)", "(a-02)"];
  await everyone("the same words, of whoever is left", ...all);
  same(operator.talks().map(([whose, ...texts]) => [whose, ...marks(texts).sort()]), [[null, ...all.sort()]], "at the operator's, each once");
  same(connects(), 2, "connections made in all");
  await context.hostLives();
}

export const tests = [
  { id: "I.custom.identify", run: identify },
  { id: "I.custom.wrong", run: wrong },
  { id: "I.custom.token", run: refused },
  { id: "I.custom.logout", run: logout },
  { id: "I.custom.saved", run: saved },
  { id: "I.custom.tabs", run: tabs },
];
