// The Genesys chat v2 dialect with the support-chat extension: sessions, their operations, and who hears of what.
// It knows no Bayeux library: an adapter calls handshake, received and closed, and delivers what `deliver` is given.
import { AGENT, VISITOR } from "./conversations.mjs";
import { CHAT_OPERATIONS, requestChat } from "./chat-operations.mjs";
import { VISITOR_OPERATIONS, TAKES_AWAY, WITHOUT_FRESH_TOKEN } from "./visitor-operations.mjs";
import { about, message, passing, receipts, refusal, temporary } from "./frames.mjs";
import { Refused, isObject } from "./rules.mjs";

export const EXTENSION = "support-chat";
export const CAPABILITIES = ["idempotency", "receipts", "typing", "identify", "history", "conversations"];

export class Dialect {
  #parts;
  #faults;
  #deliver;
  #dismiss;
  #isReachable;
  #revokeUrl;
  #sessions = new Map(); // clientId → { clientId, visitor, publicId, device, userId?, token?, chats: id → secureKey, waiting?, gone? }

  /**
   * `parts`: `{conversations, identities, revocations, histories}`. `revokeUrl`: where a page posts its logout. `deliver(clientId, data)` sends one frame,
   * `dismiss(clientId)` makes a client shake hands anew, `isReachable(clientId)` says whether it is there to get something.
   */
  constructor({ parts, faults, revokeUrl, deliver, dismiss, isReachable }) {
    this.#parts = parts;
    this.#faults = faults;
    this.#deliver = deliver;
    this.#dismiss = dismiss;
    this.#isReachable = isReachable;
    this.#revokeUrl = revokeUrl;
    parts.conversations.listen((change) => this.#spread(change));
  }

  /** A handshake: `{refused: "403::code"}`, or `{admit(clientId) → ext of the reply}`. */
  async handshake(ext) {
    const fault = this.#faults.take("refuse");
    if (fault) return { refused: `403::${fault.code ?? "refused"}` };
    try {
      const identify = await this.#parts.identities.admit(isObject(ext) ? ext[EXTENSION] : undefined);
      return { admit: (clientId) => this.#admit(clientId, identify()) };
    } catch (error) {
      if (error instanceof Refused) return { refused: `403::${error.code}` };
      throw error;
    }
  }

  #admit(clientId, identity) {
    const { secret, ...rest } = identity ?? { visitor: null, device: "" };
    this.#sessions.set(clientId, { clientId, ...rest, chats: new Map() });
    if (!identity) return undefined;
    const { publicId, userId } = identity;
    return { [EXTENSION]: { version: 1, visitorId: publicId, visitorSecret: secret, userId, revokeUrl: this.#revokeUrl, capabilities: CAPABILITIES } };
  }

  knows(clientId) {
    return this.#sessions.has(clientId);
  }

  closed(clientId) {
    const session = this.#sessions.get(clientId);
    this.#sessions.delete(clientId);
    if (session) session.gone = true;
    const { conversations } = this.#parts;
    for (const id of session?.chats.keys() ?? []) {
      const attached = [...this.#sessions.values()].some((other) => other.chats.has(id));
      const conversation = !attached && conversations.isTyping(id, VISITOR) && conversations.find(id);
      if (conversation) conversations.setTyping(conversation, VISITOR, false);
    }
  }

  sessions() {
    return [...this.#sessions.values()];
  }

  /** Ends every session whose secret, token or key opens nothing any more: it would go on hearing of what is not its own. */
  sweep() {
    for (const session of this.sessions()) {
      if (this.#parts.identities.holds(session)) continue;
      this.closed(session.clientId);
      this.#dismiss(session.clientId);
    }
  }

  /** An operation. What it did is stored before its reply goes out through `deliver`; one client's keep their order. */
  received(clientId, data, requestId) {
    const session = this.#sessions.get(clientId);
    if (!session) return;
    if (session.waiting) session.waiting.push([data, requestId]);
    else this.#answer(session, data, requestId);
  }

  #answer(session, data, requestId) {
    const operation = isObject(data) && typeof data.operation === "string" ? data.operation : undefined;
    const extra = { requestId };
    for (const key of ["clientMessageId", "clientConversationId"]) {
      if (isObject(data) && typeof data[key] === "string") extra[key] = data[key];
    }
    const fault = this.#faults.operation(operation, extra);
    const reply = (frames) => {
      if (fault?.silent) return;
      const send = () => frames.forEach((frame) => this.#deliver(session.clientId, frame));
      if (fault?.late) setTimeout(send, fault.late).unref();
      else send();
    };
    if (fault?.frames) return reply(fault.frames);
    const failed = (error) => {
      if (!(error instanceof Refused)) console.error(`${operation} failed: ${error.message}`);
      return [error instanceof Refused ? refusal(error.code, error.message, { extra }) : temporary(extra)];
    };
    let outcome;
    try {
      outcome = this.#perform(session, operation, data, extra);
    } catch (error) {
      outcome = failed(error);
    }
    if (!(outcome instanceof Promise)) return reply(outcome);
    session.waiting = [];
    return outcome.catch(failed).then((frames) => {
      reply(frames);
      const waiting = session.waiting;
      session.waiting = undefined;
      for (const [next, id] of waiting) this.received(session.clientId, next, id);
    }).catch((error) => console.error(`${operation} failed: ${error.message}`));
  }

  #perform(session, operation, data, extra) {
    const { conversations, identities } = this.#parts;
    if (operation === undefined) throw new Refused(2, "operation is missing");
    if (!WITHOUT_FRESH_TOKEN.includes(operation)) identities.mustBeFresh(session);
    if (operation === "requestChat") return requestChat(this.#parts, session, data, extra);
    // A client without our extension was told of none of these.
    if (session.visitor !== null && Object.hasOwn(VISITOR_OPERATIONS, operation)) {
      return this.#performForVisitor(session, operation, data, extra);
    }
    if (!Object.hasOwn(CHAT_OPERATIONS, operation)) throw new Refused(1, "unknown operation");
    const conversation = conversations.open(data.secureKey, session.visitor);
    if (!conversation) return [refusal(50, "unknown session", { chatEnded: true, extra })];
    try {
      return CHAT_OPERATIONS[operation](this.#parts, session, conversation, data, extra);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [refusal(error.code, error.message, { chatEnded: conversation.status === "ended", conversation, extra })];
    }
  }

  #performForVisitor(session, operation, data, extra) {
    const outcome = VISITOR_OPERATIONS[operation](this.#parts, session, data, extra);
    if (!TAKES_AWAY.includes(operation)) return outcome;
    const after = (frames) => {
      // A session that revoked itself is over; it is not dismissed, as its reply is still to reach it.
      if (operation === "revoke") this.closed(session.clientId);
      this.sweep();
      return frames;
    };
    return outcome instanceof Promise ? outcome.then(after) : after(outcome);
  }

  // A change in a conversation, told to every client attached to it. The one that caused it has its reply.
  #spread(change) {
    const { conversation, origin } = change;
    const messages = this.#messagesOf(change);
    if (messages.length === 0) return;
    let reached = false;
    for (const session of this.#sessions.values()) {
      const secureKey = session.chats.get(conversation.id);
      if (secureKey === undefined || session.clientId === origin) continue;
      reached ||= this.#isReachable(session.clientId);
      this.#deliver(session.clientId, about({ ...conversation, secureKey }, messages));
    }
    if (reached && change.kind === "event" && change.event.side === AGENT) {
      this.#parts.conversations.acknowledge(conversation, VISITOR, { delivered: change.event.index });
    }
  }

  #messagesOf({ kind, conversation, event, side, isTyping, moved }) {
    if (kind === "event") return [message(event)];
    if (side !== AGENT) return [];
    if (kind === "typing") return [passing(conversation, AGENT, isTyping ? "TypingStarted" : "TypingStopped")];
    if (kind === "receipt") return receipts(conversation, moved);
    return [];
  }
}
