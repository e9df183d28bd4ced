// The floor of transcripts: a list of messages of which only those in sight are elements. Rows are cloned from one prototype, heights
// are measured once. No groups, no states, no links, no reader to be kept in place.
import { events } from "./events.js";
import { drawn, inTask, scroll, shown } from "./reading.js";

const GUESS = 56;
const MARGIN = 400;

const SHEET = `
  main { position: fixed; inset: 20px 20px auto auto; width: 380px; height: 520px; overflow: auto; padding: 0 16px; box-sizing: border-box; font: 15px/1.45 system-ui, sans-serif; }
  [hidden] { display: none; }
  .row { display: flow-root; }
  p { width: fit-content; max-width: 80%; margin: 0 0 8px; padding: 8px 12px; border-radius: 14px; background: #eef1f4; white-space: pre-wrap; overflow-wrap: anywhere; }
  .own p { margin-left: auto; background: #0f766e; color: #fff; }
  small { display: block; color: #667; }`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(SHEET);
document.adoptedStyleSheets = [sheet];

const make = (name, ...children) => {
  const node = document.createElement(name);
  node.append(...children);
  return node;
};
const above = make("div");
const below = make("div");
const list = make("div", above, below);
const box = make("main", list);
const prototype = make("div", make("small"), make("p"));
prototype.className = "row";

const items = [];
const heights = [];
let rows = new Map(); // index of item → element

function height(from, to) {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += heights[at];
  return sum;
}

function row(at) {
  const { party, content, time } = items[at];
  const element = prototype.cloneNode(true);
  element.classList.toggle("own", party.type === "visitor");
  element.firstChild.textContent = `${party.name}, ${new Date(time).toISOString().slice(11, 16)}`;
  element.lastChild.textContent = content.text;
  return element;
}

/** Draws what is in sight; at the end of the list when `pinned`. */
function draw(pinned) {
  const top = pinned ? height(0, items.length) - box.clientHeight : box.scrollTop;
  let first = 0;
  let edge = 0;
  while (first < items.length && edge + heights[first] < top - MARGIN) edge += heights[first++];
  let last = first;
  for (let seen = edge; last < items.length && seen < top + box.clientHeight + MARGIN; last += 1) seen += heights[last];
  const kept = new Map();
  let before = above;
  for (let at = first; at < last; at += 1) {
    const element = rows.get(at) ?? row(at);
    if (!rows.has(at)) before.after(element);
    kept.set(at, element);
    before = element;
  }
  for (const [at, element] of rows) if (!kept.has(at)) element.remove();
  rows = kept;
  for (const [at, element] of rows) heights[at] = element.offsetHeight;
  above.style.height = `${height(0, first)}px`;
  below.style.height = `${height(last, items.length)}px`;
  if (pinned) box.scrollTop = box.scrollHeight;
}

box.addEventListener("scroll", () => draw(false));

window.bench = {
  start() { document.body.append(box); },
  async receive(from, count) {
    const all = events(from, count);
    await inTask(() => {
      for (const event of all) {
        items.push(event);
        heights.push(GUESS);
      }
      draw(true);
    });
    await drawn(() => box, items.at(-1).content.text);
  },
  hold(from, count) {
    box.hidden = true;
    for (const event of events(from, count)) {
      items.push(event);
      heights.push(GUESS);
    }
  },
  async show() {
    await inTask(() => {
      box.hidden = false;
      draw(true);
    });
    await shown(() => box);
  },
  scroll: (frames, step) => scroll(box, frames, step),
  nodes: () => list.querySelectorAll("*").length,
  memory: () => 0,
};
