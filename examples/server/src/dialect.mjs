// The Genesys chat v2 dialect with the support-chat extension: what operations do and what is answered.
// It knows no Bayeux library: an adapter calls opened, received and closed, and delivers what `deliver` is given.
import { AGENT, VISITOR } from "./conversations.mjs";
import { about, message, passing, receipts, refusal, temporary, transcript } from "./frames.mjs";
import { Refused, freeForm, isObject, position } from "./rules.mjs";

export const EXTENSION = "support-chat";
export const CAPABILITIES = ["idempotency", "receipts", "typing"];

export class Dialect {
  #conversations;
  #visitors;
  #faults;
  #deliver;
  #isReachable;
  #sessions = new Map(); // clientId → { clientId, visitor, publicId, chats: Set }

  /**
   * `deliver(clientId, data)` sends one frame; `isReachable(clientId)` says whether the client is there to get it.
   */
  constructor({ conversations, visitors, faults, deliver, isReachable }) {
    this.#conversations = conversations;
    this.#visitors = visitors;
    this.#faults = faults;
    this.#deliver = deliver;
    this.#isReachable = isReachable;
    conversations.listen((change) => this.#spread(change));
  }

  /** A handshake: `{refused: "403::code"}`, or `{admit(clientId) → ext of the reply}`. */
  handshake(ext) {
    if (this.#faults.take("refuse")) return { refused: "403::refused" };
    return {
      admit: (clientId) => {
        const visitor = this.#visitors.admit(isObject(ext) ? ext[EXTENSION] : undefined);
        this.#sessions.set(clientId, { clientId, visitor: visitor?.id ?? null, publicId: visitor?.publicId, chats: new Set() });
        if (!visitor) return undefined;
        return { [EXTENSION]: { version: 1, visitorId: visitor.publicId, visitorSecret: visitor.secret, capabilities: CAPABILITIES } };
      },
    };
  }

  knows(clientId) {
    return this.#sessions.has(clientId);
  }

  closed(clientId) {
    const session = this.#sessions.get(clientId);
    this.#sessions.delete(clientId);
    for (const id of session?.chats ?? []) {
      const attached = [...this.#sessions.values()].some((other) => other.chats.has(id));
      const conversation = !attached && this.#conversations.isTyping(id, VISITOR) && this.#conversations.find(id);
      if (conversation) this.#conversations.setTyping(conversation, VISITOR, false);
    }
  }

  sessions() {
    return [...this.#sessions.values()];
  }

  /** An operation. Returns once its outcome is stored; the reply goes out through `deliver`. */
  received(clientId, data, requestId) {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    const operation = isObject(data) && typeof data.operation === "string" ? data.operation : undefined;
    const reply = (frame) => this.#deliver(clientId, frame);
    const extra = { requestId };
    for (const key of ["clientMessageId", "clientConversationId"]) {
      if (isObject(data) && typeof data[key] === "string") extra[key] = data[key];
    }
    const fault = this.#faults.operation(operation, extra);
    if (fault?.frames) return fault.frames.forEach(reply);
    let frames;
    try {
      frames = this.#perform(session, operation, data, extra);
    } catch (error) {
      if (!(error instanceof Refused)) console.error(`${operation} failed: ${error.message}`);
      frames = [error instanceof Refused ? refusal(error.code, error.message, { extra }) : temporary(extra)];
    }
    if (!fault?.silent) frames.forEach(reply);
  }

  #perform(session, operation, data, extra) {
    if (operation === undefined) throw new Refused(2, "operation is missing");
    if (operation === "requestChat") return this.#requestChat(session, data, extra);
    if (!Object.hasOwn(OPERATIONS, operation)) throw new Refused(1, "unknown operation");
    const conversation = this.#conversations.open(data.secureKey, session.visitor);
    if (!conversation) return [refusal(50, "unknown session", { chatEnded: true, extra })];
    try {
      return OPERATIONS[operation].call(this, session, conversation, data, extra);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [refusal(error.code, error.message, { chatEnded: conversation.status === "ended", conversation, extra })];
    }
  }

  #requestChat(session, data, extra) {
    const whole = [data.firstName, data.lastName].filter((part) => typeof part === "string").join(" ");
    const userData = { ...freeForm(data.userData, "userData") };
    if (typeof data.emailAddress === "string") userData.emailAddress ??= data.emailAddress;
    const { conversation } = this.#conversations.request({
      visitor: session.visitor, clientKey: data.clientConversationId, nickname: data.nickname ?? whole,
      subject: data.subject, userData, origin: session.clientId,
    });
    return this.#resume(session, conversation, 0, extra);
  }

