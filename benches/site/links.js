// What both clients' pages measure with: when a socket was made and closed, and a promise for the moment something is reached.

/** Of the newest socket: when it was made, and when it closed, before its owner hears of that. */
export const links = { made: 0, closed: 0 };

const Original = window.WebSocket;
window.WebSocket = class extends Original {
  constructor(...args) {
    super(...args);
    links.made = performance.now();
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
