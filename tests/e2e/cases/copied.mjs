// A tab that was copied with its `sessionStorage`, and has not booted: nothing of who logs out in the other one stays there,
// or where nothing of ours runs in it yet, is shown there.
import { Group } from "../group.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

const copied = (storage, loaded = true) => async (context) => {
  const { panel, url, site, serverUrl, agent } = await begin(context, { options: { storage }, first: marked("v", 1, "about marzipan") });
  await agent.say(marked("a", 1, "marzipan it is"));
  await panel.waitForRow("(a-01)");
  await panel.type("(d-01) draft of marzipan");
  const words = async () => /marzipan/.test(JSON.stringify(await context.run("return { ...sessionStorage }")));
  await until(async () => /a-01/.test((await context.ask("storage")).session["sc:default:tail"]), 5_000, "the words in storage");
  const visitor = (await context.ask("get", "chat")).identity.visitorId;
  const { local, session, cookie } = await context.ask("storage");
  const group = await Group.of(context, url);
  const [live] = group.windows;
  const copy = await group.to(await context.browser.newWindow());
  await context.open(site.page("chat.html"));
  await context.ask("seed", local, session, cookie);
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, storage, load: loaded ? "immediate" : "manual" }, calls: loaded ? [["load"]] : [] }]));
  await context.waitForState(loaded ? "ready" : "not_initialized");
  check(await words(), "they were copied");
  await group.to(live);
  await context.call("chat", "shutdown", { clearStorage: true });
  await group.to(copy);
  if (loaded) {
    await until(async () => !(await words()), 5_000, "no words in the copy");
    const names = await context.run("return Object.keys(sessionStorage).filter((key) => /:(session|tail|draft|outbox.*)$/.test(key))");
    same(names, [], "entries left");
  }
  await context.call("chat", "boot");
  await context.call("chat", "open");
  await context.panel().waitFor(loaded ? "input" : "ended"); // the credentials it has open nothing any more
  same((await context.ask("words")).match(/\([vad]-\d+\)/g), null, "what the copy shows");
  check(!(await words()), "no words in the copy");
  if (loaded) check((await context.ask("get", "chat")).identity.visitorId !== visitor, "another visitor");
};

export const tests = [
  { id: "I.logout.copied", run: copied("session") },
  { id: "I.logout.copied-unloaded", run: copied("session", false) },
  { id: "I.logout.copied-cookie", run: copied("cookie") },
];
