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

  // From now on a page's own store that is far away is asked in vain, until this is called once more.
  t.hold = () => {
    if (t.asked) return t.answer();
    t.questions = 0;
    const held = new Promise((done) => { t.answer = () => { t.asked = null; done(); }; });
    t.asked = () => { t.questions += 1; return held; };
  };

  /** From now on: what could be seen in each picture, and how often what people wrote was hidden or the focus lost. */
  t.record = () => {
    const record = t.recorded = { seen: [], hidden: 0, blurred: 0 };
    const { contentDocument: inner } = document.querySelector("iframe[data-support-chat]");
    new MutationObserver((changes) => { record.hidden += changes.length; }).observe(inner.documentElement, { attributeFilter: ["data-concealed"] });
    inner.addEventListener("focusout", () => { record.blurred += 1; });
    const look = () => { record.seen.push(t.visible()); requestAnimationFrame(look); };
    requestAnimationFrame(look);
  };

  // What `navigator.onLine` and its events say.
  t.network = (on) => {
    Object.defineProperty(navigator, "onLine", { configurable: true, get: () => on });
    dispatchEvent(new Event(on ? "online" : "offline"));
  };

  // One clock for every window of the browser.
  t.clock = () => performance.timeOrigin + performance.now();

  // What windows tell each other apart from the chat: when a word was heard is how long words take on this machine.
  // Closed while the page is in the back/forward cache: Chromium drops a page there that is told anything.
  t.told = {};
  let told;
  const listenIn = () => {
    told = new BroadcastChannel("life");
    told.onmessage = ({ data }) => { t.told[data] = t.clock(); };
  };
  listenIn();
  addEventListener("pagehide", () => told.close());
  addEventListener("pageshow", (event) => event.persisted && listenIn());
  t.tell = (word) => told.postMessage(word);

  /** From now on: when for the first time nothing of these texts could be seen any more, and when nothing was stored. */
  t.watch = (texts) => {
    const cleared = t.cleared = {};
    const look = () => {
      const places = { seen: t.words(), stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]).replaceAll("\\", "") };
      for (const [place, all] of Object.entries(places)) if (!texts.some((text) => all.includes(text))) cleared[place] ??= t.clock();
    };
    look();
    if (cleared.seen || cleared.stored) throw new Error("there is nothing to be cleared");
    addEventListener("storage", look);
    const observer = new MutationObserver(look);
    const frames = [...document.querySelectorAll("iframe[data-support-chat]")].map((frame) => frame.contentDocument);
    for (const one of [document, ...frames]) observer.observe(one, { subtree: true, childList: true, characterData: true, attributes: true });
  };

  // Keeps the page's only thread busy, as soon as the driver has had its answer; the other windows are told.
  t.block = (ms) => setTimeout(() => {
    t.tell("blocked");
    for (const end = performance.now() + ms; performance.now() < end;);
  }, 150);

  // At each return of the page: what could be seen before anybody was told, and in the first picture; and how it returned.
  t.returns = [];
  const returned = (how) => {
    const entry = { how, before: t.visible() };
    requestAnimationFrame(() => t.returns.push(Object.assign(entry, { words: t.words?.() ?? "", visible: t.visible(), present: t.present() })));
  };
  addEventListener("pageshow", (event) => event.persisted && returned("cache"));
  document.addEventListener("visibilitychange", () => document.hidden || returned("shown"));
  document.addEventListener("resume", () => returned("resume"));

  /** How the panels show by a colour alone that somebody is there. */
  t.present = () => [...document.querySelectorAll("iframe[data-support-chat]")]
    .flatMap((frame) => [...frame.contentDocument.querySelectorAll("[data-presence]")])
    .filter((node) => node.ownerDocument.defaultView.getComputedStyle(node, "::after").content !== "none").map((node) => node.dataset.presence);

  /** The text a person would see of the panels, by the styles in force: `innerText` is empty in a page that is hidden itself. */
  t.visible = () => {
    const gone = (style) => style.display === "none" || style.visibility !== "visible" || style.opacity === "0" || style.contentVisibility === "hidden";
    const read = (node, view) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      // What is below something invisible counts as such: WebKit no longer works it out when a page leaves.
      if (node.nodeType !== Node.ELEMENT_NODE || gone(view.getComputedStyle(node))) return "";
      return (typeof node.value === "string" ? node.value : "") + [...node.childNodes].map((child) => read(child, view)).join(" ");
    };
    return [...document.querySelectorAll("iframe[data-support-chat]")]
      .map((frame) => (gone(getComputedStyle(frame)) ? "" : read(frame.contentDocument.body, frame.contentWindow))).join("\n");
  };
})();
