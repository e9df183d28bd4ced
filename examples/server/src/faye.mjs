// The adapter on faye: WebSocket and long-polling. It carries operations in and frames out and knows no chat.
//
// faye lets no client subscribe to `/service/**`. With its extension API the subscription becomes
// `/deliver/<clientId>`, the server's own client publishes there, and on the way out the channel is renamed back.
import { createServer } from "node:http";
import faye from "faye";

const MOUNT = "/cometd";
const MAX_DATA = 64 * 1024;
const MAX_HELD_BACK = 200;
const RECENT = 3000; // a long-polling client between two connects is still there

/** `core`: the dialect. `options`: `{channel, timeout (s), transports}`. */
export function fayeAdapter(core, options) {
  const bayeux = new faye.NodeAdapter({ mount: MOUNT, timeout: options.timeout });
  const inner = createServer();
  bayeux.attach(inner);
  const adapter = new Adapter(core, options, bayeux, inner);
  bayeux.addExtension({
    incoming: (message, request, done) => adapter.incoming(message, request, done),
    outgoing: (message, request, done) => done(adapter.outgoing(message, request)),
  });
  bayeux.on("disconnect", (clientId) => adapter.forget(clientId));
  bayeux.on("subscribe", (clientId) => adapter.subscribed(clientId));
  bayeux.on("unsubscribe", (clientId) => adapter.unsubscribed(clientId));
  return adapter;
}

class Adapter {
  #core;
  #options;
  #bayeux;
  #inner;
  #publisher;
  #clients = new Map(); // clientId → { type, socket, held, seen, subscribed, heldBack }
  #holders = new WeakMap(); // request of a held connect → client
  #handshake; // faye answers a checked handshake within the same call: one slot is enough
  #frames = { websocket: { in: 0, out: 0 }, "long-polling": { in: 0, out: 0 } };

  constructor(core, options, bayeux, inner) {
    this.#core = core;
    this.#options = options;
    this.#bayeux = bayeux;
    this.#inner = inner;
    this.#publisher = bayeux.getClient();
    this.#publisher.connect();
  }

  get mount() {
    return MOUNT;
  }

