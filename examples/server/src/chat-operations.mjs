// The operations on one chat, opened by its secureKey: each writes, then answers the frames of its reply.
import { AGENT, VISITOR } from "./conversations.mjs";
import { about, message, passing, receipts, transcript } from "./frames.mjs";
import { Refused, freeForm, position } from "./rules.mjs";

/** `(parts, session, conversation, data, extra) → frames`, by name. `parts`: `{conversations, identities}`. */
export const CHAT_OPERATIONS = {
  sendMessage({ conversations }, session, conversation, data, extra) {
    const { event } = conversations.say(conversation, VISITOR, {
      text: data.message, key: data.clientMessageId, messageType: data.messageType,
      payload: data.userData?.payload, origin: session.clientId,
    });
    return [about(conversation, [message(event)], extra)];
  },

  startTyping({ conversations }, session, conversation, data, extra) {
    conversations.setTyping(conversation, VISITOR, true, data.message, session.clientId);
    return [about(conversation, [], extra)];
  },

  stopTyping({ conversations }, session, conversation, data, extra) {
    conversations.setTyping(conversation, VISITOR, false, undefined, session.clientId);
    return [about(conversation, [], extra)];
  },

  requestNotifications(parts, session, conversation, data, extra) {
    return resumed(parts, session, conversation, position(data.transcriptPosition), extra);
  },

  readReceipt({ conversations }, session, conversation, data, extra) {
    if (!Number.isSafeInteger(data.index) || data.index < 1) throw new Refused("message_invalid", "index is no position");
    conversations.acknowledge(conversation, VISITOR, { read: data.index }, session.clientId);
    return [about(conversation, [], extra)];
  },

  updateNickname({ conversations }, session, conversation, data, extra) {
    const { event } = conversations.rename(conversation, { nickname: data.nickname, origin: session.clientId });
    return [about(conversation, event ? [message(event)] : [], extra)];
  },

  customNotice({ conversations }, session, conversation, data, extra) {
    const { event } = conversations.notice(conversation, VISITOR, { text: data.message, origin: session.clientId });
    return [about(conversation, [message(event)], extra)];
  },

  updateData({ conversations, identities }, session, conversation, data, extra) {
    identities.mustBeProven(session, data.userData);
    conversations.update(conversation, data.userData);
    return [about(conversation, [], extra)];
  },

  disconnect({ conversations }, session, conversation, data, extra) {
    const { event } = conversations.end(conversation, VISITOR, session.clientId);
    return [about(conversation, event ? [message(event)] : [], extra)];
  },
};

/** Makes a chat, or finds the one asked for before, and attaches the session to it. */
export function requestChat(parts, session, data, extra) {
  const { conversations, identities } = parts;
  const whole = [data.firstName, data.lastName].filter((part) => typeof part === "string").join(" ");
  const userData = { ...freeForm(data.userData, "userData") };
  if (typeof data.emailAddress === "string") userData.emailAddress ??= data.emailAddress;
  identities.mustBeProven(session, userData);
  const { conversation } = conversations.request({
    visitor: session.visitor, clientKey: data.clientConversationId, nickname: data.nickname ?? whole,
    subject: data.subject, userData, origin: session.clientId,
  });
  const secureKey = conversations.keyFor(conversation, session.device);
  return resumed(parts, session, { ...conversation, secureKey }, 0, extra);
}

// From now on the session hears of this chat.
function resumed({ conversations }, session, conversation, from, extra) {
  session.chats.set(conversation.id, conversation.secureKey);
  const events = conversations.transcript(conversation.id, from);
  const tail = receipts(conversation);
  if (conversations.isTyping(conversation.id, AGENT)) tail.push(passing(conversation, AGENT, "TypingStarted"));
  conversations.acknowledge(conversation, VISITOR, { delivered: conversation.lastIndex });
  return transcript(conversation, events, tail, extra);
}
