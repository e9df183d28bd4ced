// The script tag: settings, calls made before the script is there, the default instance, and its absence.
import { Agent } from "../agent.mjs";
import { marked } from "../panel.mjs";
import { check, same, until } from "../within.mjs";

async function scriptTag(context) {
  const { server, site, serverUrl } = await context.backend();
  const settings = JSON.stringify({ serverUrl, load: "immediate" });
  await context.driver.get(site.page("script-tag.html", [], { settings, namespace: "shop" }));
  await until(() => context.run("return window.t && window.t.early && window.SupportChat && window.SupportChat.version"), 20_000, "the script");
  const early = await until(() => context.run("return window.t.early.length === 3 && window.t.early"), 20_000, "the early calls settled");
  same(early.sort(), ["boot resolved", "nonsense unsupported", "open resolved"], "calls made before the script came");
  same(await context.run("return window.t.heard"), ["ready"], "events subscribed before the script came");
  same(await context.run("return window.SupportChat.state"), "anonymous", "state of the default instance");
  const panel = context.panel("shop");
  await panel.say(marked("v", 1, "by script tag"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  await context.run("window.SupportChat.destroy()");
  same(await context.run("return window.SupportChat.state"), "destroyed", "state after destroy");
  check(await context.run("return typeof window.SupportChat.createChat === 'function'"), "createChat still works");
  await context.hostLives();
}

export const tests = [{ id: "embed.script-tag", run: scriptTag }];
