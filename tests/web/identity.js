// Users in a browser: token providers of every kind, what a page's own transport is told of them, and the request that
// revokes. Not: when a token is asked for (tests/session), nor what the server makes of it.
import { agent, check, host, options, refusal, same, tasks, within } from "./stage.js";

const capabilities = ["typing", "idempotency", "history", "identify", "conversations"];
const SECRET = "head.body.sign";

/** A backend in the page that knows users. */
const knowing = (more) => {
  const backend = agent({ capabilities, ...more });
  const { perform } = backend;
  backend.perform = (command) => {
    const settled = perform(command);
    if (command.type == "identify") return { merged: true };
    if (command.type == "conversations") return { items: [] };
    return settled;
  };
  return backend;
};
const kinds = (backend) => backend.commands.map(({ type }) => type);

/** What the page would see of promises nobody listens to, and what was logged, while `act` runs. */
const watched = async (act) => {
  const seen = [];
  const note = (event) => seen.push(String(event.reason ?? event.error));
  for (const type of ["unhandledrejection", "error"]) addEventListener(type, note);
  try {
    await act((...line) => seen.push(line.join(" ")));
    await tasks(5);
  } finally {
    for (const type of ["unhandledrejection", "error"]) removeEventListener(type, note);
  }
  return seen;
};

export async function a_user_boots_with_a_token_of_the_provider(make) {
  for (const gives of [() => SECRET, async () => ` ${SECRET}\n`, () => ({ then: (done) => done(SECRET) })]) {
    const [side, backend] = [host(), knowing()];
    const asked = [];
    const chat = make(options({ transport: backend }), side);
    const tokenProvider = function (request) {
      asked.push([this, request]);
      return gives();
    };
    await chat.boot({ user: { id: 7, name: "Ann" }, tokenProvider });
    same([chat.state, chat.identity.userId, chat.identity.verified], ["authenticated", "7", true]);
    same(asked, [[undefined, { reason: "boot" }]]);
    same(backend.connects.map(({ user }) => user), [{ id: "7", token: SECRET }]);
    check(!JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie }).includes(SECRET), "a token is stored");
    await chat.destroy();
  }
}

export async function a_provider_that_fails_is_a_typed_refusal_and_nobody_elses_business(make) {
  const failing = [
    () => { throw new Error(SECRET); },
    () => Promise.reject(new Error(SECRET)),
    () => Promise.reject(undefined),
    () => undefined,
    () => 7,
    () => ({ token: SECRET }),
    () => ({ get then() { throw new Error(SECRET); } }),
    () => ({ then: (_, failed) => failed(SECRET) }),
  ];
  for (const tokenProvider of failing) {
    const side = host();
    const seen = await watched(async (logger) => {
      const chat = make(options({ transport: knowing(), logger, logLevel: "debug" }), side);
      const error = await refusal(chat.boot({ user: { id: "ann" }, tokenProvider }));
      check(/^(auth_required|invalid_token)$/.test(error.code), `${tokenProvider}: ${error.code}`);
      check(!String(error.message).includes(SECRET), "the token is in the error");
      same(chat.identity.type, null);
      await chat.destroy();
    });
    check(!seen.some((line) => line.includes(SECRET) || line.includes("undefined")), `${tokenProvider}: ${seen}`);
    check(!JSON.stringify(side.events).includes(SECRET), "the token is in an event");
  }
}

export async function a_provider_may_call_the_chat_while_it_is_asked(make) {
  const [side, backend] = [host(), knowing()];
  const chat = make(options({ transport: backend }), side);
  let state;
  const tokenProvider = () => {
    state = chat.state;
    chat.setZIndex(5).catch(() => {});
    return SECRET;
  };
  await chat.boot({ user: { id: "ann" }, tokenProvider });
  same([state, side.told.zIndex], ["booting", 5]);
  await chat.destroy();
}

