// What a page brings along — a transport, a store — as the module speaks with it: texts in, texts out, and one function
// that is told. Whatever such an object throws, leaves open or says too late has its outcome here; nothing is let
// through to the module but JSON. Not: what the words mean (the Rust beside it), nor when anything is done.

const attempt = (act) => {
  try {
    return act();
  } catch {}
};
/** As JSON; `undefined` where that throws or there is nothing to say. */
const json = (value, names) => attempt(() => JSON.stringify(value, names));
/** How it ends: a throw is a rejection, a plain value a promise kept. */
const ask = (act) => new Promise((done) => done(act()));

/** How long a page's transport may take to connect, and to settle a command. */
const PATIENCE = 30_000;
/** What is read of a command's result or error; the module reads 1 MB at once. */
const READ = ["index", "id", "conversationId", "userId", "merged", "code", "message"];
const ROOM = 300_000;

/** A page's own transport. Tells `act` what it reports: `{t, value, …}`. */
export const transport = (page, act) => {
  let generation = 0; // counts connections, wanted and given up: what belongs to an earlier one is ignored
  let state = 0; // 1 connecting, 2 connected
  let connecting; // the patience with `connect`
  let open = []; // operations not yet settled, each with its patience
  let can = [];
  let user; // whom the connection is for
  let identified; // it became theirs in place: whoever is named next is no other

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
      if (events) say("received", json(events));
      if (type == "identify") identified = 1;
    }
    const text = json(value, type == "conversations" && failed == null ? undefined : READ);
    say("performed", text?.length < ROOM ? text : null, { op, type, failed });
  };

  return {
    connect(text) {
      const session = JSON.parse(text);
      const same = identified || user === session.user?.id;
      const was = state;
      forget();
      identified = 0;
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
        receive: (events) => say("received", json(events)),
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
      user = identified = undefined;
      if (was || reason == "shutdown") leave(reason);
    },
    end: forget,
  };
};
