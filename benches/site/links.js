// What both clients' pages measure with: when the last socket closed, and a promise for the moment something is reached.

/** Notes when a socket of the page closed, before its owner hears of it. */
export const links = { closed: 0 };

const Original = window.WebSocket;
window.WebSocket = class extends Original {
  constructor(...args) {
    super(...args);
    this.addEventListener("close", () => { links.closed = performance.now(); });
  }
};

/** Something that is waited for: `reach(value)` when it is there, `next()` for the next time. */
export function moment() {
  let resolve;
  let promise;
  const again = () => { promise = new Promise((done) => { resolve = done; }); };
  again();
  return { reach: (value) => resolve(value), next: () => promise.finally(again) };
}
