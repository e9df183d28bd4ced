// Who may connect and how; what hostile clients get; the test switches; the pages and the console's API.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import faye from "faye";
import { getJson, postJson, startServer } from "./support/server.mjs";
import { CHANNEL, PollingLink, WebSocketLink, talk, texts, visit } from "./support/bayeux.mjs";

test("faye's own client talks", async (t) => {
  const server = await startServer(t);
  const client = new faye.Client(server.serverUrl);
  client.addExtension({ outgoing: (message, done) => done(message.channel === "/meta/handshake" ? { ...message, ext: { "support-chat": { version: 1, visitorId: "f" } } } : message) });
  const frames = [];
  let heard;
  const joined = new Promise((resolve) => (heard = resolve));
  await client.subscribe(CHANNEL, (data) => { frames.push(data); heard(data); });
  await client.publish(CHANNEL, { operation: "requestChat", nickname: "F", clientConversationId: "c" });
  const chat = await joined;
  assert.deepEqual([chat.statusCode, chat.clientConversationId, frames.length], [0, "c", 1]);
  await client.disconnect(); // else it would look for the server for ever
});

test("only allowed origins connect", async (t) => {
  const local = await startServer(t);
  const listed = await startServer(t, { args: ["--test", "--origins", "https://shop.example"] });
  const cases = [
    [local, "http://localhost:3000", true], [local, "http://127.0.0.1", true], [local, "https://shop.example", false],
    [local, "http://localhost.evil.example", false], [local, "null", false], [local, undefined, true],
    [listed, "https://shop.example", true], [listed, "http://localhost:3000", false], [listed, undefined, true],
  ];
  for (const [server, origin, allowed] of cases) {
    const polling = new PollingLink(server.serverUrl, origin);
    const socket = new WebSocketLink(server.serverUrl, origin);
    await socket.start();
    const replies = [await polling.handshake(), await socket.handshake()];
    for (const { successful, error, advice, clientId } of replies) {
      const wanted = allowed ? [true, undefined] : [false, "403::invalid_origin", "none"];
      assert.deepEqual([successful, error, ...(allowed ? [] : [advice.reconnect])], wanted, origin);
      assert.equal(clientId !== undefined, allowed);
    }
    if (origin) {
      // The page may read it, be it a refusal.
      assert.equal(polling.lastResponse.headers.get("access-control-allow-origin"), origin);
      assert.equal(polling.lastResponse.headers.get("access-control-allow-credentials"), "true");
    }
    if (allowed) socket.close();
    else await socket.untilEnded();
    const preflight = await fetch(server.serverUrl, { method: "OPTIONS", headers: { ...(origin && { Origin: origin }), "Access-Control-Request-Method": "POST" } });
    assert.equal(preflight.ok, true);
    assert.match(preflight.headers.get("access-control-allow-headers"), /Content-Type/);
  }
});

test("whatever a page of a foreign origin says reaches no session", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  const before = await getJson(`${server.base}/debug/state`);
  const evil = "https://evil.example";
  const refused = { successful: false, error: "403::invalid_origin", advice: { reconnect: "none" } };
  const { clientId } = link;
  const publish = { channel: CHANNEL, clientId, id: "2", data: { operation: "sendMessage", message: "forged", secureKey } };
  for (const Link of [WebSocketLink, PollingLink]) {
    for (const message of [publish, { channel: "/meta/connect", clientId, id: "1", connectionType: "websocket" },
      { channel: "/meta/subscribe", clientId, id: "3", subscription: CHANNEL }, { channel: "/meta/disconnect", clientId, id: "4" }]) {
      const spy = await new Link(server.serverUrl, evil).start();
      assert.deepEqual(await spy.request(message), { channel: message.channel, id: message.id, ...refused });
      spy.close();
    }
  }
  for (const body of ["", "no json", "[]", "[7]", "null", '{"id":"1"}']) {
    const answer = await fetch(server.serverUrl, { method: "POST", body, headers: { "Content-Type": "application/json", Origin: evil } });
    assert.deepEqual([answer.status, await answer.json()], [403, { error: "forbidden_origin" }], body);
  }
  for (const text of ["no json", "[]", "[null]", "x".repeat(200_000), Buffer.from([0, 255])]) {
    const spy = await new WebSocketLink(server.serverUrl, evil).start();
    spy.socket.send(text);
    await spy.untilEnded();
    assert.deepEqual(spy.frames, []);
  }
  const page = await fetch(server.serverUrl, { headers: { Origin: evil } });
  assert.equal(page.status, 403);
  const after = await getJson(`${server.base}/debug/state`);
  assert.deepEqual([after.conversations, after.sessions], [before.conversations, before.sessions]);
  assert.equal((await link.ask("sendMessage", { message: "mine", secureKey })).statusCode, 0, "whom they spoke for goes on");
});

test("--transports refuses the other one", async (t) => {
  const polling = await startServer(t, { args: ["--transports", "long-polling"] });
  await assert.rejects(new WebSocketLink(polling.serverUrl).start());
  assert.deepEqual((await new PollingLink(polling.serverUrl).handshake()).supportedConnectionTypes, ["long-polling"]);
  const socket = await startServer(t, { args: ["--transports", "websocket"] });
  await assert.rejects(new PollingLink(socket.serverUrl).handshake(), /status 404/);
  await visit(t, socket);
});

