// A conversation over a page's own transport, and calls made from within listeners.
import { agent, check, host, options, refusal, same, tasks } from "./stage.js";

export async function talks(make) {
  const [side, backend] = [host(), agent()];
  const chat = make(options({ transport: backend }), side);
  same(chat.state, "ready");
  same(side.events[0].payload, { state: "ready", previous: "loading" });
  await chat.boot();
  same(chat.state, "anonymous");
  same(chat.identity.type, "anonymous");
  check(/^[0-9a-f]{32}$/.test(chat.identity.visitorId), "a visitor id");
  same((await side.event("ready")).identityType, "anonymous");
  await side.event("connection:state", (payload) => payload.state == "connected");
  same(chat.connection, { state: "connected" });

  const message = await chat.sendMessage({ text: "  hello  ", clientMessageId: "m1" });
  same([message.clientMessageId, message.index, message.status, message.content], ["m1", 1, "sent", { type: "text", text: "hello" }]);
  same(message.party.is.client, true);
  check(/^\d{4}-\d\d-\d\dT.*Z$/.test(message.createdAt), message.createdAt);
  const request = backend.commands[0];
  same([request.type, request.nickname, request.userData.source], ["request-chat", "User", "web"]);
  backend.say();
  const { conversation, message: received } = await side.event("message:received");
  same([received.content.text, received.party.name, conversation.id, conversation.unreadCount], ["hello", "Ann", "c1", 1]);
  same([chat.unreadCount, side.told.badge], [1, 1]);
  same((await chat.getTranscript()).map((row) => row.index), [1, 2]);
  same((await chat.getTranscript({ fromIndex: 2 })).map((row) => row.index), [2]);
  same((await chat.sendMessage({ text: "hello", clientMessageId: "m1" })).index, 1, "the same id twice");
  const ids = side.events.map((event) => event.id);
  same(new Set(ids).size, ids.length, "event ids");
  await chat.endChat();
  await side.event("conversation:ended");
  await chat.destroy();
  same([chat.state, backend.left], ["destroyed", "destroyed"]);
  same(side.events.at(-1).payload.state, "destroyed");
}

export async function calls_within_listeners_are_applied_at_once_and_events_stay_in_order(make) {
  const [side, backend] = [host(), agent()];
  const chat = make(options({ transport: backend }), side);
  const seen = [];
  let inner;
  side.ears.push(({ type, payload }) => {
    seen.push(type == "state" ? payload.state : type);
    if (type == "open") {
      inner = chat.hide();
      seen.push("returned");
      chat.show();
    }
    if (type == "state" && payload.state == "shutdown") {
      chat.boot().then(() => seen.push("booted"));
      same(chat.state, "booting", "the state right after the call");
    }
  });
  await chat.boot();
  await chat.open();
  await inner;
  const from = seen.indexOf("open");
  same(seen.slice(from).filter((word) => ["open", "returned", "hide", "show"].includes(word)), ["open", "returned", "hide", "show"]);
  await chat.shutdown();
  await tasks(5);
  await side.event("state", (payload) => payload.state == "booting");
  check(seen.indexOf("shutdown") < seen.lastIndexOf("booting"), seen.join());
  await chat.destroy();
}

export async function a_listener_may_destroy(make) {
  const [side, backend] = [host(), agent()];
  const chat = make(options({ transport: backend }), side);
  side.ears.push(({ type }) => type == "message:received" && chat.destroy());
  await chat.boot();
  await chat.sendMessage({ text: "hello" });
  backend.say();
  same(chat.state, "destroyed");
  backend.say();
  backend.sink.interrupted();
  backend.sink.connected();
  backend.sink.closed("auth");
  same(side.events.at(-1).payload.state, "destroyed");
  same((await refusal(chat.sendMessage({ text: "x" }))).code, "destroyed");
  same((await refusal(chat.sendMessage({}))).code, "destroyed");
  await chat.destroy();
}

