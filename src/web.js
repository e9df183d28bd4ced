// What the module asks of the browser. Nothing here throws. Not: when any of it is wanted, or what follows (the Rust beside
// it, which declares it); what a page brings along (`page.js`); the panel.
//
// One file: each further one is a request more for the tests' server, which serves few at a time.

const attempt = (act) => {
  try {
    return act();
  } catch {}
};

export const words = (object, name) => {
  const value = attempt(() => object[name]);
  return typeof value == "string" ? value : undefined;
};
/** Calls a method with a text; whoever cannot hear it any more is not told. */
export const tell = (object, name, text) => attempt(() => object[name](text));
/** Of what JavaScript tells, only the shell's reports have numbers. */
export const hearing = (act) => (text, event = 0, id = 0, number = 0) => act(text, event, id, number);
/** Leaves a method of the object with the handle, to be called after a trap; answers how to take it back. */
export const teardown = (handle, object, name) => attempt(() => handle.teardown(() => object[name]()));

// What an instance holds of the browser: sockets, requests, locks, a timer, a frame, a channel, listeners. The module knows
// each by kind and number, and hears what becomes of it through one door. What was let go of is not heard of any more.
// `browser/shell.rs` has the same numbers.

const SOCKET = 0, REQUEST = 1, HELD = 2, TIMER = 3, PICTURE = 4, CHANNEL = 5, LISTENERS = 6;
const TIMEOUT = 0, FRAME = 1, OPENED = 2, TEXT = 3, CLOSED = 4, ANSWERED = 5, FAILED = 6, PEER = 7, LOCK = 8, PAGE = 9;
const LOST = 0, ACQUIRED = 1, MISSING = 2;
const ABNORMAL = 1006; // closed without a word from the server

/**
 * @param {(text: string, event: number, id: number, number: number) => void} tell
 * @param {{teardown?: Function}} host is left what lets go of everything after a trap
 */
