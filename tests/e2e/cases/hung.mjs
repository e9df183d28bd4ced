// Leaders that are alive but of no use: hung, hidden without a connection, or in a browser without locks.
import { INSECURE } from "../browsers.mjs";
import { Group, held, say, whole } from "../group.mjs";
import { freeze, hide } from "../pagelife.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

const connections = async (server) => (await server.state()).connections;

/** A leader that lives and does nothing loses the lead to a visible window, and does no harm when it wakes. */
const zombie = (stun) => async (context) => {
  const scene = await begin(context);
  const { server, agent, url } = scene;
  const group = await Group.of(context, url);
  await group.add();
  const { handle } = await group.leader();
  const [other] = group.windows.filter((one) => one !== handle);
  await group.to(handle);
  await say(context, "(v-02) last words");
  let wake = () => {};
  if (stun === "frozen") wake = await freeze(context.driver);
  else await context.run("window.t.block(3_000)");
  await group.to(other);
  if (stun === "blocked") await until(() => context.run("return !!window.t.told.blocked"), 5_000, "a blocked leader");
  // From when it is missed: a lead that nobody needs is nobody's business.
  const began = Date.now();
  await say(context, "(v-03) is anybody there");
  const said = Date.now() - began;
  check(said < 1_000, `the visible window was held up itself for ${said} ms`);
  const heard = await until(() => context.run(
    "return Math.max(0, ...window.t.sockets.filter((socket) => socket.open).map((socket) => socket.heard))"), 3_000, "the visible window leads");
  context.values.takeover_ms = heard - began;
  agent.say(marked("a", 1)).catch(() => {});
  await until(async () => (await held(context)).includes("(a-01)"), 5_000, "the agent's answer in the new leader");
  await group.to(handle);
  await wake();
  await until(async () => (await connections(server)) === 1, 15_000, "one connection after the old leader woke");
  await group.to(handle);
  await say(context, "(v-04) awake again");
  await whole(context, scene, group, ["(v-01)", "(v-02)", "(v-03)", "(a-01)", "(v-04)"]);
  const [next, ...more] = await group.leaders();
  check(next.handle === other && !more.length, "the one that took over still leads, alone");
  context.values.connections = await connections(server);
  same(context.values.connections, 1, "connections");
  check(context.values.takeover_ms < 2_000, `the take-over took ${context.values.takeover_ms} ms`);
};

/** Which document holds the lock of the group's leader. */
const leadHolder = (context) => context.run(
  "return navigator.locks.query().then(({ held }) => held.find(({ name }) => /^sc:.+:/.test(name))?.clientId)");

/** A hidden leader keeps the lead while it is connected, and yields to a visible window when it no longer is. */
async function hidden(context) {
  const scene = await begin(context);
  const { server, proxy, agent, url } = scene;
  const group = await Group.of(context, url);
  const { handle } = await group.leader();
  const other = await group.add();
  await group.to(handle);
  const show = await hide(context.driver);
  await group.to(other);
  await agent.say(marked("a", 1));
  await until(async () => (await held(context)).includes("(a-01)"), 5_000, "a message through the hidden leader");
  const [before] = await group.leaders();
  same(before.handle, handle, "the hidden window leads while it is connected");
  await group.to(other);
  // The network is away until the hidden leader has given the lead away: by socket and by request it fails.
  const holder = await leadHolder(context);
  proxy.mode = "refuse";
  proxy.cut();
  await until(async () => ![holder, undefined].includes(await leadHolder(context)), 10_000, "the lead in other hands");
  proxy.mode = "pass";
  const back = Date.now();
  await say(context, "(v-02) after the cut");
  // By socket or, when that was refused a moment ago, by requests.
  await until(() => context.run("return window.t.chats.chat.connection.state === 'connected'"), 5_000, "the visible window connected");
  context.values.takeover_ms = Date.now() - back;
  agent.say(marked("a", 2)).catch(() => {});
  await group.to(handle);
  await show();
  await whole(context, scene, group, ["(v-01)", "(a-01)", "(v-02)", "(a-02)"]);
  context.values.connections = await connections(server);
  same(context.values.connections, 1, "connections");
  check(context.values.takeover_ms < 2_000, `the take-over took ${context.values.takeover_ms} ms`);
}

/** Without Web Locks the windows elect one over the channel; a dead leader is replaced within five seconds. */
const nolocks = (given) => async (context) => {
  const scene = await begin(context, given);
  const { server, agent, url } = scene;
  same(await context.run("return [typeof navigator.locks, isSecureContext]"), ["undefined", !given.host], "locks, and a secure context");
  const group = await Group.of(context, url);
  while (group.windows.length < 3) await group.add();
  await until(async () => (await connections(server)) === 1, 10_000, "one connection");
  const leader = await group.leader();
  await group.to(leader.handle);
  await say(context, "(v-02) of the one that dies");
  const killed = Date.now();
  await group.kill(leader.handle);
  await say(context, "(v-03) in the gap");
  agent.say(marked("a", 1)).catch(() => {});
  const next = await group.leader(8_000, ({ heard }) => heard >= killed);
  context.values.takeover_nolocks_ms = next.heard - killed;
  await whole(context, scene, group, ["(v-01)", "(v-02)", "(v-03)", "(a-01)"]);
  context.values.connections = await connections(server);
  same(context.values.connections, 1, "connections after quiet");
  check(context.values.takeover_nolocks_ms < 5_000, `the take-over took ${context.values.takeover_nolocks_ms} ms`);
};

/** The same where nobody looks: the browser slows the timers of the window that is left. */
async function nolocksHidden(context) {
  const scene = await begin(context, { query: { locks: "none" } });
  const group = await Group.of(context, scene.url);
  const { handle } = await group.leader();
  const other = await group.add();
  await context.call("chat", "close");
  const show = await hide(context.driver);
  const killed = Date.now();
  await group.kill(handle);
  await group.to(other);
  const next = await group.leader(15_000, ({ heard }) => heard >= killed);
  context.values.takeover_hidden_ms = next.heard - killed;
  await show();
}

export const tests = [
  { id: "I.tabs.zombie-blocked", run: zombie("blocked"), alone: true },
  { id: "I.tabs.zombie-frozen", run: zombie("frozen"), alone: true, browsers: ["chromium"] },
  { id: "I.tabs.hidden", run: hidden, alone: true },
  { id: "I.tabs.nolocks", run: nolocks({ query: { locks: "none" } }), alone: true },
  { id: "I.tabs.nolocks-hidden", run: nolocksHidden, alone: true },
  // As it is for real: on such a page much else is missing, too.
  { id: "I.tabs.nolocks-http", run: nolocks({ host: INSECURE }), alone: true, browsers: ["chromium"] },
];
