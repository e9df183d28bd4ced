// What may be written: lengths, sizes, shapes. Pure functions that answer the clean value or throw `Refused`.

export const MAX_TEXT = 4000;
export const MAX_NICKNAME = 120;
export const MAX_KEY = 128;
export const MAX_USER_DATA = 48 * 1024; // the option and what `update` said, 16 kB each, and what the SDK says of the page

/** An operation that is refused; `code` travels to the client. */
export class Refused extends Error {
  constructor(code, description) {
    super(description);
    this.code = code;
  }
}

/** A message's text: 1 to 4,000 characters after trimming. */
export function messageText(value) {
  const text = clean(value);
  if (text === undefined) throw new Refused("message_invalid", "the message has no text");
  if (text === "") throw new Refused("message_invalid", "the message is empty");
  if ([...text].length > MAX_TEXT) throw new Refused("message_invalid", `the message is longer than ${MAX_TEXT} characters`);
  return text;
}

/** A name, or `undefined` when there is none. */
export function nickname(value) {
  const text = clean(value);
  return text ? [...text].slice(0, MAX_NICKNAME).join("") : undefined;
}

/** An idempotency key, or `null` when there is none. */
export function idempotencyKey(value) {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || value === "" || value.length > MAX_KEY || value.includes("\0")) {
    throw new Refused("message_invalid", `an idempotency key is a string of 1 to ${MAX_KEY} characters`);
  }
  return value;
}

/** A free-form object of no more JSON than that; absent is empty. */
export function freeForm(value, name) {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new Refused("message_invalid", `${name} is no object`);
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_USER_DATA) {
    throw new Refused("message_invalid", `${name} is larger than ${MAX_USER_DATA} bytes`);
  }
  return value;
}

// Attributes that are objects of attributes, at any depth: a new trait leaves the others.
const NESTED = ["user", "company", "context"];

/** `changes` merged over `base`, key by key; `null` deletes. Within `user`, `company` and `context` the same again. */
export function merged(base, changes, isNested = (key) => NESTED.includes(key)) {
  const result = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) {
      delete result[key];
      continue;
    }
    const before = Object.hasOwn(result, key) && isObject(result[key]) ? result[key] : {};
    const value = isNested(key) && isObject(change) ? merged(before, change, () => true) : change;
    Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

/** A transcript position: a whole number from 0; anything else reads as 0, everything. */
export function position(value) {
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// NUL would cut the text in SQLite, half a surrogate pair would change on the way through UTF-8.
function clean(value) {
  if (typeof value !== "string") return undefined;
  return value.replaceAll("\0", "").toWellFormed().trim();
}