export const shell = (tell, host) => {
  const held = new Map(); // by kind and number: how to let go of a thing, and the thing

  const key = (kind, id) => kind + ":" + (id ?? 0);
  const letGo = (kind, id) => {
    const [end] = held.get(key(kind, id)) ?? [];
    held.delete(key(kind, id));
    attempt(end);
  };
  /** Answers what tells the end of a thing: once, and only of what is held. */
  const hold = (kind, id, end, it) => {
    held.set(key(kind, id), [end, it]);
    return (event, number = 0, text = "") => {
      if (held.get(key(kind, id))?.[0] != end) return;
      held.delete(key(kind, id));
      tell(text, event, id, number);
    };
  };
  const end = () => [...held.keys()].forEach((key) => letGo(...key.split(":")));
  let group; // the channel's name
  let cached;
  const cancel = attempt(() => host.teardown(end));

  const texts = (it, event, id) => {
    it.onmessage = ({ data }) => typeof data == "string" && tell(data, event, id, 0);
    return () => {
      it.onopen = it.onmessage = it.onclose = null;
      it.close();
    };
  };

  const join = () => {
    const it = new BroadcastChannel(group);
    return hold(CHANNEL, 0, texts(it, PEER, 0), (text) => it.postMessage(text));
  };

  return {
    letGo,
    end() {
      end();
      cancel?.();
    },

    open(id, address) {
      let over;
      try {
        const it = new WebSocket(address);
        over = hold(SOCKET, id, texts(it, TEXT, id), (text) => it.send(text));
        it.onopen = () => tell("", OPENED, id, 0);
        // `error` is always followed by it.
        it.onclose = ({ code }) => over(CLOSED, code);
      } catch {
        // The browser refuses even to try: address, content security policy.
        over = hold(SOCKET, id, () => {});
        queueMicrotask(() => over(CLOSED, ABNORMAL));
      }
    },

    /** False where the browser refuses. */
    join(name) {
      group = name;
      return !!attempt(join);
    },

    /** To a socket or the channel. What is closing has nobody to tell. */
    send: (kind, id, text) => attempt(() => held.get(key(kind, id))[1](text)),

    /** The body of an error is HTML for people, and not read. What is to last is given up by nobody, nor by the page's end. */
    async post(id, address, body, lasting) {
      const giveUp = new AbortController();
      const over = hold(REQUEST, id, () => lasting || giveUp.abort());
      const headers = { "Content-Type": "application/json;charset=UTF-8" };
      // Some servers tie the session to a cookie. What lasts is a plain text: nobody is there to ask leave for more.
      const more = lasting ? { keepalive: true, credentials: "omit" } : { headers, credentials: "include", signal: giveUp.signal };
      try {
        const answer = await fetch(address, { method: "POST", body, ...more });
        over(ANSWERED, answer.status, answer.ok ? await answer.text() : "");
      } catch {
        over(FAILED);
      }
    },

    /** Asks for a lock, in the place of an earlier wish for it. */
    lock(id, name, steal) {
      letGo(HELD, id);
      const wait = new AbortController();
      let release;
      const give = () => (release ? release() : wait.abort());
      const over = hold(HELD, id, give);
      const granted = () =>
        held.get(key(HELD, id))?.[0] == give && new Promise((done) => {
          release = done;
          tell("", LOCK, id, ACQUIRED);
        });
      const missed = () => over(LOCK, release ? LOST : MISSING);
      attempt(() => navigator.locks.request(name, steal ? { steal } : { signal: wait.signal }, granted).catch(missed)) ?? queueMicrotask(missed);
    },

    arm(ms) {
      letGo(TIMER);
      const number = setTimeout(() => over(TIMEOUT), ms);
      const over = hold(TIMER, 0, () => clearTimeout(number));
    },

    /** One animation frame, unless one is coming. */
    frame() {
      if (held.has(key(PICTURE))) return;
      const number = requestAnimationFrame(() => over(FRAME));
      const over = hold(PICTURE, 0, () => cancelAnimationFrame(number));
    },

    /** Tells what happens to the page, and first how it stands where that is out of the ordinary. */
    listen() {
      const stop = new AbortController();
      const say = (place) => place >= 0 && tell("", PAGE, 0, place);
      const on = (target, type, place) => target.addEventListener(type, (event) => say(place(event)), stop);
      hold(LISTENERS, 0, () => stop.abort());
      on(window, "online", () => 0);
      on(window, "offline", () => 1);
      on(document, "visibilitychange", () => (document.hidden ? 3 : 2));
      on(window, "pagehide", ({ persisted }) => ((cached = persisted) ? 5 : 4));
      // After `resume`; what freezes from now on freezes where it is.
      on(window, "pageshow", ({ persisted }) => ((cached = false), persisted ? 6 : -1));
      // Chromium keeps no page in its cache that another tab speaks to. By now the page's own handlers have had their say.
      on(document, "freeze", () => (cached ? letGo(CHANNEL) : 7));
      on(document, "resume", () => (cached && attempt(join), 8));
      on(window, "focus", () => 9);
      if (!navigator.onLine) say(1);
      if (document.hidden) say(3);
    },
  };
};

/** What a conversation is told of the page it is held on, and over it what the page said. An address may hold more than fits. */
export const about = (given) => {
  const [pageTitle, url, referrer] = [document.title, location.href, document.referrer].map((text) => text.slice(0, 2e3));
  return JSON.stringify({ source: "web", pageTitle, url, referrer, ...attempt(() => JSON.parse(given)) });
};

// Where texts are kept: `localStorage`, `sessionStorage`, and a cookie with `sessionStorage` beside it, as stores of one
// namespace. Blocked storage throws, and even asking for an area may, so that it is asked for each time.

/** 0: done, 1: full, 2: blocked. */
const outcome = (act) => {
  try {
    return act() | 0;
  } catch (error) {
    return /quota/i.test(error?.name) ? 1 : 2; // Firefox gave its quota error a name of its own for long
  }
};
/** With a zero behind each, which no name of ours holds. */
const listed = (names) => names.map((name) => name + "\0").join("");

