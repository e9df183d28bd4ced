// What a message may be, and that it is stored once, with one index after the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./support/server.mjs";
import { talk, texts, visit } from "./support/bayeux.mjs";

for (const type of ["websocket", "long-polling"]) {
  test(`a visitor and an agent talk over ${type}`, async (t) => {
    const server = await startServer(t);
    const link = await visit(t, server, { type });
    const chat = await link.ask("requestChat", { nickname: "Lena", subject: "Burrs", clientConversationId: "c-1", userData: { source: "web" } });
    assert.equal(chat.statusCode, 0);
    assert.equal(chat.chatEnded, false);
    assert.equal(chat.clientConversationId, "c-1");
    assert.deepEqual(chat.messages.map(({ index, type: kind, from }) => [index, kind, from.type, from.nickname]), [[1, "ParticipantJoined", "Client", "Lena"]]);
    assert.equal(chat.nextPosition, 2);
    const { secureKey, chatId } = chat;

    const sent = await link.ask("sendMessage", { secureKey, message: "  Hello  ", clientMessageId: "m-1" });
    assert.equal(sent.clientMessageId, "m-1");
    assert.deepEqual(sent.messages.map(({ index, text, userData }) => [index, text, userData]), [[2, "Hello", { clientMessageId: "m-1" }]]);

    await server.agent("accept", { conversationId: chatId, name: "Maya" });
    const joined = await link.until((frame) => frame.messages[0]?.from.nickname === "Maya");
    assert.deepEqual([joined.messages[0].type, joined.messages[0].index, joined.messages[0].from.type], ["ParticipantJoined", 3, "Agent"]);

    const answer = await server.agent("message", { conversationId: chatId, key: "a-1", text: "Hi Lena" });
    assert.equal(answer.index, 4);
    const heard = await link.until((frame) => texts(frame.messages).includes("Hi Lena"));
    assert.equal(heard.messages[0].index, 4);
    assert.equal(heard.messages[0].userData, undefined, "the agent's key stays inside");
    assert.equal(heard.nextPosition, 5);

    await server.agent("end", { conversationId: chatId });
    const ended = await link.until((frame) => frame.chatEnded);
    assert.deepEqual([ended.statusCode, ended.messages[0].type, ended.messages[0].index], [0, "ParticipantLeft", 5]);
    const state = await server.state();
    assert.deepEqual(state.byType, { websocket: 0, "long-polling": 0, [type]: 1 });
    assert.ok(state.frames[type].in > 0 && state.frames[type].out > 0);
    assert.deepEqual(state.conversations[0].messages.map(({ index }) => index), [1, 2, 3, 4, 5]);
  });
}

test("a message has 1 to 4,000 characters after trimming", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  for (const message of ["", "   \n", "\0", "x".repeat(4001), 5, null, undefined, { text: "x" }]) {
    const refused = await link.ask("sendMessage", { secureKey, message, clientMessageId: "bad" });
    assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "message_invalid"], JSON.stringify(message));
  }
  for (const message of ["x", ` ${"x".repeat(4000)} `, "😀".repeat(4000), "<b>&\u2028\ud800"]) {
    const sent = await link.ask("sendMessage", { secureKey, message });
    assert.equal(sent.statusCode, 0);
    assert.equal(sent.messages[0].text, message.trim().toWellFormed());
  }
  const indices = (await server.state()).conversations[0].messages.map(({ index }) => index);
  assert.deepEqual(indices, [1, 2, 3, 4, 5, 6], "a refused message takes no index");
});

