// Without consent nothing is stored, and nothing sent but by the visitor's act or an explicit call; withdrawn in
// mid-session, what was stored is gone in every tab, and the chat goes on.
import { Agent } from "../agent.mjs";
import { Group } from "../group.mjs";
import { marked } from "../panel.mjs";
import { check, same, until } from "../within.mjs";

/** What a page finds of ours, in every storage; the visitor's own word on consent apart. */
async function stored(context) {
  const { local, session, cookie, databases, caches } = await context.ask("storage");
  const keys = [...Object.keys(local), ...Object.keys(session)].filter((key) => /^sc[:-]/.test(key) && !/:consent$/.test(key));
  return [...keys, ...databases, ...caches, ...(/sc-/.test(cookie) ? [cookie] : [])];
}

async function consent(context) {
  const { server, proxy, site, serverUrl } = await context.backend();
  const url = site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", connect: "eager", autoBoot: true, cookieConsent: false } }]);
  await context.open(url);
  const panel = context.panel();
  await context.waitForState("ready");
  // Things that a session would do on its own: time, another look at the page.
  await context.call("chat", "setTheme", "dark");
  await context.call("chat", "setContext", { page: "lamps" }).catch(() => {});
  same(await stored(context), [], "stored before consent");
  same(proxy.accepted, 0, "connections before consent and before any act");
  same(await context.state(), "ready", "the state before consent");

  // The visitor's act: the chat works, in memory.
  await panel.clickLauncher();
  await panel.say(marked("v", 1, "marzipan"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1));
  await panel.waitForRow("(a-01)");
  same(await stored(context), [], "stored by a chat without consent");

  // Consent: from now on a reload and another tab find it.
  await context.call("chat", "setCookieConsent", true);
  await until(async () => (await stored(context)).some((key) => /:session$/.test(key)), 5_000, "the session in storage");
  const group = await Group.of(context, url);
  const first = group.windows[0];
  const second = await group.add();
  await context.call("chat", "open");
  await panel.waitForRow("(a-01)", 15_000);

  // Withdrawn in one tab: nothing is left in either, at once, and both go on.
  await group.to(first);
  const atOnce = await context.ask("atOnce", "chat", "setCookieConsent", [false]);
  const left = Object.keys({ ...atOnce.local, ...atOnce.session }).filter((key) => /^sc:/.test(key) && !/:(consent|epoch)$/.test(key));
  same(left, [], "stored as the call returned");
  await group.everywhere("nothing of ours in storage", async () => (await stored(context)).filter((key) => !/:epoch$/.test(key)).length === 0);
  context.values.stored_after = (await stored(context)).length;
  for (const [handle, number] of [[first, 2], [second, 3]]) {
    await group.to(handle);
    await context.call("chat", "sendMessage", { text: marked("v", number) });
  }
  await agent.say(marked("a", 2));
  await group.everywhere("the chat goes on", async () => {
    const rows = await panel.marks();
    return ["(v-01)", "(a-01)", "(v-02)", "(v-03)", "(a-02)"].every((mark) => rows.filter((one) => one === mark).length === 1);
  });
  for (const handle of group.windows) {
    await group.to(handle);
    await panel.type("a draft that nobody keeps");
    same((await stored(context)).filter((key) => !/:epoch$/.test(key)), [], "stored after the withdrawal");
  }
  await context.hostLives();
  check(!JSON.stringify(await context.ask("storage")).includes("marzipan"), "no word of the conversation in any storage");
  // A reload finds nobody.
  await context.reload();
  await context.waitForState("ready");
  same((await stored(context)).filter((key) => !/:epoch$/.test(key)), [], "stored after a reload");
}

export const tests = [{ id: "I.consent", run: consent }];
