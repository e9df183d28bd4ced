// Identity tokens: which count, and what becomes of the others, in a handshake and in `identify`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SignJWT } from "jose";
import { startServer } from "./support/server.mjs";
import { refusedHandshake, visit, visitor } from "./support/bayeux.mjs";

const TYPES = ["websocket", "long-polling"];
const SECRET = "0123456789abcdef0123456789abcdef-of-a-real-site";
const seconds = () => Math.floor(Date.now() / 1000);
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// Everything right, unless told otherwise.
function sign(claims = {}, { secret = SECRET, header = { alg: "HS256" } } = {}) {
  const all = { iss: "https://shop.example", aud: "chat", sub: "ann", exp: seconds() + 60, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all))).setProtectedHeader(header).sign(new TextEncoder().encode(secret));
}

const site = (t, args = []) => startServer(t, {
  args: ["--test", "--token-secret", SECRET, "--token-issuer", "https://shop.example", "--token-audience", "chat", ...args],
});

async function refusals() {
  const good = await sign();
  const [header, payload, signature] = good.split(".");
  return {
    "another site's audience": await sign({ aud: "another-chat" }),
    "another issuer": await sign({ iss: "https://evil.example" }),
    "no audience": await sign({ aud: undefined }),
    "no issuer": await sign({ iss: undefined }),
    "a wrong secret": await sign({}, { secret: `${SECRET}!` }),
    "another algorithm": await sign({}, { header: { alg: "HS512" } }),
    "alg none": `${part({ alg: "none" })}.${payload}.`,
    "alg none with the old signature": `${part({ alg: "none" })}.${payload}.${signature}`,
    "claims changed afterwards": `${header}.${part({ iss: "https://shop.example", aud: "chat", sub: "ben", exp: seconds() + 60 })}.${signature}`,
    "no sub": await sign({ sub: undefined }),
    "an empty sub": await sign({ sub: " " }),
    "a sub that is a number": await sign({ sub: 5 }),
    "a sub of 257 characters": await sign({ sub: "a".repeat(257) }),
    "a sub with a NUL": await sign({ sub: "ann\0ben" }),
    "no exp": await sign({ exp: undefined }),
    "not yet valid": await sign({ nbf: seconds() + 60 }),
    "over 8 kB": await sign({ padding: "x".repeat(8 * 1024) }),
    "a login page": "<!doctype html><p>Please sign in.</p>",
    "empty": "", "a number": 5, "an object": { sub: "ann" }, "a list": [good], "true": true,
  };
}

test("a token that is not valid here refuses the handshake with 403::invalid_token", async (t) => {
  const server = await site(t);
  for (const [what, token] of Object.entries(await refusals())) {
    for (const type of TYPES) {
      assert.deepEqual(await refusedHandshake(server, visitor("v", { token }), type), {
        successful: false, error: "403::invalid_token", advice: { reconnect: "none" }, clientId: undefined,
      }, what);
    }
  }
  assert.deepEqual((await server.state()).sessions, []);
  assert.equal(server.errors(), "", "and no token is logged");
});

test("a token that is not valid here refuses identify and leaves the session as it was", async (t) => {
  const server = await site(t);
  const link = await visit(t, server);
  const chat = await link.ask("requestChat", { nickname: "L" });
  let n = 0;
  for (const [what, token] of Object.entries({ ...(await refusals()), nothing: undefined })) {
    const own = n++ > 15 ? await visit(t, server, { ext: visitor(`v-${n}`) }) : link;
    const refused = await own.ask("identify", { token });
    assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "invalid_token"], what);
  }
  assert.equal((await link.ask("requestNotifications", { secureKey: chat.secureKey })).statusCode, 0);
  assert.deepEqual((await server.state()).sessions.map(({ userId }) => userId).filter(Boolean), []);
});

test("an expired token is auth_expired; two seconds of a slow clock are not", async (t) => {
  const server = await site(t);
  const link = await visit(t, server);
  const expired = await sign({ exp: seconds() - 5 });
  assert.equal((await refusedHandshake(server, visitor("v", { token: expired }))).error, "403::auth_expired");
  const { statusCode, chatEnded, errors } = await link.ask("identify", { token: expired });
  assert.deepEqual([statusCode, chatEnded, errors[0].code], [2, false, "auth_expired"]);
  // Two seconds early: one could be the turn of a second.
  assert.equal((await link.ask("identify", { token: await sign({ exp: seconds() }) })).userId, "ann");
});

for (const type of TYPES) {
  test(`a token that runs out in a ${type} session refuses what follows until a fresh one comes`, async (t) => {
    const server = await site(t);
    const link = await visit(t, server, { type, ext: visitor("v", { token: await sign({ exp: seconds() + 1 }) }) });
    const chat = await link.ask("requestChat", { nickname: "Ann" });
    assert.equal(chat.statusCode, 0);
    const late = Date.now() + 10_000;
    let refused;
    do refused = await link.ask("startTyping", { secureKey: chat.secureKey }); while (refused.statusCode === 0 && Date.now() < late);
    assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "auth_expired"]);
    assert.equal((await link.ask("conversations")).errors[0].code, "auth_expired");
    assert.equal((await link.ask("identify", { token: await sign() })).statusCode, 0);
    assert.equal((await link.ask("startTyping", { secureKey: chat.secureKey })).statusCode, 0);
  });
}