export async function arguments_are_checked(make) {
  const [side, backend] = [host(), agent()];
  const chat = make(options({ transport: backend }), side);
  await chat.boot();
  const throwing = { get text() { throw new Error("mine"); } };
  const cycle = {};
  cycle.cycle = cycle;
  const closed = new Proxy({}, { get() { throw new Error("mine"); }, ownKeys() { throw new Error("mine"); } });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  let deep = {};
  for (let n = 0; n < 100; n++) deep = { deep };
  for (const [code, words, call] of [
    ["message_invalid", "`text`", () => chat.sendMessage({})],
    ["message_invalid", "`text`", () => chat.sendMessage()],
    ["message_invalid", "`text`", () => chat.sendMessage({ text: 5 })],
    ["message_invalid", "`text`", () => chat.sendMessage(throwing)],
    ["message_invalid", "", () => chat.sendMessage({ text: "  " })],
    ["message_invalid", "", () => chat.sendMessage({ text: "x".repeat(4001) })],
    ["message_invalid", "clientMessageId", () => chat.sendMessage({ text: "x", clientMessageId: 1 })],
    ["invalid_config", "theme.mode", () => chat.setTheme({ mode: "black" })],
    ["invalid_config", "theme", () => chat.setTheme(() => 1)],
    ["validation_error", "zIndex", () => chat.setZIndex("7")],
    ["validation_error", "zIndex", () => chat.setZIndex(NaN)],
    ["validation_error", "consent", () => chat.setCookieConsent("yes")],
    ["validation_error", "fromIndex", () => chat.getTranscript({ fromIndex: -1 })],
    ["invalid_config", "boot", () => chat.boot("me")],
    ["invalid_config", "did you mean `user`", () => chat.boot({ usr: { id: 1 } })],
    ["invalid_config", "user.id", () => chat.boot({ user: {} })],
    ["invalid_config", "user.id", () => chat.boot({ user: { id: "" } })],
    ["invalid_config", "user", () => chat.boot({ user: "ann" })],
    ["invalid_config", "user", () => chat.boot({ user: { id: 10n } })],
    ["invalid_config", "user.email", () => chat.boot({ user: { id: 1, emial: "a" } })],
    ["invalid_config", "company.id", () => chat.boot({ company: { name: "o" } })],
    ["invalid_config", "tokenProvider", () => chat.boot({ tokenProvider: "a.b.c" })],
    ["invalid_config", "needs a `user`", () => chat.identify()],
    ["invalid_config", "identify", () => chat.identify("ann")],
    ["invalid_config", "context", () => chat.identify({ user: { id: 1 }, context: {} })],
    ["invalid_config", "tokenProvider", () => chat.update({ tokenProvider: () => "" })],
    ["invalid_config", "user.traits", () => chat.update({ user: { traits: [] } })],
    ["invalid_config", "context", () => chat.setContext()],
    ["invalid_config", "context", () => chat.setContext("billing")],
    ["validation_error", "16 kB", () => chat.setContext({ a: "x".repeat(17_000) })],
    ["validation_error", "16 kB", () => chat.update({ user: { traits: { a: "x".repeat(9000) } }, context: { a: "x".repeat(9000) } })],
    ["unsupported", "tags", () => chat.startConversation({ tags: [] })],
    ["validation_error", "metadata", () => chat.startConversation({ message: "x", metadata: [] })],
    ["validation_error", "clearStorage", () => chat.shutdown({ clearStorage: 1 })],
    ["invalid_config", "did you mean `clearStorage`", () => chat.shutdown({ clearStorge: true })],
    ["invalid_config", "did you mean `message`", () => chat.startConversation({ mesage: "x" })],
    ["invalid_config", "did you mean `text`", () => chat.sendMessage({ txt: "x" })],
    ["invalid_config", "did you mean `isTyping`", () => chat.sendTyping({ istyping: false })],
    ["invalid_config", "did you mean `fromIndex`", () => chat.getTranscript({ from: 3 })],
    ["validation_error", "metadata", () => chat.startConversation({ message: "x", metadata: 10n })],
    ["validation_error", "metadata", () => chat.startConversation({ message: "x", metadata: cycle })],
    ["validation_error", "metadata", () => chat.startConversation({ message: "x", metadata: () => 1 })],
    ["validation_error", "zIndex", () => chat.setZIndex(() => 1)],
    ["validation_error", "zIndex", () => chat.setZIndex(7.5)],
    ["validation_error", "zIndex", () => chat.setZIndex(2 ** 31)],
    ["validation_error", "fromIndex", () => chat.getTranscript({ fromIndex: 1.5 })],
    ["validation_error", "isTyping", () => chat.sendTyping({ isTyping: null })],
    ["validation_error", "clientMessageId", () => chat.retryMessage(Symbol("x"))],
    ["message_invalid", "", () => chat.sendMessage({ text: "x".repeat(2_000_000) })],
    ["message_invalid", "clientMessageId", () => chat.sendMessage({ text: "x", clientMessageId: cycle })],
    ["invalid_config", "`boot` takes an object", () => chat.boot(closed)],
    ["invalid_config", "`boot` takes an object", () => chat.boot(proxy)],
    ["invalid_config", "`boot` takes an object", () => chat.boot([])],
    ["invalid_config", "`boot` takes an object", () => chat.boot(() => 1)],
    ["invalid_config", "option `user` must be", () => chat.boot({ user: { id: 1, toJSON() { throw new Error("mine"); } } })],
    ["invalid_config", "option `user` must be", () => chat.boot({ user: closed })],
    ["invalid_config", "option `context` must be", () => chat.setContext(cycle)],
    ["invalid_config", "option `context` must be", () => chat.setContext(() => 1)],
    ["validation_error", "", () => chat.setContext(deep)],
    ["unsupported", "", () => chat.rate({ score: 5 })],
    ["unsupported", "", () => chat.startSession({})],
  ]) {
    const error = await refusal(call());
    check(error instanceof Error && error.name == "SupportChatError", `${call}: a real error`);
    same(error.code, code, `${call} ${error.message}`);
    check(error.message.includes(words), `${call}: ${error.message}`);
    check(typeof error.recoverable == "boolean", "recoverable");
  }
  await chat.destroy();
}