  #resume(session, conversation, from, extra) {
    session.chats.add(conversation.id);
    const events = this.#conversations.transcript(conversation.id, from);
    const tail = receipts(conversation);
    if (this.#conversations.isTyping(conversation.id, AGENT)) tail.push(passing(conversation, AGENT, "TypingStarted"));
    this.#conversations.acknowledge(conversation, VISITOR, { delivered: conversation.lastIndex });
    return transcript(conversation, events, tail, extra);
  }

  // A change in a conversation, told to every client attached to it. The one that caused it has its reply.
  #spread(change) {
    const { conversation, origin } = change;
    const messages = this.#messagesOf(change);
    if (messages.length === 0) return;
    let reached = false;
    for (const session of this.#sessions.values()) {
      if (!session.chats.has(conversation.id) || session.clientId === origin) continue;
      reached ||= this.#isReachable(session.clientId);
      this.#deliver(session.clientId, about(conversation, messages));
    }
    if (reached && change.kind === "event" && change.event.side === AGENT) {
      this.#conversations.acknowledge(conversation, VISITOR, { delivered: change.event.index });
    }
  }

  #messagesOf({ kind, conversation, event, side, isTyping, moved }) {
    if (kind === "event") return [message(event)];
    if (side !== AGENT) return [];
    if (kind === "typing") return [passing(conversation, AGENT, isTyping ? "TypingStarted" : "TypingStopped")];
    if (kind === "receipt") return receipts(conversation, moved);
    return [];
  }

  static operations = {
    sendMessage(session, conversation, data, extra) {
      const { event } = this.#conversations.say(conversation, VISITOR, {
        text: data.message, key: data.clientMessageId, messageType: data.messageType,
        payload: data.userData?.payload, origin: session.clientId,
      });
      return [about(conversation, [message(event)], extra)];
    },

    startTyping(session, conversation, data, extra) {
      this.#conversations.setTyping(conversation, VISITOR, true, data.message, session.clientId);
      return [about(conversation, [], extra)];
    },

    stopTyping(session, conversation, data, extra) {
      this.#conversations.setTyping(conversation, VISITOR, false, undefined, session.clientId);
      return [about(conversation, [], extra)];
    },

    requestNotifications(session, conversation, data, extra) {
      return this.#resume(session, conversation, position(data.transcriptPosition), extra);
    },

    readReceipt(session, conversation, data, extra) {
      if (!Number.isSafeInteger(data.index) || data.index < 1) throw new Refused("message_invalid", "index is no position");
      this.#conversations.acknowledge(conversation, VISITOR, { read: data.index }, session.clientId);
      return [about(conversation, [], extra)];
    },

    updateNickname(session, conversation, data, extra) {
      const { event } = this.#conversations.rename(conversation, { nickname: data.nickname, origin: session.clientId });
      return [about(conversation, event ? [message(event)] : [], extra)];
    },

    customNotice(session, conversation, data, extra) {
      const { event } = this.#conversations.notice(conversation, VISITOR, { text: data.message, origin: session.clientId });
      return [about(conversation, [message(event)], extra)];
    },

    updateData(session, conversation, data, extra) {
      this.#conversations.update(conversation, data.userData);
      return [about(conversation, [], extra)];
    },

    disconnect(session, conversation, data, extra) {
      const { event } = this.#conversations.end(conversation, VISITOR, session.clientId);
      return [about(conversation, event ? [message(event)] : [], extra)];
    },
  };
}

const OPERATIONS = Dialect.operations;
