// The leader is killed again and again while both sides write: nothing is lost, nothing comes twice, and another
// window leads within two seconds.
import { Group, say, whole } from "../group.mjs";
import { marked, marks } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same } from "../within.mjs";

const KILLS = 20;
const WINDOWS = 2;

async function takeover(context) {
  const scene = await begin(context);
  const { server, agent, url } = scene;
  const group = await Group.of(context, url);
  while (group.windows.length < WINDOWS) await group.add();
  const expected = ["(v-01)"];
  const times = [];
  let leader = await group.leader();
  for (let i = 1; i <= KILLS; i += 1) {
    const texts = [marked("v", 2 * i, "of the one that dies"), marked("v", 2 * i + 1, "in the gap"), marked("a", i)];
    expected.push(...marks(texts));
    await group.to(leader.handle);
    agent.say(texts[2]).catch(() => {});
    await say(context, texts[0]);
    const killed = Date.now();
    await group.kill(leader.handle);
    await say(context, texts[1]);
    leader = await group.leader(10_000, ({ heard }) => heard >= killed);
    times.push(leader.heard - killed);
    await group.add();
  }
  await whole(context, scene, group, expected);
  const { connections } = await server.state();
  Object.assign(context.values, { kills: KILLS, takeover_ms: Math.max(...times),
    takeover_mean_ms: Math.round(times.reduce((a, b) => a + b) / times.length), messages: expected.length, connections });
  same(connections, 1, "connections at the end");
  check(context.values.takeover_ms < 2_000, `the longest take-over took ${context.values.takeover_ms} ms (${times})`);
  await context.hostLives();
}

export const tests = [{ id: "I.takeover", run: takeover, alone: true, ms: 150_000 }];
