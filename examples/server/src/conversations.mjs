// The rules of a conversation, the same for both sides: who may write when, one index after the other,
// nothing stored twice. Every change is committed first and reported to the listeners afterwards.
// It knows neither Bayeux nor HTTP.
import { Refused, freeForm, idempotencyKey, merged, messageText, nickname as nameOf } from "./rules.mjs";
import { token } from "./visitors.mjs";

export const VISITOR = "visitor";
export const AGENT = "agent";

export class Conversations {
  #store;
  #listeners = new Set();
  #typing = new Map(); // conversation id → { visitor, agent }: never stored

  constructor(store) {
    this.#store = store;
  }

  /**
   * `listener(change)`: `{kind: "event" | "changed" | "typing" | "receipt", conversation, …}`.
   * `origin` is whatever the caller of the change passed, so that it can skip its own echo.
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #report(change) {
    for (const listener of this.#listeners) listener(change);
  }

  find(id) {
    return this.#store.conversation(id);
  }

  /** The conversation a secureKey opens for this visitor (`null`: a client without our extension), with that key. */
  open(secureKey, visitor) {
    if (typeof secureKey !== "string") return undefined;
    const conversation = this.#store.conversationByKey(secureKey);
    return conversation && conversation.visitor === visitor ? { ...conversation, secureKey } : undefined;
  }

