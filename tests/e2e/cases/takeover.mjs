// The leader is killed again and again while both sides write: nothing is lost, nothing comes twice, and another
// window leads within two seconds.
import { Group } from "../group.mjs";
import { compare, marked, marks } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

const KILLS = 20;
const WINDOWS = 3;

const write = (context, text) => context.run("window.t.chats.chat.sendMessage({ text: arguments[0] }).catch(() => {})", text);

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
    await write(context, texts[0]);
    const killed = Date.now();
    await group.kill(leader.handle);
    await write(context, texts[1]);
    leader = await group.leader(10_000, ({ heard }) => heard >= killed);
    times.push(leader.heard - killed);
    await group.add();
  }
  await agent.pending;
  const held = async () => marks((await context.call("chat", "getTranscript")).map((message) => message.content.text));
  const stored = async () => marks((await server.state()).conversations[0].messages.filter((one) => one.type === "Message").map((one) => one.text));
  await until(async () => (await stored()).length >= expected.length, 20_000, "every message at the server");
  await group.everywhere("the server's transcript", async () => JSON.stringify(await held()) === JSON.stringify(await stored()));
  const views = [await stored(), marks(await agent.texts()), ...await group.each(held)];
  const harm = views.map((view) => compare(expected, view));
  const sum = (key) => harm.reduce((all, one) => all + one[key], 0);
  const { connections } = await server.state();
  Object.assign(context.values, { kills: KILLS, lost: sum("lost"), twice: sum("twice"), takeover_ms: Math.max(...times),
    takeover_mean_ms: Math.round(times.reduce((a, b) => a + b) / times.length), messages: expected.length, connections });
  same([sum("lost"), sum("twice")], [0, 0], `lost and twice (${JSON.stringify(views)})`);
  same(connections, 1, "connections at the end");
  check(context.values.takeover_ms < 2_000, `the longest take-over took ${context.values.takeover_ms} ms (${times})`);
  await context.hostLives();
}

export const tests = [{ id: "I.takeover", run: takeover, ms: 150_000 }];
