// The checks a page's own `{read, write}` store must pass. What is written is opaque, versioned plain JSON.

const same = (found, wanted, what) => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
};

const empty = (found, what) => {
  if (found != null && Object.keys(found).length) throw new Error(`${what}: ${JSON.stringify(found)}, not nothing`);
};

const STATE = { v: 1, session: { sid: "a1", text: "grüße \u2028 👋" }, outbox: [{ at: 1, text: "" }], read: 0, draft: null };

const tests = {
  "reads nothing at first": async (store) => empty(await store.read(), "a new store"),
  "reads back what was written": async (store) => {
    await store.write(STATE);
    same(await store.read(), STATE, "read after write");
  },
  "replaces, never merges": async (store) => {
    await store.write(STATE);
    await store.write({ v: 1 });
    same(await store.read(), { v: 1 }, "the second state");
  },
  "deletes everything on null": async (store) => {
    await store.write(STATE);
    await store.write(null);
    empty(await store.read(), "after write(null)");
    await store.write(null);
    empty(await store.read(), "after a second write(null)");
  },
  "keeps a copy, not the object it was given": async (store) => {
    const given = structuredClone(STATE);
    await store.write(given);
    given.read = 7;
    same((await store.read()).read, 0, "a field changed after write");
  },
  "hands out a copy, not the object it keeps": async (store) => {
    await store.write(STATE);
    (await store.read()).read = 7;
    same((await store.read()).read, 0, "a field changed after read");
  },
  "keeps the order of writes": async (store) => {
    await Promise.all([1, 2, 3, 4, 5].map((read) => store.write({ v: 1, read })));
    same((await store.read()).read, 5, "the last of five writes");
  },
  "holds 256 kB": async (store) => {
    const large = { v: 1, tail: "x".repeat(256 * 1024) };
    await store.write(large);
    same((await store.read()).tail.length, large.tail.length, "its length");
  },
};

/** @param {() => object | Promise<object>} makeStore gives an empty `{read, write}` each time */
export const storeConformance = (makeStore) =>
  Object.entries(tests).map(([name, test]) => ({ name, run: async () => test(await makeStore()) }));
