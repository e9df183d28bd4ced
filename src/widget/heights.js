// Which rows of a long transcript are drawn: heights, measured or guessed, and the range within sight. Pure. Not: the
// rows themselves (row.js), nor scrolling (transcript.js).

// A row nobody has measured, in px: a bubble of one and a half lines.
const GUESS = 56;

export const heightsOf = () => {
  let keys = []; // of all rows, in order
  let heights = [];

  return {
    keys: () => keys,
    /** Takes over the order and keeps the heights of rows that stay; answers how many at the front stayed as they were. */
    sync(next) {
      let same = 0;
      while (same < next.length && next[same] == keys[same]) same++;
      const old = new Map();
      for (let at = same; at < keys.length; at++) old.set(keys[at], heights[at]);
      heights.length = same;
      for (let at = same; at < next.length; at++) heights.push(old.get(next[at]) ?? GUESS);
      keys = next;
      return same;
    },
    measured: (at, height) => (heights[at] = height),
    /** The height of some rows together. */
    height(start, end = heights.length) {
      let sum = 0;
      for (; start < end; start++) sum += heights[start];
      return sum;
    },
    /** The rows that touch the stretch between two distances from the top: the first, and the one after the last. */
    within(low, high) {
      let start;
      let edge = 0;
      let at = 0;
      for (; at < heights.length && edge < high; at++) {
        edge += heights[at];
        if (edge > low) start ??= at;
      }
      return [start ?? at, at];
    },
  };
};
