// The page's side of the module's border: what a page brings along — options, calls, listeners, a transport, a store —
// as the module speaks with it: texts in, texts out. Whatever such an object throws, leaves open or says too late has its
// outcome here; nothing is let through but JSON. Not: what the words mean (the Rust beside it), nor when anything is done.

const attempt = (act) => {
  try {
    return act();
  } catch {}
};
const member = (object, name) => attempt(() => object[name]);
/** As JSON; `undefined` where that throws or there is nothing to say. */
const json = (value, names) => attempt(() => JSON.stringify(value, names));
/** How it ends: a throw is a rejection, a plain value a promise kept. */
const ask = (act) => new Promise((done) => done(act()));
/** A real Error; the handle makes it one of its class. */
const failed = ({ message, ...more }) => Object.assign(new Error(message), { name: "SupportChatError", ...more });

export const parse = (text) => JSON.parse(text);
export const failure = (text) => failed(JSON.parse(text));

// What a page says. For what JSON cannot say stand two numbers that it never writes: see `options::FUNCTION`.

const FUNCTION = "-0";
const UNSAID = "-0.0";

const plain = (value) =>
  value === undefined ? "null" : typeof value == "function" ? FUNCTION : json(value) ?? UNSAID;
/**
 * Member by member, so that one which cannot be said spoils no other. Of one that is longer than the module reads only the
 * name is handed over, which is no JSON.
 */
const members = (object, say) => {
  let big;
  const text = attempt(() => `{${Object.keys(object).flatMap((key) => {
    const value = member(object, key);
    if (value === undefined) return [];
    const said = say(value, key);
    if (said?.length > ROOM) big = "`" + key + "`";
    return `${json(key)}:${said}`;
  })}}`) ?? UNSAID;
  return big ?? text;
};
const isObject = (value) => attempt(() => value && typeof value == "object" && !Array.isArray(value));
/** Of the page's own transport and store only what they can do is told, inherited or not. */
const option = (value, key) =>
  isObject(value) && /^transport$|torage$/.test(key)
    ? members({ connect: 1, perform: 1, disconnect: 1, read: 1, write: 1 }, (_, name) =>
        typeof member(value, name) == "function" ? FUNCTION : null)
    : plain(value);

/** The handle's host object and the options given, for the module. */
export const side = (host, given = {}, token) => {
  const waiting = new Map();
  const providers = new Map([[0, member(given, "tokenProvider")]]); // by the number of the call that brought it
  const told = {};
  const it = {
    given,
    waiting,
    providers,
    options: isObject(given) ? members(given, option) : plain(given),
    locale: document.documentElement.lang || navigator.language || "en",
    origin: location.origin,
    emit(text) {
      const envelope = JSON.parse(text);
      const { payload } = envelope;
      if (payload.error) payload.error = failed(payload.error);
      host.emit({ id: "" + Math.random(), createdAt: new Date().toISOString(), ...envelope });
    },
    settle(text) {
      const { call, value, error } = JSON.parse(text);
      const [, resolve, reject] = waiting.get(call);
      waiting.delete(call);
      error ? reject(failed(error)) : resolve(value);
    },
    /** Tells the launcher what is new. One of another version may lack a word. */
    launcher(text) {
      const look = JSON.parse(text);
      for (const name in look) {
        const value = json(look[name]);
        if (told[name] != value) attempt(() => host.launcher[name](look[name]));
        told[name] = value;
      }
    },
    /** What it gives is handed on, and neither kept nor logged; a provider that fails gives no token. */
    askToken(text) {
      const [number, provider, reason] = JSON.parse(text);
      const act = providers.get(provider);
      const answer = (given) => token(json([number, typeof given == "string" && given.length < ROOM ? given : null]));
      ask(() => act({ reason })).then(answer, () => answer());
    },
    keepProvider(wanted) {
      for (const number of providers.keys()) number && number != wanted && providers.delete(number);
    },
    focus: (from) => host.launcher.focus(from),
    sound: () => host.sound(),
  };
  const logger = member(given, "logger");
  for (const name of ["debug", "info", "warn", "error"]) {
    it[name] = (line) => (logger || console[name])("[support-chat]", line);
  }
  return it;
};

/** What a call was given, as JSON; those that take one thing take it as a whole. */
export const said = ({ waiting, providers }, id, name, entry) => {
  waiting.set(id, entry);
  // `onclick = chat.shutdown`: an event is no argument.
  const given = member(entry[0], "preventDefault") ? undefined : entry[0];
  const provider = member(given, "tokenProvider");
  if (typeof provider == "function") providers.set(id, provider);
  return isObject(given) && !/^set/.test(name) ? members(given, plain) : plain(given);
};

/** How long a page's transport may take to connect, and to settle a command. */
const PATIENCE = 30_000;
/** What is read of a command's result or error; the module reads 1 MB at once. */
const READ = ["index", "id", "conversationId", "userId", "merged", "code", "message"];
const ROOM = 300_000;

