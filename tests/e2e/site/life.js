// What a test may do to a page's life from within, and what it wants to know of it. Loaded before anything of the chat.
(() => {
  const { t } = window;
  const query = new URLSearchParams(location.search);
  // A browser, or an origin, without Web Locks.
  if (query.get("locks") === "none") Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });

  // Handlers that keep a page out of the back/forward cache.
  t.unloads = [];
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (/unload/.test(type)) t.unloads.push(type);
    return listen.call(this, type, ...rest);
  };
  t.unloadHandlers = () => [...t.unloads, ...["onunload", "onbeforeunload"].filter((name) => window[name])];

  // Every sound that was started, by whatever means.
  t.sounds = 0;
  for (const kind of [window.AudioScheduledSourceNode, window.AudioBufferSourceNode]) {
    if (!Object.hasOwn(kind?.prototype ?? {}, "start")) continue;
    const { start } = kind.prototype;
    kind.prototype.start = function (...args) { t.sounds += 1; return start.apply(this, args); };
  }
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { t.sounds += 1; return play.call(this); };

  // A laptop that slept: the wall clock went on, the other one stood still, and no timer ran.
  let slept = 0;
  const wall = Date.now;
  Date.now = () => wall() + slept;
  t.sleep = (ms) => { slept += ms; };

  // What `navigator.onLine` and its events say.
  t.network = (on) => {
    Object.defineProperty(navigator, "onLine", { configurable: true, get: () => on });
    dispatchEvent(new Event(on ? "online" : "offline"));
  };

  // Keeps the page's only thread busy.
  t.block = (ms) => setTimeout(() => { for (const end = performance.now() + ms; performance.now() < end;); }, 0);

  // What could be seen in the first picture after each return of the page, and whether it came from the cache.
  t.returns = [];
  const returned = (how) => requestAnimationFrame(() => {
    t.returns.push({ how, words: t.words?.() ?? "", visible: t.visible() });
  });
  addEventListener("pageshow", (event) => event.persisted && returned("cache"));
  document.addEventListener("visibilitychange", () => document.hidden || returned("shown"));
  document.addEventListener("resume", () => returned("resume"));

  /** The text a person would see of the panels: nothing of what is hidden, by the page or inside. */
  t.visible = () => [...document.querySelectorAll("iframe[data-support-chat]")].map((frame) => {
    const hidden = !frame.getClientRects().length || getComputedStyle(frame).visibility !== "visible" || getComputedStyle(frame).opacity === "0";
    return hidden ? "" : frame.contentDocument?.body?.innerText ?? "";
  }).join("\n");
  // Asked last of all listeners of the window, when the page has just gone out of sight.
  t.left = [];
  t.watchLeaving = () => {
    for (const [target, type] of [[window, "pagehide"], [window, "visibilitychange"], [document, "freeze"]]) {
      target.addEventListener(type, () => { if (type !== "visibilitychange" || document.hidden) t.left.push({ type, visible: t.visible() }); });
    }
  };
})();
