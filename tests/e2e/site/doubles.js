// What stands behind "@name" in a test's options: page-made transports and stores, good and bad.
const quiet = { connect() {}, perform() {}, disconnect() {} };

/** A store that outlives a reload, as a page could write one on its own backend. */
const kept = (settle) => ({
  read: () => settle(JSON.parse(sessionStorage.getItem("page-own-store"))),
  write: (state) => {
    if (state === null) sessionStorage.removeItem("page-own-store");
    else sessionStorage.setItem("page-own-store", JSON.stringify(state));
    return settle(undefined);
  },
});

/**
 * A transport as an operator writes it for a backend of their own: see operator.mjs. It knows nobody: whom it speaks for
 * is in the key. Careless on purpose: what it has asked for is handed on, even after it was told to leave.
 */
function own() {
  let key;
  const left = window.t.left = []; // by which words
  const ask = async (what, given) => {
    const answer = await (await fetch("/own", { method: "POST", keepalive: true, body: JSON.stringify({ ask: what, ...given }) })).json();
    if (answer.error) throw Object.assign(new Error(answer.error), { code: answer.error });
    return answer;
  };
  const follow = async (mine, sink) => {
    for (let over; !over && mine === key;) {
      const news = await ask("feed", { key: mine });
      sink.receive(news.events);
      over = news.over;
    }
  };
  return {
    capabilities: ["typing", "idempotency", "identify", "history", "conversations"],
    async connect({ visitorId, user, resume, lastIndex }, sink) {
      try {
        const answer = await ask("connect", { key: resume?.key, visitorId, user, lastIndex });
        key = answer.key;
        sink.save({ key });
        if (answer.events.length) sink.receive(answer.events);
        sink.connected();
        follow(key, sink).catch(() => sink.interrupted("the feed ended"));
      } catch ({ code }) {
        if (/token|auth/.test(code)) sink.closed("auth");
        else sink.interrupted(code);
      }
    },
    perform: (command) => ask("perform", { key, command }),
    disconnect(reason) {
      left.push(reason);
      const mine = key;
      key = undefined;
      return ask("leave", { key: mine, reason });
    },
  };
}

const all = {
  own,
  demo: async () => (await import("/npm/support-chat/testing")).demoTransport(),
  "connect-throws": () => ({ ...quiet, connect() { throw new Error("page transport broke in connect"); } }),
  "connect-rejects": () => ({ ...quiet, connect: () => Promise.reject(new Error("page transport refused")) }),
  "never-answers": () => quiet,
  "perform-throws": () => ({ ...quiet, connect(_, sink) { sink.connected(); }, perform() { throw new Error("page transport broke in perform"); } }),
  "perform-rejects": () => ({
    ...quiet, connect(_, sink) { sink.connected(); },
    perform: (command) => (command.type === "request-chat" ? { conversationId: "c1" }
      : Promise.reject(Object.assign(new Error("no"), { code: "rate_limited" }))),
  }),
  "sends-garbage": () => ({
    ...quiet,
    connect(_, sink) {
      sink.connected({ capabilities: 7 });
      for (const junk of [null, 7, "text", {}, { type: "nonsense" }, { type: "message", index: -1 }, { type: "message", index: 1e400, content: 3 },
        [[[]]], { type: "message", index: 0, party: null, content: { type: "text", text: { toString() { throw new Error("trap"); } } }, time: "x" },
        new Proxy({}, { get() { throw new Error("trap"); } })]) {
        try { sink.receive(junk); } catch (error) { window.t.errors.push(`sink.receive threw: ${error}`); }
      }
    },
    perform: () => undefined,
  }),
  // Connected, and nothing else: for tests that need a live session and no backend.
  ready: () => ({ ...quiet, connect(_, sink) { sink.connected({ capabilities: ["idempotency", "typing"] }); }, perform: (c) => (c.type === "request-chat" ? { conversationId: "c1" } : undefined) }),
  "kept-sync": () => kept((value) => value),
  "kept-async": () => kept((value) => new Promise((done) => { setTimeout(() => done(value), 5); })),
  // One that all tabs share: what is written lands once the test lets it.
  "shared": () => ({
    read: async () => JSON.parse(localStorage.getItem("page-shared")),
    write: async (state) => {
      await window.t.lands?.();
      if (state === null) localStorage.removeItem("page-shared");
      else localStorage.setItem("page-shared", JSON.stringify(state));
    },
  }),
  // A store that is far away: it is read once the test lets it.
  "kept-far": () => {
    const near = kept((value) => value);
    return { ...near, read: async () => (await window.t.asked?.(), near.read()) };
  },
  "read-throws": () => ({ read() { throw new Error("no store today"); }, write() {} }),
  "read-string": () => ({ read: () => "what is this", write() {} }),
  "read-never": () => ({ read: () => new Promise(() => {}), write() {} }),
  "write-throws": () => ({ read: () => null, write() { throw new Error("full"); } }),
  function: () => () => {},
  nan: () => NaN,
  date: () => new Date(0),
  cycle: () => { const ring = {}; ring.ring = ring; return ring; },
};

/** Asks the site's backend for a token, and counts how many questions are open at a time. */
function provider(user) {
  let open = 0;
  return async ({ reason } = {}) => {
    open += 1;
    window.t.asking = Math.max(window.t.asking ?? 0, open);
    try {
      return await (await fetch(`/token?${new URLSearchParams({ user, reason })}`)).text();
    } finally {
      open -= 1;
    }
  };
}

export async function doubles(name) {
  if (name.startsWith("token:")) return provider(name.slice("token:".length));
  if (!all[name]) throw new Error(`no double is called ${name}`);
  const made = await all[name]();
  // Promises must not swallow a thenable double, nor `real` copy it: a box keeps it whole.
  return made;
}