export function options_are_checked(make) {
  for (const [given, words] of [
    [{}, "serverUrl"],
    [{ serverURL: "/x" }, "did you mean `serverUrl`"],
    [{ transport: {} }, "transport.connect"],
    [{ transport: { connect() {}, disconnect() {} } }, "transport.perform"],
    [{ transport: agent(), storage: { read() {} } }, "storage.write"],
    [{ serverUrl: "/x", theme: { mode: 1 } }, "theme.mode"],
    [{ serverUrl: "/x", userData: 10n }, "userData"],
    [{ serverUrl: "/x", logger: {} }, "logger"],
    [{ serverUrl: "/x", user: { name: "Ann" } }, "user.id"],
    [{ serverUrl: "/x", tokenProvider: "a.b.c" }, "tokenProvider"],
    [{ serverUrl: "/x", company: { id: 1, a: [] } }, "company.a"],
    [5, "object"],
    [null, "object"],
    [[], "object"],
    [new Proxy({}, { ownKeys() { throw new Error("mine"); } }), "object"],
    [{ get serverUrl() { throw new Error("mine"); } }, "serverUrl"],
    [{ serverUrl: "/x", transport: () => 1 }, "transport"],
    [{ serverUrl: "/x", transport: null }, "transport"],
    [{ serverUrl: "/x", transport: new Proxy({}, { get() { throw new Error("mine"); } }) }, "transport.connect"],
    [{ serverUrl: "/x", logger: Symbol("x") }, "logger"],
    [{ serverUrl: "/x", tokenProvider: 10n }, "tokenProvider"],
    [{ serverUrl: "/x", userData: { a: "x".repeat(2_000_000) } }, "`userData` of `createChat` is too big"],
  ]) {
    try {
      make(given, host());
    } catch (error) {
      same([error.name, error.code], ["SupportChatError", "invalid_config"], words);
      check(error.message.includes(words), error.message);
      continue;
    }
    throw new Error(`accepted ${words}`);
  }
  try {
    make({ serverUrl: "/x", buttonId: "1" }, host());
    throw new Error("accepted a button");
  } catch (error) {
    same(error.code, "unsupported");
  }
}

