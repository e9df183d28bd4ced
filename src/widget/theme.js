// The page's theme on the panel: light or dark, the page's tokens, and what is computed from its colours, so that text
// stays legible on them. Not: the tokens' own values (sheet.js). Colours are [red, green, blue].

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
// The text colour of the light theme: softer than black where it is dark enough.
const INK = [0x14, 0x17, 0x1c];

/** `rgb(r, g, b)` as browsers compute what is opaque; nothing for all else. */
export const parse = (text) => {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(text);
  return parts && parts.slice(1).map(Number);
};

export const css = (colour) => "#" + colour.map((part) => (part + 256).toString(16).slice(1)).join("");

/** `percent` of `other` mixed in. */
export const mix = (colour, other, percent) =>
  colour.map((part, i) => ((part * (100 - percent) + other[i] * percent + 50) / 100) | 0);

/** From 1 to 21. Source: WCAG 2.2. */
export const contrast = (one, other) => {
  const [a, b] = [one, other].map((colour) => {
    const part = (i) => {
      const c = colour[i] / 255;
      return c > 0.04045 ? ((c + 0.055) / 1.055) ** 2.4 : c / 12.92;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2) + 0.05;
  });
  return a > b ? a / b : b / a;
};

/** Text on this ground: white where that is legible, else ink, else black. */
export const textOn = (ground) => [WHITE, INK].find((text) => contrast(ground, text) >= 4.5) ?? BLACK;

/** Which way is away from this ground. */
const away = (ground) => (textOn(ground) == WHITE ? WHITE : BLACK);

/** This colour, moved towards black or white until it reaches a contrast on every ground. */
export const legibleOn = (colour, grounds, least = 4.5) => {
  for (let share = 0; ; share += 4) {
    const text = mix(colour, away(grounds[0]), share);
    if (share >= 100 || grounds.every((ground) => contrast(ground, text) >= least)) return text;
  }
};

/** A theme's JSON: an object, or a mode alone. */
const read = (text) => {
  try {
    const theme = JSON.parse(text);
    return typeof theme == "string" ? { mode: theme } : theme;
  } catch {}
};

/** What nothing is read from, and what is no colour. The badge is the launcher's. */
const FREE = /Line|Sunken|^(border|hover|badge|radius|font)$/;

/**
 * Puts a theme on the root of the panel's document; `computed` is what the browser makes of a colour. Answers what the
 * iframe itself is to look like; says what could not be used.
 */
export const apply = (given, systemDark, root, computed, log) => {
  const { mode, ...theme } = Object(read(given));
  const { style } = root;
  style.cssText = "";
  const sheet = getComputedStyle(root);
  const set = (name, value) => style.setProperty("--sc-" + name, value);
  const own = {};
  for (const key of Object.keys(theme)) {
    const name = key.replace(/[A-Z]/g, "-$&").toLowerCase();
    // A bare number is a length in px.
    const value = typeof theme[key] == "string" ? theme[key] : theme[key] + "px";
    if (FREE.test(key)) set(name, value);
    // The browser turns whatever it knows into one notation.
    else if (!(own[name] = parse(computed(value)))) log("theme: no opaque colour to compute with in `" + key + "`");
  }
  const { surface, accent } = own;
  // A ground of the page's own is light or dark by itself, and all the rest with it.
  const dark = surface ? away(surface) == WHITE : mode == "dark" || (mode != "light" && systemDark);
  root.dataset.mode = dark ? "dark" : "light";
  /** What a token is by now: set here, else the sheet's. */
  const now = (name) => sheet.getPropertyValue("--sc-" + name);
  if (Object.keys(theme)[0]) {
    const far = dark ? WHITE : BLACK;
    const base = (name) => parse(computed(now(name)));
    /** The page's colour, else what follows from others of the page's, else the sheet's; legible, if that is said on what. */
    const put = (name, made, grounds, least) => {
      let colour = own[name] ?? made ?? base(name);
      if (grounds) colour = legibleOn(colour, grounds, least);
      set(name, css(colour));
      return colour;
    };
    const fill = put("accent");
    const wall = put("surface");
    const grounds = [wall];
    const ground = (name, made) => {
      if (contrast(own[name] ?? made ?? base(name), far) < 4.5) {
        if (own[name]) log("theme: no text is legible both on the surface and on " + name);
        own[name] = null;
        made = base(name) ?? wall;
      }
      grounds.push(put(name, made));
    };
    ground("surface-raised", surface);
    ground("bubble-agent", surface && mix(wall, far, 7));
    ground("danger-soft");
    ground("accent-soft", (accent ?? surface) && mix(fill, wall, dark ? 78 : 90));
    if (theme.hover) {
      // May let through what is below it, as the sheet's own does.
      const [r, g, b, share = 1] = computed(theme.hover).match(/[\d.]+/g);
      set("hover", "");
      own.hover = mix(wall, [r, g, b], share * 100);
      ground("hover");
    }
    for (const name of ["text", "text-muted", "danger"]) put(name, null, grounds);
    put("accent-text", accent, grounds);
    put("warn-text", null, [put("warn-soft")]);
    for (const name of ["success", "border-strong"]) put(name, null, [wall], 3);
    const words = put("on-accent", textOn(fill), [fill]);
    const bubble = put("bubble-visitor");
    put("on-visitor", own["bubble-visitor"] ? textOn(bubble) : words);
    // Hover goes away from the colour of its text.
    put("accent-hover", accent && mix(accent, away(words), 10), [words]);
    if (accent && !theme.accentLine) put("accent-line", mix(accent, wall, 66));
  }
  return { dark, surface: now("surface"), radius: style.getPropertyValue("--sc-radius") || "16px" };
};
