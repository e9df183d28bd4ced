// The chat without a panel as a client of the example server. Its session orders, dedupes and keeps what comes.
import { links, moment } from "./links.js";
import { createChat } from "./npm/headless.js";

const connected = moment();
const full = moment();
let chat;
let heard = 0;
let wanted = Infinity;

window.bench = {
  /** Ready to connect; nothing is yet. */
  async prepare(serverUrl) {
    chat = createChat({ serverUrl, load: "manual", connect: "eager", logLevel: "error" });
    chat.on("connection:state", ({ payload }) => payload.state === "connected" && connected.reach(performance.now()));
    chat.on("message:received", () => { if ((heard += 1) === wanted) full.reach(); });
    await chat.load();
  },
  /** How long it takes, from the making of the socket and from the call. */
  async connect() {
    const began = performance.now();
    chat.boot();
    const at = await connected.next();
    return { connected: at - links.made, called: at - began };
  },
  /** Opens a conversation. */
  begin: () => chat.startConversation({ message: "Hello" }).then(() => {}),
  /** Resolves when so many more messages have been heard. */
  expect(count) {
    wanted = heard + count;
    window.full = full.next();
  },
  received: () => window.full,
  /** How long after its socket closed it is connected again. */
  reconnected: async () => (await connected.next()) - links.closed,
};