/** A page's own transport. Tells `act` what it reports: `{t, value, …}`. */
export const transport = ({ given }, act) => {
  const page = member(given, "transport");
  let generation = 0; // counts connections, wanted and given up: what belongs to an earlier one is ignored
  let state = 0; // 1 connecting, 2 connected
  let connecting; // the patience with `connect`
  let open = []; // operations not yet settled, each with its patience
  let can = [];
  let user; // whom the connection is for; `true`: it became somebody's in place, who was not named

  const say = (t, value, more) => act(`{${json({ t, ...more }).slice(1, -1)},"value":${value ?? null}}`);
  const present = (hear) => {
    const mine = generation;
    return (value) => mine == generation && hear(value);
  };
  const forget = () => {
    for (const { timer } of open) clearTimeout(timer);
    clearTimeout(connecting);
    generation++;
    state = 0;
    open = can = [];
  };
  /** In parts, each of a size that the module reads at once. */
  const receive = (events) => {
    const mine = generation;
    let part = "";
    const hand = () => part && mine == generation && say("received", `[${part.slice(1)}]`);
    for (const event of attempt(() => [...[].concat(events)]) ?? [null]) {
      const text = json(event) ?? "null";
      if (part.length + text.length > ROOM) {
        hand();
        part = "";
      }
      part += `,${text}`;
    }
    hand();
  };
  const lose = (reason) => {
    forget();
    say("interrupted", json(reason));
  };
  // Nobody waits for it; a rejection must not become the page's `unhandledrejection`.
  const leave = (reason) => ask(() => page.disconnect(reason)).catch(() => {});
  const listed = (by) =>
    attempt(() => by.capabilities.filter((name) => typeof name == "string" && name.length < 20).slice(0, 99)) || [];

  const settle = (operation, value, failed) => {
    const { op, type, timer } = operation;
    if (!open.includes(operation)) return;
    clearTimeout(timer);
    open = open.filter((other) => other != operation);
    if (failed == null) {
      const events = type == "history" && attempt(() => value.events);
      if (events) receive(events);
      if (type == "identify") {
        user = attempt(() => `${value.userId ?? ""}`) || true;
        value = attempt(() => ({ ...value, userId: user }));
      }
    }
    const text = json(value, type == "conversations" && failed == null ? undefined : READ);
    say("performed", text?.length < ROOM ? text : null, { op, type, failed });
  };

  return {
    connect(text) {
      const session = JSON.parse(text);
      const same = user === true || user === session.user?.id;
      const was = state;
      forget();
      user = session.user?.id;
      // There is never more than one connection, and none goes on as somebody else's.
      if (was) leave(same ? "reload" : "identity");
      state = 1;
      const early = listed(page);
      const sink = {
        connected(info) {
          if (state == 2) return;
          clearTimeout(connecting);
          state = 2;
          can = [...early, ...listed(info)];
          say("connected", json(can));
        },
        receive,
        interrupted: () => lose("interrupted"),
        closed(reason) {
          forget();
          say("closed", json(reason));
        },
        save(data) {
          const text = json(data);
          say(text ? "saved" : "not JSON", text);
        },
      };
      for (const name in sink) sink[name] = present(sink[name]);
      connecting = setTimeout(() => lose("timeout"), PATIENCE);
      // Once connected, how its promise ends says nothing.
      const refused = present(() => state == 1 && lose("refused"));
      ask(() => page.connect(session, sink)).catch(refused);
    },
    perform(text) {
      const { op, ...command } = JSON.parse(text);
      const operation = { op, type: command.type };
      operation.timer = setTimeout(() => {
        // Its fate is unknown: only a new connection and a look at the transcript can tell.
        if (/send|history/.test(command.type)) lose("timeout");
        else settle(operation, null, "late");
      }, PATIENCE);
      open = [...open, operation];
      ask(() => page.perform(command)).then(
        (value) => settle(operation, value),
        (reason) => settle(operation, reason, ""),
      );
    },
    /** When it was tried that is told, whatever became of the connection. */
    revoke() {
      const told = () => say("revoked");
      ask(() => can.includes("identify") && page.perform({ type: "revoke" })).then(told, told);
    },
    disconnect(reason) {
      const was = state;
      forget();
      user = undefined;
      if (was || reason == "shutdown") leave(reason);
    },
    end: forget,
  };
};

/** How long `read` and `write` of a page's store may take. */
const READING = 3_000;
const WRITING = 1_000;

/**
 * A page's own store, `{read(), write(object | null)}`, plain or with promises. It gets the whole state as one object,
 * `{v: 1, entries: {name: text}}`. One write is under way at a time; what changes meanwhile goes with the next.
 * Forgetting does not wait. Tells `act` what was loaded (`{loaded: [name, text, …]}` or why not), and what became of
 * saves (`{stored: token, why}`).
 */
