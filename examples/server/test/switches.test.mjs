// The test switches for identities: what the server holds, and how to make it refuse or stay silent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { postJson, startServer } from "./support/server.mjs";
import { PollingLink, refusedHandshake, visit, visitor } from "./support/bayeux.mjs";

test("the next handshakes are refused with the code asked for", async (t) => {
  const server = await startServer(t);
  await server.fault({ kind: "refuse", code: "auth_expired", count: 2 });
  for (const type of ["websocket", "long-polling"]) {
    assert.deepEqual(await refusedHandshake(server, visitor("v"), type), {
      successful: false, error: "403::auth_expired", advice: { reconnect: "none" }, clientId: undefined,
    });
  }
  await visit(t, server);
});

test("the next operations of a name are refused with the code asked for and not executed", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server);
  await server.fault({ kind: "refuse-operation", operation: "identify", code: "auth_expired" });
  await link.ask("requestChat", { nickname: "L" });
  const refused = await link.ask("identify", { token: await server.token("ann") });
  assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "auth_expired"]);
  assert.equal((await server.state()).sessions[0].userId, undefined);
  assert.equal((await link.ask("identify", { token: await server.token("ann") })).userId, "ann");
});

test("revoke is answered late, or never, and done at once", async (t) => {
  const server = await startServer(t);
  for (const fault of [{ kind: "late", ms: 300 }, { kind: "lose-reply" }]) {
    const token = await server.token("ann");
    const link = await visit(t, server, { ext: visitor("d", { token }) });
    await server.fault({ ...fault, operation: "revoke" });
    const before = link.frames.length;
    const began = performance.now();
    await link.publish({ operation: "revoke" }, { id: "r" });
    assert.equal((await refusedHandshake(server, visitor("d", { token }))).error, "403::invalid_token");
    if (fault.kind === "late") {
      await link.until((frame) => frame.requestId === "r");
      assert.ok(performance.now() - began >= 290);
    } else {
      assert.equal(link.frames.length, before);
    }
  }
  await server.fault({ kind: "stall", operation: "revoke" });
  const link = await visit(t, server, { ext: visitor("d", { token: await server.token("ann") }) });
  await link.publish({ operation: "revoke" });
  assert.equal((await link.ask("conversations")).statusCode, 0, "stalled: not done");
});

test("POST revokeUrl is answered late, or never", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server);
  const { secureKey } = await link.ask("requestChat", { nickname: "L" });
  const count = async () => (await server.state()).revoked.secureKeys;
  await server.fault({ kind: "stall" }); // names no operation: not meant
  await server.fault({ kind: "late", operation: "revokeUrl", ms: 300 });
  const began = performance.now();
  assert.equal((await server.revoke({ secureKey })).status, 204);
  assert.ok(performance.now() - began >= 290);
  assert.equal(await count(), 1);
  await server.fault({ kind: "none" });
  for (const [kind, done] of [["stall", 1], ["lose-reply", 2]]) {
    const again = await visit(t, server, { ext: visitor(kind) });
    const chat = await again.ask("requestChat", { nickname: "L" });
    await server.fault({ kind, operation: "revokeUrl" });
    await assert.rejects(server.revoke({ secureKey: chat.secureKey }, { signal: AbortSignal.timeout(500) }), { name: "TimeoutError" });
    assert.equal(await count(), done, kind);
  }
});

test("an ill-typed fault is no fault", async (t) => {
  const server = await startServer(t);
  for (const more of [{ code: 5 }, { ms: "1" }, { ms: -1 }, { ms: 1e9 }]) {
    assert.equal((await postJson(`${server.base}/debug/fault`, { kind: "late", ...more })).status, 400);
  }
});

test("the state tells connections, who is who, and what was merged, revoked and updated, but no secret", async (t) => {
  const server = await startServer(t);
  const token = await server.token("ann");
  const user = await visit(t, server, { ext: visitor("d-1", { token }) });
  const polling = await visit(t, server, { type: "long-polling", ext: visitor("d-2") });
  const idle = new PollingLink(server.serverUrl);
  await idle.handshake(visitor("d-3")); // a session without a connection
  const chat = await polling.ask("requestChat", { nickname: "L" });
  for (const userData of [{ context: { page: 1 } }, { context: { page: 2, at: "x" }, user: { traits: { role: "admin" } } }, { context: { at: null }, user: { traits: { plan: "pro" } } }]) {
    await polling.ask("updateData", { secureKey: chat.secureKey, userData });
  }
  await polling.ask("identify", { token: await server.token("ben") });
  await user.ask("revoke");
  const state = await server.state();
  assert.deepEqual([state.connections, state.byType], [2, { websocket: 1, "long-polling": 1 }]);
  assert.deepEqual(state.sessions.map(({ visitorId, userId, conversations }) => [visitorId, userId, conversations]).sort(), [
    ["d-2", "ben", [chat.chatId]], ["d-3", undefined, []],
  ]);
  assert.deepEqual([state.merged, state.revoked], [1, { visitorSecrets: 0, secureKeys: 0, tokens: 1 }]);
  const [{ updates, userData, userId }] = state.conversations;
  assert.deepEqual(updates, { count: 3, last: { context: { at: null }, user: { traits: { plan: "pro" } } } });
  assert.deepEqual([userData, userId], [{ context: { page: 2 }, user: { traits: { role: "admin", plan: "pro" } } }, "ben"]);
  const text = JSON.stringify(state);
  for (const secret of [token, chat.secureKey, polling.ext.visitorSecret]) assert.equal(text.includes(secret), false);
});
