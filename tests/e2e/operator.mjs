// A chat backend of an operator's own, which speaks no Bayeux: guests with a key, rooms with numbered entries, one held
// request for each guest. Its other half, the transport a page brings along, is `@own` in site/doubles.js. It verifies
// tokens as the example server does, and can be made to take somebody for somebody else.
import { randomUUID } from "node:crypto";
import { TEST_SECRET } from "../../examples/server/src/options.mjs";
import { Tokens } from "../../examples/server/src/tokens.mjs";

const tokens = new Tokens({ secret: TEST_SECRET, issuer: "support-chat-shop", audience: "support-chat" });
const refusal = (code) => Object.assign(new Error(code), { code });

export class Operator {
  constructor(...sites) {
    this.guests = new Map(); // key → {visitorId, userId, token, queue, wake}
    this.rooms = [];         // {id, asked, visitorId, userId, closed, entries}
    this.revoked = new Set(); // tokens
    this.heard = [];         // what pages asked, in order: `connect`, a command's type, `leave <reason>`
    this.mistake = null;     // as whom the next `identify` is answered; and all that they were ever told comes with it
    this.refuse = null;      // `{type, code}`: what the next command of this type ends with
    for (const site of sites) {
      site.answers.set("/own", async (url, request) => {
        let body = "";
        for await (const part of request) body += part;
        const { ask, ...given } = JSON.parse(body);
        return JSON.stringify(await this[ask](given).catch((error) => ({ error: error.code ?? String(error) })));
      });
    }
  }

  /** A conversation this user left open, elsewhere. */
  left(userId, ...texts) {
    const room = this.#room({ userId }, randomUUID());
    for (const text of texts) this.#write(room, "agent", text);
    return room;
  }

  /** An agent says something in the newest room. */
  say(text) {
    return this.#write(this.rooms.at(-1), "agent", text);
  }

  /** The texts of each room: `[[whose, …texts]]`. */
  talks() {
    return this.rooms.map(({ userId, entries }) => [userId ?? null, ...entries.map(({ content }) => content.text)]);
  }

  async connect({ key, visitorId, user, lastIndex }) {
    this.heard.push("connect");
    const userId = user?.token ? await this.#verified(user.token, user.id) : null;
    const known = this.guests.get(key);
    const same = known && known.visitorId === visitorId && known.userId === userId;
    const guest = { visitorId, userId, token: user?.token, queue: [], wake() {} };
    const now = same ? key : randomUUID();
    this.guests.set(now, guest);
    const events = this.rooms.filter((room) => this.#isOf(room, guest, same) && room.id in lastIndex)
      .flatMap(({ id, entries }) => entries.filter(({ index }) => index > lastIndex[id]));
    return { key: now, events };
  }

  async perform({ key, command }) {
    this.heard.push(command.type);
    const guest = this.guests.get(key);
    if (!guest) throw refusal("auth_expired");
    if (this.refuse?.type === command.type) {
      const { code } = this.refuse;
      this.refuse = null;
      throw refusal(code);
    }
    const room = this.rooms.find(({ id }) => id === command.conversationId);
    if (room && !this.#isOf(room, guest, true)) throw refusal("conversation_not_found");
    switch (command.type) {
      case "request-chat":
        return { conversationId: this.#room(guest, command.clientConversationId).id };
      case "send": {
        const { index, id } = this.#write(room, "visitor", command.text, command.clientMessageId);
        return { index, id };
      }
      case "identify":
        return this.#identify(guest, command.token);
      case "revoke":
        this.revoked.add(guest.token);
        this.guests.delete(key);
        return {};
      case "conversations": {
        const items = this.rooms.filter((one) => this.#isOf(one, guest, true));
        return { items: items.map(({ id, closed }) => ({ id, status: closed ? "ended" : "active", createdAt: new Date().toISOString() })) };
      }
      case "history":
        return { events: room.entries.filter(({ index }) => index > command.after) };
      case "update":
      case "typing":
        return {};
      default:
        throw refusal("unsupported");
    }
  }

  /** Held until there is something to tell. */
  async feed({ key }) {
    const guest = this.guests.get(key);
    if (!guest) return { over: true };
    if (!guest.queue.length) await new Promise((done) => { guest.wake = done; });
    return { events: guest.queue.splice(0), over: !this.guests.has(key) };
  }

  async leave({ key, reason }) {
    if (key) this.heard.push(`leave ${reason}`); // a window that never connected has nobody to leave
    this.guests.get(key)?.wake();
    return {};
  }

  async #verified(token, wanted) {
    const { userId } = await tokens.verify(token);
    if (this.revoked.has(token) || (wanted && userId !== wanted)) throw refusal("invalid_token");
    return userId;
  }

  async #identify(guest, token) {
    const { mistake } = this;
    if (mistake) {
      this.mistake = null;
      for (const room of this.rooms) if (room.userId === mistake) guest.queue.push(...room.entries);
      guest.wake();
      return { userId: mistake, merged: false };
    }
    const userId = await this.#verified(token, guest.userId);
    if (userId === guest.userId) {
      guest.token = token;
      return { userId, merged: false };
    }
    const merged = !guest.userId;
    for (const room of this.rooms) if (merged && !room.userId && room.visitorId === guest.visitorId) room.userId = userId;
    Object.assign(guest, { userId, token });
    return { userId, merged };
  }

  #isOf(room, guest, keyed) {
    return guest.userId ? room.userId === guest.userId : !room.userId && keyed && room.visitorId === guest.visitorId;
  }

  #room({ visitorId, userId }, asked) {
    const known = this.rooms.find((room) => room.asked === asked);
    if (known) return known;
    this.rooms.push({ id: `room-${this.rooms.length + 1}`, asked, visitorId, userId, closed: false, entries: [] });
    return this.rooms.at(-1);
  }

  #write(room, who, text, clientMessageId) {
    const known = clientMessageId && room.entries.find((entry) => entry.clientMessageId === clientMessageId);
    if (known) return known;
    const index = room.entries.length + 1;
    const is = { client: who === "visitor", agent: who === "agent", supervisor: false, external: false, bot: false };
    const party = { id: who, name: who === "agent" ? "Annabeth Quill" : "Visitor", type: who, is };
    const entry = { type: "message", conversationId: room.id, index, id: `${room.id}-${index}`, clientMessageId, party, content: { type: "text", text }, time: Date.now() };
    room.entries.push(entry);
    for (const guest of this.guests.values()) {
      if (this.#isOf(room, guest, true)) {
        guest.queue.push(entry);
        guest.wake();
      }
    }
    return entry;
  }
}
