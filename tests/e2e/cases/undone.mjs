// The next user takes back, and does again, what was done in the composer: nothing of who was there before comes back.
import { Key } from "../panel.mjs";
import { conversation } from "./leave.mjs";
import { same } from "../within.mjs";

/** Logged out in this window, or in the other one. */
const undone = (window) => async (context) => {
  const { panel, group } = await conversation(context, { user: "ada-1815" });
  await panel.type("(d-01) draft of marzipan");
  await group.to(group.windows[window]);
  await context.call("chat", "shutdown", { clearStorage: true });
  await group.to(group.windows[0]);
  await context.waitForState("shutdown");
  await context.call("chat", "boot", { user: { id: "bob", name: "Bob" }, tokenProvider: "@token:bob" });
  await context.call("chat", "open");
  const input = await panel.element("input");
  await input.click();
  const seen = [];
  for (const keys of [[Key.CONTROL, "z"], [Key.CONTROL, "z"], [Key.CONTROL, "y"], [Key.CONTROL, Key.SHIFT, "z"]]) {
    await input.sendKeys(Key.chord(...keys));
    seen.push(await input.getAttribute("value"));
  }
  same(seen, ["", "", "", ""], "what the composer holds");
};

export const tests = [
  { id: "I.logout.undone", run: undone(0) },
  { id: "I.logout.undone-elsewhere", run: undone(1) },
];
