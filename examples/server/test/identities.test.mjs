// How an anonymous visitor becomes a user, and whose conversations are whose afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import faye from "faye";
import { openStream, startServer } from "./support/server.mjs";
import { CHANNEL, WebSocketLink, talk, texts, visit, visitor } from "./support/bayeux.mjs";

const TYPES = ["websocket", "long-polling"];
const indexed = (frame) => frame.messages.filter((message) => message.index).map(({ index }) => index);

for (const type of TYPES) {
  test(`identify merges the anonymous conversations into the user and keeps the live one going (${type})`, async (t) => {
    const server = await startServer(t);
    const { link, chat, secureKey } = await talk(t, server, { type, ext: visitor("device-1") });
    await link.ask("sendMessage", { secureKey, message: "before", clientMessageId: "m-1" });
    const stream = await openStream(t, `${server.base}/agent/api/events`);
    assert.equal((await server.read("conversations")).conversations[0].userId, undefined);
    const { messages, ...answer } = await link.ask("identify", { token: await server.token("ann") });
    assert.deepEqual([answer.statusCode, answer.chatEnded, answer.userId, answer.merged, messages], [0, false, "ann", true, []]);
    await stream.until(({ name, data }) => name === "conversation" && data.userId === "ann");
    assert.equal((await link.ask("sendMessage", { secureKey, message: "after", clientMessageId: "m-2" })).statusCode, 0);
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "still with you" });
    await link.until((frame) => texts(frame.messages).includes("still with you"));
    assert.equal((await link.ask("requestChat", { nickname: "Lena", clientConversationId: "c-1" })).chatId, chat.chatId);
    const { conversations, merged, sessions } = await server.state();
    assert.deepEqual([conversations.length, conversations[0].userId, merged], [1, "ann", 1]);
    assert.deepEqual(sessions.map(({ visitorId, userId }) => [visitorId, userId]), [["device-1", "ann"]]);
  });
}

test("a merged anonymous id is never resumed: its secret is a new visitor without history", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server, { ext: visitor("device-1") });
  const { visitorSecret } = link.ext;
  await link.ask("identify", { token: await server.token("ann") });
  link.close();
  for (const type of TYPES) {
    const back = await visit(t, server, { type, ext: visitor("device-1", { visitorSecret }) });
    assert.ok(back.ext.visitorSecret && back.ext.visitorSecret !== visitorSecret);
    assert.equal((await back.ask("requestNotifications", { secureKey })).errors[0].code, 50);
    assert.deepEqual((await back.ask("conversations")).conversations, []);
    assert.equal((await back.ask("history", { conversationId: chat.chatId })).errors[0].code, "conversation_not_found");
    assert.notEqual((await back.ask("requestChat", { nickname: "L", clientConversationId: "c-1" })).chatId, chat.chatId);
  }
});

test("an identify that a disconnect overtakes makes nobody a user", async (t) => {
  const server = await startServer(t);
  for (const type of TYPES) {
    const { link, chat } = await talk(t, server, { type, ext: visitor(type) });
    const { visitorSecret } = link.ext;
    const token = await server.token("ann");
    const { clientId } = link;
    const left = link.reply("left");
    // In one go: the token is still being verified when the session ends.
    link.send([
      { id: "id", clientId, channel: CHANNEL, data: { operation: "identify", token } },
      { id: "left", clientId, channel: "/meta/disconnect" },
    ]);
    await left;
    const user = await visit(t, server, { type, ext: visitor("other", { token }) }); // its token was verified after that one
    assert.deepEqual((await user.ask("conversations")).conversations, [], type);
    const back = await visit(t, server, { type, ext: visitor(type, { visitorSecret }) });
    assert.deepEqual((await back.ask("conversations")).conversations.map(({ id }) => id), [chat.chatId], "still its own");
  }
  assert.equal((await server.state()).merged, 0);
});

