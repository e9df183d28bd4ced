// A page's own transport that throws, lies, is silent or late; and what is left of an instance after `destroy`.
import { agent, check, host, hurry, ledger, options, refusal, same, tasks } from "./stage.js";

const never = () => new Promise(() => {});

async function booted(make, backend, more) {
  const side = host();
  const chat = make(options({ transport: backend, ...more }), side);
  await chat.boot();
  return { chat, side };
}

export async function a_transport_that_does_not_connect_is_asked_again(make) {
  const rest = hurry(100);
  for (const refuses of [
    () => { throw new Error("mine"); },
    () => Promise.reject(new Error("mine")),
    never,
    (session, sink) => sink.interrupted("busy"),
    (session, sink) => { sink.interrupted(); sink.interrupted(); throw new Error("mine"); },
  ]) {
    const backend = agent();
    const { connect } = backend;
    let attempts = 0;
    backend.connect = (...args) => (++attempts < 3 ? refuses(...args) : connect(...args));
    const { chat, side } = await booted(make, backend);
    const message = await chat.sendMessage({ text: "hello" });
    same([message.status, attempts], ["sent", 3], refuses.toString());
    check(side.types().includes("connection:state"), "the page was told");
    await chat.destroy();
  }
  rest();
}

export async function a_transport_that_gives_up_is_left_alone(make) {
  for (const [said, heard] of [["auth", "auth"], ["refused", "refused"], ["cookies_blocked", "cookies_blocked"], [{}, "refused"], [undefined, "refused"]]) {
    const backend = agent();
    const { chat, side } = await booted(make, backend);
    await side.event("connection:state", (payload) => payload.state == "connected");
    backend.sink.closed(said);
    same([chat.state, chat.connection], ["disconnected", { state: "disconnected", reason: heard }]);
    await tasks(5);
    same(backend.connects.length, 1);
    await chat.destroy();
  }
}

export async function nonsense_is_dropped(make) {
  const lines = [];
  const backend = agent();
  const { chat, side } = await booted(make, backend, { logLevel: "warn", logger: (...words) => lines.push(words.join(" ")) });
  await chat.sendMessage({ text: "hello" });
  const cycle = {};
  cycle.cycle = cycle;
  const proxy = new Proxy({}, { get() { throw new Error("mine"); }, ownKeys() { throw new Error("mine"); } });
  let deep = {};
  for (let n = 0; n < 100; n++) deep = { deep };
  const before = (await chat.getTranscript()).length;
  const { sink } = backend;
  for (const events of [
    undefined, null, 1, "x", [], [[]], {}, cycle, proxy, deep, () => 1, 10n, Symbol("x"), NaN, [null, undefined, cycle],
    { type: "unheard-of" }, { type: "message" }, { type: "message", index: -1, content: { type: "text", text: "x" } },
    { type: "message", index: "2", content: { type: "text", text: "x" } }, { type: "message", index: 1.5e300, content: "x" },
    { type: "typing" }, { type: "read", index: {} }, { toJSON() { throw new Error("mine"); } },
  ]) {
    sink.receive(events);
  }
  for (const info of [undefined, null, 5, "x", { capabilities: "typing" }, { capabilities: [1, {}, "typing", "unheard-of"] }, proxy]) sink.connected(info);
  for (const data of [cycle, undefined, () => 1, 10n, proxy]) sink.save(data);
  same((await chat.getTranscript()).length, before);
  same(chat.state, "anonymous");
  same(lines.filter((line) => line.includes("dropped")).length, 1, lines.join("\n"));
  same((await chat.sendMessage({ text: "still works" })).status, "sent");
  backend.say();
  await side.event("message:received");
  await chat.destroy();
}

export async function what_an_earlier_connection_says_is_ignored(make) {
  const rest = hurry(100);
  const backend = agent();
  const { chat, side } = await booted(make, backend);
  await chat.sendMessage({ text: "hello" });
  const [old] = backend.sinks;
  old.interrupted();
  await side.event("state", (payload) => payload.state == "reconnecting");
  old.connected();
  same(chat.state, "reconnecting");
  await side.event("state", (payload) => payload.state == "anonymous" && payload.previous == "reconnecting");
  old.closed("refused");
  old.interrupted();
  old.receive({ type: "ended" });
  same(chat.state, "anonymous");
  same((await chat.sendMessage({ text: "again" })).status, "sent");
  rest();
  await chat.destroy();
}

