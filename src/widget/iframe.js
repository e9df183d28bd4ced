// The panel's iframe on the page: where it stands, how it opens, how it fills a phone. Everything is set through the
// CSSOM, which a strict CSP allows, and outdoes the page's rules. Not: what is in it (panel.js).
import { make } from "./node.js";

// What always holds. Forced colours take the shadow away and show the outline. The spacings mean nothing for an iframe;
// without them, `all` would count as forcing the text of the page tight.
const ALWAYS =
  "all:initial;position:fixed;display:block;box-sizing:border-box;border:0;overflow:hidden;outline:1px solid transparent;letter-spacing:.12em;word-spacing:.16em;line-height:1.5";

/** Narrower pages are filled. */
export const phone = () => innerWidth < 480;

/** Puts a hidden, empty iframe beside the page's body: pages that swap their body keep it. */
export const frame = (namespace, title, { position, offset }) => {
  const element = make(document, "iframe");
  element.dataset.supportChat = namespace;
  element.title = title;
  // Before it stands on the page: nobody is to see it as the page would draw it.
  element.style.cssText = "display:none!important";
  document.documentElement.append(element);
  const inner = element.contentDocument;

  const side = position == "left" ? position : "right";
  const [x, y] = ["x", "y"].map((axis) => (Number.isInteger(offset?.[axis]) ? offset[axis] : 20));
  let outside = { surface: "#ffffff", radius: "16px" };
  let zIndex = 0;
  let open = false;
  let calm; // no movement is wanted
  let drawn;
  let lock; // the page's own `overflow`, while it is locked: value and priority
  let before; // what had the focus when it opened

  /** Gives it its place and its looks. To be called again whenever the page or its keyboard changes size. */
  const place = () => {
    const { dark, surface, radius } = outside;
    const seen = window.visualViewport;
    // What a keyboard covers, in px; bars and zooming are none.
    const under = seen?.scale == 1 ? (innerHeight - seen.height - seen.offsetTop) | 0 : 0;
    // The visual viewport is what the keyboard leaves. An iframe does not know the safe areas; its frame does.
    const where = phone()
      ? `left:0;width:100%;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);top:${seen?.offsetTop | 0}px;height:${seen ? (seen.height | 0) + "px" : "100%"}`
      : // The launcher is 56 high, with 12 between.
        `${side}:calc(${x}px + env(safe-area-inset-${side}));width:384px;height:640px;` +
        (under > 99
          ? `bottom:${under}px;max-height:${seen.height | 0}px`
          : `bottom:calc(${y + 68}px + env(safe-area-inset-bottom));max-height:calc(100vh - ${y + 88}px);max-height:calc(100dvh - ${y + 88}px)`) +
        `;border-radius:${radius};box-shadow:` +
        (dark
          ? "0 0 0 1px #2f343d,0 16px 40px -8px rgb(0 0 0/.5)"
          : "0 0 0 1px rgb(16 22 34/.06),0 2px 6px rgb(16 22 34/.05),0 20px 48px -12px rgb(16 22 34/.22)");
    const moving = "180ms cubic-bezier(.2,.8,.2,1)";
    const state = open
      ? calm
        ? "transition:opacity 120ms"
        : `transition:transform ${moving},opacity ${moving}`
      : "opacity:0;visibility:hidden;pointer-events:none;" +
        (calm ? "transition:" : "transform:scale(.96);transition:transform 120ms,") +
        "opacity 120ms,visibility 0s 120ms";
    const css = `${ALWAYS};color-scheme:${dark ? "dark" : "light"};background:${surface};z-index:${zIndex};transform-origin:bottom ${side};${where};${state};`;
    if (drawn != css) {
      drawn = css;
      // No rule of the page outdoes it.
      element.style.cssText = css.replaceAll(";", "!important;");
    }
    hold(open && phone());
  };

  /** Keeps the page behind an open full screen from scrolling, and lets go again. */
  const hold = (wanted) => {
    const { style } = document.documentElement;
    if (wanted && !lock) {
      lock = [style.overflow, style.getPropertyPriority("overflow")];
      style.setProperty("overflow", "hidden", "important");
    } else if (!wanted && lock) {
      style.setProperty("overflow", ...lock);
      lock = null;
    }
  };

  /** Once it is closed, the focus is in it only where no launcher took it: whoever had it before has it again. */
  const leave = () => open || document.activeElement != element || before?.focus({ preventScroll: true });

  return {
    element,
    document: inner,
    window: element.contentWindow,
    place,
    /** Whether it still stands on the page with what was written into it. */
    intact: () => element.contentDocument == inner && inner.body?.firstChild,
    dress(given) {
      outside = given;
      place();
    },
    /** What the browser makes of a colour on the page, whose own properties may stand in it. */
    colour(value) {
      drawn = "";
      for (const colour of ["transparent", value]) element.style.setProperty("background-color", colour, "important");
      return getComputedStyle(element).backgroundColor;
    },
    /** Opens or closes, with the movement of the design; only fading where movement is not wanted. */
    show(wanted, still, index) {
      calm = still;
      zIndex = index;
      if (wanted && !open) {
        // However deep in the page's own components.
        for (let root = document; root?.activeElement; root = before.shadowRoot) before = root.activeElement;
        place();
        // Reading a measure lets the transition begin at the closed state.
        element.offsetHeight;
      }
      open = wanted;
      place();
      leave();
    },
    /** Takes it off the page, and lets the page scroll. */
    remove() {
      open = false;
      hold();
      leave();
      element.remove();
    },
  };
};
