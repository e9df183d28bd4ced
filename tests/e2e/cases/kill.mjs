// The server is killed for five seconds while both sides write, on each connection type.
import { marked } from "../panel.mjs";
import { agree, begin } from "./talk.mjs";
import { until } from "../within.mjs";

const AWAY_MS = 5_000;

const kill = (kind) => async (context) => {
  const scene = await begin(context, { options: { disableWebSockets: kind === "long-polling" } });
  const { server, proxy, panel, agent } = scene;
  const expected = ["(v-01)"];
  let number = 1;
  const both = async () => {
    number += 1;
    const two = String(number).padStart(2, "0");
    agent.say(marked("a", number)).catch(() => {});
    await panel.say(marked("v", number));
    expected.push(`(a-${two})`, `(v-${two})`);
  };
  await both();
  await both();
  await server.kill();
  const back = performance.now() + AWAY_MS;
  // The server must be gone for all of the five seconds: writing goes on, then the rest is waited out.
  for (let i = 0; i < 4; i += 1) await both();
  await new Promise((done) => setTimeout(done, Math.max(0, back - performance.now())));
  if (!(await context.state()).match(/reconnecting|disconnected/)) throw new Error(`state after the kill: ${await context.state()}`);
  const began = performance.now();
  await server.up();
  await both();
  await context.waitForState("anonymous", "chat", 30_000);
  context.values.recovered_ms = Math.round(performance.now() - began);
  await agent.pending;
  await until(async () => (await panel.rows()).filter((row) => row.role === "visitor").every((row) => /sent|delivered|read/.test(row.status)),
    30_000, "every message of the visitor sent");
  await agree(context, scene, expected);
  context.values[`${kind}_requests`] = proxy.channels(kind).length;
  const seen = proxy.channels(kind).filter((channel) => channel === "/meta/connect").length;
  if (!seen) throw new Error(`no /meta/connect went by ${kind}`);
  await context.hostLives();
};

export const tests = [
  { id: "A.kill.websocket", run: kill("websocket") },
  { id: "A.kill.long-polling", run: kill("long-polling") },
];
