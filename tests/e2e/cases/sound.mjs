// Of all windows only one is heard, and once.
import { Group, held } from "../group.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

/** A message in closed panels is heard in the window last used, and in no other. */
async function sound(context) {
  const scene = await begin(context);
  const { panel, agent, url } = scene;
  const group = await Group.of(context, url);
  while (group.windows.length < 3) await group.add();
  // Clicks on the launcher and nothing else: they are what browsers want before they let a page be heard, and use the window.
  const click = async (open) => {
    await panel.clickLauncher();
    await until(async () => (await panel.isOpen()) === open, 5_000, open ? "the panel open" : "the panel closed");
  };
  await group.each(() => click(false));
  const last = group.windows[1];
  await group.to(last);
  await click(true);
  await click(false);
  await agent.say(marked("a", 1));
  const started = await until(() => context.run("return window.t.sounds"), 5_000, "a sound");
  // The others have the message as well, and had the time in which the first one was heard.
  await group.everywhere("the message", async () => (await held(context)).includes("(a-01)") &&
    context.run("return Date.now() - Date.parse(window.t.events.chat.findLast(({ type }) => type === 'message:received').createdAt) > 500"));
  context.values.sounds = await group.each(() => context.run("return window.t.sounds"));
  check(started > 0, "the last window was heard");
  same(context.values.sounds.map((count) => count > 0), [false, true, false], "windows that were heard");
  same(context.values.sounds[1], 2, "tones: one sound has two");
}

export const tests = [{ id: "I.tabs.sound", run: sound }];
