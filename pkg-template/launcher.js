// The button on the page, as much of it as is needed before the module is there: its place, its colours, a click. A
// shadow root with an adopted sheet, so that neither the page's CSS nor its CSP reaches it. What an open panel and
// unread messages make of it is dress.js's, fetched with the module. With `selector` the page's own element plays the part.

// The bubble is a border, no SVG elements to make; with an icon --b takes it away.
const CSS = `[hidden]{display:none}button{position:fixed;z-index:var(--z);bottom:calc(var(--y,20px) + env(safe-area-inset-bottom));display:flex;align-items:center;gap:8px;border:1px solid #0000;border-radius:28px;height:56px;padding:0 16px;color:var(--sc-on-accent,#fff);background:var(--sc-accent,#1f6feb);box-shadow:0 1px 2px #10162229,0 8px 20px -4px #10162242;cursor:pointer;font:500 15px/22px var(--sc-font,system-ui)}:before{content:"";padding:9px;border:var(--b,2px solid);border-radius:var(--b,50% 50% 50% 4px);background:var(--i)center/cover border-box}.p{padding-inline-end:20px;height:48px}@media(width<480px){:host{--x:16px;--y:16px}}`;

/** Legible (3:1 at least) on any #rrggbb; the exact answer, and for any notation, is dress.js's. */
const onAccent = (accent, n = +accent.replace("#", "0x")) =>
  (n >> 16) + 3 * ((n >> 8) & 255) > 380 ? "#000" : "#fff";

/** @param {object} options of createChat, unchecked: what is odd in them the module will refuse */
export const launcher = ({ launcher: given, theme, namespace = "default" }, signal, click) => {
  const { selector, label, icon, offset, position = "right", zIndex = 2147483000 } = Object(given);
  const host = document.createElement("div");
  const button = document.createElement("button");
  host.dataset.supportChat = namespace;
  const set = (name, value) => host.style.setProperty("--" + name, value);
  const own = () => (selector ? document.querySelectorAll(selector) : [button]);
  const visible = (value) => own().forEach((element) => (element.hidden = !value));
  const me = { host, button, own, set, visible, click };

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
    // Firefox reflects this from 119 on; before, the name comes with dress.js.
    button.ariaLabel = label || "Open chat";
    if (label) button.className = "p", button.textContent = label;
    button.style[position] = `calc(var(--x,20px) + env(safe-area-inset-${position}))`;
    button.onclick = () => me.click();
    for (const axis in offset) set(axis, offset[axis] + "px");
    set("z", zIndex);
    if (icon) set("i", "url(" + JSON.stringify(icon) + ")"), set("b", "2px solid #0000");
    if (theme?.accent) set("sc-accent", theme.accent), set("sc-on-accent", onAccent(theme.accent));
    button.dataset.part = "launcher";
    // Beside the body, not in it: pages that swap their body keep the button.
    document.documentElement.append(host);
    signal.onabort = () => host.remove();
  }
  return me;
};
