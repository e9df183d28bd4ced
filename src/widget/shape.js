// How a row stands among its neighbours: groups, joints, day separators, the marker. Pure. Not: what it looks like
// (row.js), nor which rows are drawn (transcript.js).

// Two messages further apart are two groups, in ms.
const GROUP = 180_000;

const spoken = ({ kind }) => kind == "text" || kind == "url";

/** Whether two neighbours are of one group. The visitor's id may change with the echo. */
const together = (one, next) =>
  (one.own ? next.own : !next.own && one.who == next.who && one.name == next.name) &&
  spoken(one) &&
  spoken(next) &&
  Math.abs(one.at - next.at) <= GROUP;

/** Whether two of a group share a joint: a failed bubble stands alone. */
const joined = (one, next) => one.status != "failed" && next.status != "failed";

/**
 * What a row shows besides its words. `marked`, `nextMarked`: the marker stands above it, or above the next; `newest`: it
 * is the visitor's newest; `day` tells the start of the local day of a moment.
 */
export const shape = (before, item, next, marked, nextMarked, newest, day) => {
  const first = !before || day(item.at) > day(before.at);
  // That visitors came to their own chat is no news to them.
  if (!spoken(item)) return { day: first, marked, notice: item.kind == "joined" && item.own ? "silent" : "notice" };
  const up = !first && !marked && together(before, item);
  const down = next && !nextMarked && together(item, next) && day(next.at) <= day(item.at);
  return {
    day: first,
    marked,
    first: !up,
    last: !down,
    above: up && joined(before, item),
    below: down && joined(item, next),
    newest,
  };
};