const web = (area, namespace) => {
  const prefix = `sc:${namespace}:`;
  // Each is read: a store that lists what it does not give is blocked.
  const own = () =>
    Object.keys(window[area]).filter((key) => key.startsWith(prefix) && window[area].getItem(key) != null).map((key) => key.slice(prefix.length));
  return {
    own,
    /** Of everything it has; `undefined` where it is blocked. */
    names: () => attempt(() => listed(own())),
    item: (name) => attempt(() => window[area].getItem(prefix + name)) ?? undefined,
    /** Keeps a text, or forgets it. */
    keep: (name, text) =>
      outcome(() => {
        const it = window[area];
        text == null ? it.removeItem(prefix + name) : it.setItem(prefix + name, text);
      }),
    leave() {},
  };
};

const INSIDE = ["session", "read", "epoch", "term", "consent", "tombstone"];
const LONGEST = 2048; // longer ones vanish silently at 4 kB; two namespaces should fit

/**
 * What must not outlive the visit by more than a while stands in one cookie, the rest in `sessionStorage`. The cookie has
 * no `Max-Age` while the page lives, so that a crash can be recovered from; leaving rewrites it with the allowed time. A
 * page that finds no cookie was away too long: the rest is deleted unread.
 */
const cookie = (namespace, domain, afterwards) => {
  const start = `sc-${namespace}=`;
  const rest = web("sessionStorage", namespace);
  const mark = "&" + Math.random(); // in what is written here
  let last; // … the last time
  let leaving; // the seconds are running
  const cookies = () => document.cookie.split(/; */);
  /** Its entries, or nothing: everything written begins with a version, which tells an empty cookie from none. */
  const read = () => {
    let pair = cookies().find((pair) => pair.startsWith(start));
    // After several writes in a row WebKit shows the page the earlier ones again, for a moment: they are not to be written back.
    if (pair?.endsWith(mark)) pair = last;
    return pair && new Map(pair.slice(start.length).split("&").flatMap((part) => {
      const [name, text] = part.split("=");
      return name != "v" && text != null ? attempt(() => [[name, decodeURIComponent(text)]]) ?? [] : [];
    }));
  };
  const write = (entries, gone) => {
    let pair = start + "v=1";
    for (const [name, text] of entries) pair += `&${name}=${encodeURIComponent(text)}`;
    pair += mark;
    if (pair.length > LONGEST) return 1;
    const seconds = gone ? 0 : leaving ? afterwards : null;
    document.cookie = pair + ";Path=/;SameSite=Lax" + (location.protocol == "https:" ? ";Secure" : "") +
      (domain ? ";Domain=" + domain : "") + (seconds == null ? "" : ";Max-Age=" + seconds);
    // A refused cookie raises nothing: it is just not there.
    last = seconds != 0 && pair;
    return !last || cookies().includes(pair) ? 0 : 2;
  };
  /** Changes one entry of the cookie. */
  const put = (name, text) => {
    const entries = read() || new Map();
    if (!entries.delete(name) && text == null) return 0;
    if (text != null) entries.set(name, text);
    // With nothing in it there is none.
    return write(entries, !entries.size);
  };
  return {
    // An entry too big for the cookie stands with the rest; the cookie's word wins.
    names: () =>
      attempt(() => {
        const inside = read();
        const outside = rest.own();
        if (inside) return listed([...new Set([...inside.keys(), ...outside])]);
        for (const name of outside) if (rest.keep(name)) return;
        return "";
      }),
    item: (name) => attempt(() => (read() || new Map()).get(name)) ?? rest.item(name),
    keep: (name, text) =>
      outcome(() => {
        if (!INSIDE.includes(name)) {
          // Without a cookie the next page would delete it unread.
          const failed = text != null && !read() && write([]);
          return failed || rest.keep(name, text);
        }
        const failed = put(name, text);
        if (text != null && failed == 1) return put(name) || rest.keep(name, text);
        return rest.keep(name) || failed;
      }),
    /** The page leaves, or is back (or another tab left while this one stays): the seconds run, or stop. */
    leave: (now) =>
      attempt(() => {
        leaving = now;
        const entries = read();
        if (entries) write(entries);
      }),
  };
};

/** @param {number} area 0: `localStorage`, 1: `sessionStorage`, 2: the cookie */
export const kept = (area, namespace, domain, afterwards) =>
  area > 1 ? cookie(namespace, domain, afterwards) : web(area ? "sessionStorage" : "localStorage", namespace);
