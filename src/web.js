// What the module asks of the browser in words of its own: a few generic ones, and those things of the web that are made
// and listened to in one breath. None of them throws. Not: when any of it is done, or what follows (the
// Rust beside it, which declares them).

const attempt = (act) => {
  try {
    return act();
  } catch {}
};

export const member = (object, name) => attempt(() => Reflect.get(object, name));
export const words = (object, name) => {
  const value = member(object, name);
  return typeof value == "string" ? value : undefined;
};
export const set = (object, name, value) => attempt(() => Reflect.set(object, name, value));
/** Calls a method with a text; whoever cannot hear it any more is not told. */
export const tell = (object, name, text) => attempt(() => object[name](text));
export const bound = (object, name) => attempt(() => object[name].bind(object));

// Storage. 0: done, 1: full, 2: blocked. Even asking for an area may throw, so that it is asked for each time.

const area = (session) => window[session ? "sessionStorage" : "localStorage"];
export const item = (session, key) => attempt(() => area(session).getItem(key));
/** Name, text, name, text, … of the keys that begin so; `undefined` where it is blocked. */
export const entries = (session, prefix) =>
  attempt(() => {
    const it = area(session);
    return Object.keys(it).filter((key) => key.startsWith(prefix)).flatMap((key) => [key.slice(prefix.length), it.getItem(key)]);
  });
export const keep = (session, key, text) => {
  try {
    const it = area(session);
    text == null ? it.removeItem(key) : it.setItem(key, text);
    return 0;
  } catch (error) {
    return /quota/i.test(error?.name) ? 1 : 2; // Firefox gave its quota error a name of its own for long
  }
};

const cookies = () => document.cookie.split(/; */);
/** Name, text, … out of `start name=text&name=text`; `false` without such a cookie, `undefined` where it is blocked. */
export const cookie = (start) =>
  attempt(() => {
    const value = cookies().find((pair) => pair.startsWith(start))?.slice(start.length);
    if (!value) return false;
    return value.split("&").flatMap((part) => {
      const [name, text] = part.split("=");
      return (text != null && attempt(() => [name, decodeURIComponent(text)])) || [];
    });
  });
/** Writes it. A refused cookie raises nothing: it is just not there. */
export const bake = (pair, attributes) =>
  attempt(() => {
    document.cookie = pair + attributes;
    return cookies().includes(pair);
  });

// What ends with what is answered. `undefined`: the browser refuses even to try.

/** Tells `act` nothing when open, each text, and the code when closed. `error` is always followed by `close`. */
export const socket = (address, act) =>
  attempt(() => {
    const it = new WebSocket(address);
    it.onopen = () => act();
    it.onclose = ({ code }) => act(code);
    return texts(it, act);
  });
export const channel = (name, act) => attempt(() => texts(new BroadcastChannel(name), act));
const texts = (it, act) => {
  it.onmessage = ({ data }) => typeof data == "string" && act(data);
  return it;
};
export const hangUp = (it) => {
  it.onopen = it.onmessage = it.onclose = null;
  it.close();
};

/** Status and body; the body of an error is HTML for people, and not read. Without a signal it outlives the page. */
export const post = async (address, body, signal) => {
  const headers = { "Content-Type": "application/json;charset=UTF-8" };
  // Some servers tie the session to a cookie. What outlives the page is a plain text: nobody is there to ask leave for more.
  const more = signal ? { headers, credentials: "include", signal } : { keepalive: true, credentials: "omit" };
  const answer = await fetch(address, { method: "POST", body, ...more });
  return [answer.status, answer.ok ? await answer.text() : ""];
};

/** Tells `act` true when held, and false when that is lost or never comes; answers how to give it up, silently. */
export const lock = (name, steal, act) =>
  attempt(() => {
    const end = new AbortController();
    let gone, release;
    const held = () => gone || new Promise((done) => {
      release = done;
      act(true);
    });
    navigator.locks.request(name, steal ? { steal } : { signal: end.signal }, held).catch(() => gone || act(release ? false : null));
    return () => {
      gone = true;
      release ? release() : end.abort();
    };
  });

/** One animation frame; answers how to call it off. */
export const frame = (act) => {
  const number = requestAnimationFrame(act);
  return () => cancelAnimationFrame(number);
};

/** Tells what happens to the page, by the places of `PageEvent`; answers how to stop listening. */
export const listen = (act) => {
  const end = new AbortController();
  const on = (target, type, place) =>
    target.addEventListener(type, (event) => act(place(event)), { signal: end.signal });
  on(window, "online", () => 0);
  on(window, "offline", () => 1);
  on(document, "visibilitychange", () => (document.hidden ? 3 : 2));
  on(window, "pagehide", ({ persisted }) => (persisted ? 5 : 4));
  on(window, "pageshow", ({ persisted }) => persisted && 6);
  on(document, "freeze", () => 7);
  on(document, "resume", () => 8);
  on(window, "focus", () => 9);
  return () => end.abort();
};
