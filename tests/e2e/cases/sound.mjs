// Of all windows only one is heard, and once.
import { Group, held } from "../group.mjs";
import { marked } from "../panel.mjs";
import { begin } from "./talk.mjs";
import { same, until } from "../within.mjs";

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
  const sounds = () => context.run("return window.t.sounds");
  await until(sounds, 5_000, "a sound");
  // By the time a second message is heard, every window has made up its mind about the first.
  await agent.say(marked("a", 2));
  await until(async () => (await sounds()) > 2, 5_000, "a second sound");
  await group.everywhere("the messages", async () => (await held(context)).includes("(a-02)"));
  context.values.sounds = await group.each(sounds);
  same(context.values.sounds, [0, 4, 0], "tones in each window: one sound has two");
}

export const tests = [{ id: "I.tabs.sound", run: sound }];