export async function identifying_in_place_uses_the_calls_provider_else_the_options(make) {
  for (const own of [true, false]) {
    const [side, backend] = [host(), knowing()];
    const asked = [];
    const provider = (name) => ({ reason }) => (asked.push([name, reason]), SECRET);
    const chat = make(options({ transport: backend, tokenProvider: provider("options") }), side);
    await chat.boot();
    await chat.sendMessage({ text: "hello" });
    await chat.identify({ user: { id: "ann" }, ...(own && { tokenProvider: provider("call") }) });
    same(asked, [[own ? "call" : "options", "identify"]]);
    same([chat.state, chat.identity.verified], ["authenticated", true]);
    same(backend.commands.filter(({ type }) => type == "identify"), [{ type: "identify", token: SECRET }]);
    same((await side.event("auth:changed", ({ previous }) => previous == "anonymous")).identityType, "authenticated");
    same((await chat.getTranscript()).length, 1, "the conversation goes on");
    same((await refusal(chat.identify({ user: { id: "bob" } }))).code, "identity_conflict");
    await chat.destroy();
  }
}

export async function a_conversation_the_user_left_open_elsewhere_is_gone_on_with(make) {
  const left = [];
  const backend = knowing({ disconnect: (reason) => void left.push(reason) });
  const { perform } = backend;
  const item = (id, status) => ({ id, status, createdAt: "2026-01-02T03:04:05.006Z" });
  backend.perform = (command) => {
    const settled = perform(command);
    return command.type == "conversations" ? { items: [item("c8", "ended"), item("c9", "active"), item("c1", "active")] } : settled;
  };
  const side = host();
  const chat = make(options({ transport: backend }), side);
  await chat.boot();
  backend.sink.save({ mine: 1 });
  await chat.identify({ user: { id: "ann" }, tokenProvider: () => SECRET });
  await within(3000, "the second connection", (done) => {
    const look = () => (backend.connects.length > 1 ? done() : setTimeout(look));
    look();
  });
  const { user, resume, lastIndex } = backend.connects[1];
  same([user, resume, lastIndex], [{ id: "ann", token: SECRET }, { mine: 1 }, { c9: 0 }]);
  same(left, ["reload"], "the same person, in place");
  await chat.destroy();
}

export async function a_transport_that_verifies_nobody_gets_an_unverified_user(make) {
  const [side, backend] = [host(), agent()];
  const chat = make(options({ transport: backend }), side);
  await chat.boot({ user: { id: "ann" } });
  same([chat.state, chat.identity.userId, chat.identity.verified], ["authenticated", "ann", false]);
  same(backend.connects[0].user, { id: "ann" });
  await chat.shutdown();
  check(!kinds(backend).some((type) => /identify|revoke|conversations/.test(type)), `asked for what it does not list: ${kinds(backend)}`);
  await chat.destroy();
}

export async function a_logout_revokes_then_leaves_and_waits_for_nothing_that_never_comes(make) {
  for (const answer of [() => undefined, () => { throw new Error("mine"); }, () => Promise.reject(new Error("mine"))]) {
    const order = [];
    const backend = knowing({ disconnect: (reason) => void order.push(reason) });
    const { perform } = backend;
    backend.perform = (command) => (command.type == "revoke" ? (order.push(command), answer()) : perform(command));
    const seen = await watched(async () => {
      const chat = make(options({ transport: backend }), host());
      await chat.boot({ user: { id: "ann" }, tokenProvider: () => SECRET });
      await within(4000, "the logout", (done) => chat.shutdown().then(done));
      same(chat.state, "shutdown");
      await chat.destroy();
    });
    same(order.slice(0, 2), [{ type: "revoke" }, "shutdown"]);
    same(seen, []);
  }
}

export async function the_logout_of_an_anonymous_follower_is_told_by_who_has_the_connection(make) {
  const given = options({ storage: "local" });
  const order = [];
  const backends = [0, 1].map((at) => knowing({ disconnect: (reason) => void order.push([at, reason]) }));
  for (const [at, backend] of backends.entries()) {
    const { perform } = backend;
    backend.perform = (command) => (command.type == "revoke" ? void order.push([at, "revoke"]) : perform(command));
  }
  const chats = backends.map((transport) => make({ ...given, transport }, host()));
  await chats[0].boot();
  await chats[0].sendMessage({ text: "hello" });
  await chats[1].boot();
  same(backends.map(({ connects }) => connects.length), [1, 0], "who has the connection");
  await chats[1].shutdown();
  await within(4000, "the leader heard of it", async (done) => {
    while (chats[0].state != "shutdown") await tasks(1);
    done();
  });
  same(order.filter(([at]) => at == 0), [[0, "revoke"], [0, "shutdown"]]);
  for (const chat of chats) await chat.destroy();
}

