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
    const options = { ...data };
    const ears = new Set();
    let loading; // or the error that no second attempt mends
    let reported; // the error everybody was told already
    let ready; // the last `ready` while live, for late subscribers

    const fault = (code, more) => new SupportChatError(code, more);
    const dispatch = (envelope) => {
      const { type, payload } = envelope;
      if (signal.aborted) return;
      if (type == "ready") ready = envelope;
      else if (type == "state") {
        me.state = payload.state;
        if (/shutdown|destroyed/.test(me.state)) ready = 0;
        if (me.state == "destroyed") {
          me.run = me.get = null;
          end.abort();
        }
      }
      for (const ear of [...ears]) hear(ear, envelope);
    };
    const emit = (type, payload) =>
      dispatch({ type, payload, id: "" + Math.random(), createdAt: new Date().toISOString() });
    const move = (state, reason) => emit("state", { state, reason, previous: me.state });
    const report = (error) => {
      const { logger, logLevel } = options;
      if (reported == error) return;
      reported = error;
      if (logLevel != "silent") safely(logger?.call ? logger : console.error, error);
      emit("error", { error });
    };
    const drop = (error) => {
      // A click may be among them.
      me.launcher?.mark("ariaBusy");
      queue.splice(0).forEach((entry) => entry[3](error));
    };

    /** What both halves share. `run` and `get` are drive.js's, once the module is there. */
    const me = { chat, data, options, signal, q: queue, tell: dispatch, move, fail: report, drop, ...GETTERS };

    const hear = (ear, envelope) => {
      if (ear.type == envelope.type && ears.has(ear)) {
        if (ear.once) ears.delete(ear);
        safely(ear.fn, envelope);
      }
    };
    const listen = (type, fn, once) => {
      const ear = { type, fn, once };
      ears.add(ear);
      if (ready) hear(ear, ready);
      return () => ears.delete(ear);
    };

    const start = async () => {
      if (loading || signal.aborted) return;
      loading = 1;
      move("loading");
      try {
        await (await importCore()).drive(me, SupportChatError);
      } catch (cause) {
        if (signal.aborted) return;
        const error = cause.code ? cause : fault("load_failed", { numeric: 100, cause });
        loading = !error.recoverable && error;
        move(GETTERS.state, error.code);
        report(error);
        drop(error);
      }
    };

    METHODS.forEach((name, place) => {
      chat[name] = (...args) =>
        call((resolve, reject) => {
          // What `shutdown` does not know waits for the module, which refuses it by name, as it does later; an event is
          // no argument.
          const wipes = place < WIPES && (place || !args[0] || args[0].preventDefault || /^object(clearStorage)?$/.test(typeof args[0] + Object.keys(args[0])));
          if (signal.aborted) return name == "destroy" ? resolve() : reject(fault("destroyed"));
          if (wipes) drop(fault("aborted"));
          if (me.run) return me.run(name, args, resolve, reject);
          if (wipes) return resolve(name == "destroy" ? move("destroyed") : wipe(options, (me.wiped = place) || args[0]?.clearStorage));
          // At once, and for the module in its place in the queue; its event comes from there.
          const early = /Launcher/.test(name) && me.launcher;
          if (early) resolve(early.mark("hidden", name[0] == "h" || args[0] === false));
          if (loading?.code) reject(loading);
          else if (queue.length > 999 && !early) reject(fault("not_ready"));
          else {
            queue.push([name, args, resolve, reject]);
            if (!early) start();
          }
        }, report);
    });
    for (const name in GETTERS) {
      Object.defineProperty(chat, name, { get: () => me.get?.(name) ?? me[name] });
    }
    chat.on = listen;
    chat.once = (type, fn) => listen(type, fn, 1);
    chat.off = (type, fn) => ears.forEach((ear) => ear.type == type && ear.fn == fn && ears.delete(ear));
    chat.user = { tag: chat["user.tag"], reset: chat["user.reset"] };

    try {
      Object.assign(options, given);
      const { saveData, effectiveType } = Object(navigator.connection);
      let { load = "idle" } = options;
      if (load == "idle" && (saveData || /2g/.test(effectiveType))) load = "interaction";
      if (load == "interaction") {
        for (const type of ["pointerdown", "keydown"]) addEventListener(type, start, { signal });
      } else if (load != "manual") (load == "idle" && window.requestIdleCallback || setTimeout)(start);
      if (launcher && options.launcher !== false && options.autoRender !== false) me.launcher = launcher(options, signal, chat.open);
    } catch (odd) {
      // Nothing throws here: drive.js says what is wrong, to whoever listens by then.
      me.odd = odd;
    }
    return chat;
  };
  return { createChat, version, Error: SupportChatError };
};
