// Coming back: after a reload, after a lost link, after the server was killed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataDirectory, openStream, startServer } from "./support/server.mjs";
import { talk, texts, visit } from "./support/bayeux.mjs";

const secretOf = (link) => ({ version: 1, visitorId: "visitor-1", visitorSecret: link.ext.visitorSecret });

for (const type of ["websocket", "long-polling"]) {
  test(`a new ${type} client resumes without a gap and without a repeat`, async (t) => {
    const server = await startServer(t);
    const { link, chat, secureKey } = await talk(t, server, { type });
    await link.ask("sendMessage", { secureKey, message: "one", clientMessageId: "m-1" });
    link.close();
    await server.agent("message", { conversationId: chat.chatId, key: "a", text: "two, while away" });
    const back = await visit(t, server, { type, ext: secretOf(link) });
    const resumed = await back.ask("requestNotifications", { secureKey, transcriptPosition: 4 });
    assert.deepEqual(resumed.messages.filter((message) => message.index).map(({ index, text }) => [index, text]), [[4, "two, while away"]]);
    assert.equal(resumed.nextPosition, 5);
    await server.agent("message", { conversationId: chat.chatId, key: "b", text: "three" });
    const live = await back.until((frame) => texts(frame.messages).includes("three"));
    assert.equal(live.messages[0].index, 5);
    const all = await back.ask("requestNotifications", { secureKey });
    assert.deepEqual(all.messages.filter((message) => message.index).map(({ index }) => index), [1, 2, 3, 4, 5]);
    for (const transcriptPosition of ["4", -1, 1.5, 1e300, null, {}]) {
      const odd = await back.ask("requestNotifications", { secureKey, transcriptPosition });
      assert.equal(odd.messages.filter((message) => message.index).length, 5, `position ${JSON.stringify(transcriptPosition)} reads as everything`);
    }
    assert.deepEqual((await back.ask("requestNotifications", { secureKey, transcriptPosition: 99 })).messages.filter((message) => message.index), []);
  });
}

test("all attached clients get events, the others none", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const second = await visit(t, server, { type: "long-polling", ext: secretOf(link) });
  await second.ask("requestNotifications", { secureKey, transcriptPosition: 3 });
  const stranger = await visit(t, server, { ext: { version: 1, visitorId: "visitor-2" } });
  await server.agent("message", { conversationId: chat.chatId, key: "a", text: "for both" });
  for (const one of [link, second]) await one.until((frame) => texts(frame.messages).includes("for both"));
  // A reply to the stranger would come after anything that had been sent to it before.
  await stranger.ask("requestChat", { nickname: "S" });
  assert.equal(stranger.frames.length, 1);
});

test("a repeated request for a chat is answered with the same chat and its whole transcript", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  await link.ask("sendMessage", { secureKey, message: "one" });
  const back = await visit(t, server, { ext: secretOf(link) });
  const again = await back.ask("requestChat", { nickname: "Somebody else", clientConversationId: "c-1" });
  assert.deepEqual([again.chatId, again.secureKey, again.nextPosition], [chat.chatId, secureKey, 4]);
  assert.deepEqual(again.messages.filter((message) => message.index).map(({ index }) => index), [1, 2, 3]);
  assert.equal((await server.state()).conversations.length, 1);
  const other = await back.ask("requestChat", { nickname: "Lena", clientConversationId: "c-2" });
  assert.notEqual(other.chatId, chat.chatId);
});

