// The half of the handle that comes with the module: starts it, hands it the waiting calls in their order, passes its
// events on, and cleans up after it when it dies. Decides nothing about a session.
import init, { SupportChat } from "./glue.js";
import { agreed } from "./agreed.js";
import { whenDead } from "./doors.js";
import { METHODS, SCALARS, WIPES } from "./names.js";

const BOOTS = ["boot", "identify", "startChat", "startSession", "restoreSession", "shutdown"];
const BOOT_FIRST = ["open", "toggle", "startConversation"]; // where there is no session, anonymously

const dying = new Set(); // what each handle of this module does when it traps
let started;
let fatal;
let SupportChatError; // the page's class; this bundle has none of its own

/** Keeps the error's own fields and stack; a stranger becomes `internal_error` with the stranger as its cause. */
const toError = (error) => {
  if (error instanceof SupportChatError) return error;
  // Of a DOMException the code is a number.
  if (error instanceof Error && typeof error.code == "string") return Object.setPrototypeOf(error, SupportChatError.prototype);
  return new SupportChatError("internal_error", { message: String(error?.message ?? error), cause: error });
};

// Nothing may be touched before the stack of the dying module is gone. The cause's stack says where it was.
whenDead((cause) => {
  fatal = new SupportChatError("internal_error", { message: cause.message, cause });
  queueMicrotask(() => dying.forEach((die) => die()));
});

/** The smallest module there is: refused only where WebAssembly itself is. WebKit lets it be compiled, and refuses the instance without a violation event. */
const wasmRefused = () => {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return true;
  }
};

/** What the loader stumbled over, before anything was checked: only a selector has a code. */
const unusable = (cause) =>
  new SupportChatError("invalid_config", {
    message: (cause?.code ? "option `launcher.selector` is no selector: " : "the options cannot be read: ") + cause?.message,
    numeric: 3,
    cause,
  });

const begin = async (wasm) => {
  let blocked;
  const watch = ({ blockedURI }) => (blocked ||= /wasm/.test(blockedURI));
  addEventListener("securitypolicyviolation", watch);
  try {
    await init({ module_or_path: wasm });
  } catch (cause) {
    started = null;
    // The violation event comes in a later task than the refusal.
    await new Promise((done) => setTimeout(done));
    throw blocked || wasmRefused() ? new SupportChatError("csp_blocked", { message: "the page does not allow WebAssembly", cause }) : cause;
  } finally {
    removeEventListener("securitypolicyviolation", watch);
  }
};

const start = (wasm) => (started ??= begin(wasm));

/** @param {Function | null} dress finishes the launcher @param {Function} [sound] both absent in the headless build */
export const driver = (dress, sound) => async (me, ErrorClass) => {
  SupportChatError = ErrorClass;
  const { signal } = me;
  if (signal.aborted) return;
  try {
    if (fatal) throw fatal;
    if ("odd" in me) throw unusable(me.odd);
    await start(me.options.wasm);
    if (!signal.aborted) connect(me, dress, sound);
  } catch (error) {
    const known = error instanceof SupportChatError;
    if (known && me.launcher && !signal.aborted) {
      // A button that can never do anything is worse than none. One of the page's own is given back at the end.
      me.launcher.mark("hidden", true);
      signal.addEventListener("abort", () => me.launcher.mark("hidden"));
    }
    throw known ? error : new SupportChatError("load_failed", { numeric: 100, cause: error });
  }
};