  handle(request, response) {
    response.once("close", () => this.#holders.get(request)?.held.delete(request));
    this.#inner.emit("request", request, response);
  }

  upgrade(request, socket, head) {
    this.#inner.emit("upgrade", request, socket, head);
  }

  close() {
    this.#bayeux.close();
  }

  /** Sends one frame; it waits here until the client has subscribed. */
  deliver(clientId, data) {
    const client = this.#clients.get(clientId);
    if (!client) return;
    if (client.subscribed) this.#publisher.publish(`/deliver/${clientId}`, data);
    else if (client.heldBack.length < MAX_HELD_BACK) client.heldBack.push(data);
  }

  /** Whether a client is there to receive: an open socket, a held connect, or one answered just now. */
  isReachable(clientId) {
    const client = this.#clients.get(clientId);
    if (!client) return false;
    if (client.type === "websocket") return client.socket !== undefined && !client.socket.destroyed;
    return client.held.size > 0 || (client.seen !== undefined && Date.now() - client.seen < RECENT);
  }

  /** Makes a client shake hands anew: its connects are refused, and it is cut off so that it asks at once. */
  dismiss(clientId) {
    const client = this.#clients.get(clientId);
    if (!client) return;
    client.dismissed = true;
    client.heldBack.length = 0;
    client.socket?.destroy();
    for (const request of client.held) request.socket.destroy();
  }

  /** For the test switches. */
  connections() {
    return [...this.#clients].filter(([id]) => this.isReachable(id)).map(([clientId, client]) => ({ clientId, type: client.type }));
  }

  frames() {
    return structuredClone(this.#frames);
  }

  incoming(message, request, done) {
    if (request === null) return done(message); // the server's own client
    if (!isMessage(message)) return done(null);
    this.#frames[typeOf(request)].in += 1;
    if (message.channel === "/meta/handshake") return this.#incomingHandshake(message, request, done);
    return done(this.#incoming(message, request));
  }

  #incoming(message, request) {
    switch (message.channel) {
      case "/meta/connect": return this.#incomingConnect(message, request);
      case "/meta/subscribe":
      case "/meta/unsubscribe": return this.#incomingSubscribe(message);
      case "/meta/disconnect": return message;
      default: return this.#incomingPublish(message);
    }
  }

  async #incomingHandshake(message, request, done) {
    if (!Array.isArray(message.supportedConnectionTypes)) delete message.supportedConnectionTypes;
    try {
      const handshake = await this.#core.handshake(message.ext);
      this.#handshake = handshake;
      if (handshake.refused) message.error = handshake.refused;
      done(message);
    } catch (error) {
      console.error(`a handshake failed: ${error.message}`);
      request.socket.destroy();
    }
  }

  #incomingConnect(message, request) {
    const limit = this.#options.timeout * 1000;
    const wanted = message.advice?.timeout;
    if (!(Number.isFinite(wanted) && wanted >= 0 && wanted <= limit)) delete message.advice;
    const client = this.#clients.get(message.clientId);
    if (!client) return message;
    if (client.dismissed) message.error = `401:${message.clientId}:Unknown client`;
    client.type = typeOf(request);
    if (client.type === "websocket") {
      client.socket = request.socket;
    } else {
      client.held.add(request);
      this.#holders.set(request, client);
    }
    return message;
  }

  #incomingSubscribe(message) {
    const rewrite = (name) => (name === this.#options.channel ? `/deliver/${message.clientId}` : undefined);
    const names = [].concat(message.subscription ?? []).map(rewrite);
    if (names.length > 0 && names.every((name) => name !== undefined)) {
      message.subscription = Array.isArray(message.subscription) ? names : names[0];
    } else {
      // Also whatever would match somebody else's `/deliver`.
      message.error = "403::forbidden channel";
    }
    return message;
  }

  #incomingPublish(message) {
    const { clientId, channel, data, id } = message;
    if (!this.#core.knows(clientId)) message.error = `401:${clientId ?? ""}:Unknown client`;
    else if (channel !== this.#options.channel) message.error = "403::forbidden channel";
    else if (data === undefined) return message;
    else if (Buffer.byteLength(JSON.stringify(data)) > MAX_DATA) message.error = "413::too large";
    else this.#core.received(clientId, data, id);
    return message;
  }

  outgoing(message, request) {
    if (request === null) return message;
    if (request !== undefined) this.#frames[typeOf(request)].out += 1;
    switch (message.channel) {
      case "/meta/handshake": return this.#outgoingHandshake(message, request);
      case "/meta/connect": return this.#outgoingConnect(message, request);
      case "/meta/subscribe":
      case "/meta/unsubscribe": return this.#outgoingSubscribe(message);
      default:
        if (message.data !== undefined && message.channel.startsWith("/deliver/")) {
          const { id, ...rest } = message; // the id is the server's own client's
          return { ...rest, channel: this.#options.channel };
        }
        return message;
    }
  }

  #outgoingHandshake(message, request) {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    message.supportedConnectionTypes = this.#options.transports;
    if (handshake?.refused) message.advice = { reconnect: "none" };
    if (!message.successful) return message;
    const { clientId } = message;
    const type = typeOf(request);
    const socket = type === "websocket" ? request.socket : undefined;
    // Who shakes hands anew on its socket goes on living there; what it was before does not.
    for (const other of this.#clients.values()) if (socket && other.socket === socket) other.socket = undefined;
    this.#clients.set(clientId, { type, socket, held: new Set(), subscribed: false, heldBack: [] });
    const ext = handshake.admit(clientId);
    if (ext) message.ext = ext;
    return message;
  }

  #outgoingConnect(message, request) {
    const client = this.#clients.get(message.clientId);
    client?.held.delete(request);
    if (client) client.seen = Date.now();
    return message;
  }

  #outgoingSubscribe(message) {
    const { subscription, clientId } = message;
    const rename = (name) => (name === `/deliver/${clientId}` ? this.#options.channel : name);
    message.subscription = Array.isArray(subscription) ? subscription.map(rename) : rename(subscription);
    return message;
  }

  subscribed(clientId) {
    const client = this.#clients.get(clientId);
    if (!client) return;
    client.subscribed = true;
    for (const data of client.heldBack.splice(0)) this.deliver(clientId, data);
  }

  unsubscribed(clientId) {
    const client = this.#clients.get(clientId);
    if (client) client.subscribed = false;
  }

  forget(clientId) {
    if (this.#clients.delete(clientId)) this.#core.closed(clientId);
  }
}

function typeOf(request) {
  return request.headers.upgrade ? "websocket" : "long-polling";
}

// faye trusts the types of what it reads; what does not fit is dropped here.
function isMessage(message) {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return false;
  if (typeof message.channel !== "string") return false;
  if (message.clientId !== undefined && typeof message.clientId !== "string") return false;
  const { subscription } = message;
  return subscription === undefined || typeof subscription === "string" ||
    (Array.isArray(subscription) && subscription.every((name) => typeof name === "string"));
}
