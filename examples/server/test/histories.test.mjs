// What a user had before: conversations and messages, page by page, on any device, and never another's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./support/server.mjs";
import { texts, visit, visitor } from "./support/bayeux.mjs";

const TYPES = ["websocket", "long-polling"];

async function user(t, server, name, device, type) {
  return visit(t, server, { type, ext: visitor(device, { token: await server.token(name) }) });
}

// Chats of Ann's, made one after the other: those named `closed…` are over.
async function chats(server, link, names) {
  const made = [];
  for (const name of names) {
    const chat = await link.ask("requestChat", { nickname: "Ann", subject: name, clientConversationId: name });
    if (name.startsWith("closed")) await link.ask("disconnect", { secureKey: chat.secureKey });
    made.push(chat);
  }
  return made;
}

for (const type of TYPES) {
  test(`a user who comes back on another ${type} device finds the open conversation and goes on with it`, async (t) => {
    const server = await startServer(t);
    const phone = await user(t, server, "ann", "phone");
    const chat = await phone.ask("requestChat", {
      nickname: "Ann", subject: "Burrs", userData: { tags: ["vip"], customFields: { plan: "pro" } },
    });
    await server.agent("accept", { conversationId: chat.chatId, name: "Maya" });
    await phone.ask("sendMessage", { secureKey: chat.secureKey, message: "hello", clientMessageId: "m" });
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "hi" });
    await phone.until((frame) => texts(frame.messages).includes("hi"));
    phone.close();

    const desktop = await user(t, server, "ann", "desktop", type);
    const { conversations, nextCursor, statusCode, chatEnded, messages, chatId } = await desktop.ask("conversations", { limit: 10 });
    assert.deepEqual([statusCode, chatEnded, messages, chatId, nextCursor], [0, false, [], undefined, undefined]);
    const [{ secureKey, createdAt, updatedAt, lastMessage, ...rest }] = conversations;
    assert.deepEqual(rest, {
      id: chat.chatId, status: "active", subject: "Burrs", unreadCount: 1, lastIndex: 4, tags: ["vip"], customFields: { plan: "pro" },
      agent: { nickname: "Maya", participantId: `${chat.chatId}-agent`, type: "Agent" },
    });
    assert.deepEqual([lastMessage.index, lastMessage.text, lastMessage.from.type, lastMessage.utcTime], [4, "hi", "Agent", updatedAt]);
    assert.ok(createdAt <= updatedAt);
    assert.ok(secureKey && secureKey !== chat.secureKey);
    assert.deepEqual(texts((await desktop.ask("requestNotifications", { secureKey })).messages), ["hello", "hi"]);
    await server.agent("message", { conversationId: chat.chatId, key: "k2", text: "welcome back" });
    await desktop.until((frame) => texts(frame.messages).includes("welcome back"));
    assert.equal((await desktop.ask("conversations")).conversations[0].secureKey, secureKey, "the device keeps its key");
  });
}

test("conversations come open first, each kind newest first, page by page, none twice and none missing", async (t) => {
  const server = await startServer(t);
  const link = await user(t, server, "ann", "d");
  await chats(server, link, ["open-1", "closed-1", "closed-2", "open-2", "closed-3", "closed-4", "open-3"]);
  const seen = [];
  let cursor;
  do {
    const page = await link.ask("conversations", { cursor, limit: 2 });
    assert.ok(page.conversations.length <= 2);
    seen.push(...page.conversations);
    cursor = page.nextCursor;
    // One that is new meanwhile belongs before all of them and moves nothing.
    if (seen.length === 2) await chats(server, link, ["open-late"]);
  } while (cursor);
  const names = seen.map(({ subject }) => subject);
  assert.deepEqual(names.slice().sort(), ["closed-1", "closed-2", "closed-3", "closed-4", "open-1", "open-2", "open-3"]);
  assert.deepEqual(names.map((name) => name.startsWith("open")), [true, true, true, false, false, false, false]);
  const times = seen.map(({ createdAt }) => createdAt);
  for (const part of [times.slice(0, 3), times.slice(3)]) assert.deepEqual(part, part.slice().sort((a, b) => b - a));
  assert.deepEqual(seen.map(({ status, secureKey }) => [status, typeof secureKey]), [
    ...Array(3).fill(["queued", "string"]), ...Array(4).fill(["ended", "undefined"]),
  ], "a key only to what is open");
});

