// The agent console's HTTP API: plain JSON requests, and one stream of server-sent events.
// Every write may be repeated: accept and end change nothing the second time, messages carry a key.
import { AGENT, VISITOR } from "./conversations.mjs";
import { Refused, nickname } from "./rules.mjs";
import { bodyOf, json } from "./http.mjs";

const STATUS = { chat_ended: 409, already_taken: 409, not_accepted: 409 };
const HEARTBEAT = 15_000;

export class Desk {
  #conversations;
  #store;
  #streams = new Set();
  #heartbeat;

  constructor({ conversations, store }) {
    this.#conversations = conversations;
    this.#store = store;
    conversations.listen((change) => this.#spread(change));
    this.#heartbeat = setInterval(() => this.#streams.forEach((stream) => stream.write(": still here\n\n")), HEARTBEAT);
    this.#heartbeat.unref();
  }

  async handle(request, response, path) {
    if (request.method === "GET") return this.#read(request, response, path);
    if (request.method !== "POST") return json(response, 405, { error: "method_not_allowed" });
    const write = Object.hasOwn(WRITES, path) ? WRITES[path] : undefined;
    if (!write) return json(response, 404, { error: "not_found" });
    // A form of a foreign page cannot send this type without a preflight.
    if (!request.headers["content-type"]?.startsWith("application/json")) return json(response, 415, { error: "json_only" });
    const body = await bodyOf(request);
    if (!body) return json(response, 400, { error: "bad_request" });
    const conversation = typeof body.conversationId === "string" ? this.#conversations.find(body.conversationId) : undefined;
    if (!conversation) return json(response, 404, { error: "conversation_not_found" });
    try {
      return json(response, 200, write(this.#conversations, conversation, body));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return json(response, STATUS[error.code] ?? 400, { error: error.code, description: error.message });
    }
  }

  close() {
    clearInterval(this.#heartbeat);
    for (const stream of this.#streams) stream.end();
  }

  #read(request, response, path) {
    if (path === "/events") return this.#stream(request, response);
    if (path === "/conversations") {
      return json(response, 200, { conversations: this.#summaries(), seq: this.#store.lastSeq() });
    }
    const [, id] = /^\/conversations\/([\w-]+)$/.exec(path) ?? [];
    const conversation = id && this.#conversations.find(id);
    if (!conversation) return json(response, 404, { error: "not_found" });
    const from = Number(new URL(request.url, "http://host").searchParams.get("from")) || 0;
    const events = this.#conversations.transcript(id, from).map(eventOf);
    return json(response, 200, { conversation: this.#summary(conversation), events, nextPosition: conversation.lastIndex + 1 });
  }

  // First the present state of every conversation, then what was written after `after`, then whatever comes.
  #stream(request, response) {
    const query = new URL(request.url, "http://host").searchParams;
    const after = Number(request.headers["last-event-id"] ?? query.get("after") ?? NaN);
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    const seq = this.#store.lastSeq();
    response.write(frame("snapshot", { conversations: this.#summaries(), seq }));
    if (Number.isSafeInteger(after) && after < seq) {
      for (const event of this.#store.eventsSince(after)) response.write(messageFrame(event));
    }
    this.#streams.add(response);
    response.once("close", () => this.#streams.delete(response));
  }

  #spread({ kind, conversation, event, side, isTyping, preview }) {
    if (this.#streams.size === 0) return;
    let text;
    if (kind === "typing") text = frame("typing", { conversationId: conversation.id, from: side, isTyping, preview });
    else text = (kind === "event" ? messageFrame(event) : "") + frame("conversation", this.#summary(conversation));
    for (const stream of this.#streams) stream.write(text);
  }

  #summaries() {
    return this.#conversations.all().map((conversation) => this.#summary(conversation));
  }

  #summary(conversation) {
    const { id, status, nickname: name, subject, userData, agent, createdAt, acceptedAt, endedAt, lastIndex } = conversation;
    const last = this.#store.lastMessage(id);
    return {
      id, status, nickname: name, subject, userData, userId: this.#conversations.userOf(conversation), agent, createdAt, acceptedAt, endedAt, lastIndex,
      lastMessage: last && { text: last.text, from: last.side, time: last.time },
      unread: this.#store.countAfter(id, VISITOR, conversation.agentRead),
      visitor: { delivered: conversation.visitorDelivered, read: conversation.visitorRead, isTyping: this.#conversations.isTyping(id, VISITOR) },
      readByAgent: conversation.agentRead,
    };
  }
}

const WRITES = {
  "/accept": (conversations, conversation, { name }) => {
    conversations.accept(conversation, nickname(name) ?? "Agent");
    return { conversationId: conversation.id, agent: conversation.agent };
  },
  "/message": (conversations, conversation, { key, text }) => {
    const { event, repeated = false } = conversations.say(conversation, AGENT, { text, key });
    return { conversationId: conversation.id, key: event.key, index: event.index, time: event.time, repeated };
  },
  "/typing": (conversations, conversation, { isTyping }) => {
    conversations.setTyping(conversation, AGENT, isTyping === true);
    return { conversationId: conversation.id };
  },
  "/receipts": (conversations, conversation, { delivered, read }) => {
    conversations.acknowledge(conversation, AGENT, { delivered, read });
    return { conversationId: conversation.id, delivered: conversation.agentDelivered, read: conversation.agentRead };
  },
  "/end": (conversations, conversation) => {
    conversations.end(conversation, AGENT);
    return { conversationId: conversation.id, status: conversation.status };
  },
};

function eventOf({ seq, conversation, index, type, side, nickname: name, text, key, userData, time }) {
  return {
    seq, conversationId: conversation, index, type, from: side, nickname: name, text: text ?? undefined,
    key: key ?? undefined, userData, time,
  };
}

function frame(name, data, id) {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function messageFrame(event) {
  return frame("message", eventOf(event), event.seq);
}
