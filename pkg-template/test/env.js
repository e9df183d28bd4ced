// What the handle needs of a browser, faked: events, idle time, storage, and a module (the glue) that tests can steer.
// Not a DOM: nothing here draws. Each `fresh()` is a page of its own.
import { build } from "esbuild";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { supportChat } from "../handle.js";

const template = new URL("..", import.meta.url).pathname;

const glue = `
import { guarded } from "./doors.js";
const fake = () => globalThis.fakeGlue;
globalThis.fakeDoors = guarded({
  memory: {}, call: (inner, ...args) => inner.call(...args), free: (inner) => inner.free(), event: (act) => act(),
});
export default (given) => fake().init(given);
export const SupportChat = function (options, host) {
  const inner = fake().make(options, host);
  const { call, free } = globalThis.fakeDoors;
  return { peek: (name) => inner.peek(name), call: (...args) => call(inner, ...args), free: () => free(inner) };
};
`;

const folder = await mkdtemp(join(tmpdir(), "support-chat-"));
const bundled = await build({
  entryPoints: [join(template, "module_headless.js")],
  bundle: true,
  format: "esm",
  write: false,
  plugins: [{
    name: "fake glue",
    setup(build) {
      build.onResolve({ filter: /glue\.js$/ }, () => ({ path: "glue", namespace: "fake" }));
      build.onLoad({ filter: /.*/, namespace: "fake" }, () => ({ contents: glue, resolveDir: template }));
    },
  }],
});
const core = join(folder, "core.mjs");
await writeFile(core, bundled.outputFiles[0].text);

export class Area {
  removeItem(key) {
    delete this[key];
  }
}

/** A wasm object as the handle sees it. `calls` is what reached it, in order. */
class Inner {
  constructor(options, host) {
    Object.assign(this, { options, host, calls: [], traps: {}, under: 0, freed: 0, state: "loading", identity: { type: null }, unreadCount: 3, connection: { state: "idle" } });
    this.move("ready");
  }

  peek(name) {
    if (this.freed) throw new Error("null pointer passed to rust");
    return this[name];
  }

  /** As the generated class: while it runs it cannot be taken apart. */
  free() {
    if (this.freed || this.under) throw new Error("attempted to take ownership of Rust value while it was borrowed");
    this.freed += 1;
  }

  /** A trap reaches the caller at once, an answer later. */
  call(name, [argument, resolve, reject]) {
    if (this.freed) throw new Error("null pointer passed to rust");
    this.under += 1;
    this.traps[name]?.();
    this.under -= 1;
    this.answer(name, argument).then(resolve, reject);
  }

  async answer(name, argument) {
    if (!known.includes(name)) throw new TypeError(`no call ${name}`);
    this.calls.push(argument === undefined ? [name] : [name, argument]);
    const { answers } = globalThis.fakeGlue;
    return answers[name] ? answers[name](this, argument) : replies[name]?.(this, argument);
  }

  emit(type, payload = {}) {
    this.host.emit({ id: "i", type, createdAt: "2026-01-01T00:00:00.000Z", payload });
  }

  move(state) {
    const previous = this.state;
    this.state = state;
    this.emit("state", { state, previous });
  }
}

const replies = {
  boot(inner) {
    inner.move("booting");
    inner.move("anonymous");
    inner.emit("ready", { identityType: "anonymous" });
  },
  shutdown: (inner) => inner.move("shutdown"),
  destroy: (inner) => inner.move("destroyed"),
};

let known = [];
/** Which calls the wasm object knows. */
export const methodsOfInner = (names) => (known = names);

let pages = 0;

/** A new page: globals, a fresh module, and `create`, which makes handles that log what they were told. */
export function fresh({ launcher = null, idle = true, connection } = {}) {
  const target = new EventTarget();
  const page = { reported: [], logged: [], imports: 0, idle: [], inners: [], fetched: [] };
  const number = ++pages;
  globalThis.fakeGlue = {
    answers: {},
    init: async (given) => void (page.initialised = given),
    make: (options, host) => {
      const inner = new Inner(options, host);
      page.inners.push(inner);
      return inner;
    },
  };
  Object.assign(globalThis, {
    window: globalThis,
    document: { cookie: "", querySelectorAll: () => [] },
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    dispatchEvent: target.dispatchEvent.bind(target),
    location: new URL("https://shop.example/basket?a#b"),
    fetch: (url, init) => (page.fetched.push([String(url), init]), Promise.reject(new TypeError("no network"))),
    reportError: (error) => page.reported.push(error),
    localStorage: new Area(),
    sessionStorage: new Area(),
    requestIdleCallback: idle ? (fn) => page.idle.push(fn) : undefined,
  });
  Object.defineProperty(globalThis, "navigator", { value: { connection }, configurable: true });
  page.importCore = () => {
    page.imports += 1;
    return import(`${core}?${number}`);
  };
  const api = supportChat(() => page.importCore(), launcher, "0.0.0");
  page.api = api;
  page.create = (options) => {
    const chat = api.createChat({ load: "manual", logger: (error) => page.logged.push(error), ...options });
    chat.heard = [];
    for (const type of ["state", "error", "ready"]) {
      chat.on(type, ({ payload }) => chat.heard.push(payload.state ?? payload.error?.code ?? type));
    }
    return chat;
  };
  return page;
}

/** How a promise settled: its value, or its error's code. */
export const outcome = (promise) => promise.then((value) => ({ value }), (error) => ({ code: error.code, error }));

/** A task later: timers of this one have run. */
export const task = () => new Promise((done) => setTimeout(done));

/** A promise's three doors. */
export const deferred = () => {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
};