test("a repeated message is answered with the first one's index and is not stored again", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const other = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: link.ext.visitorSecret } });
  await other.ask("requestNotifications", { secureKey, transcriptPosition: 3 });
  const first = await link.ask("sendMessage", { secureKey, message: "once", clientMessageId: "m-1" });
  await link.ask("sendMessage", { secureKey, message: "between", clientMessageId: "m-2" });
  const repeat = await other.ask("sendMessage", { secureKey, message: "once", clientMessageId: "m-1" });
  assert.deepEqual(repeat.messages, first.messages);
  const seen = other.frames.filter((frame) => !frame.requestId).flatMap((frame) => texts(frame.messages));
  assert.deepEqual(seen, ["once", "between"], "the other client heard each once");
  assert.deepEqual(link.frames.filter((frame) => !frame.requestId).flatMap((frame) => texts(frame.messages)), [], "no second echo to the sender");
  await server.agent("message", { conversationId: chat.chatId, key: "k", text: "one" });
  const again = await server.agent("message", { conversationId: chat.chatId, key: "k", text: "one" });
  assert.deepEqual([again.index, again.repeated], [5, true]);
  // The two sides' keys are apart.
  assert.equal((await link.ask("sendMessage", { secureKey, message: "mine", clientMessageId: "k" })).messages[0].index, 6);
  assert.deepEqual(texts((await server.state()).conversations[0].messages), ["once", "between", "one", "mine"]);
  await link.ask("disconnect", { secureKey });
  const late = await link.ask("sendMessage", { secureKey, message: "once", clientMessageId: "m-1" });
  assert.deepEqual([late.statusCode, late.chatEnded, late.messages[0].index], [0, true, 3], "also after the end");
});

test("an ended chat takes nothing more", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const ended = await link.ask("disconnect", { secureKey });
  assert.deepEqual([ended.statusCode, ended.chatEnded, ended.messages[0].type], [0, true, "ParticipantLeft"]);
  assert.deepEqual((await link.ask("disconnect", { secureKey })).messages, [], "the second end changes nothing");
  const refused = await link.ask("sendMessage", { secureKey, message: "too late" });
  assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, true, "chat_ended"]);
  const agent = await server.agent("message", { conversationId: chat.chatId, key: "a", text: "too late" });
  assert.deepEqual([agent.status, agent.error], [409, "chat_ended"]);
  const resumed = await link.ask("requestNotifications", { secureKey });
  assert.deepEqual([resumed.statusCode, resumed.chatEnded, resumed.messages.length], [0, true, 3]);
});

test("nickname, notice and data", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  const renamed = await link.ask("updateNickname", { secureKey, nickname: "Lena B." });
  assert.deepEqual([renamed.messages[0].type, renamed.messages[0].from.nickname, renamed.messages[0].index], ["NicknameUpdated", "Lena B.", 3]);
  assert.equal((await link.ask("customNotice", { secureKey, message: "opened page 2" })).messages[0].type, "CustomNotice");
  await link.ask("updateData", { secureKey, userData: { context: { page: "a" }, plan: "bean", gone: 1 } });
  await link.ask("updateData", { secureKey, userData: { plan: "club", gone: null } });
  const tooLarge = await link.ask("updateData", { secureKey, userData: { big: "x".repeat(50_000) } });
  assert.deepEqual([tooLarge.statusCode, tooLarge.errors[0].code], [2, "message_invalid"]);
  assert.deepEqual((await server.state()).conversations[0].userData, { context: { page: "a" }, plan: "club" });
  const unknown = await link.ask("sing", { secureKey });
  assert.deepEqual([unknown.statusCode, unknown.chatEnded, unknown.errors[0].code], [2, false, 1]);
});

test("a long transcript comes in several frames, in order, the reply last", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  for (let i = 0; i < 30; i += 1) await link.ask("sendMessage", { secureKey, message: `${i} ${"y".repeat(3900)}` });
  link.frames.length = 0;
  const reply = await link.ask("requestNotifications", { secureKey, transcriptPosition: 0 });
  assert.ok(link.frames.length > 1);
  assert.equal(link.frames.at(-1), reply);
  for (const frame of link.frames) assert.ok(JSON.stringify(frame).length < 60 * 1024);
  const indices = link.frames.flatMap((frame) => frame.messages).filter((message) => message.index).map(({ index }) => index);
  assert.deepEqual(indices, Array.from({ length: 32 }, (_, i) => i + 1));
  assert.equal(reply.nextPosition, 33);
});