test("foreign channels are closed", async (t) => {
  const server = await startServer(t);
  const { link } = await talk(t, server);
  const spy = await visit(t, server, { ext: { version: 1, visitorId: "spy" } });
  for (const subscription of [`/deliver/${link.clientId}`, "/deliver/*", "/deliver/**", "/**", "/*", "/service/*", "/service/chatV2/other", [CHANNEL, "/**"]]) {
    const reply = await spy.request({ channel: "/meta/subscribe", subscription });
    assert.deepEqual([reply.successful, reply.error, reply.subscription], [false, "403::forbidden channel", subscription]);
  }
  for (const channel of [`/deliver/${link.clientId}`, "/chat", "/service/chatV2/other"]) {
    const reply = await spy.request({ channel, data: { text: "forged" } });
    assert.deepEqual([reply.successful, reply.error], [false, "403::forbidden channel"]);
  }
  await link.ask("startTyping", { secureKey: "x" });
  assert.ok(link.frames.every((frame) => frame.text === undefined));
});

test("hostile input changes nothing and breaks nothing", async (t) => {
  const server = await startServer(t);
  const { link, secureKey } = await talk(t, server);
  const before = (await server.state()).conversations;
  const send = (body) => fetch(server.serverUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const hostile = [
    "", "nope", "[", "null", "5", '"x"', "[]", "[null]", "[5,[],\"x\"]", "{}", '[{"channel":5}]', '[{"channel":["/meta/connect"]}]',
    '[{"channel":"/meta/handshake"}]', '[{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":"websocket"}]',
    '[{"channel":"/meta/connect","clientId":{},"connectionType":"long-polling"}]', '[{"channel":"/meta/subscribe","clientId":"x","subscription":5}]',
    '[{"channel":"/meta/nothing","clientId":"x"}]', "[".repeat(20_000), `[{"channel":"/x","data":"${"y".repeat(100_000)}"}]`, "x".repeat(200_000),
  ];
  for (const body of hostile) assert.ok((await send(body)).status < 500, body.slice(0, 60));
  const socket = await new WebSocketLink(server.serverUrl).start();
  for (const body of hostile) socket.socket.send(body);
  const id = JSON.stringify(link.clientId);
  for (const data of ["5", "null", '"x"', "[]", "{}", '{"operation":5}', '{"operation":"__proto__"}', '{"operation":"constructor"}', '{"operation":"requestChat","userData":5}',
    '{"operation":"identify","token":{"a":1}}', '{"operation":"history","conversationId":{},"before":[],"limit":{}}', '{"operation":"conversations","cursor":[]}',
    '{"operation":"requestChat","clientConversationId":5}', '{"operation":"requestChat","userData":{"x":"' + "y".repeat(50_000) + '"}}']) {
    const reply = await send(`[{"id":{"a":1},"channel":"${CHANNEL}","clientId":${id},"data":${data}}]`);
    assert.equal(reply.status, 200);
  }
  const unbounded = http.request(server.serverUrl, { method: "POST", headers: { "Content-Type": "application/json", "Transfer-Encoding": "chunked" } });
  const cut = new Promise((resolve) => unbounded.on("error", resolve));
  unbounded.write("x".repeat(100_000));
  unbounded.write("x".repeat(100_000));
  await cut;
  const chats = await link.ask("requestNotifications", { secureKey });
  assert.equal(chats.statusCode, 0);
  assert.deepEqual((await server.state()).conversations, before);
});

test("the faults do what they are called", async (t) => {
  const server = await startServer(t);
  const { link, chat, secureKey } = await talk(t, server);
  const say = (n) => link.ask("sendMessage", { secureKey, message: `m${n}`, clientMessageId: `m${n}` });
  await server.fault({ kind: "temporary", count: 2 });
  for (const n of [1, 1]) assert.deepEqual([(await say(n)).statusCode, link.frames.at(-1).chatEnded], [1, false]);
  assert.equal((await say(1)).statusCode, 0);
  await server.fault({ kind: "decorator", operation: "sendMessage" });
  await link.ask("startTyping", { secureKey });
  assert.equal((await say(2)).errors[0].code, 51);
  await server.fault({ kind: "command" });
  assert.equal((await say(2)).errors[0].code, 52);

  for (const [kind, stored] of [["stall", ["m1"]], ["lose-reply", ["m1", "m2"]]]) {
    await server.fault({ kind });
    await link.publish({ operation: "sendMessage", secureKey, message: "m2", clientMessageId: "m2" });
    assert.deepEqual(texts((await server.state()).conversations[0].messages), stored, kind);
  }
  assert.equal((await say(2)).messages[0].index, 4, "the repeat of the lost one");

  await server.fault({ kind: "garbage" });
  await link.publish({ operation: "startTyping", secureKey });
  await link.until((frame) => frame === "text");
  link.socket.removeAllListeners("message");
  const noJson = new Promise((resolve) => link.socket.on("message", ({ data }) => data.startsWith("<") && resolve(data)));
  await server.fault({ kind: "garbage-frame" });
  await noJson;
  await server.fault({ kind: "drop-connections" });
  await link.ended;

  await server.fault({ kind: "garbage-frame" });
  await assert.rejects(new PollingLink(server.serverUrl).handshake(), SyntaxError);
  await server.fault({ kind: "refuse" });
  const refused = await new PollingLink(server.serverUrl).handshake();
  assert.deepEqual([refused.successful, refused.error, refused.advice, refused.clientId], [false, "403::refused", { reconnect: "none" }, undefined]);
  assert.equal((await server.fault({ kind: "nonsense" })).status, 400);
  await server.fault({ kind: "stall", count: 9 });
  await server.fault({ kind: "none" });
  assert.deepEqual((await server.state()).faults, []);
  assert.equal((await server.state()).conversations[0].id, chat.chatId);
});

test("without --test there are no switches", async (t) => {
  const server = await startServer(t, { args: [] });
  assert.equal((await fetch(`${server.base}/debug/state`)).status, 404);
  assert.equal((await postJson(`${server.base}/debug/fault`, { kind: "refuse" })).status, 405);
  assert.doesNotMatch(await (await fetch(`${server.base}/settings.js`)).text(), /location\.search/);
});

test("the console's API: one agent per chat, nothing before accepting, no foreign pages", async (t) => {
  const server = await startServer(t);
  const link = await visit(t, server);
  const { chatId } = await link.ask("requestChat", { nickname: "Lena" });
  const early = await server.agent("message", { conversationId: chatId, key: "k", text: "x" });
  assert.deepEqual([early.status, early.error], [409, "not_accepted"]);
  assert.equal((await server.agent("accept", { conversationId: chatId, name: "Maya" })).status, 200);
  assert.equal((await server.agent("accept", { conversationId: chatId, name: "Maya" })).status, 200);
  assert.equal((await server.agent("accept", { conversationId: chatId, name: "Sami" })).error, "already_taken");
  assert.equal((await server.agent("message", { conversationId: chatId, key: "k", text: " " })).error, "message_invalid");
  assert.equal((await server.agent("message", { conversationId: "nobody", key: "k", text: "x" })).status, 404);
  assert.equal((await server.agent("__proto__", { conversationId: chatId })).status, 404);
  const foreign = await fetch(`${server.base}/agent/api/end`, {
    method: "POST", headers: { "Content-Type": "application/json", Origin: "http://localhost:1" }, body: JSON.stringify({ conversationId: chatId }),
  });
  assert.equal(foreign.status, 403);
  const form = await fetch(`${server.base}/agent/api/end`, { method: "POST", headers: { "Content-Type": "text/plain" }, body: JSON.stringify({ conversationId: chatId }) });
  assert.equal(form.status, 415);
  const { conversation, events } = await server.read(`conversations/${chatId}?from=2`);
  assert.deepEqual([conversation.status, conversation.agent, events.map(({ index, type }) => [index, type])], ["active", "Maya", [[2, "ParticipantJoined"]]]);
  assert.equal(JSON.stringify(await server.read("conversations")).includes("secureKey"), false);
});

test("the pages live under the strict policy, and the package is served", async (t) => {
  const bundle = await mkdtemp(join(tmpdir(), "support-chat-package-"));
  t.after(() => rm(bundle, { recursive: true }));
  const server = await startServer(t, { args: ["--test", "--package", join(bundle, "package")] });
  const page = async (path) => {
    const response = await fetch(`${server.base}${path}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const shop = await page("/");
  assert.match(shop.text, /has not been built/);
  for (const path of ["/", "/agent"]) {
    const { status, headers, text } = await page(path);
    assert.equal(status, 200);
    const policy = headers.get("content-security-policy");
    for (const part of ["default-src 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'", `ws://127.0.0.1:${server.port}`]) {
      assert.ok(policy.includes(part), part);
    }
    assert.doesNotMatch(text, / style=|<style|<script>|javascript:/);
    const parts = [...text.matchAll(/(?:src|href)="(\/[^"#]+)"/g)].map(([, address]) => address);
    for (const address of parts) assert.equal((await page(address)).status, 200, address);
  }
  await mkdir(join(bundle, "package"));
  await writeFile(join(bundle, "package", "embed.js"), "1");
  await writeFile(join(bundle, "package", "x.wasm"), "1");
  await writeFile(join(bundle, "secret.json"), "1");
  assert.match((await page("/")).text, /<script src="\/package\/embed\.js" async>/);
  assert.equal((await page("/package/x.wasm")).headers.get("content-type"), "application/wasm");
  for (const path of ["/package/../secret.json", "/package/%2e%2e/secret.json", "/package/..%2fsecret.json", "/agent/../../package.json", "/shop/..%2f..%2fpackage.json", "/package/", "/%", "/x"]) {
    assert.ok([400, 404].includes((await page(path)).status), path);
  }
  assert.match((await page("/settings.js")).text, /serverUrl.*shopIdentity/);
  assert.equal((await getJson(`${server.base}/debug/state`)).connections, 0);
});
