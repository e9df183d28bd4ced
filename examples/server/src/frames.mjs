// The inbound `data` of the dialect: how conversations and their events look on the wire.
// Pure functions; which frame goes to whom is decided in dialect.mjs.
import { AGENT, VISITOR, participantOf } from "./conversations.mjs";

// Transcripts are cut into frames well below the 60 KiB a client has to take.
export const FRAME_BYTES = 48 * 1024;

const TYPES = { [AGENT]: "Agent", [VISITOR]: "Client" };

/** One stored event as a message of the dialect. */
export function message(event) {
  const result = {
    index: event.index,
    type: event.type,
    from: { nickname: event.nickname, participantId: event.participant, type: TYPES[event.side] },
    utcTime: event.time,
  };
  if (event.text !== null && event.text !== undefined) result.text = event.text;
  if (event.messageType) result.messageType = event.messageType;
  const userData = { ...event.userData };
  // The agent's key is the console's own business.
  if (event.key && event.side === VISITOR) userData.clientMessageId = event.key;
  if (Object.keys(userData).length > 0) result.userData = userData;
  return result;
}

/** Who a side of a conversation is at present. */
export function party(conversation, side) {
  const nickname = side === AGENT ? conversation.agent ?? "Agent" : conversation.nickname;
  return { nickname, participantId: participantOf(conversation, side), type: TYPES[side] };
}

/** A message that is not kept, so it has no index: typing, receipts. */
export function passing(conversation, side, type, extra) {
  return {
    type,
    from: party(conversation, side),
    utcTime: Date.now(),
    ...extra,
  };
}

/** How far the agent has received and read, as messages; nothing while that is nowhere. */
export function receipts(conversation, moved = { delivered: true, read: true }) {
  const result = [];
  const add = (type, index) => {
    if (index > 0) result.push(passing(conversation, AGENT, type, { userData: { index } }));
  };
  if (moved.delivered) add("Delivered", conversation.agentDelivered);
  if (moved.read) add("Read", conversation.agentRead);
  return result;
}

/** A frame about a conversation, for who holds its `secureKey`. `extra` holds what ties a reply to its request. */
export function about(conversation, messages, extra) {
  return {
    chatId: conversation.id,
    userId: participantOf(conversation, VISITOR),
    alias: "1",
    secureKey: conversation.secureKey,
    statusCode: 0,
    chatEnded: conversation.status === "ended",
    nextPosition: conversation.lastIndex + 1,
    messages,
    ...extra,
  };
}

/** The reply to an operation that belongs to no chat. */
export function answer(content, extra) {
  return { statusCode: 0, chatEnded: false, messages: [], ...content, ...extra };
}

/** The frames of a transcript: in order, the last one carries `tail` and `extra` and is the reply. */
export function transcript(conversation, events, tail, extra) {
  const chunks = [[]];
  let size = 0;
  for (const event of events) {
    const entry = message(event);
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    if (size + bytes > FRAME_BYTES && chunks.at(-1).length > 0) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1).push(entry);
    size += bytes;
  }
  return chunks.map((chunk, i) => {
    if (i === chunks.length - 1) return about(conversation, [...chunk, ...tail], extra);
    // What comes before the reply tells neither the end nor the newest position: the client has not got there yet.
    return about(conversation, chunk, { chatEnded: false, nextPosition: chunk.at(-1).index + 1 });
  });
}

/** A refusal of one operation; with `chatEnded`, of the whole chat. */
export function refusal(code, description, { chatEnded = false, conversation, extra } = {}) {
  const base = conversation ? about(conversation, []) : { messages: [] };
  return { ...base, statusCode: 2, chatEnded, errors: [{ code, description }], ...extra };
}

/** "Try again": nothing else in it is valid. */
export function temporary(extra) {
  return { statusCode: 1, chatEnded: false, messages: [], ...extra };
}
