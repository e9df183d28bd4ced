// The way through: visitor and agent talk, and the page reloads in the middle.
import { Agent } from "../agent.mjs";
import { Console } from "../console.mjs";
import { compare, marked, marks } from "../panel.mjs";
import { same, until } from "../within.mjs";

/** Opens the chat page and the panel, and lets an agent take the visitor's first message. */
export async function begin(context, { options = {}, query, first = marked("v", 1, "hello"), args, host, agentName } = {}) {
  const { server, proxy, site, serverUrl } = await context.backend({ args, host });
  const url = site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", ...options }, calls: [["boot"]] }], query);
  await context.open(url);
  const panel = context.panel(options.namespace);
  await context.waitForState("anonymous");
  await panel.clickLauncher();
  await panel.waitFor("input");
  await panel.say(first);
  // On the server before anybody answers: the order of the transcript is the order of arrival.
  await panel.waitForRow(first, 15_000, "sent|delivered|read");
  const agent = new Agent(server, agentName);
  await agent.take();
  return { server, proxy, site, serverUrl, url, panel, agent };
}

/** The visitor's transcript, the server's and the agent's must be one and the same. */
export async function agree(context, { panel, agent, server }, expected, ms = 30_000) {
  const views = async () => {
    const state = await server.state();
    const stored = state.conversations.find((one) => one.id === agent.conversation);
    return {
      drawn: await panel.allMarks(),
      held: marks((await context.call("chat", "getTranscript")).map((message) => message.content.text)),
      server: marks(stored.messages.filter((one) => one.type === "Message").map((one) => one.text)),
      agent: marks(await agent.texts()),
    };
  };
  let seen = {};
  await until(async () => {
    seen = await views();
    return Object.values(seen).every((view) => view.length >= expected.length);
  }, ms, "both sides hold every message").catch((error) => { if (!seen.server) throw error; });
  // One more look a moment after the last change: a double would still be on its way.
  await until(async () => JSON.stringify(seen) === JSON.stringify((seen = await views())), 5_000, "the transcripts at rest");
  let lost = 0;
  let twice = 0;
  for (const view of Object.values(seen)) {
    const result = compare(expected, view);
    lost += result.lost;
    twice += result.twice;
  }
  Object.assign(context.values, { lost, twice, messages: expected.length });
  same({ lost, twice }, { lost: 0, twice: 0 }, `messages (${JSON.stringify(seen)})`);
  for (const [name, view] of Object.entries(seen)) same(view, seen.server, `order of the ${name} transcript`);
  return seen;
}

async function talk(context) {
  const { server, site, serverUrl } = await context.backend();
  // The agent works in the real console page, in a window of its own.
  const visitorWindow = await context.driver.getWindowHandle();
  const agentWindow = await context.browser.newWindow();
  const desk = new Console(context.driver);
  const to = (handle) => context.driver.switchTo().window(handle);
  await desk.open(server.ready.agent);

  await to(visitorWindow);
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate" }, calls: [["boot"]] }]));
  const panel = context.panel();
  await context.waitForState("anonymous");
  await panel.clickLauncher();
  const hello = marked("v", 1, "Hello <b>there</b> & you");
  await panel.say(hello);
  await panel.waitForRow(hello, 15_000, "sent|delivered|read");
  // Above the visitor's coming, which is not shown.
  same(await panel.read("return [...inner.querySelectorAll('.day')].filter(visible).map((day) => day.textContent)"), ["Today"], "the days shown");

  await to(agentWindow);
  await desk.take();
  await desk.waitForText(hello);
  await desk.type("Good m");
  await to(visitorWindow);
  await panel.waitFor("typing");
  await to(agentWindow);
  const answer = marked("a", 1, "Good morning, what can I do");
  await desk.clear();
  await desk.say(answer);
  await desk.waitForText(answer);
  await to(visitorWindow);
  await panel.waitForRow(answer);
  await panel.waitFor("typing", 15_000, false);

  await panel.type("I am lo");
  await to(agentWindow);
  await desk.waitForTyping();
  await to(visitorWindow);
  const rest = marked("v", 2, "oking for a lamp");
  await panel.say(rest);
  await panel.waitForRow(rest, 15_000, "sent|delivered|read");
  const agent = new Agent(server);
  agent.conversation = (await agent.conversations())[0].id;
  await agree(context, { panel, agent, server }, ["(v-01)", "(a-01)", "(v-02)"]);
  const row = (await panel.rows()).find((one) => one.text.includes("(v-01)"));
  if (!row.text.includes("<b>there</b> & you")) throw new Error(`text is not drawn as text: ${row.text}`);
  await context.hostLives();
}

async function reload(context) {
  const scene = await begin(context);
  const { panel, agent } = scene;
  const expected = ["(v-01)"];
  for (let i = 2; i <= 4; i += 1) {
    await agent.say(marked("a", i));
    await panel.say(marked("v", i));
    expected.push(`(a-${String(i).padStart(2, "0")})`, `(v-${String(i).padStart(2, "0")})`);
  }
  await panel.type("half a thou");
  // Reload with messages in flight: one leaves in the same breath, one comes while the page is away.
  await panel.read(`return new Promise((done) => { const c = window.t.chats.chat; c.sendMessage({ text: "(v-05) last words" }); done(); });`);
  const away = agent.say(marked("a", 5, "while you were away"));
  await context.reload();
  await away;
  expected.push("(v-05)", "(a-05)");
  await panel.waitForRow("(a-05)", 20_000);
  await panel.waitForRow("(v-05)", 20_000, "sent|delivered|read");
  await agree(context, scene, expected);
  const draft = await panel.read("const node = part('input'); return node ? node.value : null;");
  if (!draft?.startsWith("half a thou")) throw new Error(`the draft is not kept over the reload: ${draft}`);
  await agent.say(marked("a", 6, "and it goes on"));
  await panel.waitForRow("(a-06)");
  await context.hostLives();
}

export const tests = [
  { id: "A.talk", run: talk },
  { id: "A.reload", run: reload },
];
