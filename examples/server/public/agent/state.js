// What the console knows: summaries of all conversations, and the events of those that were opened.
// Events are known by their index: the same one twice is one, a gap is fetched.
import { insist, load } from "./api.js";

export class State {
  conversations = new Map();
  #events = new Map(); // conversation id → events in order of index
  #loading = new Map();
  #typing = new Map(); // conversation id → { until, preview }
  #seen;
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  /** The number of the last event seen, or nothing before the first. */
  position() {
    return this.#seen;
  }

  list(status) {
    return [...this.conversations.values()].filter((one) => one.status === status);
  }

  events(id) {
    return this.#events.get(id) ?? [];
  }

  snapshot({ conversations, seq }) {
    // A lower number than ours is another server's file: what we remember is not from there.
    if (this.#seen > seq) this.#events.clear();
    if (this.#seen === undefined || this.#seen > seq) this.#seen = seq;
    this.conversations = new Map(conversations.map((one) => [one.id, one]));
    for (const { id, visitor } of conversations) this.typing({ conversationId: id, from: "visitor", isTyping: visitor.isTyping });
    for (const id of this.#events.keys()) this.open(id);
    this.#changed();
  }

  conversation(summary) {
    this.conversations.set(summary.id, summary);
    if (!summary.visitor.isTyping) this.#typing.delete(summary.id);
    this.#changed();
  }

  message(event) {
    this.#seen = Math.max(this.#seen ?? 0, event.seq);
    if (event.from === "visitor") this.#typing.delete(event.conversationId);
    this.add(event);
  }

  /** Puts an event in its place. */
  add(event) {
    const known = this.#events.get(event.conversationId);
    if (!known) return this.#changed();
    const last = known.at(-1)?.index ?? 0;
    if (event.index === last + 1) known.push(event);
    else if (event.index > last) this.open(event.conversationId);
    return this.#changed();
  }

  typing({ conversationId, from, isTyping, preview }) {
    if (from !== "visitor") return;
    if (isTyping) this.#typing.set(conversationId, { until: Date.now() + 10_000, preview });
    else this.#typing.delete(conversationId);
    this.#changed();
  }

  isTyping(id) {
    return (this.#typing.get(id)?.until ?? 0) > Date.now();
  }

  /** Loads a conversation's events, or those that are missing. */
  open(id) {
    const running = this.#loading.get(id);
    if (running) return running;
    const work = insist(async () => {
      const known = this.#events.get(id) ?? [];
      const before = this.conversations.get(id);
      const from = (known.at(-1)?.index ?? 0) + 1;
      const { conversation, events } = await load(`conversations/${id}?from=${from}`);
      const all = this.#events.get(id) ?? [];
      const last = all.at(-1)?.index ?? 0;
      this.#events.set(id, [...all, ...events.filter((event) => event.index > last)]);
      // What the stream told meanwhile is newer than this answer, which may have left the server before.
      if (this.conversations.get(id) === before) this.conversations.set(id, conversation);
    }).catch(() => {}).finally(() => {
      this.#loading.delete(id);
      this.#changed();
    });
    this.#loading.set(id, work);
    return work;
  }
}
