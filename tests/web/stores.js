// Where the state goes: the browser's stores over a reload, a page's own store in all its moods.
import { agent, check, host, hurry, options, refusal, same, tasks } from "./stage.js";

/** An instance with a conversation, or what is left of one. */
async function booted(make, given, backend = agent()) {
  const side = host();
  const chat = make({ ...given, transport: backend }, side);
  await chat.boot();
  return { chat, side, backend };
}

/** A page's own store of plain values. */
const plain = () => ({ state: null, writes: 0, read() { return this.state; }, write(state) { this.writes++; this.state = state; } });
const promised = () => ({
  ...plain(),
  async read() { await tasks(1); return this.state; },
  async write(state) { await tasks(1); this.writes++; this.state = JSON.parse(JSON.stringify(state)); },
});

async function survives(make, given) {
  const first = await booted(make, given);
  const { visitorId } = first.chat.identity;
  await first.chat.sendMessage({ text: "one" });
  first.backend.perform = () => new Promise(() => {});
  first.chat.sendMessage({ text: "two", clientMessageId: "m2" });
  await tasks(5);
  dispatchEvent(new PageTransitionEvent("pagehide"));
  await first.chat.destroy();

  const backend = agent({ log: first.backend.log, index: first.backend.index });
  const second = await booted(make, given, backend);
  same(second.chat.identity.visitorId, visitorId, "the same visitor");
  same(backend.connects[0].lastIndex, { c1: 1 }, "goes on from what was applied");
  await second.side.event("message:sent", (payload) => payload.message.clientMessageId == "m2");
  const texts = (await second.chat.getTranscript()).map((message) => message.content.text);
  same(texts, ["one", "two"]);
  const { state } = second.chat;
  check(state == "anonymous", state);
  await second.chat.shutdown({ clearStorage: true });
  await second.chat.boot();
  check(second.chat.identity.visitorId != visitorId, "a new visitor");
  await second.chat.destroy();
}

export async function browser_stores_survive_a_reload(make) {
  for (const storage of ["local", "session", "cookie"]) await survives(make, options({ storage }));
}

export async function own_stores_survive_a_reload(make) {
  for (const storage of [plain(), promised()]) {
    await survives(make, options({ storage }));
    check(storage.writes > 3, `${storage.writes} writes`);
  }
}

export async function an_own_store_gets_one_object_and_null(make) {
  const storage = plain();
  const { chat } = await booted(make, options({ storage }));
  await chat.sendMessage({ text: "one" });
  await tasks(3);
  same([storage.state.v, typeof storage.state.entries.session], [1, "string"]);
  const before = storage.writes;
  const done = chat.shutdown({ clearStorage: true });
  same([storage.state, storage.writes > before], [null, true], "deleted within the call");
  await done;
  same(storage.state, null);
  await chat.destroy();
}

export async function an_own_store_that_never_forgets_is_not_believed(make) {
  const storage = plain();
  const given = options({ storage });
  const { chat } = await booted(make, given);
  await chat.sendMessage({ text: "one" });
  const { visitorId } = chat.identity;
  await tasks(3);
  const old = storage.state;
  await chat.shutdown({ clearStorage: true });
  storage.read = () => old;
  await chat.boot();
  check(chat.identity.visitorId != visitorId, "a new visitor");
  same((await chat.getTranscript()).length, 0);
  await chat.destroy();
}

export async function a_write_that_lands_after_a_logout_is_undone(make) {
  let state = null;
  const under_way = [];
  const storage = {
    read: () => state,
    write: (next) => new Promise((done) => under_way.push(() => { state = next && JSON.parse(JSON.stringify(next)); done(); })),
  };
  const land = async () => { while (under_way[0]) { under_way.shift()(); await tasks(2); } };
  const starting = booted(make, options({ storage }));
  let up;
  starting.then(() => (up = true));
  while (!up) await Promise.all([land(), tasks(1)]); // a visitor is created, which is written before anybody leads
  const { chat } = await starting;
  await land();
  const sent = chat.sendMessage({ text: "one" }).catch(() => {});
  await land();
  await sent;
  await land();
  chat.sendMessage({ text: "secret words" }).catch(() => {});
  const late = under_way.shift();
  check(late, "a write is under way");
  const done = chat.shutdown({ clearStorage: true });
  await land();
  await done;
  same(state, null, "deleted");
  late();
  check(JSON.stringify(state).includes("secret words"), "it landed all the same");
  await tasks(2);
  await land();
  same(state, null, "and is deleted again");
  await chat.destroy();
}

export async function a_read_that_is_answered_too_late_answers_no_other(make) {
  const rest = hurry(100);
  const storage = plain();
  const given = options({ storage });
  const first = await booted(make, given);
  await first.chat.sendMessage({ text: "one" });
  await tasks(3);
  const old = storage.state;
  await first.chat.destroy();
  const asked = [];
  storage.read = () => new Promise((answer) => asked.push(answer));
  const chat = make({ ...given, transport: agent() }, host());
  chat.shutdown({ clearStorage: true });
  const boot = chat.boot();
  while (asked.length < 2) await tasks(1); // the first was given up
  asked[0](old);
  await tasks(2);
  asked[1](null);
  await boot;
  same((await chat.getTranscript()).length, 0);
  await chat.destroy();
  rest();
}

