// What is told of a measurement: medians of several runs, held against a peer of the same run and against a target.
// Knows no browser and no file.

/** The middle value; between two, their mean. */
export function median(values) {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new Error(`no median of ${JSON.stringify(values)}`);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Frames that were not drawn, by the times at which frames were: at 60 a second, each later one is 1000/60 ms on. */
export function dropped(times, frame = 1000 / 60) {
  let missed = 0;
  for (let at = 1; at < times.length; at += 1) missed += Math.max(0, Math.round((times[at] - times[at - 1]) / frame) - 1);
  return missed;
}

/** By how much a row of readings grows from one to the next: the median of the slopes between any two, so that no single reading decides. */
export function growth(readings) {
  const slopes = readings.flatMap((from, at) => readings.slice(at + 1).map((to, step) => (to - from) / (step + 1)));
  return median(slopes);
}

/** Three digits that mean something. */
export function rounded(value) {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/**
 * One figure. `peer` is `{name, values}`. `target` is one of `{most}`, `{least}` (of the median) and `{ratio}` (at most, of
 * the peers' medians); without one it is told for information. `met` is null then.
 */
export function figure({ id, what, unit, values, peer, target }) {
  const value = median(values);
  const told = { id, what, unit, value: rounded(value), target: null, met: null, runs: values.length, values: values.map(rounded) };
  const other = peer && median(peer.values);
  if (peer) {
    Object.assign(told, { peer: peer.name, peerValue: rounded(other), peerValues: peer.values.map(rounded) });
    told.ratio = other === 0 ? null : rounded(value / other);
  }
  if (!target) return told;
  if ("ratio" in target) {
    if (!peer) throw new Error(`${id}: a ratio to whom?`);
    // Against nothing at all only nothing is as good.
    const met = other === 0 ? value === 0 : value / other <= target.ratio;
    return { ...told, target: `≤ ${target.ratio} × ${peer.name}`, limit: target.ratio, met };
  }
  if ("most" in target) return { ...told, target: `≤ ${spaced(target.most)}`, limit: target.most, met: value <= target.most };
  return { ...told, target: `≥ ${spaced(target.least)}`, limit: target.least, met: value >= target.least };
}

/** 10000 → 10,000 */
export function spaced(number) {
  return number.toLocaleString("en");
}

/** The figures as lines of text, with a word for each target. */
export function table(figures) {
  const head = ["figure", "ours", "peer", "ratio", "target", ""];
  const rows = figures.map(({ id, unit, value, peer, peerValue, ratio, target, met }) => [
    id, `${spaced(value)} ${unit}`, peer ? `${spaced(peerValue)} ${peer}` : "", ratio === undefined || ratio === null ? "" : `${ratio} ×`,
    target ?? "", met === null ? "" : met ? "met" : "MISSED",
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at].length)));
  const line = (row) => row.map((cell, at) => (at === 0 || at > 3 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ").trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}