export async function objects_of_classes_and_nothing_said_will_do(make) {
  class Store { state = null; read() { return this.state; } write(state) { this.state = state; } }
  class Backend {
    constructor() { Object.assign(this, { own: agent() }); }
    get capabilities() { return this.own.capabilities; }
    connect(session, sink) { return this.own.connect(session, sink); }
    perform(command) { return this.own.perform(command); }
    disconnect(reason) { return this.own.disconnect(reason); }
  }
  const storage = new Store();
  const chat = make(options({ transport: new Backend(), storage, locale: undefined, theme: { accent: "red", odd() {} } }), host());
  await chat.boot({ user: undefined, context: null, get company() { throw new Error("mine"); } });
  same(chat.identity.type, "anonymous");
  same((await chat.sendMessage({ text: "hello", clientMessageId: undefined, conversationId: null })).status, "sent");
  await chat.setZIndex(-0);
  await chat.sendTyping();
  same((await chat.getTranscript({ fromIndex: undefined })).length, 1);
  await tasks(3);
  check(storage.state.entries.session, "kept");
  await chat.destroy();
}

export async function the_launcher_is_told_and_gets_the_focus_back(make) {
  const given = options({ transport: agent(), theme: { mode: "dark", accent: "#123456" } });
  const side = host();
  const chat = make(given, side);
  same([side.told.badge, side.told.opened, side.told.visible, side.told.theme], [0, false, true, { mode: "dark", accent: "#123456" }]);
  await chat.boot();
  await chat.open();
  same(side.told.opened, true);
  await chat.hideLauncher();
  same([side.told.visible, side.types().includes("launcher:hide")], [false, true]);
  await chat.setZIndex(7);
  await chat.setTheme("light");
  same([side.told.zIndex, side.told.theme], [7, { mode: "light" }]);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const panel = document.querySelector(`[data-support-chat="${given.namespace}"]`);
  const composer = panel.contentDocument.querySelector("textarea");
  same([document.activeElement == panel, panel.contentDocument.activeElement == composer], [true, true], "focus in the composer");
  check(!("focus" in side.told), "focus was not asked for");
  composer.dispatchEvent(new panel.contentWindow.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  same([side.told.opened, "focus" in side.told, side.types().at(-1)], [false, true, "close"]);
  await chat.destroy();
}

export async function without_locks_and_channels_a_tab_is_alone(make) {
  const { BroadcastChannel } = globalThis;
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  globalThis.BroadcastChannel = class { constructor() { throw new Error("none"); } };
  try {
    const chat = make(options({ transport: agent() }), host());
    await chat.boot();
    same((await chat.sendMessage({ text: "hello" })).status, "sent");
    await chat.destroy();
  } finally {
    delete navigator.locks;
    globalThis.BroadcastChannel = BroadcastChannel;
  }
}

export async function refused_locks_are_granted(make) {
  const { request } = LockManager.prototype;
  for (const refuses of [() => { throw new DOMException("no", "SecurityError"); }, () => Promise.reject(new DOMException("no", "SecurityError"))]) {
    LockManager.prototype.request = refuses;
    try {
      const chat = make(options({ transport: agent() }), host());
      await chat.boot();
      same((await chat.sendMessage({ text: "hello" })).status, "sent");
      await chat.destroy();
    } finally {
      LockManager.prototype.request = request;
    }
  }
}
