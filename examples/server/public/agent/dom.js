// Building and reusing elements. Text is always text, never markup.

/** An element: `h("p", {class: "x", onclick}, "text", child)`. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Sets text only when it differs, so that nothing is announced twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes `parent` hold one child per item, in order, reusing those with the same key; focus and scroll survive. */
export function keyed(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let after = null;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    update(child, item);
    const next = after ? after.nextSibling : parent.firstChild;
    if (next !== child) parent.insertBefore(child, next);
    after = child;
  }
  for (const child of old.values()) child.remove();
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  const first = [...words[0]][0] ?? "?";
  const last = words.length > 1 ? [...words.at(-1)][0] : "";
  return (first + last).toUpperCase();
}

export function avatar(name, extra = "") {
  const element = h("span", { "aria-hidden": "true" });
  dress(element, name, extra);
  return element;
}

/** Makes `element` the avatar of `name`. */
export function dress(element, name, extra = "") {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 1009;
  element.className = `avatar t${sum % 4} ${extra}`.trim();
  setText(element, initials(name));
}

const LINK = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/g;

/** A text with its web addresses as links. */
export function linked(text) {
  const parts = [];
  let at = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    parts.push(text.slice(at, index), h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url));
    at = index + url.length;
  }
  return [...parts, text.slice(at)];
}