/** @param {object} me what the two halves share, see handle.js; throws what keeps the module from starting */
function connect(me, dress, sound) {
  const { signal, q: queue } = me;
  readTexts(me.options, me.data);
  const { wasm, ...options } = me.options;
  const pending = new Set();
  const teardowns = new Set();
  let early = []; // events of the constructor, held until `inner` can be asked
  let replaying = true;
  let boots = me.wiped !== 0;
  let inner;

  const host = {
    emit(envelope) {
      if (envelope.payload.error) envelope.payload.error = toError(envelope.payload.error);
      early ? early.push(envelope) : me.tell(envelope);
    },
    teardown(fn) {
      teardowns.add(fn);
      return () => teardowns.delete(fn);
    },
    sound,
    launcher: me.launcher ? dress(me.launcher, me.options, signal, me.chat.toggle) : null,
  };

  const die = () => {
    me.run = null;
    me.drop(fatal);
    for (const reject of pending) reject(fatal);
    for (const teardown of teardowns) attempt(teardown);
    for (const element of document.querySelectorAll("[data-support-chat]")) {
      if (element.dataset.supportChat == (me.options.namespace ?? "default")) element.remove();
    }
    me.fail(fatal);
    me.move("destroyed");
  };
  dying.add(die);
  signal.addEventListener("abort", () => {
    dying.delete(die);
    // The module holds `host`, which holds all of this: collecting garbage alone frees neither. Not within the call that
    // ends it; in WebKit not even a microtask is surely after it.
    setTimeout(() => inner?.free());
  });

  try {
    inner = new SupportChat(options, host);
  } catch (error) {
    dying.delete(die);
    throw fatal ?? toError(error);
  }

  const forward = ([name, args, resolve, reject]) => {
    if (BOOTS.includes(name)) boots = false;
    if (fatal) return reject(fatal);
    // A click on the launcher may be what loads the module. It must not make of the page's user somebody anonymous,
    // with whose history, perhaps another person's, the user's would be merged.
    if (boots && me.options.autoBoot && me.options.user && BOOT_FIRST.includes(name) && me.chat.state == "ready") bootAsAsked();
    if (name == "load") return resolve();
    const settle = (act, value) => {
      pending.delete(reject);
      act(value);
    };
    const refuse = (error) => settle(reject, toError(error));
    pending.add(reject);
    try {
      inner.call(name, [args[0], (value) => settle(resolve, value), refuse]);
    } catch (error) {
      refuse(fatal ?? error);
    }
    if (name == "setCookieConsent") consent(args[0] === true);
  };

  // Null once it is revoked: what an earlier page was told counts no more.
  const consent = (given) => {
    me.options.cookieConsent = given || null;
    if (given) autoBoot();
  };

  const autoBoot = () => {
    const { autoBoot: wanted, cookieConsent } = me.options;
    if (!wanted || !boots || replaying || cookieConsent === null || signal.aborted) return;
    if (cookieConsent === false) {
      return agreed(me.options).then((yes) => yes && me.options.cookieConsent === false && consent(true), () => {});
    }
    bootAsAsked();
  };

  const bootAsAsked = () => {
    const { user, company, tokenProvider, context } = me.options;
    const args = user || company || context ? [{ user, company, tokenProvider, context }] : [];
    // One that fails is tried again by the module, which knows of logouts meanwhile.
    new Promise((resolve, reject) => forward(["boot", args, resolve, reject])).catch(me.fail);
  };

  me.get = (name) => {
    // Between a panic and its microtask the module refuses even to be asked.
    try {
      return inner.peek(name);
    } catch {}
  };
  // First come, first served: what listeners call meanwhile queues up behind.
  me.run = (...entry) => {
    if (!replaying || METHODS.indexOf(entry[0]) < WIPES) forward(entry);
    else queue.push(entry);
  };
  const held = early;
  early = null;
  held.forEach(me.tell);
  while (queue.length) forward(queue.shift());
  replaying = false;
  autoBoot();
}

/** `data-*` attributes are texts, and those of other people on the script element are none of ours. */
function readTexts(options, data) {
  for (const key in data) {
    if (options[key] !== data[key]) continue;
    if (!SCALARS.includes(key)) delete options[key];
    else if (key == "maxOfflineDuration") options[key] = Number(data[key]);
    else if (data[key] === "true") options[key] = true;
  }
}

function attempt(act) {
  try {
    act();
  } catch (error) {
    reportError(error);
  }
}
