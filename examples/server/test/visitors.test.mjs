// Whose history it is: the public id proves nothing, only the secret the server issued with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./support/server.mjs";
import { talk, texts, visit } from "./support/bayeux.mjs";

test("the server issues a secret, and the right one comes back unchanged", async (t) => {
  const server = await startServer(t);
  const first = await visit(t, server);
  assert.match(first.ext.visitorSecret, /^[\w-]{40,}$/);
  assert.deepEqual(first.ext, {
    version: 1, visitorId: "visitor-1", visitorSecret: first.ext.visitorSecret, revokeUrl: "/cometd/revoke",
    capabilities: ["idempotency", "receipts", "typing", "identify", "history", "conversations"],
  });
  const again = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: first.ext.visitorSecret } });
  assert.equal(again.ext.visitorSecret, first.ext.visitorSecret);
});

test("a wrong or missing secret is a new visitor: no history, no chat, and nothing told", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  await link.ask("sendMessage", { secureKey, message: "private", clientMessageId: "m-1" });
  const strangers = [
    undefined, "", "wrong-but-well-formed-secret", `${link.ext.visitorSecret}x`, 17, null, {}, ["a"], "x".repeat(5000), "' OR 1=1 --",
  ];
  for (const visitorSecret of strangers) {
    const stranger = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret } });
    const what = JSON.stringify(visitorSecret)?.slice(0, 40);
    assert.ok(stranger.ext.visitorSecret && stranger.ext.visitorSecret !== link.ext.visitorSecret, what);
    // The same idempotency key does not open the other's chat, nor does the stolen secureKey.
    const own = await stranger.ask("requestChat", { nickname: "S", clientConversationId: "c-1" });
    assert.notEqual(own.chatId, chat.chatId, what);
    assert.deepEqual(own.messages.map(({ index, type }) => [index, type]), [[1, "ParticipantJoined"]], what);
    for (const operation of ["requestNotifications", "sendMessage", "disconnect", "updateData", "readReceipt", "startTyping"]) {
      const refused = await stranger.ask(operation, { secureKey, message: "x", index: 1 });
      assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code, refused.chatId, refused.messages], [2, true, 50, undefined, []], what);
    }
    stranger.close();
  }
  await server.agent("message", { conversationId: chat.chatId, key: "k", text: "still here" });
  await link.until((frame) => texts(frame.messages).includes("still here"));
  assert.equal((await link.ask("requestNotifications", { secureKey })).chatEnded, false, "the true visitor's chat is untouched");
});

test("the answer to a wrong secret is the same whether the id is known or not", async (t) => {
  const server = await startServer(t);
  await visit(t, server);
  const answers = [];
  for (const visitorId of ["visitor-1", "never-seen"]) {
    const link = await visit(t, server, { ext: { version: 1, visitorId, visitorSecret: "wrong-but-well-formed-secret" } });
    answers.push({ ...link.ext, visitorId: "?", visitorSecret: link.ext.visitorSecret.length });
  }
  assert.deepEqual(answers[0], answers[1]);
});

test("a secret whose answer was lost does no harm: the next handshake gets its own", async (t) => {
  const server = await startServer(t);
  const lost = await visit(t, server);
  lost.close();
  const next = await visit(t, server);
  const chat = await next.ask("requestChat", { nickname: "L", clientConversationId: "c" });
  const back = await visit(t, server, { ext: { version: 1, visitorId: "visitor-1", visitorSecret: next.ext.visitorSecret } });
  assert.equal((await back.ask("requestNotifications", { secureKey: chat.secureKey })).statusCode, 0);
});

test("a wrong secureKey is refused in every operation and tells nothing", async (t) => {
  const server = await startServer(t);
  const { link } = await talk(t, server);
  for (const secureKey of [undefined, null, "", "wrong", 5, {}, []]) {
    const refused = await link.ask("sendMessage", { secureKey, message: "x", clientMessageId: "m" });
    assert.deepEqual(
      { ...refused, requestId: 0 },
      { messages: [], statusCode: 2, chatEnded: true, errors: [{ code: 50, description: "unknown session" }], requestId: 0, clientMessageId: "m" },
    );
  }
});

test("a client without the extension has its chat by secureKey alone", async (t) => {
  const server = await startServer(t);
  const plain = await visit(t, server, { ext: null });
  assert.equal(plain.ext, undefined);
  const chat = await plain.ask("requestChat", { firstName: "Ann", lastName: "Lee", clientConversationId: "c" });
  assert.equal(chat.messages[0].from.nickname, "Ann Lee");
  const other = await visit(t, server, { ext: null });
  assert.notEqual((await other.ask("requestChat", { nickname: "B", clientConversationId: "c" })).chatId, chat.chatId);
  assert.equal((await other.ask("requestNotifications", { secureKey: chat.secureKey })).chatId, chat.chatId);
  const known = await visit(t, server);
  assert.equal((await known.ask("requestNotifications", { secureKey: chat.secureKey })).errors[0].code, 50);
});