  /** The user a conversation belongs to, verified by a token; nothing while its visitor is anonymous. */
  userOf({ visitor }) {
    return (visitor !== null && this.#store.visitor(visitor).userId) || undefined;
  }

  /** Tells that a conversation is another visitor's now. */
  moved(conversation) {
    this.#report({ kind: "changed", conversation });
  }

  /** A device's key to a conversation: the one it has, or a new one when that was revoked. */
  keyFor(conversation, device) {
    const known = this.#store.keyOf(conversation.id, device);
    if (known) return known;
    const secureKey = token(24);
    this.#store.addKey({ secureKey, conversation: conversation.id, device });
    return secureKey;
  }

  all() {
    return this.#store.conversations();
  }

  transcript(id, from = 0) {
    return this.#store.eventsFrom(id, from);
  }

  isTyping(id, side) {
    return this.#typing.get(id)?.[side] ?? false;
  }

  /** A new conversation, or the one this visitor asked for before with the same key. */
  request({ visitor, clientKey, nickname, subject, userData, origin }) {
    // A client without our extension has no identity a key could belong to.
    const key = visitor === null ? null : idempotencyKey(clientKey);
    const data = freeForm(userData, "userData");
    const earlier = key !== null && this.#store.conversationByClientKey(visitor, key);
    if (earlier) return { conversation: earlier, repeated: true };
    const made = this.#store.transact(() => {
      const conversation = this.#store.addConversation({
        id: token(12), visitor, clientKey: key, nickname: nameOf(nickname) ?? "Visitor",
        subject: nameOf(subject) ?? null, userData: data, createdAt: Date.now(),
      });
      return { conversation, event: this.#append(conversation, VISITOR, { type: "ParticipantJoined" }) };
    });
    this.#report({ kind: "event", ...made, origin });
    return made;
  }

  /** Writes a message; a repeat of a key answers the first one's event and stores nothing. */
  say(conversation, side, { text, key, messageType, payload, origin }) {
    const checkedKey = idempotencyKey(key);
    const earlier = checkedKey !== null && this.#store.eventByKey(conversation.id, side, checkedKey);
    if (earlier) return { event: earlier, repeated: true };
    const body = {
      type: "Message", text: messageText(text), key: checkedKey,
      messageType: typeof messageType === "string" ? messageType.slice(0, 64) : undefined,
      userData: payload === undefined ? undefined : freeForm({ payload }, "userData"),
    };
    this.#mustBeOpen(conversation, side);
    const event = this.#commit(conversation, side, body, origin);
    // Afterwards, so that the dots go with the message that replaces them.
    this.setTyping(conversation, side, false, undefined, origin);
    return { event };
  }

  notice(conversation, side, { text, origin }) {
    this.#mustBeOpen(conversation, side);
    return { event: this.#commit(conversation, side, { type: "CustomNotice", text: messageText(text) }, origin) };
  }

  rename(conversation, { nickname, origin }) {
    const name = nameOf(nickname);
    if (!name) throw new Refused("message_invalid", "the nickname is empty");
    this.#mustBeOpen(conversation, VISITOR);
    if (name === conversation.nickname) return {};
    conversation.nickname = name;
    return { event: this.#commit(conversation, VISITOR, { type: "NicknameUpdated" }, origin) };
  }

  /** Merges what is known about the visitor, key by key; `null` deletes. */
  update(conversation, changes) {
    const data = freeForm(merged(conversation.userData, freeForm(changes, "userData")), "userData");
    conversation.userData = data;
    this.#store.saveConversation(conversation);
    this.#report({ kind: "changed", conversation, changes });
  }

  /** Agent `name` takes a waiting conversation; taking one's own again changes nothing. */
  accept(conversation, name) {
    if (conversation.status === "ended") throw new Refused("chat_ended", "this chat has ended");
    if (conversation.status === "active") {
      if (conversation.agent === name) return {};
      throw new Refused("already_taken", `${conversation.agent} is in this chat`);
    }
    Object.assign(conversation, { status: "active", agent: name, acceptedAt: Date.now() });
    return { event: this.#commit(conversation, AGENT, { type: "ParticipantJoined" }) };
  }

  /** Ends it; the second end changes nothing. */
  end(conversation, side, origin) {
    if (conversation.status === "ended") return {};
    this.setTyping(conversation, VISITOR, false);
    this.setTyping(conversation, AGENT, false);
    Object.assign(conversation, { status: "ended", endedAt: Date.now() });
    return { event: this.#commit(conversation, side, { type: "ParticipantLeft" }, origin) };
  }

  setTyping(conversation, side, isTyping, preview, origin) {
    if (isTyping) this.#mustBeOpen(conversation, side);
    const state = this.#typing.get(conversation.id) ?? { visitor: false, agent: false };
    if (!isTyping && !state[side]) return;
    state[side] = isTyping;
    if (state.visitor || state.agent) this.#typing.set(conversation.id, state);
    else this.#typing.delete(conversation.id);
    const text = typeof preview === "string" ? preview.slice(0, 4000) : undefined;
    this.#report({ kind: "typing", conversation, side, isTyping, preview: text, origin });
  }

  /** `side` has received or read the other side's events up to an index; never goes back. */
  acknowledge(conversation, side, { delivered, read }, origin) {
    const upTo = (value) => (Number.isSafeInteger(value) && value > 0 ? Math.min(value, conversation.lastIndex) : 0);
    const nextRead = Math.max(conversation[`${side}Read`], upTo(read));
    const nextDelivered = Math.max(conversation[`${side}Delivered`], upTo(delivered), nextRead);
    const moved = {
      read: nextRead > conversation[`${side}Read`], delivered: nextDelivered > conversation[`${side}Delivered`],
    };
    if (!moved.read && !moved.delivered) return;
    conversation[`${side}Read`] = nextRead;
    conversation[`${side}Delivered`] = nextDelivered;
    this.#store.saveConversation(conversation);
    this.#report({ kind: "receipt", conversation, side, moved, origin });
  }

  #mustBeOpen(conversation, side) {
    if (conversation.status === "ended") throw new Refused("chat_ended", "this chat has ended");
    if (side === AGENT && conversation.status !== "active") throw new Refused("not_accepted", "accept the chat first");
  }

  #commit(conversation, side, body, origin) {
    const event = this.#store.transact(() => this.#append(conversation, side, body));
    this.#report({ kind: "event", conversation, event, origin });
    return event;
  }

  // Inside a transaction: the next index and the event stand or fall together.
  #append(conversation, side, body) {
    conversation.lastIndex += 1;
    const event = this.#store.addEvent({
      ...body, conversation: conversation.id, index: conversation.lastIndex, side,
      nickname: side === AGENT ? conversation.agent ?? "Agent" : conversation.nickname,
      participant: participantOf(conversation, side), time: Date.now(),
    });
    this.#store.saveConversation(conversation);
    return event;
  }
}

/** A side's id within a conversation: public, says nothing about the person elsewhere. */
export function participantOf(conversation, side) {
  return `${conversation.id}-${side}`;
}
