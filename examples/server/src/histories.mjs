// What a visitor had before: its conversations, and the messages of one, page by page. Only ever its own.
import { AGENT } from "./conversations.mjs";
import { FRAME_BYTES, message, party } from "./frames.mjs";
import { Refused, isObject, position } from "./rules.mjs";

const MESSAGES = { usual: 50, most: 100 };
const CONVERSATIONS = { usual: 20, most: 50 };
const STATUS = { waiting: "queued", active: "active", ended: "ended" };
const CURSOR = /^([01])\.(\d{1,16})\.([\w-]{1,64})$/;

export class Histories {
  #store;
  #conversations;

  constructor({ store, conversations }) {
    this.#store = store;
    this.#conversations = conversations;
  }

  /**
   * The newest messages of a conversation, or those before an index, in order; `nextCursor` is the `before` of the next
   * page. Without `conversationId`: the first of the list.
   */
  page(visitor, { conversationId, before, limit }) {
    const conversation = conversationId === undefined
      ? this.#store.conversationsOf(visitor, undefined, 1)[0]
      : typeof conversationId === "string" && this.#conversations.find(conversationId);
    if (!conversation || conversation.visitor !== visitor) {
      // Another one's and one that never was look the same.
      if (conversationId === undefined) return { messages: [] };
      throw new Refused("conversation_not_found", "no such conversation");
    }
    const count = limited(limit, MESSAGES);
    const events = this.#store.eventsBefore(conversation.id, position(before) || conversation.lastIndex + 1, count);
    const messages = fitting(events.map(message)).reverse();
    return { conversationId: conversation.id, messages, ...(messages[0]?.index > 1 && { nextCursor: messages[0].index }) };
  }

  /** The visitor's conversations: the open ones first, each kind newest first. An open one comes with the device's key. */
  list(visitor, device, { cursor, limit }) {
    const count = limited(limit, CONVERSATIONS);
    const rows = this.#store.conversationsOf(visitor, afterOf(cursor), count + 1);
    const all = fitting(rows.slice(0, count).map((row) => this.#told(row, device)));
    const last = all.length < rows.length ? rows[all.length - 1] : undefined;
    return { conversations: all, ...(last && { nextCursor: `${Number(last.status === "ended")}.${last.createdAt}.${last.id}` }) };
  }

  #told(conversation, device) {
    const { id, status, subject, createdAt, userData, agent, lastIndex, visitorRead } = conversation;
    const lastMessage = this.#store.lastMessage(id);
    return {
      id, status: STATUS[status], subject: subject ?? undefined, createdAt, updatedAt: this.#store.updatedAt(id) ?? createdAt,
      unreadCount: this.#store.countAfter(id, AGENT, visitorRead), lastIndex,
      lastMessage: lastMessage && message(lastMessage), agent: agent ? party(conversation, AGENT) : undefined,
      tags: Array.isArray(userData.tags) ? userData.tags : [],
      customFields: isObject(userData.customFields) ? userData.customFields : {},
      secureKey: status === "ended" ? undefined : this.#conversations.keyFor(conversation, device),
    };
  }
}

function limited(limit, { usual, most }) {
  return Number.isSafeInteger(limit) ? Math.min(Math.max(limit, 1), most) : usual;
}

function afterOf(cursor) {
  if (cursor === undefined || cursor === null) return undefined;
  const [, ended, createdAt, id] = (typeof cursor === "string" && CURSOR.exec(cursor)) || [];
  if (id === undefined) throw new Refused("message_invalid", "the cursor is not from here");
  return { ended: Number(ended), createdAt: Number(createdAt), id };
}

// As many as go into one frame; the first one always does.
function fitting(entries) {
  let size = 0;
  const end = entries.findIndex((entry, i) => (size += Buffer.byteLength(JSON.stringify(entry))) > FRAME_BYTES && i > 0);
  return end < 0 ? entries : entries.slice(0, end);
}
