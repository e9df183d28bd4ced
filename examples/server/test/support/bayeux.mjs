// A small Bayeux client for the tests, over WebSocket or over long-polling, and the chat on top of it.
import faye from "faye-websocket";

export const CHANNEL = "/service/chatV2/customer-support";

class Link {
  #next = 1;
  #replies = new Map();
  frames = []; // `data` of everything that came on the service channel
  #wanted = new Set();

  constructor(url, origin) {
    this.url = url;
    this.origin = origin;
  }

  id() {
    return String(this.#next++);
  }

  take(message) {
    if (message.data !== undefined) {
      if (message.channel !== CHANNEL) throw new Error(`a foreign event: ${JSON.stringify(message)}`);
      this.frames.push(message.data);
    } else {
      this.#replies.get(message.id)?.(message);
      this.#replies.delete(message.id);
    }
    this.#wanted.forEach((look) => look());
  }

  reply(id) {
    return new Promise((resolve) => this.#replies.set(id, resolve));
  }

  /** The first frame that fits, come or to come. */
  until(fits, what = fits.toString()) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => { this.#wanted.delete(look); reject(new Error(`never came: ${what}; came: ${JSON.stringify(this.frames)}`)); }, 5000);
      const look = () => {
        const found = this.frames.find(fits);
        if (!found) return;
        clearTimeout(late);
        this.#wanted.delete(look);
        resolve(found);
      };
      this.#wanted.add(look);
      look();
    });
  }

  async handshake(ext) {
    const reply = await this.request({
      channel: "/meta/handshake", version: "1.0", supportedConnectionTypes: [this.type], ...(ext && { ext: { "support-chat": ext } }),
    });
    this.clientId = reply.clientId;
    this.ext = reply.ext?.["support-chat"];
    return reply;
  }

  /** Handshake, subscribe, connect; then keeps the connect loop going. */
  async open(ext) {
    const reply = await this.handshake(ext);
    if (!reply.successful) throw new Error(`handshake refused: ${reply.error}`);
    // Together: one that fails while the other is awaited would be nobody's rejection.
    await Promise.all([this.connect({ timeout: 0 }), this.request({ channel: "/meta/subscribe", subscription: CHANNEL })]);
    this.#hold();
    return this;
  }

  connect(advice) {
    return this.request({ channel: "/meta/connect", connectionType: this.type, ...(advice && { advice }) });
  }

  async #hold() {
    for (;;) {
      const reply = await this.connect().catch(() => undefined);
      if (!reply?.successful || this.closed) return;
    }
  }

  request(fields) {
    const message = { id: this.id(), ...(this.clientId && { clientId: this.clientId }), ...fields };
    const reply = this.reply(message.id);
    const bounded = () => Promise.race([reply, new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no reply to ${JSON.stringify(message)}`)), 40_000).unref();
    })]);
    return Promise.resolve(this.send([message])).then(bounded);
  }

  publish(data, fields = {}) {
    return this.request({ channel: CHANNEL, data, ...fields });
  }

  /** An operation and the frame that answers it. */
  async ask(operation, fields = {}) {
    const id = this.id();
    const answered = this.until((frame) => frame?.requestId === id, `the answer to ${operation}`);
    await Promise.all([this.publish({ operation, ...fields }, { id }), answered]);
    return answered;
  }
}

export class WebSocketLink extends Link {
  type = "websocket";

  async start() {
    this.socket = new faye.Client(this.url.replace("http", "ws"), [], this.origin ? { headers: { Origin: this.origin } } : {});
    this.socket.on("message", ({ data }) => {
      this.raw?.push(data);
      JSON.parse(data).forEach((message) => this.take(message));
    });
    this.ended = new Promise((resolve) => this.socket.on("close", resolve));
    await new Promise((resolve, reject) => {
      this.socket.on("open", resolve);
      this.socket.on("error", reject);
      this.socket.on("close", () => reject(new Error("closed")));
    });
    return this;
  }

  /** The server closes the socket. */
  untilEnded() {
    const late = new Promise((resolve, reject) => setTimeout(() => reject(new Error("the socket stays open")), 5000).unref());
    return Promise.race([this.ended, late]);
  }

  send(messages) {
    this.socket.send(JSON.stringify(messages));
  }

  close() {
    this.closed = true;
    this.socket.close();
  }
}

export class PollingLink extends Link {
  type = "long-polling";
  #stopped = new AbortController();

  async start() {
    return this;
  }

  async send(messages) {
    const response = await fetch(this.url, {
      method: "POST", body: JSON.stringify(messages), signal: this.#stopped.signal,
      headers: { "Content-Type": "application/json", ...(this.origin && { Origin: this.origin }) },
    });
    this.lastResponse = response;
    if (!response.ok) throw new Error(`status ${response.status}`);
    (await response.json()).forEach((message) => this.take(message));
  }

  close() {
    this.closed = true;
    this.#stopped.abort();
  }
}

/** A connected client of the given type. */
export async function visit(t, server, { type = "websocket", ext = { version: 1, visitorId: "visitor-1" }, origin } = {}) {
  const link = new (type === "websocket" ? WebSocketLink : PollingLink)(server.serverUrl, origin);
  t.after(() => link.close());
  await link.start();
  return link.open(ext ?? undefined);
}

/** A visitor with a chat an agent has taken. */
export async function talk(t, server, options) {
  const link = await visit(t, server, options);
  const chat = await link.ask("requestChat", { nickname: "Lena", clientConversationId: "c-1" });
  const taken = await server.agent("accept", { conversationId: chat.chatId, name: "Maya" });
  if (taken.status !== 200) throw new Error(JSON.stringify(taken));
  await link.until((frame) => frame.messages.some((message) => message.from.type === "Agent"));
  return { link, chat, secureKey: chat.secureKey };
}

/** The handshake extension of a visitor: by its id and secret, or as a user by a token. */
export const visitor = (visitorId, more) => ({ version: 1, visitorId, ...more });

/** A refused handshake: what became of it. */
export async function refusedHandshake(server, ext, type = "long-polling") {
  const link = new (type === "websocket" ? WebSocketLink : PollingLink)(server.serverUrl);
  await link.start();
  const { successful, error, advice, clientId } = await link.handshake(ext);
  link.close();
  return { successful, error, advice, clientId };
}

export function texts(messages) {
  return messages.filter((message) => message.type === "Message").map((message) => message.text);
}
