// The rest of the launcher, which comes with the module: badge, chevron, names for screen readers, themes, and what a
// hover or a forced colour makes of it. It draws what it is told; the module decides.
import { css, legibleOn, parse, textOn } from "../src/widget/theme.js";

// Keys of the string table, which the panel continues; `messages` overrides them by key.
const EN = { openChat: "Open chat", closeChat: "Close chat", unread: "{count} unread", launcher: "Chat" };

// `all` and !important in :host: rules of the page would otherwise win over the sheet of a shadow root.
const CSS = `:host{all:initial!important}
button{-webkit-tap-highlight-color:transparent;user-select:none;font-family:var(--sc-font,system-ui)}
button:hover,button:active{background-image:linear-gradient(rgb(0 0 0/.12) 0 0)}
button:focus-visible{outline:2px solid #1a5fcf;outline-offset:2px}
.d{box-shadow:0 0 0 1px rgb(255 255 255/.1),0 4px 12px rgb(0 0 0/.4)}
.d:focus-visible{outline-color:#7db0ff}
button:before,button:after{transition:opacity .16s,transform .16s}
button:after{content:"";position:absolute;inset-inline-start:21px;top:calc(50% - 9px);width:10px;height:10px;border:solid;border-width:0 2px 2px 0;border-radius:1px;transform:rotate(0) scale(.6);opacity:0}
[aria-expanded=true]:before{opacity:0;transform:rotate(30deg) scale(.6)}
[aria-expanded=true]:after{opacity:1;transform:rotate(45deg)}
b{position:absolute;direction:ltr;top:-3px;right:-3px;box-sizing:border-box;min-width:20px;padding:0 5px;border-radius:10px;font:600 12px/20px var(--sc-font,system-ui);text-align:center;color:#fff;background:#d32f3a;box-shadow:0 0 0 2px var(--ground)}
.p b{top:-9px}
b:before,b:empty{display:none}
@media(width<480px){[aria-expanded=true]{display:none}}
@media(forced-colors:active){b{border:1px solid;line-height:18px}}
@media(prefers-reduced-motion){button:before,button:after{transition:opacity .12s}}
@media print{button{display:none}}`;

/** @param {object} early what launcher.js drew; returns what the module holds as `host.launcher` */
export function dress(early, { launcher: given, theme, messages }, signal, toggle) {
  const { host, button, own, mark } = early;
  const { label, badge = true, selector } = Object(given);
  const set = (name, value) => host.style.setProperty("--" + name, value);
  const words = { ...EN, ...messages };
  const dark = matchMedia("(prefers-color-scheme:dark)");
  const count = document.createElement("b");
  let unread = 0;
  let open = false;
  let hidden;
  let mode;
  let page = [255, 255, 255];
  for (const element of [document.documentElement, document.body]) page = (element && parse(getComputedStyle(element).backgroundColor)) ?? page;

  const draw = () => {
    button.classList.toggle("d", mode == "dark" || (mode != "light" && dark.matches));
    count.textContent = badge && unread ? (unread > 9 ? "9+" : unread) : "";
    for (const element of own()) {
      element.setAttribute("aria-expanded", open);
      if (selector) element.dataset.unread = unread;
      else {
        const name = label || (open ? words.closeChat : words.openChat);
        element.setAttribute("aria-label", unread ? `${name}, ${words.unread.replace("{count}", unread)}` : name);
      }
    }
  };

  /** A colour of the page's, moved until it can be told from its ground; what is no opaque colour is not used. */
  const fit = (style, name, given, look, ground, none, least) => {
    style[name] = given ?? "";
    const colour = given && parse(look[name]);
    style[name] = colour ? css(legibleOn(colour, [ground], least)) : none;
  };

  const launcher = {
    get element() {
      return own()[0];
    },
    badge(n) {
      unread = n;
      draw();
    },
    opened(value) {
      open = value;
      draw();
    },
    visible(value) {
      hidden = !value;
      mark("hidden", hidden);
    },
    theme(value) {
      const tokens = Object(value);
      mode = typeof value == "string" ? value : tokens.mode;
      set("sc-font", tokens.font ?? "");
      // As in the panel: what is no opaque colour is not used, and what stands on the others can be told from them.
      if (!selector) {
        for (const [element, paint, text] of [[button, tokens.accent, tokens.onAccent], [count, tokens.badge]]) {
          const { style } = element;
          const look = getComputedStyle(element);
          // All of it goes: what the early half set may hold more than a colour.
          style.background = "";
          style.backgroundColor = paint ?? "";
          if (!parse(look.backgroundColor)) style.backgroundColor = "";
          const ground = parse(look.backgroundColor);
          fit(style, "color", text, look, ground, css(textOn(ground)));
        }
        fit(button.style, "outlineColor", tokens.accentText, getComputedStyle(button), page, "", 3);
      }
      draw();
    },
    zIndex: (n) => (button.style.zIndex = n),
    /** Takes the focus: out of the panel alone, when that is said. */
    focus(from) {
      if (!from || document.activeElement?.dataset?.supportChat == host.dataset.supportChat) launcher.element?.focus();
    },
  };

  if (!selector) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    host.shadowRoot.adoptedStyleSheets.push(sheet);
    host.setAttribute("role", "complementary");
    host.setAttribute("aria-label", words.launcher);
    set("ground", css(page));
    count.dataset.part = "badge";
    count.ariaHidden = "true";
    button.append(count);
    // A page that clears itself clears it away. Not within that task: it might do so again and again.
    const watch = new MutationObserver(() => host.isConnected || requestAnimationFrame(() => signal.aborted || document.documentElement.append(host)));
    watch.observe(document.documentElement, { childList: true });
    signal.addEventListener("abort", () => watch.disconnect());
  } else {
    // The page's own element is given back as it was.
    signal.addEventListener("abort", () => {
      if (hidden) mark("hidden");
      for (const element of own()) {
        element.removeAttribute("aria-expanded");
        element.removeAttribute("data-unread");
      }
    });
  }
  // A click before this was one for opening, however often: nothing had happened yet.
  early.click = toggle;
  mark("ariaBusy");
  dark.addEventListener("change", draw, { signal });
  launcher.theme(theme);
  return launcher;
}
