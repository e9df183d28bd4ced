// The test switches' addresses, only there with `--test`: what the server holds, and how to break it.
import { bodyOf, json } from "./http.mjs";
import { KINDS } from "./faults.mjs";

export class Debug {
  #conversations;
  #dialect;
  #faults;
  #adapter;
  #store;
  #updates = new Map(); // conversation id → { count, last }
  #upgraded = new Set();
  #polling = new Set();

  constructor({ conversations, dialect, faults, adapter, store }) {
    this.#conversations = conversations;
    this.#dialect = dialect;
    this.#faults = faults;
    this.#adapter = adapter;
    this.#store = store;
    conversations.listen(({ conversation, changes }) => {
      if (changes) this.#updates.set(conversation.id, { count: (this.#updates.get(conversation.id)?.count ?? 0) + 1, last: changes });
    });
  }

  async handle(request, response, path) {
    if (path === "/debug/state" && request.method === "GET") return json(response, 200, this.state());
    if (path === "/debug/fault" && request.method === "POST") return this.#fault(request, response);
    return json(response, 404, { error: "not_found" });
  }

  state() {
    const connections = this.#adapter.connections();
    const { merged, ...revoked } = this.#store.counts();
    const count = (type) => connections.filter((connection) => connection.type === type).length;
    return {
      connections: connections.length,
      clients: connections,
      byType: { websocket: count("websocket"), "long-polling": count("long-polling") },
      sockets: this.#upgraded.size,
      frames: this.#adapter.frames(),
      sessions: this.#dialect.sessions().map(({ clientId, publicId, userId, chats }) => ({
        clientId, visitorId: publicId, userId, conversations: [...chats.keys()],
      })),
      merged, revoked,
      faults: this.#faults.waiting(),
      conversations: this.#conversations.all().map((conversation) => ({
        id: conversation.id,
        status: conversation.status,
        nickname: conversation.nickname,
        subject: conversation.subject,
        agent: conversation.agent,
        userData: conversation.userData,
        userId: this.#conversations.userOf(conversation),
        updates: this.#updates.get(conversation.id) ?? { count: 0 },
        receipts: {
          visitor: { delivered: conversation.visitorDelivered, read: conversation.visitorRead },
          agent: { delivered: conversation.agentDelivered, read: conversation.agentRead },
        },
        messages: this.#conversations.transcript(conversation.id).map(({ index, type, side, nickname, text, key, time }) => ({
          index, type, from: side, nickname, text: text ?? undefined, time,
          clientMessageId: side === "visitor" ? key ?? undefined : undefined,
          key: side === "agent" ? key ?? undefined : undefined,
        })),
      })),
    };
  }

  async #fault(request, response) {
    const fault = await bodyOf(request);
    const count = fault?.count ?? 1;
    if (fault?.kind === "none") {
      this.#faults.clear();
    } else if (!isFault(fault) || !Number.isSafeInteger(count) || count < 1) {
      return json(response, 400, { error: "bad_fault", kinds: [...KINDS, "none"] });
    } else if (fault.kind === "drop-connections") {
      this.#drop();
    } else if (fault.kind === "garbage-frame" && this.#upgraded.size > 0) {
      for (const socket of this.#upgraded) for (let i = 0; i < count; i += 1) socket.write(textFrame("<html>no json</html>"));
    } else {
      this.#faults.add({ ...fault, count });
    }
    return json(response, 200, { faults: this.#faults.waiting() });
  }

  #drop() {
    for (const socket of [...this.#upgraded, ...this.#polling]) socket.destroy();
  }

  /** Notes an upgraded socket. */
  watch(socket) {
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
  }

  /** Answers a long-polling request with garbage when asked to; else only notes it. */
  answers(request, response) {
    const { socket } = request;
    this.#polling.add(socket);
    response.once("close", () => this.#polling.delete(socket));
    if (request.method !== "POST" || !this.#faults.take("garbage-frame")) return false;
    response.writeHead(200, {
      "Content-Type": "application/json",
      ...(request.headers.origin && {
        "Access-Control-Allow-Origin": request.headers.origin, "Access-Control-Allow-Credentials": "true",
      }),
    });
    response.end("<html>no json</html>");
    return true;
  }
}

function isFault({ kind, code, ms } = {}) {
  return KINDS.includes(kind) && (code === undefined || typeof code === "string") &&
    (ms === undefined || (Number.isSafeInteger(ms) && ms >= 0 && ms <= 60_000));
}

// One unmasked WebSocket text frame, as a server sends it (short texts only).
function textFrame(text) {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, body.length]), body]);
}
