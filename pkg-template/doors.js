// Every way into the module leads through here, be it a call of the page's or an event of the browser's, so that a trap
// is noticed wherever it happens. After one nothing of the module runs: its borrows stay taken. Not: what becomes of the
// handles (drive.js).

let tell;
let died; // what of
let depth = 0; // ways in that are under way within each other

/** @param {(error: Error) => void} told is called once, with frames of the dying module perhaps still on the stack */
export const whenDead = (told) => (tell = told);

/** @param {object} exports the module's, of which each function becomes one that is watched */
export const guarded = (exports) => {
  const doors = {};
  for (const name in exports) doors[name] = exports[name].call ? watched(exports[name]) : exports[name];
  return doors;
};

const watched = (door) => (...args) => {
  // An event that comes too late is nobody's. What outer frames of the dead module still ask for ends them.
  if (died && !depth) return;
  depth++;
  try {
    if (died) throw died;
    return door(...args);
  } catch (error) {
    if (!died) tell((died = error));
    throw error;
  } finally {
    depth--;
  }
};