test("an empty anonymous visitor is merged too", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server, { ext: visitor("device-1") });
  assert.equal((await link.ask("identify", { token: await server.token("ann") })).merged, true);
  const back = await visit(t, server, { ext: visitor("device-1", { visitorSecret: link.ext.visitorSecret }) });
  assert.notEqual(back.ext.visitorSecret, link.ext.visitorSecret);
});

test("a token in the handshake opens the user's history and not the anonymous one, a secret not the user's", async (t) => {
  const server = await startServer(t);
  const { link: anonymous, secureKey: anonymousKey } = await talk(t, server, { ext: visitor("device-1") });
  const { visitorSecret } = anonymous.ext;
  for (const type of TYPES) {
    // Even beside the right secret: whoever logs in may be somebody else.
    const user = await visit(t, server, { type, ext: visitor("device-1", { visitorSecret, token: await server.token(type) }) });
    assert.deepEqual([user.ext.userId, user.ext.visitorSecret], [type, undefined]);
    assert.equal((await user.ask("requestNotifications", { secureKey: anonymousKey })).errors[0].code, 50);
    assert.deepEqual((await user.ask("conversations")).conversations, []);
    const own = await user.ask("requestChat", { nickname: "U", clientConversationId: "c-1" });
    assert.equal((await user.ask("identify", { token: await server.token(type) })).merged, false, "and a refresh merges nothing");
    const back = await visit(t, server, { ext: visitor("device-1", { visitorSecret }) });
    assert.equal(back.ext.visitorSecret, visitorSecret, "the anonymous visitor is as before");
    assert.equal((await back.ask("requestNotifications", { secureKey: own.secureKey })).errors[0].code, 50);
    assert.equal((await back.ask("requestNotifications", { secureKey: anonymousKey })).statusCode, 0);
  }
});

test("another user's token in a live user's session is invalid_token and changes nothing", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server, { ext: visitor("d", { token: await server.token("ann") }) });
  const chat = await link.ask("requestChat", { nickname: "Ann" });
  const refused = await link.ask("identify", { token: await server.token("ben") });
  assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "invalid_token"]);
  assert.equal((await link.ask("requestNotifications", { secureKey: chat.secureKey })).statusCode, 0);
  assert.equal((await server.state()).sessions[0].userId, "ann");
});

test("a fresh token of the same user is taken, as often as it comes", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server, { ext: visitor("d") });
  for (let n = 0; n < 3; n += 1) {
    const { statusCode, userId, merged } = await link.ask("identify", { token: await server.token("ann") });
    assert.deepEqual([statusCode, userId, merged], [0, "ann", n === 0]);
  }
});

test("two anonymous visitors with the same request key become one user, and the repeat finds its own chat", async (t) => {
  const server = await startServer(t);
  const chats = [];
  for (const device of ["d-1", "d-2"]) {
    const link = await visit(t, server, { ext: visitor(device) });
    const chat = await link.ask("requestChat", { nickname: device, clientConversationId: "c-1" });
    assert.equal((await link.ask("identify", { token: await server.token("ann") })).merged, true);
    assert.equal((await link.ask("requestChat", { nickname: device, clientConversationId: "c-1" })).chatId, chat.chatId);
    chats.push(chat.chatId);
  }
  assert.deepEqual((await server.state()).conversations.map(({ id, userId }) => [id, userId]), chats.map((id) => [id, "ann"]));
});

for (const type of TYPES) {
  test(`another ${type} session of the merged visitor hears nothing more and has to shake hands anew`, async (t) => {
    const server = await startServer(t);
    const { link, chat, secureKey } = await talk(t, server, { ext: visitor("d") });
    const other = await visit(t, server, { type, ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) });
    await other.ask("requestNotifications", { secureKey });
    const before = other.frames.length;
    await link.ask("identify", { token: await server.token("ann") });
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "for Ann alone" });
    await link.until((frame) => texts(frame.messages).includes("for Ann alone"));
    if (type === "websocket") {
      await other.untilEnded();
      other.socket = (await new other.constructor(server.serverUrl).start()).socket;
      other.socket.on("message", ({ data }) => JSON.parse(data).forEach((message) => other.take(message)));
      t.after(() => other.socket.close());
    }
    const reply = await other.connect({ timeout: 0 });
    assert.deepEqual([reply.successful, reply.error, reply.advice.reconnect], [false, `401:${other.clientId}:Unknown client`, "handshake"]);
    assert.match((await other.publish({ operation: "sendMessage", secureKey, message: "x" })).error, /^401:/);
    assert.equal(other.frames.length, before);
  });
}