export async function a_command_that_fails_has_its_code(make) {
  const refuses = (error) => (command) => {
    if (command.type == "request-chat") return { conversationId: "c1" };
    if (typeof error == "function") return error();
    return Promise.reject(error);
  };
  for (const [code, error] of [
    ["rate_limited", Object.assign(new Error("slow down"), { code: "rate_limited" })],
    ["message_invalid", { code: "message_invalid" }],
    ["message_send_failed", { code: "no code of ours" }],
    ["message_send_failed", undefined],
    ["message_send_failed", () => { throw new Error("mine"); }],
  ]) {
    const { chat, side } = await booted(make, agent({ perform: refuses(error) }));
    same((await refusal(chat.sendMessage({ text: "hello" }))).code, code);
    const failed = await side.event("message:failed");
    same([failed.message.status, failed.error.code, failed.error instanceof Error], ["failed", code, true]);
    await chat.destroy();
  }
}

export async function a_send_that_never_settles_is_sent_again_after_a_resync(make) {
  const rest = hurry(100);
  const backend = agent();
  const { perform } = backend;
  let stalled = 0;
  // The first one arrives, but nobody hears of it.
  backend.perform = (command) => {
    if (command.type != "send" || stalled++) return perform(command);
    return never();
  };
  const { chat } = await booted(make, backend);
  const message = await chat.sendMessage({ text: "hello", clientMessageId: "m1" });
  same([message.status, backend.connects.length], ["sent", 2]);
  same(backend.commands.filter((command) => command.type == "send").map((command) => command.clientMessageId), ["m1"]);
  rest();
  await chat.destroy();
}

export async function a_gap_is_asked_for(make) {
  const backend = agent();
  const { chat, side } = await booted(make, backend);
  await chat.sendMessage({ text: "hello" });
  // The second message is lost on its way; the third shows it.
  const { receive } = backend.sink;
  backend.sink.receive = () => {};
  backend.say(undefined, "lost");
  backend.sink.receive = receive;
  backend.say(undefined, "heard");
  await side.event("message:received", (payload) => payload.message.content.text == "heard");
  same((await chat.getTranscript()).map((message) => message.content.text), ["hello", "lost", "heard"]);
  check(backend.commands.some((command) => command.type == "history" && command.after == 1), "history was asked for");
  await chat.destroy();
}

export async function nothing_is_left_after_destroy(make) {
  const counts = ledger();
  for (const storage of ["local", "session", "cookie", "memory"]) {
    const given = options({ storage, transport: agent() });
    const before = { ...(await counts.open(given.namespace)), timers: 0 }; // one that still runs is of the chat before
    const side = host();
    const chat = make(given, side);
    await chat.boot();
    await chat.open();
    await chat.sendMessage({ text: "hello" });
    given.transport.say();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const during = await counts.open(given.namespace);
    check(during.listeners > before.listeners && during.channels > before.channels && during.nodes == 1, JSON.stringify(during));
    check(during.locks > 0 && side.teardowns.size > 0, `${during.locks} locks, ${side.teardowns.size} teardowns`);
    chat.destroy();
    same(side.teardowns.size, 0, "teardowns");
    await counts.settles(given.namespace, before, storage);
  }
  // Destroyed in every state on the way.
  for (const steps of [0, 1, 2, 3]) {
    const given = options({ transport: agent(steps == 3 ? { connect: never } : {}) });
    const before = { ...(await counts.open(given.namespace)), timers: 0 };
    const chat = make(given, host());
    const pending = steps > 0 && chat.boot();
    if (steps > 1) await tasks(steps);
    if (pending) pending.catch(() => {});
    chat.destroy();
    await counts.settles(given.namespace, before, `after ${steps} steps`);
  }
  counts.end();
}

export async function teardowns_alone_free_the_page(make) {
  const counts = ledger();
  const given = options({ transport: agent() });
  const before = await counts.open(given.namespace);
  const side = host();
  const chat = make(given, side);
  await chat.boot();
  await chat.open();
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  for (const teardown of side.teardowns) teardown();
  // Timers fire once more into nothing.
  const { timers } = await counts.open(given.namespace);
  await counts.settles(given.namespace, { ...before, timers }, "torn down");
  counts.end();
}

export async function a_boot_destroyed_and_booted_again_is_one(make) {
  const given = options({ transport: agent() });
  const first = make(given, host());
  const aborted = refusal(first.boot());
  first.destroy();
  const second = make(given, host());
  await second.boot();
  same((await aborted).code, "aborted");
  await second.open();
  await tasks(5);
  same(given.transport.connects.length, 1);
  const { held } = await navigator.locks.query();
  same(held.filter((lock) => lock.name.startsWith(`sc:${given.namespace}:`)).length, 1);
  await second.destroy();
}