export const store = ({ given }, act) => {
  const page = member(given, "stateStorage") ?? member(given, "storage");
  let entries = new Map();
  let leads;
  let changed; // since the last write
  let waiting = []; // saves somebody waits for, that are not in a write yet
  let writing; // the write under way, with its saves
  let reading;
  let unread = 0; // wishes to read that wait for what is under way
  let wipes = 0; // somebody logged out: a write begun before that is undone should it be done only now
  let wiped; // that is written by whoever does it
  let empty = true; // it holds nothing, as far as we know
  let ended;

  const say = (report) => act(json(report));

  /**
   * Every wish to read is answered once, in order, by a reading begun after it: one waits for the other, and for the
   * write under way. A store that is asked before it has written may say what that is to delete.
   */
  const next = () => unread && !reading && !writing && !ended && (unread--, read());

  const read = () => {
    const mine = (reading = { wipes, touched: new Map() });
    const finish = (found) => {
      if (reading != mine) return;
      clearTimeout(mine.timer);
      reading = null;
      if (found.pop) {
        // Asked before a logout, it may say what that has deleted.
        if (mine.wipes < wipes) return unread++, next();
        empty = !found[0];
        const kept = entries;
        entries = new Map(found);
        // What this page knows survives a `write(null)`, and a store that forgets or gives back what it once read:
        // counters never go back, and the visitor's word on consent stands.
        for (const [name, text] of kept) {
          const other = entries.get(name);
          const counts = /^(epoch|term)$/.test(name) && (!(other >= 0) || +other < +text);
          if (counts || (name == "consent" && other == null)) entries.set(name, text);
        }
        // Nor does it know what was changed since it was asked.
        for (const [name, text] of mine.touched) text == null ? entries.delete(name) : entries.set(name, text);
        found = [...entries].flat();
      }
      say({ loaded: found });
      next();
    };
    mine.timer = setTimeout(() => finish("timeout"), READING);
    ask(() => page.read()).then((state) => finish(parts(state)), () => finish("corrupt"));
  };

  /** Nothing, `null` and `{}` are an empty store. */
  const parts = (state) => {
    const text = json(state ?? {});
    if (text?.[0] != "{") return "corrupt";
    const { v, entries } = JSON.parse(text);
    return v > 1 ? "newer" : Object.entries(Object(entries)).filter((entry) => typeof entry[1] == "string");
  };

  const settle = (tokens, why) => {
    if (why && !tokens[0]) say({ stored: null, why });
    for (const stored of tokens) say({ stored, why });
  };

  const write = () => {
    // Whoever leads writes it; here it is as safe as it can be.
    if (ended || !(wiped || leads)) return settle(waiting.splice(0));
    if (writing) return;
    wiped = changed = false;
    // `null`, which deletes everything, when there is no saved session: what else there is serves one.
    const state = entries.has("session") ? { v: 1, entries: Object.fromEntries(entries) } : null;
    const was = empty;
    empty = !state;
    if (was && empty) return settle(waiting.splice(0));
    const mine = (writing = { tokens: waiting.splice(0), wipes });
    const finish = (why) => {
      if (mine.wipes < wipes) {
        // It landed after what was to delete it.
        wiped = changed = true;
        empty = false;
        write();
      } else if (writing == mine) {
        clearTimeout(mine.timer);
        writing = null;
        settle(mine.tokens, why);
        if (!why && changed) write();
      }
      next();
    };
    const failed = () => finish("blocked");
    mine.timer = setTimeout(() => finish("timeout"), WRITING);
    try {
      const done = page.write(state);
      // A store without promises is done at once: nothing has to wait for a later task.
      if (Object(done) === done) Promise.resolve(done).then(() => finish(), failed);
      else finish();
    } catch {
      failed();
    }
  };

  return {
    load: () => (unread++, next()),
    set(text) {
      const [name, value, token] = JSON.parse(text);
      // Whoever creates a visitor waits for that, and writes it though nobody leads yet: the next tab is to find it.
      wiped ||= token && name == "session";
      entries.set(name, value);
      reading?.touched.set(name, value);
      if (token) waiting.push(token);
      changed = true;
    },
    remove(name) {
      changed = entries.delete(name) || changed;
      reading?.touched.set(name);
    },
    wipe(kept) {
      const names = JSON.parse(kept);
      for (const name of entries.keys()) names.includes(name) || entries.delete(name);
      changed = wiped = true;
      empty = false;
      // A logout handler navigates away at once: a write under way is not waited for.
      wipes++;
      if (writing) clearTimeout(writing.timer), waiting.push(...writing.tokens);
      writing = null;
    },
    flush: () => changed && write(),
    /** What this tab kept for itself while it followed goes with the first change it writes. */
    lead: (yes) => (leads = yes),
    end() {
      ended = true;
      clearTimeout(reading?.timer);
      clearTimeout(writing?.timer);
      reading = writing = null;
    },
  };
};
