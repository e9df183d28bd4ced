// The logout of a site that empties the browser's storage first and then says so to the chat: a tab that finds nothing
// there any more says it, and those that are live hear it, however many logouts there were before.
import { Group } from "../group.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { same, until } from "../within.mjs";

const emptied = (load) => async (context) => {
  const { panel, url, site, serverUrl } = await begin(context, { first: marked("v", 1, "about marzipan") });
  const group = await Group.of(context, url);
  const [live] = group.windows;
  const again = async (turn) => {
    await context.waitForState("shutdown");
    same((await context.ask("words")).match(/\([va]-\d+\)/g), null, "what the live tab still says");
    // What this tab wrote into the emptied store goes once it is known not to be somebody's who came after.
    await until(() => context.run("return !Object.keys(localStorage).some((key) => /^sc:(?!default:epoch$)/.test(key))"), 2_000, "no keys left");
    await context.call("chat", "boot");
    await context.call("chat", "open");
    await panel.waitFor("input");
    await panel.say(marked("v", turn, "more marzipan"));
    await panel.waitForRow(`(v-0${turn})`, 15_000, "sent|delivered|read");
  };
  await context.call("chat", "shutdown", { clearStorage: true });
  await again(2);
  const calls = load === "manual" ? [] : [["load"]];
  const quiet = await group.to(await context.browser.newWindow());
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load }, calls }]));
  if (load !== "manual") await context.waitForState("ready");
  for (const turn of [3, 4]) {
    await group.to(quiet);
    await context.run("localStorage.clear(); window.t.chats.chat.shutdown({ clearStorage: true })");
    await group.to(live);
    await again(turn);
  }
};

export const tests = [
  { id: "I.logout.emptied", run: emptied("immediate") },
  { id: "I.logout.emptied-unloaded", run: emptied("manual") },
];