export async function another_user_is_another_connection(make) {
  const left = [];
  const backend = knowing({ disconnect: (reason) => void left.push(reason) });
  const chat = make(options({ transport: backend, tokenProvider: () => SECRET }), host());
  await chat.boot({ user: { id: "ann" } });
  backend.sink.save({ of: "ann" });
  await chat.shutdown();
  await chat.boot({ user: { id: "bob" } });
  same(backend.connects.map(({ user, resume }) => [user.id, resume]), [["ann", undefined], ["bob", undefined]]);
  check(backend.connects[0].visitorId != backend.connects[1].visitorId, "the visitor's id");
  same(left, ["shutdown"]);
  await chat.destroy();
}

export async function newer_values_reach_the_transport(make) {
  const backend = knowing();
  const chat = make(options({ transport: backend, updateLimit: { perSecond: 1000, perMinute: 60000 } }), host());
  await chat.boot();
  await chat.sendMessage({ text: "hello" });
  await chat.setContext({ page: "billing", plan: null });
  await chat.update({ user: { email: "ann@example.com" }, company: { id: "o" } });
  const sent = backend.commands.filter(({ type }) => type == "update");
  same(sent[0], { type: "update", context: { page: "billing", plan: null } });
  same([sent.at(-1).user, sent.at(-1).company], [{ email: "ann@example.com" }, { id: "o" }]);
  await chat.destroy();
}

/** A Bayeux server behind `fetch`, which knows users and names an address to revoke at. */
function server() {
  const posts = [];
  const { fetch } = globalThis;
  let clients = 0;
  const reply = ({ id, channel, clientId, data, advice }) => {
    const base = { id, channel, successful: true, clientId };
    if (channel == "/meta/handshake") {
      const ext = { "support-chat": { version: 1, visitorSecret: "a secret", revokeUrl: "/own/revoke", capabilities: ["identify", "idempotency"] } };
      return [{ ...base, clientId: `c${++clients}`, version: "1.0", supportedConnectionTypes: ["long-polling"], advice: { timeout: 20_000, interval: 0, reconnect: "retry" }, ext }];
    }
    if (channel == "/meta/connect") return advice?.timeout === 0 ? [base] : null;
    if (!data) return [base];
    const chat = { chatId: "c1", secureKey: "the key", userId: "u", statusCode: 0, chatEnded: false, requestId: id, messages: [], nextPosition: 1 };
    return [base, { channel, data: chat }];
  };
  globalThis.fetch = (address, init) => {
    const { body, headers, ...rest } = init;
    posts.push({ address, init, body });
    if (/revoke/.test(address)) return new Promise(() => {});
    const replies = JSON.parse(body).map(reply);
    if (replies.includes(null)) {
      return new Promise((_, failed) => init.signal.addEventListener("abort", () => failed(new DOMException("gone", "AbortError"))));
    }
    return Promise.resolve(new Response(JSON.stringify(replies.flat())));
  };
  return { posts, end: () => (globalThis.fetch = fetch) };
}

export async function a_revocation_outlives_the_instance(make) {
  const { posts, end } = server();
  try {
    const side = host();
    const chat = make(options({ serverUrl: "/own/cometd", disableWebSockets: true }), side);
    await chat.boot({ user: { id: "ann" }, tokenProvider: () => SECRET });
    same(chat.identity.verified, true);
    await chat.startConversation({ message: "hello" }).catch(() => {});
    const signals = posts.map(({ init }) => init.signal);
    chat.shutdown().catch(() => {});
    chat.destroy();
    // A panic would run these; the page may go away.
    for (const teardown of [...side.teardowns]) teardown();
    dispatchEvent(new PageTransitionEvent("pagehide"));
    const beacons = posts.filter(({ address }) => /revoke/.test(address));
    same(beacons.length, 1, "one request, within the call");
    const [{ address, init, body }] = beacons;
    same([address, init.method, init.keepalive, init.credentials, init.signal], [`${location.origin}/own/revoke`, "POST", true, "omit", undefined]);
    same(typeof body, "string", "a text needs no question beforehand");
    same(JSON.parse(body), { secureKey: "the key", visitorSecret: "a secret", token: SECRET });
    check(signals.some((signal) => signal.aborted), "the others were given up");
    check(posts.every(({ address }) => !address.includes(SECRET)), "a token in an address");
  } finally {
    end();
  }
}
