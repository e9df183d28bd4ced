// What passes and is not kept: typing, receipts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openStream, startServer } from "./support/server.mjs";
import { talk, texts, visit } from "./support/bayeux.mjs";

const kinds = (frames) => frames.flatMap((frame) => frame.messages).map(({ type }) => type);

test("typing goes both ways, without an index", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const stream = await openStream(t, `${server.base}/agent/api/events`);
  const reply = await link.ask("startTyping", { secureKey, message: "Hel" });
  assert.deepEqual([reply.statusCode, reply.messages, reply.nextPosition], [0, [], 3]);
  const typing = await stream.until(({ name }) => name === "typing");
  assert.deepEqual(typing.data, { conversationId: chat.chatId, from: "visitor", isTyping: true, preview: "Hel" });
  assert.equal((await server.read("conversations")).conversations[0].visitor.isTyping, true);
  await link.ask("stopTyping", { secureKey });
  await stream.until(({ name, data }) => name === "typing" && !data.isTyping);

  await server.agent("typing", { conversationId: chat.chatId, isTyping: true });
  const started = await link.until((frame) => frame.messages.some(({ type }) => type === "TypingStarted"));
  assert.deepEqual([started.messages[0].index, started.messages[0].from.type, started.messages[0].from.nickname], [undefined, "Agent", "Maya"]);
  const back = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: link.ext.visitorSecret } });
  assert.deepEqual(kinds([await back.ask("requestNotifications", { secureKey, transcriptPosition: 3 })]), ["TypingStarted"], "also to who comes back");
  await server.agent("message", { conversationId: chat.chatId, key: "k", text: "Hi" });
  await link.until((frame) => frame.messages.some(({ type }) => type === "TypingStopped"));
  assert.deepEqual(kinds(link.frames).slice(-3), ["TypingStarted", "Message", "TypingStopped"]);
  assert.deepEqual((await server.state()).conversations[0].messages.map(({ index }) => index), [1, 2, 3]);
});

test("a visitor who goes away is no longer typing", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  const stream = await openStream(t, `${server.base}/agent/api/events`);
  await link.ask("startTyping", { secureKey });
  await link.request({ channel: "/meta/disconnect" });
  await stream.until(({ name, data }) => name === "typing" && !data.isTyping);
});

test("receipts go both ways and never back", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  await link.ask("sendMessage", { secureKey, message: "one" });
  await link.ask("sendMessage", { secureKey, message: "two" });
  const receipts = (body) => server.agent("receipts", { conversationId: chat.chatId, ...body });
  const told = () => link.frames.flatMap((frame) => frame.messages).filter(({ type }) => type === "Delivered" || type === "Read")
    .map(({ type, index, userData }) => [type, index, userData.index]);
  await receipts({ delivered: 4 });
  await receipts({ read: 3 });
  await receipts({ delivered: 1, read: 2 });
  await receipts({ read: 3 });
  await receipts({ read: 99 });
  await link.until((frame) => frame.messages.some(({ userData }) => userData?.index === 4 && frame.messages[0].type === "Read"));
  assert.deepEqual(told(), [["Delivered", undefined, 4], ["Read", undefined, 3], ["Read", undefined, 4]]);
  const back = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: link.ext.visitorSecret } });
  const resumed = await back.ask("requestNotifications", { secureKey, transcriptPosition: 5 });
  assert.deepEqual(resumed.messages.map(({ type, userData }) => [type, userData.index]), [["Delivered", 4], ["Read", 4]], "told again to who comes back");

  const { index } = await server.agent("message", { conversationId: chat.chatId, key: "a", text: "three" });
  await link.until((frame) => texts(frame.messages).includes("three"));
  const visitor = async () => (await server.read(`conversations/${chat.chatId}`)).conversation.visitor;
  assert.deepEqual(await visitor(), { delivered: index, read: 0, isTyping: false });
  await link.ask("readReceipt", { secureKey, index });
  await link.ask("readReceipt", { secureKey, index: 1 });
  assert.equal((await visitor()).read, index);
  const refused = await link.ask("readReceipt", { secureKey, index: "5" });
  assert.deepEqual([refused.statusCode, refused.chatEnded], [2, false]);
});

test("nothing counts as delivered while no client of the visitor is there", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  link.close();
  await link.ended;
  const gone = async () => (await server.state()).connections === 0;
  while (!(await gone()));
  const { index } = await server.agent("message", { conversationId: chat.chatId, key: "a", text: "there?" });
  const delivered = async () => (await server.read(`conversations/${chat.chatId}`)).conversation.visitor.delivered;
  assert.ok((await delivered()) < index);
  const back = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: link.ext.visitorSecret } });
  await back.ask("requestNotifications", { secureKey, transcriptPosition: index });
  assert.equal(await delivered(), index);
});
