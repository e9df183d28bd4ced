// What is known about the visitor: the right column. Pages may say anything about a visitor; it is shown as text,
// and a user counts as one only when the server verified it.
import { avatar, h } from "./dom.js";
import { clock, waited } from "./words.js";

const PAGE = { pageTitle: "Title", url: "Address", referrer: "Came from" };
const CONTACT = { emailAddress: "Email", EmailAddress: "Email", phone: "Phone" };
const USER = { name: "Name", email: "Email", phone: "Phone" };
const COMPANY = { name: "Name", plan: "Plan", id: "ID" };
const OWN_TABLE = ["user", "company", "context", "tags", "tag"];
const WORDS = { waiting: "Waiting", active: "In chat", ended: "Chat ended" };

export function drawDetails(root, conversation) {
  const shape = JSON.stringify(conversation && { ...conversation, visitor: undefined, unread: undefined, lastMessage: undefined });
  if (root.shape === shape) return;
  root.shape = shape;
  root.replaceChildren(...(conversation ? partsOf(conversation) : []));
}

function partsOf(one) {
  return [
    h("div", { class: "person" }, avatar(one.nickname), h("div", {}, h("h2", {}, one.nickname), h("p", {}, WORDS[one.status]))),
    ...tablesOf(one).flatMap(({ title, rows }) => [
      h("h3", {}, title),
      h("dl", {}, ...rows.flatMap(([label, value]) => [h("dt", { title: label }, label), h("dd", {}, valueOf(value))])),
    ]),
  ];
}

/** The tables with their rows, all of it text; empty ones are left out. */
export function tablesOf(one) {
  const { userData } = one;
  const rest = Object.entries(userData).filter(([key]) => !(key in PAGE) && !(key in CONTACT) && !OWN_TABLE.includes(key));
  const user = objectAt(userData, "user");
  return [
    table("User", [
      ["Signed in", one.userId],
      // What the page says about itself is no login.
      ["Says to be", user.id !== undefined && String(user.id) !== one.userId ? `${textOf(user.id)} (not verified)` : undefined],
      ...named({ ...user, id: undefined, traits: undefined }, USER), ...named(objectAt(user, "traits"), {}),
    ]),
    table("Contact", onlyText(userData, CONTACT)),
    table("Company", named(objectAt(userData, "company"), COMPANY)),
    table("Page", onlyText(userData, PAGE)),
    table("Context", named(objectAt(userData, "context"), {})),
    table("Tags", [["Tags", listed(userData.tags)], ...named(objectAt(userData, "tag"), {})]),
    table("This chat", [
      ["Subject", one.subject],
      ["Started", clock(one.createdAt)],
      ["Waited", one.acceptedAt && waited(one.acceptedAt - one.createdAt)],
      ["Agent", one.agent],
      ["Ended", one.endedAt && clock(one.endedAt)],
    ]),
    table("Attributes", rest.map(([key, value]) => [key, textOf(value)])),
  ].filter(({ rows }) => rows.length > 0);
}

function table(title, rows) {
  return { title, rows: rows.filter(([, value]) => value) };
}

function onlyText(data, names) {
  return Object.entries(names).map(([key, label]) => [label, typeof data[key] === "string" ? data[key] : undefined]);
}

// Rows with known names first, in their order, then the others by their own.
function named(data, names) {
  const keys = [...Object.keys(names), ...Object.keys(data).filter((key) => !Object.hasOwn(names, key))];
  return keys.map((key) => [Object.hasOwn(names, key) ? names[key] : key, Object.hasOwn(data, key) ? textOf(data[key]) : undefined]);
}

function objectAt(data, key) {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function listed(value) {
  return Array.isArray(value) ? value.map(textOf).join(", ") : undefined;
}

function textOf(value) {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function valueOf(value) {
  if (!/^https?:\/\//.test(value)) return value;
  return h("a", { href: value, target: "_blank", rel: "noopener noreferrer" }, value.replace(/^https?:\/\//, ""));
}
