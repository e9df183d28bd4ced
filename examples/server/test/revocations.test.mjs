// Logout: what was revoked is refused on the wire, at once, on every way in, and after a restart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./support/server.mjs";
import { refusedHandshake, talk, texts, visit, visitor } from "./support/bayeux.mjs";

const TYPES = ["websocket", "long-polling"];
const gone = { successful: false, error: "403::invalid_token", advice: { reconnect: "none" }, clientId: undefined };

// A dead key looks exactly like one that never was.
async function assertUnknown(link, secureKey, what) {
  for (const operation of ["requestNotifications", "sendMessage", "disconnect"]) {
    const answers = [];
    for (const key of [secureKey, "never-was"]) {
      const { requestId, ...answer } = await link.ask(operation, { secureKey: key, message: "x" });
      answers.push(answer);
    }
    assert.deepEqual(answers[0], answers[1], what);
    assert.deepEqual([answers[0].statusCode, answers[0].chatEnded, answers[0].messages], [2, true, []], what);
  }
}

for (const type of TYPES) {
  test(`revoke kills the user's token and secureKey, over a restart too (${type})`, async (t) => {
    const server = await startServer(t);
    const token = await server.token("ann");
    const { link, chat, secureKey } = await talk(t, server, { type, ext: visitor("d", { token }) });
    await link.ask("sendMessage", { secureKey, message: "private" });
    assert.equal((await link.ask("revoke")).statusCode, 0);
    const before = link.frames.length;
    assert.match((await link.publish({ operation: "requestNotifications", secureKey })).error, /^401:/, "the session is over");
    const check = async (on) => {
      for (const way of TYPES) assert.deepEqual(await refusedHandshake(on, visitor("d", { token }), way), gone);
      const anonymous = await visit(t, on, { type, ext: visitor("d") });
      assert.equal((await anonymous.ask("identify", { token })).errors[0].code, "invalid_token");
      await assertUnknown(anonymous, secureKey, "anonymous");
      const again = await visit(t, on, { type, ext: visitor("d", { token: await on.token("ann") }) });
      await assertUnknown(again, secureKey, "the user again");
      // The conversation itself is the user's as before, by a key of its own.
      const [open] = (await again.ask("conversations")).conversations;
      assert.equal(open.id, chat.chatId);
      assert.notEqual(open.secureKey, secureKey);
      assert.deepEqual(texts((await again.ask("requestNotifications", { secureKey: open.secureKey })).messages), ["private", "after the logout"]);
      const other = await visit(t, on, { type, ext: visitor("d", { token: await on.token("ben") }) });
      await assertUnknown(other, open.secureKey, "another user");
      assert.deepEqual((await other.ask("conversations")).conversations, []);
    };
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "after the logout" });
    await check(server);
    assert.equal(link.frames.length, before, "and hears nothing more");
    await server.kill();
    await check(await startServer(t, { data: server.directory, port: server.port }));
  });
}

test("revoke leaves an anonymous visitor its history, and takes it with clearStorage", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server, { ext: visitor("d") });
  const { visitorSecret } = link.ext;
  await link.ask("sendMessage", { secureKey, message: "private" });
  await link.ask("revoke");
  const back = await visit(t, server, { ext: visitor("d", { visitorSecret }) });
  assert.equal(back.ext.visitorSecret, visitorSecret);
  await assertUnknown(back, secureKey, "the old key");
  const [open] = (await back.ask("conversations")).conversations;
  assert.deepEqual(texts((await back.ask("requestNotifications", { secureKey: open.secureKey })).messages), ["private"]);
  await back.ask("revoke", { clearStorage: true });
  const stranger = await visit(t, server, { ext: visitor("d", { visitorSecret }) });
  assert.notEqual(stranger.ext.visitorSecret, visitorSecret);
  assert.deepEqual((await stranger.ask("conversations")).conversations, []);
  assert.equal((await stranger.ask("history", { conversationId: chat.chatId })).errors[0].code, "conversation_not_found");
  for (const key of [secureKey, open.secureKey]) await assertUnknown(stranger, key, "with clearStorage");
});

test("clearStorage is true and nothing else", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server, { ext: visitor("d") });
  await link.ask("revoke", { clearStorage: "true" });
  const back = await visit(t, server, { ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) });
  assert.equal(back.ext.visitorSecret, link.ext.visitorSecret);
});

