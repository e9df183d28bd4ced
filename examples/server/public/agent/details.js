// What is known about the visitor: the right column.
import { avatar, h } from "./dom.js";
import { clock, waited } from "./words.js";

const PAGE = { pageTitle: "Title", url: "Address", referrer: "Came from" };
const CONTACT = { emailAddress: "Email", EmailAddress: "Email", phone: "Phone" };
const WORDS = { waiting: "Waiting", active: "In chat", ended: "Chat ended" };

export function drawDetails(root, conversation) {
  const shape = JSON.stringify(conversation && { ...conversation, visitor: undefined, unread: undefined, lastMessage: undefined });
  if (root.shape === shape) return;
  root.shape = shape;
  root.replaceChildren(...(conversation ? partsOf(conversation) : []));
}

function partsOf(one) {
  const rest = Object.entries(one.userData).filter(([key]) => !(key in PAGE) && !(key in CONTACT));
  return [
    h("div", { class: "person" }, avatar(one.nickname), h("div", {}, h("h2", {}, one.nickname), h("p", {}, WORDS[one.status]))),
    ...table("Contact", named(one.userData, CONTACT)),
    ...table("Page", named(one.userData, PAGE)),
    ...table("This chat", [
      ["Subject", one.subject],
      ["Started", clock(one.createdAt)],
      ["Waited", one.acceptedAt && waited(one.acceptedAt - one.createdAt)],
      ["Agent", one.agent],
      ["Ended", one.endedAt && clock(one.endedAt)],
    ]),
    ...table("Attributes", rest.map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)])),
  ];
}

function named(data, names) {
  return Object.entries(names).map(([key, label]) => [label, typeof data[key] === "string" ? data[key] : undefined]);
}

function table(title, rows) {
  const full = rows.filter(([, value]) => value);
  if (full.length === 0) return [];
  return [h("h3", {}, title), h("dl", {}, ...full.flatMap(([label, value]) => [h("dt", { title: label }, label), h("dd", {}, valueOf(value))]))];
}

function valueOf(value) {
  if (!/^https?:\/\//.test(value)) return value;
  return h("a", { href: value, target: "_blank", rel: "noopener noreferrer" }, value.replace(/^https?:\/\//, ""));
}
