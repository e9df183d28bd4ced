// What comes after a logout: the next user takes back, and does again, what was done in the composer; a listener hears what
// was still to be told. Nothing of who was there before comes back.
import { Key } from "../panel.mjs";
import { conversation } from "./leave.mjs";
import { check, same } from "../within.mjs";

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

/** A listener logs out while others, and it itself, are still to hear more of what came at once. */
async function listening(context) {
  const site = await context.site();
  await context.open(site.page("chat.html"));
  const heard = await context.driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    const heard = [];
    let sink;
    const chat = window.t.package.createChat({ load: "immediate", transport: {
      connect(_, given) { sink = given; sink.connected(); },
      perform: ({ type }) => ({ conversationId: "c1", ...(type === "send" && { index: 1 }) }),
      disconnect() {},
    } });
    const logOut = () => { chat.shutdown(); heard.push("logged out"); };
    for (const type of ["message:received", "conversation:updated", "agent:joined", "state"]) chat.on(type, ({ payload }) => {
      if (sink.told) heard.push(payload.message?.content.text ?? payload.state ?? type);
      if (payload.message?.index === 2) logOut();
      if (payload.state === "shutdown") setTimeout(() => done(heard));
    });
    chat.boot().then(() => chat.sendMessage({ text: "hello" })).then(() => {
      sink.told = true;
      const party = { id: "a", name: "Annabeth Quill", type: "Agent" };
      const say = (index) => ({ type: "message", index, party, content: { type: "text", text: "words " + index }, time: Date.now() });
      sink.receive([say(2), say(3), { type: "joined", party, index: 4, time: Date.now() }, say(5)]);
    }).catch((error) => done([String(error)]));`);
  same(heard.slice(heard.indexOf("logged out")), ["logged out", "shutdown"], `what is heard (${heard})`);
  check(heard.includes("words 2"), "there was something to hear");
}

export const tests = [
  { id: "I.logout.undone", run: undone(0) },
  { id: "I.logout.undone-elsewhere", run: undone(1) },
  { id: "I.logout.listening", run: listening },
];
