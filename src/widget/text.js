// What is read out of people's words: links, initials, and whether they are emoji alone. Text stays text. Pure; not: how
// it is drawn (row.js).

// What may follow a link without being of it.
const OUTSIDE = ".,;:!?]}>\"'”’»…،؟。、";

/** Whether an address is one a visitor may be led to. */
export const allowed = (address) => /^(https?:\/\/|mailto:|tel:)[^\0- ]+$/i.test(address);

/** Whether nothing of it would be seen: spaces, and what has no width. */
export const blank = (words) => !/[^\s\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f]/.test(words);

/** Splits words into [text, address?]; together the texts are the words again. */
export const pieces = (words) => {
  const found = [];
  let plain = 0;
  for (const { 0: word, index } of words.matchAll(/\S+/g)) {
    const [start, shown, address] = link(word);
    if (!address) continue;
    if (plain < index + start) found.push([words.slice(plain, index + start)]);
    found.push([shown, address]);
    plain = index + start + shown.length;
  }
  if (plain < words.length) found.push([words.slice(plain)]);
  return found;
};

/** The link within a word: where it starts, its text, and where it leads, if anywhere. */
const link = (word) => {
  const before = /^((?:(?!:\/\/).)*?)https?:\/\//i.exec(word)?.[1] ?? /^[([{<"'“‘«¿]*/.exec(word)[0];
  const start = before.length;
  // A closing bracket belongs to the link when the link opened one.
  const outside = OUTSIDE + (word.indexOf("(", start) < 0 ? ")" : "");
  let end = word.length;
  while (end > start && outside.includes(word[end - 1])) end--;
  const shown = word.slice(start, end);
  return [start, shown, allowed(shown) ? shown : bare(shown)];
};

/** The address of one written without its scheme; only what can hardly be anything else. */
const bare = (shown) => {
  const [, name, host, path] = /^(?:([^@]*)@)?([^/?#]*)(.*)/.exec(shown);
  // Labels with dots between, the last of letters alone: `shop.example`. Not a number, not `etc.`.
  if (!/^([a-z\d-]+\.)+[a-z]{2,}$/i.test(host)) return;
  if (name != null) return !path && /^[\w.+-]+$/.test(name) && "mailto:" + shown;
  return (path || host.startsWith("www.")) && "https://" + shown;
};

/** One or two letters that stand for a name. Upper case is the style sheet's. */
export const initials = (name) => {
  const letters = name.trim().split(/\s+/).map((word) => [...word][0] ?? "");
  const [first] = letters;
  const last = letters.length > 1 ? letters.at(-1) : "";
  // Only Latin, Greek, Cyrillic and Armenian names are shortened to two letters.
  return first < "\u0590" && last < "\u0590" ? first + last : first;
};

/** A few emoji and nothing else. */
export const emojiOnly = (words) => {
  const bare = words.trim().replace(/[\u{1f3fb}-\u{1f3ff}\ufe0f\u200d \u{e0020}-\u{e007f}]/gu, "");
  return /^[\u{1f000}-\u{1faff}\u2600-\u27bf\u2b05-\u2b55\u231a-\u23ff]{1,6}$/u.test(bare);
};
