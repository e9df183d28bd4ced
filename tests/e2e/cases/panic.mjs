// A panic inside the module, four ways: promises settle, the widget is gone, the page lives, another tab leads.
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, show, until } from "../within.mjs";

const panic = (method) => async (context) => {
  if (!context.panicFolder) return { skipped: "no panic build: `cargo xtask build --panic-test`" };
  context.folder = context.panicFolder;
  const scene = await begin(context);
  const { server, panel, agent, url } = scene;
  const { driver } = context;
  const first = await driver.getWindowHandle();
  const second = await context.browser.newWindow();
  await context.open(url);
  await context.waitForState("anonymous");
  await context.call("chat", "open");
  await panel.waitForRow("(v-01)");
  await driver.switchTo().window(first);
  check(await context.run("return window.t.sockets.some((socket) => socket.open)"), "the first window leads");

  // One call is under way and stays unanswered when the module dies.
  await server.fault({ kind: "stall", count: 1, operation: "sendMessage" });
  const { pending, later, at } = await context.ask("panic", "chat", method);
  same(pending.error?.code, "internal_error", `the pending promise: ${show(pending)}`);
  same(later.error?.code, "destroyed", `a later call: ${show(later)}`);
  same(await context.state(), "destroyed", "state");
  same(await context.ask("marks"), [], "nodes of ours");
  await context.event("error", (payload) => payload.error.code === "internal_error");
  const states = (await context.run("return window.t.events.chat.filter((event) => event.type === 'state').map((event) => event.payload.state)"));
  same(states.at(-1), "destroyed", "the last state event");
  // The trap itself may surface as an error of the page's; what the page does must go on.
  await context.run("window.t.errors = window.t.errors.filter((text) => !/unreachable|RuntimeError|panic/i.test(text)); window.t.unhandled = window.t.unhandled.filter((text) => !/unreachable|RuntimeError|panic/i.test(text));");
  await context.hostLives();

  await driver.switchTo().window(second);
  await until(() => context.run("return window.t.sockets.some((socket) => socket.open)"), 10_000, "the other window leads");
  context.values.takeover_ms = await context.run("return window.t.sockets.find((socket) => socket.open).heard") - at;
  await agent.say(marked("a", 1, "still there?"));
  await panel.waitForRow("(a-01)", 20_000);
  await panel.say(marked("v", 3, "yes"));
  await panel.waitForRow("(v-03)", 20_000, "sent|delivered|read");
  await context.hostLives();
};

export const tests = [
  { id: "A.panic.call", run: panic("panicInCall") },
  { id: "A.panic.future", run: panic("panicInFuture") },
  { id: "A.panic.timer", run: panic("panicInTimer") },
  { id: "A.panic.listener", run: panic("panicUnderListener") },
];
