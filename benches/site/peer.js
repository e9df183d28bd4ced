// The official CometD client on the same server: the same channel, the same chat, and a listener that counts.
import { CometD } from "cometd";
import { links, moment } from "./links.js";

const CHANNEL = "/service/chatV2/customer-support";
const connected = moment();
const opened = moment();
const full = moment();
const cometd = new CometD();
let isUp = false;
let heard = 0;
let wanted = Infinity;

const listen = ({ data }) => {
  for (const message of data.messages) {
    if (message.type !== "Message" || message.from.type !== "Agent") continue;
    if ((heard += 1) === wanted) full.reach();
  }
  if (data.requestId) opened.reach();
};

window.bench = {
  prepare(serverUrl) {
    cometd.configure({ url: serverUrl, logLevel: "error" });
    cometd.addListener("/meta/connect", ({ successful }) => {
      const up = successful && !isUp;
      isUp = successful;
      if (up) connected.reach(performance.now());
    });
  },
  /** How long it takes, from the making of the socket and from the call. */
  async connect() {
    const began = performance.now();
    cometd.handshake((reply) => { if (reply.successful) cometd.subscribe(CHANNEL, listen); });
    const at = await connected.next();
    return { connected: at - links.made, called: at - began };
  },
  async begin() {
    cometd.publish(CHANNEL, { operation: "requestChat", nickname: "User", userData: {} });
    await opened.next();
  },
  expect(count) {
    wanted = heard + count;
    window.full = full.next();
  },
  received: () => window.full,
  reconnected: async () => (await connected.next()) - links.closed,
};