test("a logout on one device takes nothing from another", async (t) => {
  const server = await startServer(t);
  const { link: phone, chat } = await talk(t, server, { ext: visitor("phone", { token: await server.token("ann") }) });
  const desktop = await visit(t, server, { type: "long-polling", ext: visitor("desktop", { token: await server.token("ann") }) });
  const [{ secureKey }] = (await desktop.ask("conversations")).conversations;
  assert.notEqual(secureKey, chat.secureKey);
  await desktop.ask("requestNotifications", { secureKey });
  await phone.ask("revoke", { clearStorage: true });
  assert.deepEqual((await server.state()).revoked, { visitorSecrets: 0, secureKeys: 1, tokens: 1 });
  await server.agent("message", { conversationId: chat.chatId, key: "k", text: "still here" });
  const frame = await desktop.until((one) => texts(one.messages).includes("still here"));
  assert.equal(frame.secureKey, secureKey, "each device is only ever told its own key");
  assert.equal((await desktop.ask("sendMessage", { secureKey, message: "yes" })).statusCode, 0);
});

test("every token a device came with dies at its logout, also those it had replaced", async (t) => {
  const server = await startServer(t);
  const [first, second, third] = [await server.token("ann"), await server.token("ann"), await server.token("ann")];
  const link = await visit(t, server, { ext: visitor("d", { token: first }) });
  await link.ask("identify", { token: second });
  link.close();
  const back = await visit(t, server, { ext: visitor("d", { token: third }) });
  await back.ask("revoke");
  for (const token of [first, second, third]) assert.deepEqual(await refusedHandshake(server, visitor("x", { token })), gone);
});

test("POST revokeUrl with a token takes along the tokens and keys of the devices that came with it, and no others", async (t) => {
  const server = await startServer(t);
  const [first, second, elsewhere] = [await server.token("ann"), await server.token("ann"), await server.token("ann")];
  const { link, secureKey } = await talk(t, server, { ext: visitor("d", { token: first }) });
  link.close(); // a reload
  await visit(t, server, { ext: visitor("d", { token: second }) });
  const desktop = await visit(t, server, { ext: visitor("desktop", { token: elsewhere }) });
  const [open] = (await desktop.ask("conversations")).conversations;
  await server.revoke({ token: second });
  for (const token of [first, second]) assert.deepEqual(await refusedHandshake(server, visitor("x", { token })), gone);
  await assertUnknown(desktop, secureKey);
  assert.equal((await desktop.ask("requestNotifications", { secureKey: open.secureKey })).statusCode, 0);
});

test("a token is known again by its jti, without one by itself", async (t) => {
  const server = await startServer(t);
  const revoke = async (token) => (await visit(t, server, { ext: visitor("d", { token }) })).ask("revoke");
  await revoke(await server.token("ann", { jti: "1", exp: 60 }));
  assert.deepEqual(await refusedHandshake(server, visitor("d", { token: await server.token("ann", { jti: "1", exp: 120 }) })), gone);
  await visit(t, server, { ext: visitor("d", { token: await server.token("ben", { jti: "1" }) }) });
  const [one, other] = [await server.token("ann", { jti: "", exp: 60 }), await server.token("ann", { jti: "", exp: 61 })];
  await revoke(one);
  assert.deepEqual(await refusedHandshake(server, visitor("d", { token: one })), gone);
  await visit(t, server, { ext: visitor("d", { token: other }) });
});

for (const type of TYPES) {
  test(`POST revokeUrl ends the ${type} session of its key, and what it had`, async (t) => {
    const server = await startServer(t);
    const token = await server.token("ann");
    const { link, chat, secureKey } = await talk(t, server, { type, ext: visitor("d", { token }) });
    assert.equal(link.ext.revokeUrl, "/cometd/revoke");
    const before = link.frames.length;
    // A loader that has not loaded the module knows no token; the key takes it along.
    for (let n = 0; n < 2; n += 1) assert.equal((await server.revoke({ secureKey })).status, 204);
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "for nobody" });
    assert.deepEqual(await refusedHandshake(server, visitor("d", { token })), gone);
    await assertUnknown(await visit(t, server, { ext: visitor("d", { token: await server.token("ann") }) }), secureKey);
    assert.equal(link.frames.length, before);
    assert.equal((await server.state()).sessions.filter(({ clientId }) => clientId === link.clientId).length, 0);
  });
}

