// What the browser tests of the shell stand on: a handle's side, an agent behind a page's own transport, counters of
// what an instance holds of the page. Not: what is tested.

/** The host object of the wasm class, and everything it was told. */
export function host() {
  const side = {
    events: [],
    ears: [],
    teardowns: new Set(),
    told: {},
    emit(envelope) {
      side.events.push(envelope);
      for (const ear of [...side.ears]) ear(envelope);
    },
    teardown(fn) {
      side.teardowns.add(fn);
      return () => side.teardowns.delete(fn);
    },
    launcher: Object.fromEntries(
      ["badge", "opened", "visible", "theme", "zIndex", "focus"].map((name) => [name, (value) => (side.told[name] = value)]),
    ),
    types: () => side.events.map((event) => event.type),
    /** The payload of the next (or an earlier) event of this type that satisfies. */
    event(type, satisfies = () => true) {
      const found = side.events.find((event) => event.type == type && satisfies(event.payload));
      if (found) return Promise.resolve(found.payload);
      return within(5000, `event ${type} in ${side.types()}`, (resolve) => {
        const ear = (event) => event.type == type && satisfies(event.payload) && resolve(event.payload);
        side.ears.push(ear);
      });
    },
  };
  return side;
}

/** An instance with the getters and methods of the public class, as a handle gives them to it. */
export const faced = (inner) =>
  new Proxy({}, {
    get(_, name) {
      if (["state", "identity", "unreadCount", "connection"].includes(name)) return inner.peek(name);
      return name == "then" ? undefined : (argument) => new Promise((resolve, reject) => inner.call(name, [argument, resolve, reject]));
    },
  });

/** A backend in the page: numbers messages, answers each. `more` replaces members. */
export function agent(more = {}) {
  const party = { id: "a1", name: "Ann", type: "Agent" };
  const backend = {
    capabilities: ["typing", "idempotency", "history"],
    commands: [],
    connects: [],
    sinks: [],
    log: [],
    index: 0,
    connect(session, sink) {
      backend.connects.push(session);
      backend.sinks.push(sink);
      backend.sink = sink;
      sink.connected();
    },
    perform(command) {
      backend.commands.push(command);
      if (command.type == "request-chat") return { conversationId: "c1" };
      if (command.type == "history") return { events: backend.log.filter((event) => event.index > command.after) };
      if (command.type != "send") return undefined;
      backend.say({ id: "v", name: "User", type: "Client" }, command.text, command.clientMessageId);
      return Promise.resolve({ index: backend.index });
    },
    disconnect: (reason) => void (backend.left = reason),
    say(from = party, text = "hello", clientMessageId) {
      const event = {
        type: "message", index: ++backend.index, conversationId: "c1", party: from, content: { type: "text", text },
        clientMessageId, time: Date.now(),
      };
      backend.log.push(event);
      backend.sink.receive(event);
    },
    agentParty: party,
  };
  return Object.assign(backend, more);
}

let instances = 0;
/** Options nobody else uses: every instance has a namespace of its own. */
export const options = (more) => ({ namespace: `t${Date.now()}-${++instances}`, logLevel: "silent", connect: "eager", ...more });

export function within(ms, what, executor) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
    executor((value) => (clearTimeout(timer), resolve(value)));
  });
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

/** As JSON; in which order an object has its members says nothing. */
const written = (value) =>
  JSON.stringify(value, (_, inner) =>
    inner && typeof inner == "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner);

export function same(actual, expected, what = "") {
  const [a, b] = [actual, expected].map(written);
  if (a !== b) throw new Error(`${what}: ${a}, expected ${b}`);
}

/** The error a promise rejects with. */
export const refusal = (promise) => promise.then((value) => check(false, `resolved with ${JSON.stringify(value)}`), (error) => error);

export const tasks = async (count = 3) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setTimeout(resolve));
};

/** Makes every timer run so many times faster; answers what ends it. */
export function hurry(factor) {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = (fn, ms = 0, ...rest) => original(fn, ms / factor, ...rest);
  return () => (globalThis.setTimeout = original);
}

/** Counts timers, listeners, sockets, channels and locks taken and given back from now on; `end` restores the page. */
export function ledger() {
  const undo = [];
  const open = { timers: new Set(), frames: new Set(), listeners: 0, channels: 0, sockets: 0, fetches: 0 };
  const patch = (object, name, make) => {
    const original = object[name];
    object[name] = make(original);
    undo.push(() => (object[name] = original));
  };
  const scheduled = (list, take, give) => {
    patch(globalThis, take, (original) => (fn, ...rest) => {
      const id = original(() => (list.delete(id), fn()), ...rest);
      list.add(id);
      return id;
    });
    patch(globalThis, give, (original) => (id) => (list.delete(id), original(id)));
  };
  scheduled(open.timers, "setTimeout", "clearTimeout");
  scheduled(open.frames, "requestAnimationFrame", "cancelAnimationFrame");
  patch(EventTarget.prototype, "addEventListener", (original) => function (type, fn, how) {
    open.listeners++;
    how?.signal?.addEventListener.call && original.call(how.signal, "abort", () => open.listeners--, { once: true });
    return original.call(this, type, fn, how);
  });
  patch(EventTarget.prototype, "removeEventListener", (original) => function (...args) {
    open.listeners--;
    return original.apply(this, args);
  });
  patch(globalThis, "BroadcastChannel", (Original) => class extends Original {
    constructor(name) {
      super(name);
      open.channels++;
    }
    close() {
      open.channels--;
      super.close();
    }
  });
  const ledger = {
    /** Waits until what is open is this: browsers give locks back in their own time. */
    async settles(namespace, expected, what) {
      const until = Date.now() + 3000;
      while (JSON.stringify(await ledger.open(namespace)) != JSON.stringify(expected) && Date.now() < until) await tasks(1);
      same(await ledger.open(namespace), expected, what);
    },
    async open(namespace) {
      const { held, pending } = await navigator.locks.query();
      const locks = [...held, ...pending].filter((lock) => lock.name.startsWith(`sc:${namespace}`)).length;
      const nodes = document.querySelectorAll(`[data-support-chat="${namespace}"]`).length;
      return { timers: open.timers.size, frames: open.frames.size, listeners: open.listeners, channels: open.channels, locks, nodes };
    },
    end: () => undo.forEach((act) => act()),
  };
  return ledger;
}
