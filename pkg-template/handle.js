// The object a page holds. It owns the load promise, the mailbox of calls made before the module is there, and the
// listeners; it knows no options, no table of moves and no session: those live in the module, behind drive.js, which is
// fetched with it. This half is in the script tag's 3 kB.
import { call, safely } from "./call.js";
import { SupportChatError } from "./errors.js";
import { GETTERS, METHODS, WIPES } from "./names.js";
import { wipe } from "./wipe.js";

/**
 * @param {() => Promise<{drive: Function}>} importCore fetches core.js
 * @param {Function | null} launcher draws the button; absent in the headless build
 */
export const supportChat = (importCore, launcher, version) => {
  /** @param {object} given the options @param {object} [data] the script element's `data-*`, weaker than `given` */
  const createChat = (given, data) => {
    const chat = {};
    const end = new AbortController();
    const { signal } = end;
    const queue = [];
    let ears = [];
    let loading;
    let failed; // an error that no second attempt mends
    let reported; // the error everybody was told already
    let ready; // the last `ready` while live, for late subscribers

    const dispatch = (envelope) => {
      const { type, payload } = envelope;
      if (signal.aborted) return;
      if (type == "ready") ready = envelope;
      if (type == "state") {
        me.state = payload.state;
        if (/shutdown|destroyed/.test(me.state)) ready = 0;
        if (me.state == "destroyed") {
          me.run = me.get = 0;
          end.abort();
        }
      }
      for (const ear of ears) ear(envelope);
    };
    const emit = (type, payload) =>
      dispatch({ type, payload, id: "" + Math.random(), createdAt: new Date().toISOString() });
    const move = (state, reason) => emit("state", { state, reason, previous: me.state });
    const report = (error) => {
      const { logger, logLevel } = me.options;
      reported = error;
      if (logLevel != "silent") (logger?.call ? logger : console.error)(error);
      emit("error", { error });
    };
    const drop = (error) => queue.splice(0).forEach((entry) => entry[3](error));

    const peek = (name) => me[name] ?? GETTERS[name];

    /** What both halves share. `run` and `get` are drive.js's, once the module is there. */
    const me = { chat, data, signal, q: queue, tell: dispatch, move, fail: report, drop, state: GETTERS.state };

    const forget = (gone) => (ears = ears.filter((ear) => !gone(ear)));
    const listen = (type, fn, once) => {
      const ear = (envelope) => {
        if (envelope.type != type || !ears.includes(ear)) return;
        if (once) off();
        safely(fn, envelope);
      };
      const off = () => forget((other) => other == ear);
      ear.type = type;
      ear.fn = fn;
      ears = [...ears, ear];
      if (ready) ear(ready);
      return off;
    };

    const start = async () => {
      if (loading || signal.aborted) return;
      loading = 1;
      move("loading");
      try {
        await (await importCore()).drive(me, SupportChatError);
      } catch (cause) {
        if (signal.aborted) return;
        const error = cause.code ? cause : new SupportChatError("load_failed", { numeric: 100, cause });
        loading = failed = !error.recoverable && error;
        move(GETTERS.state, error.code);
        report(error);
        drop(error);
      }
    };

    const accept = (name, args, resolve, reject) => {
      const refuse = (code) => reject(new SupportChatError(code));
      const wipes = METHODS.indexOf(name) < WIPES;
      if (signal.aborted) return name == "destroy" ? resolve() : refuse("destroyed");
      if (wipes) drop(new SupportChatError("aborted"));
      if (me.run) return me.run(name, args, resolve, reject);
      if (wipes) {
        if (name == "destroy") move("destroyed");
        else wipe(me.options, (me.wiped = name) != "shutdown" || args[0]?.clearStorage);
        return resolve();
      }
      if (/Launcher/.test(name) && me.launcher) {
        // At once, and for the module in its place in the queue; its event comes from there.
        me.launcher.visible(name[0] == "s" && args[0] !== false);
        queue.push([name, args, resolve, resolve]);
        return resolve();
      }
      if (failed) return reject(failed);
      if (queue.length >= 1000) return refuse("not_ready");
      queue.push([name, args, resolve, reject]);
      start();
    };

    for (const name of METHODS) {
      chat[name] = (...args) =>
        call((resolve, reject) => accept(name, args, resolve, reject), (error) => error == reported || report(error));
    }
    for (const name in GETTERS) {
      Object.defineProperty(chat, name, { get: () => (me.get || peek)(name) });
    }
    chat.on = listen;
    chat.once = (type, fn) => listen(type, fn, 1);
    chat.off = (type, fn) => forget((ear) => ear.type == type && ear.fn == fn);
    chat.user = { tag: chat["user.tag"], reset: chat["user.reset"] };

    const options = (me.options = { ...data, ...given });
    try {
      const { saveData, effectiveType } = navigator.connection || {};
      let { load = "idle" } = options;
      if (launcher && options.launcher !== false && options.autoRender !== false) me.launcher = launcher(options, signal, chat.toggle);
      if (load == "idle" && (saveData || /2g/.test(effectiveType))) load = "interaction";
      if (load == "interaction") {
        for (const type of ["pointerdown", "keydown"]) addEventListener(type, start, { signal });
      } else if (load != "manual") (load == "idle" && window.requestIdleCallback || setTimeout)(start);
    } catch (error) {
      // Odd options never throw here: the module will name them.
      report(error);
    }
    return chat;
  };
  return { createChat, version, Error: SupportChatError };
};