test("a client that shook hands anew on its socket keeps it when its old session is dismissed", async (t) => {
  const server = await startServer(t);
  const link = await new WebSocketLink(server.serverUrl).start();
  t.after(() => link.close());
  await link.handshake(visitor("d"));
  await link.connect({ timeout: 0 });
  const old = link.clientId;
  await link.handshake(visitor("d", { visitorSecret: link.ext.visitorSecret }));
  await link.connect({ timeout: 0 });
  assert.equal((await server.state()).connections, 1, "one socket is one connection");
  await link.request({ channel: "/meta/subscribe", subscription: CHANNEL });
  link.connect().catch(() => {}); // held until the test is over
  assert.equal((await link.ask("identify", { token: await server.token("ann") })).userId, "ann");
  assert.deepEqual((await link.ask("conversations")).conversations, []);
  assert.deepEqual((await server.state()).sessions.map(({ clientId }) => clientId === old), [false]);
});

for (const type of TYPES) {
  test(`faye's own client identifies over ${type}`, async (t) => {
    const server = await startServer(t);
    const client = new faye.Client(server.serverUrl);
    if (type === "long-polling") client.disable("websocket");
    let ext;
    client.addExtension({
      outgoing: (message, done) => done(message.channel === "/meta/handshake" ? { ...message, ext: { "support-chat": visitor("f") } } : message),
      incoming: (message, done) => { ext ??= message.ext?.["support-chat"]; done(message); },
    });
    const frames = [];
    let wanted = () => {};
    const answered = (count) => new Promise((resolve) => { wanted = () => frames.length >= count && resolve(frames); wanted(); });
    await client.subscribe(CHANNEL, (data) => { frames.push(data); wanted(); });
    await client.publish(CHANNEL, { operation: "requestChat", nickname: "F" });
    await client.publish(CHANNEL, { operation: "identify", token: await server.token("ann") });
    await client.publish(CHANNEL, { operation: "conversations" });
    const [chat, identified, list] = await answered(3);
    assert.deepEqual([identified.userId, identified.merged, list.conversations.map(({ id }) => id)], ["ann", true, [chat.chatId]]);
    assert.ok(ext.visitorSecret && ext.revokeUrl);
    await client.disconnect(); // else it would look for the server for ever
  });
}

test("operations sent behind an identify wait for it and keep their order", async (t) => {
  const server = await startServer(t);
  const { link: earlier, secureKey } = await talk(t, server, { ext: visitor("d-1", { token: await server.token("ann") }) });
  await earlier.ask("sendMessage", { secureKey, message: "from before" });
  const link = await visit(t, server, { ext: visitor("d-2") });
  const [, list, first, second] = await Promise.all([
    link.ask("identify", { token: await server.token("ann") }), link.ask("conversations"),
    link.ask("sendMessage", { secureKey, message: "one" }), link.ask("sendMessage", { secureKey, message: "two" }),
  ]);
  assert.equal(list.conversations.length, 1);
  assert.deepEqual([indexed(first), indexed(second)], [[4], [5]]);
});

test("a client without the extension has none of this", async (t) => {
  const server = await startServer(t);
  const plain = await visit(t, server, { ext: null });
  for (const operation of ["identify", "revoke", "history", "conversations"]) {
    const refused = await plain.ask(operation, { token: await server.token("ann") });
    assert.deepEqual([refused.statusCode, refused.errors[0].code], [2, 1], operation);
  }
});
