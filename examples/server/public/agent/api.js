// Talking to the server: one request, or one that is repeated until it is answered.

const PATIENCE = 8000;

export class Rejected extends Error {
  constructor(status, body) {
    super(body?.description ?? body?.error ?? `status ${status}`);
    this.code = body?.error;
  }
}

/** One attempt. Rejects with `Rejected` when the server said no, with anything else when nobody knows. */
export async function post(path, body) {
  const response = await fetch(`/agent/api/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
  });
  return read(response);
}

export async function load(path) {
  return read(await fetch(`/agent/api/${path}`, { signal: AbortSignal.timeout(PATIENCE) }));
}

async function read(response) {
  if (response.status >= 500) throw new Error(`status ${response.status}`);
  const body = await response.json();
  if (!response.ok) throw new Rejected(response.status, body);
  return body;
}

/** A pause that grows with the attempts: at once, then up to 4 s, never the same for two consoles. */
export function pauseAfter(attempt) {
  const seconds = Math.min(4, 0.25 * 2 ** attempt);
  return seconds * 1000 * (0.75 + Math.random() / 2);
}

let wakers = new Set();

/** Sleeps, or until `wake` says the server is back. */
export function sleep(ms) {
  return new Promise((resolve) => {
    const done = () => { clearTimeout(timer); wakers.delete(done); resolve(); };
    const timer = setTimeout(done, ms);
    wakers.add(done);
  });
}

export function wake() {
  const all = wakers;
  wakers = new Set();
  all.forEach((done) => done());
}

/** Repeats `attempt` until the server answers, yes or no. Only for requests that may be repeated. */
export async function insist(attempt) {
  for (let n = 0; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Rejected) throw error;
      await sleep(pauseAfter(n));
    }
  }
}
