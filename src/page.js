// The page's side of the module's border: what a page brings along — options, calls, listeners, a transport —
// as the module speaks with it: texts in, texts out. Whatever such an object throws, leaves open or says too late has its
// outcome here; nothing is let through but JSON. Not: what the words mean (the Rust beside it), nor when anything is done.

const attempt = (act) => {
  try {
    return act();
  } catch {}
};
export const member = (object, name) => attempt(() => object[name]);
/** As JSON; `undefined` where that throws or there is nothing to say. */
export const json = (value, names) => attempt(() => JSON.stringify(value, names));
/** How it ends: a throw is a rejection, a plain value a promise kept. */
export const ask = (act) => new Promise((done) => done(act()));
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
