// Says when the launcher is to be seen, presses it, says when one can write; and how long the page could not have answered.
// Stands in the page itself, so that it costs no request. The same for every page: all have the same `data-part`s.
(() => {
  const expected = document.documentElement.dataset.chat;
  const marks = { painted: 0, launcher: 0, composer: 0, blocking: 0 };
  let done;
  window.bench = { started: () => finished };
  const finished = new Promise((resolve) => { done = resolve; });
  // A task longer than 50 ms keeps a click waiting for what it is longer.
  const long = new PerformanceObserver((list) => take(list.getEntries()));
  const take = (tasks) => { for (const { duration } of tasks) marks.blocking += Math.max(0, duration - 50); };
  long.observe({ type: "longtask", buffered: true });
  const inSight = (node) => !!node && node.getClientRects().length > 0;
  const launcher = () => [...document.querySelectorAll("[data-support-chat]")].map((node) => node.shadowRoot?.querySelector("button")).find(Boolean);
  const composer = () => document.querySelector("iframe[data-support-chat]")?.contentDocument?.querySelector("[data-part=input]");
  const look = (now) => {
    if (!marks.painted && document.body) marks.painted = now;
    if (expected) {
      if (!marks.launcher && inSight(launcher())) {
        marks.launcher = now;
        launcher().click();
      }
      const input = marks.launcher && composer();
      if (inSight(input) && !input.disabled) marks.composer = now;
    }
    if (expected ? !marks.composer : !marks.painted || document.readyState !== "complete") return void requestAnimationFrame(look);
    // What the last frame had to do belongs to it; long tasks are told after they ended.
    requestAnimationFrame(() => setTimeout(() => {
      take(long.takeRecords());
      done(marks);
    }));
  };
  requestAnimationFrame(look);
})();
