// Every rule of the token provider against a server that verifies: one question at a time and why it is asked, what no
// token is, what a refusal means; and never an anonymous session where a user was meant.
import { LOGIN_PAGE, Tokens, token } from "../tokens.mjs";
import { say } from "../group.mjs";
import { marked } from "../panel.mjs";
import { raw } from "../wire.mjs";
import { check, same, show, until } from "../within.mjs";

const ada = { user: { id: "ada" }, tokenProvider: "@token:ada" };
const states = (context) => context.run("return window.t.events.chat.filter(({ type }) => type === 'state').map(({ payload }) => payload.state)");
const identity = async (context) => (await context.ask("get", "chat")).identity;

async function page(context, { args, query, calls = [], options = {} } = {}) {
  const { server, proxy, site, serverUrl } = await context.backend({ args });
  const tokens = new Tokens(site);
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", ...options }, calls }], query));
  return { server, proxy, site, serverUrl, tokens, panel: context.panel() };
}

/** What was said to the server, and where: tokens travel in bodies of requests and frames, and nowhere else. */
function sent(proxy) {
  return { paths: proxy.requests.map(({ path }) => path).join("\n"), bodies: [...proxy.frames, ...proxy.requests.map(({ body }) => body)].join("\n") };
}

/** Asked once by however many calls; then before its end, after a refusal and after sleep, each with its reason. */
async function reasons(context) {
  const { server, proxy, tokens, panel } = await page(context, { calls: [["load"]] });
  await context.waitForState("ready");
  const release = tokens.hold();
  tokens.make = (user) => token(user, { life: 4 });
  const calls = context.ask("together", "chat", [["boot", ada], ["boot", ada], ["identify", ada]]);
  await until(() => tokens.asked.length, 10_000, "the provider asked");
  same((await server.state()).sessions, [], "sessions before there is a token");
  release();
  same((await calls).map((outcome) => Object.keys(outcome)), [["value"], ["value"], ["value"]], "three calls, one boot");
  await context.waitForState("authenticated");
  same(tokens.reasons, ["boot"], "one question for three calls");

  // A token of four seconds is renewed after two, while there is a connection it is good for.
  await context.call("chat", "open");
  tokens.make = (user) => token(user);
  await until(() => tokens.asked.length === 2, 8_000, "the provider asked before the token expires");
  await server.fault({ kind: "refuse-operation", operation: "requestChat", code: "auth_expired" });
  await panel.waitFor("input");
  await say(context, marked("v", 1, "refused at first"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  await context.event("auth:expired");
  proxy.deafen();
  await context.run("window.t.sleep(600_000); dispatchEvent(new Event('online'))");
  await say(context, marked("v", 2, "after sleep"));
  await panel.waitForRow("(v-02)", 20_000, "sent|delivered|read");
  same(tokens.reasons, ["boot", "expiring", "rejected", "resume"], "reasons");
  context.values.reasons = tokens.reasons;
  const [conversation, ...others] = (await server.state()).conversations;
  same([others.length, conversation.userId], [0, "ada"], "one conversation, the user's");
  same(conversation.messages.filter(({ type }) => type === "Message").map(({ text }) => text.slice(0, 6)), ["(v-01)", "(v-02)"], "messages");
  same((await states(context)).includes("anonymous"), false, "never anonymous");
  same(await context.run("return window.t.asking"), 1, "questions open at a time");
  const { paths } = sent(proxy);
  check(tokens.given.every((one) => !paths.includes(one)), "no token in an address");
  check(!JSON.stringify(await context.ask("storage")).includes("eyJ"), "no token in storage");
}

/** Two refusals in a row: `disconnected`, reason `auth`; what was written waits, and leaves with a good token. */
async function refused(context) {
  const { server, proxy, tokens, panel } = await page(context, { calls: [["boot", ada], ["open"]] });
  await context.waitForState("authenticated");
  await panel.waitFor("input");
  await say(context, marked("v", 1));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  tokens.make = (user) => token(user, { secret: "a secret of somebody else, long enough" });
  await server.fault({ kind: "refuse-operation", operation: "sendMessage", code: "invalid_token" });
  await context.run("window.t.hasten(20)");
  await say(context, marked("v", 2, "waits"));
  await context.waitForState("disconnected");
  const [last] = (await context.run("return window.t.events.chat.filter(({ type }) => type === 'state').map(({ payload }) => payload)")).slice(-1);
  same([last.state, last.reason], ["disconnected", "auth"], "the state");
  const { payload } = await context.event("error");
  check(/^(invalid_token|auth_expired|auth_required)$/.test(payload.error.code), `the error: ${payload.error.code}`);
  same(tokens.reasons, ["boot", "rejected"], "reasons");
  same((await identity(context)).type, "authenticated", "still the user's session");
  // Good tokens are to be had from here on, and nobody asks for one, whatever timer runs out: the longest is one of 75 s.
  tokens.make = (user) => token(user);
  const [asked, questions] = [proxy.accepted, tokens.asked.length];
  await context.timersRunOut(90_000);
  same([proxy.accepted, tokens.asked.length], [asked, questions], "attempts and questions by itself");
  await context.call("chat", "boot", ada);
  await context.waitForState("authenticated");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  same((await server.state()).conversations[0].messages.filter(({ text }) => text?.includes("(v-02)")).length, 1, "the message that waited, once");
  same((await states(context)).includes("anonymous"), false, "never anonymous");
}

/** What is no token is not sent: a login page, another user's, nothing, an answer that never comes. */
async function noToken(context) {
  // Fifteen seconds of patience, on a clock ten times as fast.
  const { server, proxy, tokens } = await page(context, { query: { warp: 10 }, calls: [["load"]] });
  await context.waitForState("ready");
  const attempt = async (make, code, reason) => {
    tokens.make = make;
    const error = await context.refused("chat", "boot", code, ada);
    if (reason) same(error.reason, reason, "the reason");
    same(await context.state(), "ready", `the state after ${code}`);
  };
  await attempt(() => LOGIN_PAGE, "invalid_token");
  await attempt(() => "two words", "invalid_token");
  await attempt((user) => token(user, { sub: "bob" }), "invalid_token");
  await attempt(() => "", "auth_required");
  const release = tokens.hold();
  const began = Date.now();
  await attempt((user) => token(user), "auth_required", "timeout");
  context.values.gave_up_ms = (Date.now() - began) * 10;
  release();
  const { bodies } = sent(proxy);
  check(!/doctype|two words|eyJ/.test(bodies), `something that is no token was sent: ${bodies.slice(0, 300)}`);
  same((await server.state()).sessions, [], "sessions at the server");
  same((await states(context)).filter((state) => /anonymous|authenticated/.test(state)), [], "never live");
}

/** Tokens of another site, for another service, of a wrong secret, out of date; and a page of a foreign origin. */
async function foreign(context) {
  const { server, tokens } = await page(context, { calls: [["load"]] });
  await context.waitForState("ready");
  const bad = { iss: "another-shop", aud: "another-service", secret: "a secret of somebody else, long enough", life: -60 };
  for (const [key, value] of Object.entries(bad)) {
    tokens.make = (user) => token(user, { [key]: value });
    const outcome = await context.ask("call", "chat", "boot", [ada]);
    check(/^(invalid_token|auth_expired)$/.test(outcome.error?.code), `boot with a wrong ${key}: ${show(outcome)}`);
    same(await context.state(), "ready", `the state after a wrong ${key}`);
    const { refused: raws } = await raw(context, server, { visitorId: "v-1", token: tokens.make("ada") });
    check(/^403::(invalid_token|auth_expired)/.test(raws), `raw, with a wrong ${key}: ${raws}`);
  }
  same((await server.state()).sessions, [], "sessions at the server");
  same((await states(context)).filter((state) => /anonymous|authenticated/.test(state)), [], "never live");
  // A server that allows another origin than this page's says so, and is asked once: booting as a user, and live.
  for (const disableWebSockets of [false, true]) {
    const strict = await page(context, { args: ["--origins", "https://shop.example"], calls: [["load"]], options: { disableWebSockets } });
    await context.waitForState("ready");
    const began = await context.run("return performance.now()");
    await context.refused("chat", "boot", "invalid_origin", ada);
    const took = await context.run("return performance.now() - arguments[0]", began);
    context.values.foreign_origin_ms = Math.max(context.values.foreign_origin_ms ?? 0, Math.round(took));
    check(took < 5_000, `told after ${took} ms`);
    same(await context.state(), "ready", "the state");
    await context.call("chat", "boot");
    await context.call("chat", "open");
    await context.waitForState("disconnected");
    const { connection } = await context.ask("get", "chat");
    same([connection.state, connection.reason], ["disconnected", "refused"], "the connection");
    await context.event("error", ({ error }) => error.code === "invalid_origin");
    const kind = disableWebSockets ? "long-polling" : "websocket";
    same(strict.proxy.channels(kind), ["/meta/handshake", "/meta/handshake"], "what was said");
    same((await strict.server.state()).sessions, [], "sessions of a foreign origin");
    const answer = await fetch(strict.server.serverUrl, { method: "POST", headers: { origin: "https://elsewhere.example", "content-type": "application/json" }, body: "[]" });
    same(answer.status, 403, "a raw request of a foreign origin that is no Bayeux");
  }
}

/** No provider: the user is an attribute, and sees no earlier history; a server that wants proof says so. */
async function unproved(context) {
  const { server, panel } = await page(context, { calls: [["boot", { user: { id: "ada" } }], ["open"]], options: { connect: "eager" } });
  await context.waitForState("authenticated");
  same((await identity(context)).verified, false, "verified");
  await panel.waitFor("input");
  await say(context, marked("v", 1));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  same((await server.state()).conversations.map(({ userId }) => userId ?? null), [null], "not the user's at the server");
  const warned = await context.run("return window.t.console.filter(({ level }) => level === 'warn').length");
  same(warned, 1, "warnings");
  await page(context, { args: ["--require-identity"], calls: [["load"]] });
  await context.waitForState("ready");
  await context.refused("chat", "boot", "auth_required", { user: { id: "ada" } });
  same((await states(context)).filter((state) => /anonymous|authenticated/.test(state)), [], "never live without the proof");
}

export const tests = [
  { id: "I.token.reasons", run: reasons },
  { id: "I.token.refused", run: refused },
  { id: "I.token.no-token", run: noToken },
  { id: "I.identity.refused", run: foreign },
  { id: "I.identity.unproved", run: unproved },
];
