// The host page's own script: proves by ticking and counting clicks that the page is alive, and writes
// down everything that must not happen in it. Loaded before anything of the chat.
(() => {
  const t = window.t = { ticks: 0, clicks: 0, violations: [], errors: [], unhandled: [], console: [] };
  const note = (event) => {
    const violation = { directive: event.effectiveDirective, blocked: event.blockedURI, sample: event.sample, via: "event" };
    t.violations.push(violation);
    // Not every browser reports for the panel's document by itself, and a reload would forget it.
    navigator.sendBeacon("/csp-report", JSON.stringify(violation));
  };
  const watch = (node) => node.addEventListener("securitypolicyviolation", note);
  watch(document);
  addEventListener("error", (event) => event.message && t.errors.push(event.message));
  addEventListener("unhandledrejection", (event) => t.unhandled.push(String(event.reason)));
  addEventListener("click", (event) => { if (event.target.id === "host") t.clicks += 1; });
  setInterval(() => { t.ticks += 1; }, 10);
  // A clock that runs `warp` times as fast from now on, for limits of many seconds.
  t.hasten = (warp) => {
    const [now, wall, later] = [performance.now.bind(performance), Date.now, window.setTimeout.bind(window)];
    const [began, start] = [now(), wall()];
    performance.now = () => began + (now() - began) * warp;
    Date.now = () => start + (wall() - start) * warp;
    window.setTimeout = (fn, ms = 0, ...args) => later(fn, ms / warp, ...args);
  };
  const warp = new URLSearchParams(location.search).get("warp");
  if (warp) t.hasten(Number(warp));
  // Storage as some browsers and settings leave it.
  const broken = () => { throw new DOMException("blocked by the test", "SecurityError"); };
  const full = () => { throw new DOMException("no room, says the test", "QuotaExceededError"); };
  const fault = new URLSearchParams(location.search).get("storage");
  if (fault === "no-access") for (const area of ["localStorage", "sessionStorage"]) Object.defineProperty(window, area, { get: broken });
  if (fault === "get-throws") Storage.prototype.getItem = broken;
  if (fault === "set-throws") Storage.prototype.setItem = broken;
  if (fault === "quota") Storage.prototype.setItem = full;
  if (fault === "no-cookies") Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });
  // Which page holds the connection, and since when: the sockets it opened.
  t.sockets = [];
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      const socket = { open: false, heard: 0 };
      t.sockets.push(socket);
      this.addEventListener("message", () => { socket.open = true; socket.heard ||= Date.now(); });
      this.addEventListener("close", () => { socket.open = false; });
    }
  };
  for (const level of ["error", "warn"]) {
    const original = console[level].bind(console);
    console[level] = (...args) => { t.console.push({ level, text: args.map(String).join(" ") }); original(...args); };
  }
  // The panel's iframe has a document of its own: its violations are reported there.
  const seen = new WeakSet();
  new MutationObserver(() => {
    for (const frame of document.querySelectorAll("iframe[data-support-chat]")) {
      const inner = frame.contentDocument;
      if (inner && !seen.has(inner)) { seen.add(inner); watch(inner); }
    }
  }).observe(document, { childList: true, subtree: true });
})();
