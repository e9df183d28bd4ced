// The button on the page, as much of it as is needed before the module is there: its place, its colours, a click, and
// that the click was heard. A shadow root with an adopted sheet, so that neither the page's CSS nor its CSP reaches it.
// What an open panel and unread messages make of it is dress.js's, fetched with the module. With `selector` the page's
// own element plays the part.

// The bubble is a border, no SVG elements to make; with an icon --b takes it away. While a click waits for the module it
// comes and goes, for a hundred seconds at most: no movement, and nothing where it does not have to wait.
const CSS = `[hidden]{display:none}button{display:flex;align-items:center;cursor:pointer;border:1px solid #0000;font:500 15px/22px system-ui;padding:0 16px;background:#1f6feb;border-radius:28px;gap:8px;box-shadow:0 1px 2px #10162229,0 8px 20px -4px #10162242;height:56px;position:fixed}:before{border:var(--b,2px solid);content:"";border-radius:var(--b,50% 50% 50% 4px);padding:9px;background:var(--i)center/cover border-box}@keyframes b{50%{opacity:.3}}[aria-busy]:before{animation:1s .3s 99 b}.p{height:48px;padding-inline-end:20px}`;

// From the edge: 16 px on phones, else 20. CSS closes what brackets are open at the end, there and in `at`.
const EDGE = "clamp(16px,10vw - 28px,20";

/** @param {object} options of createChat, unchecked: what is odd in them the module will refuse */
export const launcher = ({ launcher: given, theme, namespace = "default" }, signal, click) => {
  const { selector, label, icon, offset, position = "right", zIndex = 2147483000 } = Object(given);
  const host = document.createElement("div");
  const button = document.createElement("button");
  host.dataset.supportChat = namespace;
  const own = () => (selector ? document.querySelectorAll(selector) : [button]);
  const mark = (name, value) => own().forEach((element) => (element[name] = value));
  // Firefox reflects ARIA from 119 on; before, no waiting is seen, and the name comes with dress.js.
  const me = { host, button, own, mark, click: () => click(mark("ariaBusy", true)) };

  if (selector) {
    // Throws here what is no selector, and not at every click.
    own();
    addEventListener("click", (event) => event.target.closest?.(selector) && event.preventDefault(me.click()), { signal });
  } else {
    const sheet = new CSSStyleSheet();
    const root = host.attachShadow({ mode: "open" });
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    root.append(button);
    if (label) button.className = "p", button.textContent = label;
    else button.ariaLabel = "Open chat";
    button.onclick = () => me.click();
    if (icon) host.style.cssText = `--i:url(${JSON.stringify(icon)});--b:2px solid #0000`;
    const { accent } = Object(theme);
    // Legible (3:1 at least) on any #rrggbb; the exact answer, and for any notation, is dress.js's.
    const n = +accent?.replace("#", "0x");
    const at = (side, px = EDGE) => `calc(env(safe-area-inset-${side}) + ${px}px`;
    // What is undefined, or no colour, changes nothing.
    Object.assign(button.style, { background: accent, zIndex, [position]: at(position, offset?.x), bottom: at("bottom", offset?.y), color: (n >> 16) + 3 * ((n >> 8) & 255) > 380 ? "#000" : "#fff" });
    // Beside the body, not in it: pages that swap their body keep the button.
    document.documentElement.append(host);
    signal.onabort = () => host.remove();
  }
  return me;
};
