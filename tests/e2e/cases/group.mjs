// The windows of one visitor: one connection, one transcript, draft and unread count.
import { Group, whole } from "../group.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { same, until } from "../within.mjs";

const connections = async (server) => (await server.state()).connections;

/** Five windows: connection, transcript, draft, unread and open panels. */
async function five(context) {
  const scene = await begin(context);
  const { server, panel, agent, url } = scene;
  const group = await Group.of(context, url);
  while (group.windows.length < 5) await group.add();
  const leader = await group.leader();
  context.values.connections = await connections(server);
  same(context.values.connections, 1, "connections at the server");

  const expected = ["(v-01)", "(v-02)", "(a-01)", "(a-02)"];
  const follower = group.windows.find((handle) => handle !== leader.handle);
  // Nobody reads: every panel is closed, so that what the agent says is unread everywhere.
  await group.each(() => context.call("chat", "close"));
  await group.to(follower);
  await context.call("chat", "sendMessage", { text: "(v-02) from a follower" });
  await agent.say(marked("a", 1));
  await agent.say(marked("a", 2));
  await group.everywhere("two unread messages", async () => (await context.ask("get", "chat")).unreadCount === 2);
  await group.everywhere("the badge", async () => (await panel.launcher()).badge === "2");
  await whole(context, scene, group, expected);

  await group.to(follower);
  await context.call("chat", "open");
  await panel.waitForRow("(a-02)");
  await panel.type("half a thought");
  await group.everywhere("nothing unread", async () => (await context.ask("get", "chat")).unreadCount === 0);
  for (const handle of group.windows) {
    await group.to(handle);
    if (handle !== follower) same(await panel.isOpen(), false, "a panel that nobody opened");
    await context.call("chat", "open");
  }
  await group.everywhere("the draft", async () => (await panel.read("return part('input').value")) === "half a thought");
  await group.everywhere("the rows", async () => JSON.stringify(await panel.marks()) === JSON.stringify(expected));
  await group.to(leader.handle);
  await panel.type(" more");
  await group.everywhere("the longer draft", async () => (await panel.read("return part('input').value")) === "half a thought more");
  same(await connections(server), 1, "connections at the end");
  await context.hostLives();
}

export const tests = [{ id: "I.tabs.five", run: five, ms: 120_000 }];