test("more than twenty tokens a minute in one session are rate_limited", async (t) => {
  const server = await site(t);
  const link = await visit(t, server);
  for (let n = 0; n < 20; n += 1) assert.equal((await link.ask("identify", { token: "guess" })).errors[0].code, "invalid_token");
  const refused = await link.ask("identify", { token: await sign() });
  assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "rate_limited"]);
});

test("without --require-identity a claim without proof is an anonymous visitor's", async (t) => {
  const server = await site(t);
  const link = await visit(t, server, { ext: visitor("v", { userId: "ann" }) });
  assert.equal(link.ext.userId, undefined);
  assert.equal((await link.ask("requestChat", { nickname: "A", userData: { user: { id: "ann" } } })).statusCode, 0);
  assert.equal((await server.state()).conversations[0].userId, undefined);
});

test("with --require-identity a claim without proof is auth_required, and anonymous visitors are welcome", async (t) => {
  const server = await site(t, ["--require-identity"]);
  for (const userId of ["ann", 17]) {
    assert.deepEqual(await refusedHandshake(server, visitor("v", { userId })), {
      successful: false, error: "403::auth_required", advice: { reconnect: "none" }, clientId: undefined,
    });
  }
  const anonymous = await visit(t, server, { ext: visitor("v") });
  const early = await anonymous.ask("requestChat", { nickname: "A", userData: { user: { id: "ann" } } });
  assert.deepEqual([early.statusCode, early.chatEnded, early.errors[0].code], [2, false, "auth_required"]);
  const chat = await anonymous.ask("requestChat", { nickname: "A" });
  const refused = await anonymous.ask("updateData", { secureKey: chat.secureKey, userData: { user: { id: "ann" } } });
  assert.deepEqual([refused.statusCode, refused.chatEnded, refused.errors[0].code], [2, false, "auth_required"]);
  const proven = await visit(t, server, { ext: visitor("w", { userId: "ann", token: await sign() }) });
  assert.equal(proven.ext.userId, "ann");
  assert.equal((await proven.ask("requestChat", { nickname: "A", userData: { user: { id: "ann" } } })).statusCode, 0);
});

test("a secret of less than 32 bytes does not start the server", async (t) => {
  await assert.rejects(startServer(t, { args: ["--token-secret", "short"] }), /--token-secret is shorter than 32 bytes/);
});

test("the demo shop signs tokens for its own users only, and never with a site's secret", async (t) => {
  const demo = await startServer(t, { args: [] });
  const answer = await fetch(`${demo.base}/shop/token?user=ann&exp=-60&aud=else`);
  assert.deepEqual([answer.status, answer.headers.get("cache-control")], [200, "no-store"]);
  const link = await visit(t, demo, { ext: visitor("v", { token: await answer.text() }) });
  assert.equal(link.ext.userId, "ann", "and parameters for tests do nothing");
  assert.equal((await fetch(`${demo.base}/shop/token?user=eve`)).status, 404);
  assert.equal((await fetch(`${demo.base}/shop/token`)).status, 404);
  assert.equal((await fetch(`${demo.base}/shop/token?user=ann`, { method: "POST" })).status, 405);
  assert.equal((await fetch(`${demo.base}/shop/token?user=ann`, { headers: { Origin: "https://evil.example" } })).status, 403);
  const real = await startServer(t, { args: ["--token-secret", SECRET] });
  assert.equal((await fetch(`${real.base}/shop/token?user=ann`)).status, 404);
});

test("with --test the shop's tokens are spoilt as asked for", async (t) => {
  const server = await startServer(t);
  const refused = async (parameters) => (await refusedHandshake(server, visitor("v", { token: await server.token("ann", parameters) }))).error;
  assert.equal(await refused({ exp: -10 }), "403::auth_expired");
  for (const spoilt of [{ aud: "else" }, { iss: "else" }, { secret: "wrong" }, { answer: "login" }]) {
    assert.equal(await refused(spoilt), "403::invalid_token", JSON.stringify(spoilt));
  }
  const page = await fetch(`${server.base}/shop/token?user=ann&answer=login`, { headers: { Origin: "http://localhost:1" } });
  assert.match(page.headers.get("content-type"), /^text\/html/);
  assert.equal(page.headers.get("access-control-allow-origin"), "http://localhost:1");
  const link = await visit(t, server, { ext: visitor("v", { token: await server.token("zoe@example.com", { jti: "1" }) }) });
  assert.equal(link.ext.userId, "zoe@example.com");
});
