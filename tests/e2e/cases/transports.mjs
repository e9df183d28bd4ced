// WebSocket and long-polling, each proven by what crossed the wire, and the way from one to the other.
import { marked } from "../panel.mjs";
import { agree, begin } from "./talk.mjs";
import { check } from "../within.mjs";

async function exchange(context, scene) {
  const { agent, panel } = scene;
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await panel.say(marked("v", 2));
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await agree(context, scene, ["(v-01)", "(a-01)", "(v-02)"]);
  const { connection } = await context.ask("get", "chat");
  const state = await scene.server.state();
  const count = (kind) => scene.proxy.channels(kind).length;
  const values = { websocket: count("websocket"), "long-polling": count("long-polling"), sockets: scene.proxy.upgraded };
  Object.assign(context.values, values);
  return { ...values, connection, state };
}

async function websocket(context) {
  const scene = await begin(context);
  const seen = await exchange(context, scene);
  check(seen.websocket > 4 && seen["long-polling"] === 0 && seen.sockets === 1, "everything goes by one WebSocket");
  check(scene.proxy.channels("websocket").includes("/meta/handshake"), "the handshake went by WebSocket");
  check(seen.connection.type === "websocket", `connection.type is ${seen.connection.type}`);
  check(seen.state.connections === 1, `${seen.state.connections} connections at the server`);
  context.values.connections = seen.state.connections;
}

async function longPolling(context) {
  const scene = await begin(context, { options: { disableWebSockets: true } });
  const seen = await exchange(context, scene);
  check(seen["long-polling"] > 4 && seen.websocket === 0 && seen.sockets === 0, "everything goes by long-polling");
  check(!scene.proxy.requests.some((request) => request.upgrade), "no upgrade was asked for");
  check(seen.connection.type === "long-polling", `connection.type is ${seen.connection.type}`);
  check(seen.state.connections === 1, `${seen.state.connections} connections at the server`);
  context.values.connections = seen.state.connections;
}

async function refused(context) {
  // A middlebox that lets no WebSocket through: noticed before the first message.
  const backend = context.backend.bind(context);
  context.backend = async (options) => {
    const made = await backend(options);
    made.proxy.mode = "no-upgrade";
    return made;
  };
  const scene = await begin(context);
  const seen = await exchange(context, scene);
  check(scene.proxy.requests.some((request) => request.upgrade), "a WebSocket was tried");
  check(seen.sockets === 0 && seen["long-polling"] > 4, "the talk goes by long-polling");
  check(seen.connection.type === "long-polling", `connection.type is ${seen.connection.type}`);
}

async function cut(context) {
  const scene = await begin(context);
  const { proxy, panel, agent } = scene;
  proxy.mode = "refuse";
  proxy.cut();
  await context.waitForState("reconnecting");
  await panel.waitFor("banner", 10_000);
  await panel.say(marked("v", 2, "into the void"));
  await agent.say(marked("a", 2, "unheard yet"));
  proxy.mode = "pass";
  await context.waitForState("anonymous", "chat", 30_000);
  await panel.waitFor("banner", 10_000, false);
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await agree(context, scene, ["(v-01)", "(a-02)", "(v-02)"]);
}

export const tests = [
  { id: "A.transports.websocket", run: websocket },
  { id: "A.transports.long-polling", run: longPolling },
  { id: "A.transports.refused", run: refused },
  { id: "A.transports.cut", run: cut },
];