for (const type of ["websocket", "long-polling"]) {
  test(`kill -9 loses nothing that was answered (${type})`, async (t) => {
    const data = await dataDirectory(t);
    const server = await startServer(t, { data });
    const { link, chat, secureKey } = await talk(t, server, { type });
    // Many writes from both sides at once; some will be answered and some will not.
    const answered = new Set();
    const writes = Array.from({ length: 60 }, (_, i) => [
      link.ask("sendMessage", { secureKey, message: `v${i}`, clientMessageId: `v${i}` }).then(() => answered.add(`v${i}`), () => {}),
      server.agent("message", { conversationId: chat.chatId, key: `a${i}`, text: `a${i}` }).then(() => answered.add(`a${i}`), () => {}),
    ]).flat();
    await writes[9];
    await server.kill();
    link.close();
    assert.ok(answered.size > 0);
    const again = await startServer(t, { data, port: server.port });
    const stored = texts((await again.state()).conversations[0].messages);
    for (const text of answered) assert.ok(stored.includes(text), `${text} was answered and is lost`);
    // Both sides send everything again, as they would: each is there once, without a gap in the indices.
    const back = await visit(t, again, { type, ext: secretOf(link) });
    assert.equal(back.ext.visitorSecret, link.ext.visitorSecret, "the secret survived");
    const resumed = await back.ask("requestNotifications", { secureKey });
    assert.equal(resumed.statusCode, 0, "the secureKey survived");
    for (let i = 0; i < 60; i += 1) {
      await back.ask("sendMessage", { secureKey, message: `v${i}`, clientMessageId: `v${i}` });
      await again.agent("message", { conversationId: chat.chatId, key: `a${i}`, text: `a${i}` });
    }
    const { messages } = (await again.state()).conversations[0];
    assert.deepEqual(messages.map(({ index }) => index), messages.map((_, i) => i + 1));
    assert.deepEqual(texts(messages).sort(), Array.from({ length: 60 }, (_, i) => [`a${i}`, `v${i}`]).flat().sort());
    assert.equal((await back.ask("requestChat", { nickname: "L", clientConversationId: "c-1" })).chatId, chat.chatId);
  });
}

test("after a restart an old clientId is unknown and the client is told to shake hands", async (t) => {
  const data = await dataDirectory(t);
  const server = await startServer(t, { data });
  const link = await visit(t, server, { type: "long-polling" });
  const { clientId } = link;
  await server.kill();
  const again = await startServer(t, { data, port: server.port });
  const ask = async (message) => {
    const response = await fetch(again.serverUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify([message]) });
    return (await response.json())[0];
  };
  const connect = await ask({ id: "1", channel: "/meta/connect", clientId, connectionType: "long-polling" });
  assert.deepEqual([connect.successful, connect.error, connect.advice.reconnect], [false, `401:${clientId}:Unknown client`, "handshake"]);
  const publish = await ask({ id: "2", channel: "/service/chatV2/customer-support", clientId, data: { operation: "requestChat" } });
  assert.deepEqual([publish.successful, publish.error], [false, `401:${clientId}:Unknown client`]);
  const nobody = await ask({ id: "3", channel: "/service/chatV2/customer-support", data: { operation: "requestChat" } });
  assert.equal(nobody.successful, false);
  assert.deepEqual((await again.state()).conversations, []);
});

test("the console's stream goes on after the last event it has seen", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const first = await openStream(t, `${server.base}/agent/api/events`);
  await link.ask("sendMessage", { secureKey, message: "one" });
  const seen = await first.until(({ name, data }) => name === "message" && data.text === "one");
  first.close();
  await link.ask("sendMessage", { secureKey, message: "two" });
  const second = await openStream(t, `${server.base}/agent/api/events?after=${seen.id}`);
  await link.ask("sendMessage", { secureKey, message: "three" });
  await second.until(({ data }) => data.text === "three");
  assert.deepEqual(second.events.map(({ name }) => name).slice(0, 2), ["snapshot", "message"]);
  assert.deepEqual(second.events.filter(({ name }) => name === "message").map(({ data }) => [data.index, data.text]), [[4, "two"], [5, "three"]]);
  assert.equal(second.events[0].data.conversations[0].id, chat.chatId);
});

test("SIGTERM ends it cleanly", async (t) => {
  const server = await startServer(t);
  await visit(t, server);
  await visit(t, server, { type: "long-polling" });
  await openStream(t, `${server.base}/agent/api/events`);
  assert.deepEqual(await server.terminate(), { code: 0, signal: null, errors: "" });
});
