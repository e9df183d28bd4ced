// What the agent wrote and the server has not acknowledged yet. It survives a reload of the page (sessionStorage),
// goes out in order within each conversation, and carries a key, so that a repeat is stored once.
import { Rejected, insist, post } from "./api.js";

const STORED = "desk-outbox";

export class Outbox {
  #items = [];
  #busy = new Set(); // conversations with a request under way
  #changed;
  #acknowledged;

  /** `acknowledged(item, {index, time})` comes before the item is gone. */
  constructor({ changed, acknowledged }) {
    this.#changed = changed;
    this.#acknowledged = acknowledged;
    try {
      this.#items = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    } catch {
      this.#items = [];
    }
    this.#items.forEach((item) => this.#send(item.conversationId));
  }

  of(conversationId) {
    return this.#items.filter((item) => item.conversationId === conversationId);
  }

  add(conversationId, text) {
    this.#items.push({ conversationId, key: newKey(), text, time: Date.now() });
    this.#save();
    this.#send(conversationId);
  }

  retry(key) {
    const item = this.#items.find((one) => one.key === key);
    if (!item) return;
    delete item.problem;
    this.#save();
    this.#send(item.conversationId);
  }

  discard(key) {
    this.#items = this.#items.filter((item) => item.key !== key);
    this.#save();
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
        item.problem = error instanceof Rejected ? error.message : "not sent";
        this.#save();
      }
    }
    this.#busy.delete(conversationId);
  }

  #save() {
    try {
      sessionStorage.setItem(STORED, JSON.stringify(this.#items));
    } catch {
      // Without storage the messages live as long as the page.
    }
    this.#changed();
  }
}

// randomUUID exists on secure origins only.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
