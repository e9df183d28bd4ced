// What the agent wrote and the server has not acknowledged yet. It survives the page and its tab, goes out in order
// within each conversation, and carries a key, so that a repeat, from another tab even, is stored once.
import { Rejected, insist, post } from "./api.js";
import { keep, kept } from "./kept.js";

const STORED = "desk-outbox:";

export class Outbox {
  #items = [];
  #busy = new Set(); // conversations with a request under way
  #changed;
  #acknowledged;

  /** `acknowledged(item, {index, time})` comes before the item is gone. */
  constructor({ changed, acknowledged }) {
    this.#changed = changed;
    this.#acknowledged = acknowledged;
    this.#items = kept(STORED).sort((one, other) => one.time - other.time);
    this.#items.forEach((item) => this.#send(item.conversationId));
  }

  of(conversationId) {
    return this.#items.filter((item) => item.conversationId === conversationId);
  }

  add(conversationId, text) {
    // Later than all before, whatever the clock says: they are sorted by it.
    const time = Math.max(Date.now(), ...this.#items.map((item) => item.time + 1));
    const item = { conversationId, key: newKey(), text, time };
    this.#items.push(item);
    this.#save(item);
    this.#send(conversationId);
  }

  retry(key) {
    const item = this.#items.find((one) => one.key === key);
    if (!item) return;
    delete item.problem;
    this.#save(item);
    this.#send(item.conversationId);
  }

  discard(key) {
    this.#items = this.#items.filter((item) => item.key !== key);
    keep(STORED + key);
    this.#changed();
  }

  async #send(conversationId) {
    if (this.#busy.has(conversationId)) return;
    this.#busy.add(conversationId);
    for (let item; (item = this.of(conversationId).find((one) => !one.problem)); ) {
      const { key, text } = item;
      try {
        const answer = await insist(() => post("message", { conversationId, key, text }));
        this.#acknowledged(item, answer);
        this.discard(key);
      } catch (error) {
        // Of a chat that is not on this server nothing can be shown.
        if (error.code === "conversation_not_found") this.discard(key);
        item.problem = error instanceof Rejected ? error.message : "not sent";
        if (this.#items.includes(item)) this.#save(item);
      }
    }
    this.#busy.delete(conversationId);
  }

  #save(item) {
    keep(STORED + item.key, item);
    this.#changed();
  }
}

// randomUUID exists on secure origins only.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