test("history gives the newest messages, then those before, in order, with a cursor while there is more", async (t) => {
  const server = await startServer(t);
  const link = await user(t, server, "ann", "d");
  const [{ chatId, secureKey }] = await chats(server, link, ["open"]);
  for (let n = 2; n <= 12; n += 1) await link.ask("sendMessage", { secureKey, message: `m${n}` });
  await link.ask("disconnect", { secureKey });
  const pages = [];
  let before;
  do {
    const page = await link.ask("history", { conversationId: chatId, before, limit: 5 });
    assert.deepEqual([page.statusCode, page.conversationId, page.chatId, page.secureKey], [0, chatId, undefined, undefined]);
    pages.push(page.messages.map(({ index }) => index));
    before = page.nextCursor;
  } while (before !== undefined);
  assert.deepEqual(pages, [[9, 10, 11, 12, 13], [4, 5, 6, 7, 8], [1, 2, 3]]);
  const newest = await link.ask("history", { limit: 2 });
  assert.deepEqual([newest.conversationId, newest.messages.map(({ index }) => index)], [chatId, [12, 13]], "the latest by itself");
  assert.deepEqual((await link.ask("history", { conversationId: chatId, before: 2 })).messages.map(({ type }) => type), ["ParticipantJoined"]);
});

test("limits are clamped, and a page fits into one frame", async (t) => {
  const server = await startServer(t);
  const link = await user(t, server, "ann", "d");
  const [{ chatId, secureKey }] = await chats(server, link, ["open"]);
  for (let n = 0; n < 12; n += 1) await link.ask("sendMessage", { secureKey, message: "€".repeat(3900) });
  for (let n = 0; n < 100; n += 1) await link.ask("sendMessage", { secureKey, message: `m${n}` });
  const count = async (fields) => (await link.ask("history", { conversationId: chatId, ...fields })).messages.length;
  assert.deepEqual([await count({ limit: 0 }), await count({ limit: -5 }), await count({ limit: 1e6 })], [1, 1, 100]);
  for (const limit of [undefined, null, "5", 2.5, {}]) assert.equal(await count({ limit }), 50, JSON.stringify(limit));
  const large = await link.ask("history", { conversationId: chatId, before: 14, limit: 100 });
  assert.ok(Buffer.byteLength(JSON.stringify(large)) < 60 * 1024);
  assert.ok(large.messages.length >= 3 && large.messages.at(-1).index === 13 && large.nextCursor === large.messages[0].index);
  assert.equal((await link.ask("conversations", { limit: 1e6 })).statusCode, 0);
});

test("only one's own: another's conversation looks like one that never was", async (t) => {
  const server = await startServer(t);
  const ann = await user(t, server, "ann", "d");
  const [{ chatId }] = await chats(server, ann, ["open"]);
  const anonymous = await visit(t, server, { ext: visitor("d") });
  for (const stranger of [anonymous, await user(t, server, "ben", "d")]) {
    const answers = [];
    for (const conversationId of [chatId, "never-was", "", 5, null, {}, ["a"]]) {
      const { requestId, ...answer } = await stranger.ask("history", { conversationId });
      answers.push(answer);
    }
    assert.deepEqual([answers[0].statusCode, answers[0].chatEnded, answers[0].errors[0].code, answers[0].messages], [2, false, "conversation_not_found", []]);
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual((await stranger.ask("history")).messages, []);
    assert.deepEqual((await stranger.ask("conversations")).conversations, []);
  }
});

test("a cursor that is none is refused, another's opens nothing", async (t) => {
  const server = await startServer(t);
  const ann = await user(t, server, "ann", "d");
  await chats(server, ann, ["open-1", "open-2"]);
  const { nextCursor } = await ann.ask("conversations", { limit: 1 });
  for (const cursor of ["", "x", 5, {}, "0.1", "' OR 1=1 --", "0.1.a b"]) {
    const refused = await ann.ask("conversations", { cursor });
    assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "message_invalid"], JSON.stringify(cursor));
  }
  const ben = await user(t, server, "ben", "d");
  assert.deepEqual((await ben.ask("conversations", { cursor: nextCursor })).conversations, []);
});

test("an anonymous visitor has its own history by its secret", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server, { ext: visitor("d") });
  const [{ chatId }] = await chats(server, link, ["open"]);
  const back = await visit(t, server, { ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) });
  assert.deepEqual((await back.ask("conversations")).conversations.map(({ id }) => id), [chatId]);
  assert.equal((await back.ask("history")).conversationId, chatId);
});
