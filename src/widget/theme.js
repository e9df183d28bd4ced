// The page's theme on the panel: light or dark, the page's tokens, and what is computed from its colours, so that text
// stays legible on them. Not: the tokens' own values (sheet.js). Colours are [red, green, blue]; transparency is ignored.

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
// The text colour of the light theme: softer than black where it is dark enough.
const INK = [0x14, 0x17, 0x1c];

/** `rgb(r, g, b)` as browsers compute it; nothing for all else. */
export const parse = (text) => {
  const parts = /^rgba?\((\d+),? *(\d+),? *(\d+)[,) ]/.exec(text);
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
  const goal = contrast(grounds[0], WHITE) < contrast(grounds[0], BLACK) ? BLACK : WHITE;
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

/**
 * Puts a theme on the root of the panel's document. Answers what the iframe itself is to look like; says what could not
 * be used.
 */
export const apply = (given, systemDark, root, window, log) => {
  const { mode, ...theme } = Object(read(given));
  const dark = mode == "dark" || (mode != "light" && systemDark);
  const { style } = root;
  root.dataset.mode = dark ? "dark" : "light";
  style.cssText = "";
  // What is computed with, as the sheet has it.
  const colours = {
    accent: [0x1f, 0x6f, 0xeb],
    surface: dark ? [0x16, 0x18, 0x1d] : WHITE,
    "bubble-agent": dark ? [0x26, 0x2a, 0x32] : [0xf2, 0xf3, 0xf5],
    "bubble-visitor": 0,
    text: dark ? [0xec, 0xee, 0xf1] : INK,
    "text-muted": dark ? [0xa1, 0xa9, 0xb5] : [0x59, 0x61, 0x6e],
  };
  const set = (name, value) => style.setProperty("--sc-" + name, value);
  let radius = "16px";
  let recoloured, tinted;
  for (const key in theme) {
    const name = key.replace(/[A-Z]/g, "-$&").toLowerCase();
    // A bare number is a length in px.
    const value = typeof theme[key] == "string" ? theme[key] : theme[key] + "px";
    if (name in colours) {
      // The browser turns whatever it knows into one notation.
      style.color = value;
      const colour = style.color && parse(window.getComputedStyle(root).color);
      style.color = "";
      if (!colour) {
        log("theme: no opaque colour to compute with in `" + key + "`");
        continue;
      }
      colours[name] = colour;
      recoloured = true;
      tinted ||= name == "accent";
    } else if (name == "radius") radius = value;
    set(name, value);
  }
  const { accent, surface, "bubble-agent": bubble } = colours;
  if (recoloured) {
    const soft = mix(accent, surface, dark ? 78 : 90);
    const onAccent = textOn(accent);
    const computed = {
      "on-accent": onAccent,
      "on-visitor": textOn(colours["bubble-visitor"] || accent),
      "accent-text": legibleOn(accent, surface, bubble, soft),
      text: legibleOn(colours.text, surface, bubble),
      "text-muted": legibleOn(colours["text-muted"], surface, bubble),
      ...(tinted && {
        // Hover goes away from the colour of its text.
        "accent-hover": mix(accent, onAccent == WHITE ? BLACK : WHITE, 10),
        "accent-soft": soft,
        "accent-line": mix(accent, surface, 66),
      }),
    };
    for (const name in computed) set(name, css(computed[name]));
  }
  return { dark, surface: css(surface), radius };
};