export async function memory_is_forgotten(make) {
  const given = options({ storage: "memory" });
  const first = await booted(make, given);
  const { visitorId } = first.chat.identity;
  await first.chat.destroy();
  const ours = [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key.includes(given.namespace));
  same(ours, []);
  const second = await booted(make, given);
  check(second.chat.identity.visitorId != visitorId, "a new visitor");
  await second.chat.destroy();
}

export async function an_own_store_that_fails_is_left_for_memory(make) {
  const rest = hurry(100);
  const never = () => new Promise(() => {});
  for (const [reason, more] of [
    ["corrupt", { read() { throw new Error("mine"); } }],
    ["corrupt", { read: () => Promise.reject(new Error("mine")) }],
    ["corrupt", { read: () => "text" }],
    ["corrupt", { read: () => { const cycle = {}; cycle.cycle = cycle; return cycle; } }],
    ["newer", { read: () => ({ v: 99, entries: { session: "x" } }) }],
    ["timeout", { read: never }],
    ["blocked", { write() { throw new Error("mine"); } }],
    ["blocked", { write: () => Promise.reject(new Error("mine")) }],
    ["timeout", { write: never }],
  ]) {
    const what = `${reason} ${Object.values(more)[0]}`;
    const { chat, side } = await booted(make, options({ storage: { ...plain(), ...more } }));
    const message = await chat.sendMessage({ text: "still works" });
    same(message.status, "sent", what);
    same(await side.event("storage:degraded"), { reason, wanted: "custom", using: "memory" }, what);
    same(side.types().filter((type) => type == "storage:degraded").length, 1, what);
    await chat.destroy();
  }
  rest();
}

export async function blocked_and_full_storage_is_left_for_memory(make) {
  for (const [reason, name] of [["full", "QuotaExceededError"], ["blocked", "SecurityError"]]) {
    const original = Storage.prototype.setItem;
    Storage.prototype.setItem = () => { throw new DOMException("no", name); };
    try {
      const { chat, side } = await booted(make, options({ storage: "local" }));
      same((await chat.sendMessage({ text: "still works" })).status, "sent");
      same(await side.event("storage:degraded"), { reason, wanted: "local", using: "memory" });
      await chat.destroy();
    } finally {
      Storage.prototype.setItem = original;
    }
  }
}

/** Not the number of the logout has room, and what is there goes within the call. */
export async function a_store_that_filled_up_is_wiped(make) {
  for (const storage of ["local", "session"]) {
    const given = options({ storage });
    const area = window[storage + "Storage"];
    const ours = () => Object.keys(area).filter((key) => key.includes(given.namespace) && !key.endsWith(":link")).map((key) => key.slice(key.lastIndexOf(":") + 1));
    const { chat, side } = await booted(make, given);
    await chat.sendMessage({ text: "one" });
    check(ours().includes("session"), ours().join());
    const original = Storage.prototype.setItem;
    Storage.prototype.setItem = () => { throw new DOMException("no", "QuotaExceededError"); };
    try {
      const done = chat.shutdown({ clearStorage: true });
      same(ours(), [], "deleted within the call");
      await done;
    } finally {
      Storage.prototype.setItem = original;
    }
    same(await side.event("storage:degraded"), { reason: "full", wanted: storage, using: "memory" });
    await chat.destroy();
  }
}

export async function without_consent_nothing_is_stored(make) {
  const given = options({ storage: "local", cookieConsent: false });
  const ours = () => Object.keys(localStorage).filter((key) => key.includes(given.namespace));
  const { chat } = await booted(make, given);
  await chat.sendMessage({ text: "one" });
  same(ours(), []);
  await chat.setCookieConsent(true);
  check(ours().length > 1, ours().join());
  await chat.setCookieConsent(false);
  same(ours().filter((key) => !/:(consent|epoch)$/.test(key)), []);
  await chat.destroy();
}

export async function an_own_store_forgets_whoever_logs_out(make) {
  // Without a session: an earlier page left one behind.
  const storage = plain();
  const given = options({ storage });
  const first = await booted(make, given);
  await first.chat.sendMessage({ text: "one" });
  dispatchEvent(new PageTransitionEvent("pagehide"));
  await first.chat.destroy();
  check(JSON.stringify(storage.state).includes("one"), "kept");
  const second = make({ ...given, transport: agent() }, host());
  second.shutdown();
  same(storage.state, null, "deleted within the call");
  await second.boot();
  same((await second.getTranscript()).length, 0);
  await second.destroy();

  // A follower: the leader must not write anything back.
  const shared = plain();
  const together = options({ storage: shared });
  const leader = await booted(make, together);
  await leader.chat.sendMessage({ text: "one" });
  const follower = await booted(make, together);
  await tasks(3);
  await follower.chat.shutdown({ clearStorage: true });
  same(shared.state, null);
  if (leader.chat.state != "shutdown") await leader.side.event("state", (payload) => payload.state == "shutdown");
  await tasks(3);
  same(shared.state, null, "and nothing is written back");
  await leader.chat.destroy();
  await follower.chat.destroy();

  // Consent revoked.
  const asked = plain();
  const { chat } = await booted(make, options({ storage: asked }));
  await chat.sendMessage({ text: "one" });
  await chat.setCookieConsent(false);
  same(asked.state, null, "consent revoked");
  same((await chat.getTranscript()).length, 1);
  await chat.destroy();
}
