// The widget with a transport of the page's own: open, in a conversation, ready for as many messages as one likes.
import { createChat } from "./npm/index.js";
import { events } from "./events.js";
import { memory } from "./memory.js";
import { drawn, inTask, scroll, shown } from "./reading.js";

const CONVERSATION = "c1";
/** What is handed over at once: a batch is one JSON text, and may be of 1 MB. */
const BATCH = 2_000;
let sink;
let chat;

const transport = {
  capabilities: ["idempotency"],
  connect: (_, to) => { (sink = to).connected({ capabilities: transport.capabilities }); },
  perform: (command) => ({ "request-chat": { conversationId: CONVERSATION }, send: { index: 1, id: "m1" } })[command.type],
  disconnect() {},
};

const panel = () => document.querySelector("iframe[data-support-chat]")?.contentDocument;
const box = () => panel()?.querySelector("[data-part=transcript]");

window.bench = {
  async start() {
    chat = createChat({ transport, load: "immediate", storage: "memory", sound: false });
    await chat.boot();
    await chat.open();
    await chat.sendMessage({ text: "Hello" });
    await drawn(box, "Hello");
  },
  /** Hands over messages and resolves when the last one stands in the panel. */
  async receive(from, count) {
    const all = events(from, count).map((event) => ({ ...event, conversationId: CONVERSATION }));
    await inTask(() => {
      for (let at = 0; at < count; at += BATCH) sink.receive(all.slice(at, at + BATCH));
    });
    await drawn(box, all.at(-1).content.text);
  },
  /** As many messages while the panel is closed … */
  async hold(from, count) {
    await chat.close();
    const all = events(from, count).map((event) => ({ ...event, conversationId: CONVERSATION }));
    for (let at = 0; at < count; at += BATCH) sink.receive(all.slice(at, at + BATCH));
  },
  /** … and the panel opened on them. */
  async show() {
    await inTask(() => { chat.open(); });
    await shown(box);
  },
  scroll: (frames, step) => scroll(box(), frames, step),
  nodes: () => panel().querySelectorAll("*").length,
  memory,
  /** So many visits: made, opened, taken apart. */
  async visit(count) {
    for (let time = 0; time < count; time += 1) {
      const one = createChat({ transport, load: "manual", storage: "memory", sound: false, namespace: "visit" });
      await one.boot();
      await one.open();
      await one.sendMessage({ text: `Hello ${time}` });
      await one.destroy();
    }
    // The module gives a destroyed chat back in a task of its own: this one comes after it.
    await new Promise((done) => setTimeout(done));
  },
};
