// The README's plots: bars as SVG, legible on light and dark pages. Knows no measurement but by its id.

const WIDTH = 760;
const LABEL = 236;
const BAR = 16;
const GAP = 4;
const SHEET = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 12px; fill: #59636e; }
  .head { font-weight: 600; }
  .ours { fill: #0f766e; } .bare { fill: #5eada5; } .peer { fill: #a3abb5; } .bad { fill: #bc4c00; } .line { stroke: #59636e; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .small { fill: #9198a1; } .ours { fill: #2dd4bf; } .bare { fill: #14867a; } .peer { fill: #656c76; } .bad { fill: #f0883e; } .line { stroke: #9198a1; }
  }`;

/** The plots a report is enough for, as [file name, SVG]. Each says what it was measured on. */
export function plots([{ runs, values: on }, ...figures]) {
  const where = `Chromium ${on.chromium}, ${on.cores} cores (${on.processor}), ${runs === 1 ? "one run" : `medians of ${runs} runs`}, load at the end ${on.load}, ${on.at.slice(0, 10)}`;
  const found = new Map(figures.map((one) => [one.id, one]));
  return [["bench-startup.svg", startup(found, where)], ["bench-targets.svg", targets(figures, where)]].filter(([, svg]) => svg);
}

/** Bars in groups: how soon what is there, for the page of the slow phone. */
function startup(found, measured) {
  const groups = ["1x", "4x", "4x-slow4g"].flatMap((profile) => {
    const of = (id) => found.get(`startup.${profile}.${id}`);
    const [launcher, composer, bare] = ["launcher", "composer", "composer-bare"].map(of);
    if (!launcher || !composer || !bare) return [];
    const where = { "1x": "this machine", "4x": "4 × slower processor", "4x-slow4g": "4 × slower, slow 4G" }[profile];
    return [
      { head: `launcher visible, ${where}`, bars: [bar(launcher.peerValue, "peer", "vanilla floor"), bar(launcher.value, "ours", "SupportChat")] },
      {
        head: `composer usable, ${where}`,
        bars: [bar(composer.peerValue, "peer", "vanilla floor"), bar(composer.value, "ours", "SupportChat"), bar(bare.value, "bare", "without preload lines")],
      },
    ];
  });
  return groups.length ? drawing("Startup of a cold page, in milliseconds", measured, groups) : undefined;
}

const bar = (value, kind, label) => ({ value, kind, label, told: `${Math.round(value)} ms` });

/** One bar for each target: how far along the way to it. Logarithmic, as some are far off. */
function targets(figures, measured) {
  const held = figures.filter(({ target, limit, value }) => target && limit > 0 && value > 0);
  if (held.length === 0) return undefined;
  const bars = held.map((one) => {
    const reached = "peer" in one && one.target.includes("×") ? one.ratio : one.value;
    const share = one.target.startsWith("≥") ? one.limit / reached : reached / one.limit;
    return { value: share, kind: one.met ? "ours" : "bad", label: one.id, told: share < 10 ? `${share.toFixed(2)} ×` : `${Math.round(share)} ×` };
  });
  return drawing("Figures as a share of their targets: 1 × or less is met", measured, [{ head: "", bars }], { logarithmic: true });
}

function drawing(title, measured, groups, { logarithmic = false } = {}) {
  const all = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const most = Math.max(...all, logarithmic ? 1 : 0);
  const least = logarithmic ? Math.min(...all, 1) / 1.5 : 0;
  const room = WIDTH - LABEL - 90;
  const length = (value) => room * (logarithmic ? Math.log(value / least) / Math.log(most / least) : value / most);
  let y = 50;
  const parts = [`<text x="0" y="14" class="head">${escaped(title)}</text><text x="0" y="33" class="small">${escaped(measured)}</text>`];
  const top = y;
  for (const { head, bars } of groups) {
    if (head) {
      parts.push(`<text x="0" y="${y + 12}" class="small">${escaped(head)}</text>`);
      y += 20;
    }
    for (const { value, kind, label, told } of bars) {
      const width = Math.max(1, length(value));
      parts.push(`<text x="0" y="${y + 13}">${escaped(label)}</text><rect class="${kind}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>` +
        `<text class="small" x="${(LABEL + width + 6).toFixed(1)}" y="${y + 13}">${escaped(told)}</text>`);
      y += BAR + GAP;
    }
    y += 8;
  }
  if (logarithmic) {
    const x = (LABEL + length(1)).toFixed(1);
    parts.push(`<line class="line" x1="${x}" x2="${x}" y1="${top - 6}" y2="${y - 8}"/>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="${escaped(title)}">` +
    `<style>${SHEET}\n</style>\n${parts.join("\n")}\n</svg>\n`;
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
