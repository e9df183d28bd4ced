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

/** This colour, moved towards black or white until it reaches 4.5:1 on every ground. */
export const legibleOn = (colour, ...grounds) => {
  const goal = textOn(grounds[0]) == WHITE ? WHITE : BLACK;
  for (let share = 0; ; share += 4) {
    const text = mix(colour, goal, share);
    if (share >= 100 || grounds.every((ground) => contrast(ground, text) >= 4.5)) return text;
  }
};

/** A theme's JSON: an object, or a mode alone. */
const read = (text) => {
  try {
    const theme = JSON.parse(text);
    return typeof theme == "string" ? { mode: theme } : theme;
  } catch {}
};

// What is computed with, as the sheet has it, if it has it.
const LIGHT = {
  accent: [0x1f, 0x6f, 0xeb],
  "accent-soft": 0,
  surface: WHITE,
  "surface-raised": WHITE,
  "bubble-agent": [0xf2, 0xf3, 0xf5],
  "bubble-visitor": 0,
  danger: [0xc4, 0x26, 0x2e],
  "danger-soft": [0xfd, 0xf1, 0xf1],
  text: INK,
  "text-muted": [0x59, 0x61, 0x6e],
};
const DARK = {
  ...LIGHT,
  surface: [0x16, 0x18, 0x1d],
  "surface-raised": [0x1d, 0x20, 0x26],
  "bubble-agent": [0x26, 0x2a, 0x32],
  danger: [0xff, 0x8a, 0x8a],
  "danger-soft": [0x2c, 0x1c, 0x1f],
  text: [0xec, 0xee, 0xf1],
  "text-muted": [0xa1, 0xa9, 0xb5],
};

/**
 * Puts a theme on the root of the panel's document; `computed` is what the browser makes of a colour. Answers what the
 * iframe itself is to look like; says what could not be used.
 */
export const apply = (given, systemDark, root, computed, log) => {
  const { mode, ...theme } = Object(read(given));
  const { style } = root;
  style.cssText = "";
  const set = (name, value) => style.setProperty("--sc-" + name, value);
  const own = {};
  let radius = "16px";
  for (const key of Object.keys(theme)) {
    const name = key.replace(/[A-Z]/g, "-$&").toLowerCase();
    // A bare number is a length in px.
    const value = typeof theme[key] == "string" ? theme[key] : theme[key] + "px";
    if (Object.hasOwn(LIGHT, name)) {
      // The browser turns whatever it knows into one notation.
      const colour = parse(computed(value));
      if (colour) own[name] = colour;
      else log("theme: no opaque colour to compute with in `" + key + "`");
    } else {
      if (name == "radius") radius = value;
      set(name, value);
    }
  }
  // A ground of the page's own is light or dark by itself, and all the rest with it.
  const dark = own.surface ? textOn(own.surface) == WHITE : mode == "dark" || (mode != "light" && systemDark);
  root.dataset.mode = dark ? "dark" : "light";
  const base = dark ? DARK : LIGHT;
  const far = dark ? WHITE : BLACK;
  const { surface = base.surface } = own;
  if (Object.keys(own).length) {
    const colours = { ...base, ...(own.surface && { "surface-raised": surface, "bubble-agent": mix(surface, far, 7) }), ...own };
    const { accent } = colours;
    colours["accent-soft"] ||= mix(accent, surface, dark ? 78 : 90);
    const grounds = ["surface", "surface-raised", "bubble-agent", "danger-soft", "accent-soft"].map((name) => {
      if (contrast(colours[name], far) < 4.5) {
        if (own[name]) log("theme: no text is legible both on the surface and on " + name);
        colours[name] = base[name] || surface;
      }
      return colours[name];
    });
    for (const name of ["text", "text-muted", "danger"]) colours[name] = legibleOn(colours[name], ...grounds);
    colours["accent-text"] = legibleOn(accent, ...grounds);
    colours["on-accent"] = textOn(accent);
    colours["on-visitor"] = textOn(colours["bubble-visitor"] || accent);
    if (own.accent) {
      // Hover goes away from the colour of its text.
      colours["accent-hover"] = mix(accent, colours["on-accent"] == WHITE ? BLACK : WHITE, 10);
      colours["accent-line"] = mix(accent, surface, 66);
    }
    for (const name of Object.keys(colours)) if (colours[name]) set(name, css(colours[name]));
  }
  return { dark, surface: css(surface), radius };
};