for (const type of TYPES) {
  test(`POST revokeUrl with an anonymous visitor's key ends every ${type} session that holds it`, async (t) => {
    const server = await startServer(t);
    const { link, chat, secureKey } = await talk(t, server, { type, ext: visitor("d") });
    const other = await visit(t, server, { type, ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) });
    await other.ask("requestNotifications", { secureKey });
    const before = [link.frames.length, other.frames.length];
    await server.revoke({ secureKey });
    assert.deepEqual((await server.state()).sessions, []);
    await server.agent("message", { conversationId: chat.chatId, key: "k", text: "for nobody" });
    const back = await visit(t, server, { type, ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) });
    await assertUnknown(back, secureKey);
    assert.deepEqual([link.frames.length, other.frames.length], before);
    assert.equal((await back.ask("conversations")).conversations[0].id, chat.chatId, "its history is its own as before");
  });
}

test("POST revokeUrl kills a visitorSecret and a token, each by itself", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server, { ext: visitor("d") });
  const { visitorSecret } = link.ext;
  await server.revoke({ visitorSecret });
  await link.untilEnded();
  const stranger = await visit(t, server, { ext: visitor("d", { visitorSecret }) });
  assert.notEqual(stranger.ext.visitorSecret, visitorSecret);
  await assertUnknown(stranger, secureKey);
  const token = await server.token("ann");
  const user = await visit(t, server, { ext: visitor("e", { token }) });
  await server.revoke({ token });
  await user.untilEnded();
  assert.deepEqual(await refusedHandshake(server, visitor("e", { token })), gone);
  const unused = await server.token("ben");
  await server.revoke({ token: unused });
  assert.deepEqual(await refusedHandshake(server, visitor("e", { token: unused })), gone);
});

test("POST revokeUrl believes no forged token, and answers 204 to everything", async (t) => {
  const server = await startServer(t);
  const token = await server.token("ann", { jti: "mine" });
  const { link, secureKey } = await talk(t, server, { ext: visitor("d") });
  const forged = [await server.token("ann", { jti: "mine", secret: "wrong" }), await server.token("ann", { jti: "mine", aud: "else" })];
  const senseless = [
    ...forged.map((one) => JSON.stringify({ token: one })), "", "no json", "5", "null", "[]", "{}", '{"secureKey":{"a":1},"visitorSecret":5,"token":[]}',
    '{"secureKey":"never-was"}', '{"visitorSecret":"never-was-but-well-formed"}', `{"visitorSecret":"${secureKey}"}`, '{"__proto__":{"secureKey":1}}',
  ];
  for (const body of senseless) {
    const answer = await fetch(`${server.base}/cometd/revoke`, { method: "POST", body });
    assert.deepEqual([answer.status, await answer.text()], [204, ""], body);
  }
  await visit(t, server, { ext: visitor("e", { token }) });
  assert.equal((await link.ask("requestNotifications", { secureKey })).statusCode, 0);
  assert.deepEqual((await server.state()).revoked, { visitorSecrets: 0, secureKeys: 0, tokens: 0 });
});

test("POST revokeUrl takes no foreign origin, no large body and no other method, and is readable without credentials", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server, { ext: visitor("d") });
  for (const Origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
    const answer = await server.revoke({ secureKey }, { headers: { Origin } });
    assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin")], [403, null]);
  }
  for (const method of ["GET", "PUT", "DELETE"]) assert.equal((await fetch(`${server.base}/cometd/revoke`, { method })).status, 405);
  assert.equal((await server.revoke({ secureKey, padding: "x".repeat(20_000) })).status, 413);
  assert.equal((await link.ask("requestNotifications", { secureKey })).statusCode, 0);
  const Origin = "http://localhost:3000";
  const answer = await server.revoke({ secureKey }, { headers: { Origin, "Content-Type": "text/plain;charset=UTF-8" } });
  assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-allow-credentials")], [204, Origin, null]);
  const preflight = await fetch(`${server.base}/cometd/revoke`, { method: "OPTIONS", headers: { Origin, "Access-Control-Request-Method": "POST" } });
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-origin")], [204, Origin]);
  await assertUnknown(await visit(t, server, { ext: visitor("d", { visitorSecret: link.ext.visitorSecret }) }), secureKey);
});
