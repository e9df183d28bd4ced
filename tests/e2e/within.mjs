// Time limits and conditions. Every wait of the suite ends: by what it waits for, or by a named error.

/** The promise, or an error that names what took too long. */
export function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Asks `probe` again and again until it gives something truthy, and gives that.
 * What a probe throws counts as "not yet" and is told when the time is over.
 */
export async function until(probe, ms, what) {
  const end = performance.now() + ms;
  let pause = 4;
  let last;
  for (;;) {
    try {
      last = await within(Promise.resolve(probe()), Math.max(500, end - performance.now()), what);
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`${what}: not within ${ms} ms, last seen: ${show(last)}`);
    }
    await new Promise((next) => setTimeout(next, pause));
    pause = Math.min(25, pause * 1.5);
  }
}

/** A short text of anything, for error messages. */
export function show(value) {
  if (value instanceof Error) return value.message;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text && text.length > 800 ? `${text.slice(0, 800)}…` : String(text);
}

/** Throws with both sides when they differ (compared as JSON). */
export function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Throws when `truth` is not. */
export function check(truth, what) {
  if (!truth) throw new Error(what);
}
