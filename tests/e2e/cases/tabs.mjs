// Five windows of one visitor: one connection, one transcript, and another leader when the first goes.
import { compare, marked, marks } from "../panel.mjs";
import { agree, begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

const WINDOWS = 5;

async function tabs(context) {
  const scene = await begin(context);
  const { server, panel, agent, url } = scene;
  const { driver } = context;
  const windows = [await driver.getWindowHandle()];
  const expected = ["(v-01)"];
  const to = (handle) => driver.switchTo().window(handle);
  const everywhere = async (what, probe) => {
    for (const handle of windows) {
      await to(handle);
      await until(probe, 15_000, `${what} in window ${windows.indexOf(handle) + 1}`);
    }
  };
  const sayAsAgent = async (number) => {
    const text = marked("a", number);
    await agent.say(text);
    expected.push(marks([text])[0]);
  };
  const held = async () => marks((await context.call("chat", "getTranscript")).map((message) => message.content.text));

  await sayAsAgent(1);
  await panel.waitForRow("(a-01)");
  while (windows.length < WINDOWS) {
    windows.push(await context.browser.newWindow());
    await context.open(url);
    await context.waitForState("anonymous");
    await context.call("chat", "open");
    await panel.waitForRow("(a-01)");
  }
  const leaders = async () => {
    const found = [];
    for (const handle of windows) {
      await to(handle);
      if (await context.run("return window.t.sockets.some((socket) => socket.open)")) found.push(handle);
    }
    return found;
  };
  const connections = async () => (await server.state()).connections;
  context.values.connections = await connections();
  same(context.values.connections, 1, "connections at the server");
  const [leader, ...more] = await leaders();
  check(leader && more.length === 0, `one window holds the connection, not ${more.length + 1}`);

  const followers = windows.filter((handle) => handle !== leader);
  await to(followers[1]);
  await panel.say(marked("v", 2, "from a follower"));
  expected.push("(v-02)");
  await panel.waitForRow("(v-02)", 15_000, "sent|delivered|read");
  await sayAsAgent(2);
  await everywhere("the same transcript", async () => JSON.stringify(await held()) === JSON.stringify(expected));
  await everywhere("the same rows", async () => JSON.stringify(await panel.allMarks()) === JSON.stringify(expected));

  await to(leader);
  const closed = Date.now();
  await driver.close();
  windows.splice(windows.indexOf(leader), 1);
  // The first window carried the session: the browser must go on from another one.
  context.browser.first = windows[0];
  await to(followers[0]);
  await context.run("window.t.chats.chat.sendMessage({ text: '(v-03) in the gap' }).catch(() => {})");
  expected.push("(v-03)");
  const [next] = await until(async () => { const found = await leaders(); return found.length === 1 && found; }, 10_000, "another leader");
  await to(next);
  const heard = await context.run("return Math.max(...window.t.sockets.filter((socket) => socket.open).map((socket) => socket.heard))");
  context.values.takeover_ms = heard - closed;
  // The order of these two is the server's business: the agent writes only after the visitor's is there.
  await until(async () => marks(await agent.texts()).includes("(v-03)"), 10_000, "the follower's message at the agent's");
  await sayAsAgent(3);
  await everywhere("the same transcript after the change", async () => JSON.stringify(await held()) === JSON.stringify(expected));
  same(await connections(), 1, "connections at the server after the change");
  await to(followers[1]);
  await agree(context, scene, expected);
  const rest = compare(expected, await held());
  Object.assign(context.values, rest);
  check(context.values.takeover_ms < 2_000, `the take-over took ${context.values.takeover_ms} ms`);
  await context.hostLives();
}

export const tests = [{ id: "A.tabs", run: tabs, alone: true, ms: 120_000 }];
