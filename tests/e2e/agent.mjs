// An agent who answers, over the console's own HTTP API: every message has a key and is sent again until the
// server has answered, as the console does.
import { randomUUID } from "node:crypto";
import { until, within } from "./within.mjs";

const RETRY_MS = 250;

export class Agent {
  constructor(server, name = "Ann") {
    this.server = server;
    this.name = name;
    this.pending = Promise.resolve();
  }

  /** Waits for a chat nobody has taken, takes it, gives its id. */
  async take() {
    const waiting = await until(async () => (await this.conversations()).find((one) => one.status === "queued" || one.status === "waiting"),
      15_000, "a waiting chat at the agent's desk");
    await this.#post("accept", { conversationId: waiting.id, name: this.name });
    this.conversation = waiting.id;
    return waiting.id;
  }

  async conversations() {
    return (await this.#get("conversations")).conversations;
  }

  /** Sends in the order of the calls; resolves with the server's answer, however often it takes. */
  say(text) {
    const message = { conversationId: this.conversation, key: randomUUID(), text };
    const sent = this.pending.then(() => this.#post("message", message, 45_000));
    this.pending = sent.catch(() => {});
    return sent;
  }

  async typing(isTyping) {
    await this.#post("typing", { conversationId: this.conversation, isTyping });
  }

  async end() {
    await this.#post("end", { conversationId: this.conversation });
  }

  /** What the console shows of the chat: its events. */
  async events() {
    return (await this.#get(`conversations/${this.conversation}`)).events;
  }

  async texts() {
    return (await this.events()).filter((event) => event.type === "Message").map((event) => event.text);
  }

  async summary() {
    return (await this.conversations()).find((one) => one.id === this.conversation);
  }

  async waitFor(fits, ms, what) {
    return until(async () => { const one = await this.summary(); return one && fits(one) && one; }, ms, what);
  }

  async #get(path) {
    const answer = await within(fetch(`${this.server.origin}/agent/api/${path}`), 5_000, `agent GET ${path}`);
    if (!answer.ok) throw new Error(`agent GET ${path} answered ${answer.status}`);
    return answer.json();
  }

  async #post(path, body, ms = 10_000) {
    const end = performance.now() + ms;
    for (;;) {
      try {
        const answer = await within(fetch(`${this.server.origin}/agent/api/${path}`, {
          method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
        }), 5_000, `agent POST ${path}`);
        if (answer.ok) return answer.json();
        if (answer.status < 500) throw Object.assign(new Error(`agent POST ${path} answered ${answer.status}: ${await answer.text()}`), { final: true });
      } catch (error) {
        if (error.final || performance.now() > end) throw error;
      }
      // The server is away: nothing tells when it is back, so ask again.
      await new Promise((next) => setTimeout(next, RETRY_MS));
    }
  }
}
