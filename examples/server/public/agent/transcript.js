// The messages of the open conversation: groups by author, times, ticks, what is still on its way.
import { avatar, h, icon, keyed, linked, setText } from "./dom.js";
import { clock, waited } from "./words.js";

const GROUP = 3 * 60_000;

/** `actions`: `{retry(key), discard(key)}`. */
export function transcript(root, actions) {
  return function draw(conversation, events, pending, me) {
    keyed(root, entriesOf(conversation, events, pending, me), (entry) => entry.key, () => h("li"), (element, entry) => {
      // An entry is rebuilt only when something of it changed: nothing is announced twice, no selection is lost.
      const shape = JSON.stringify(entry);
      if (element.shape === shape) return;
      element.shape = shape;
      element.className = entry.line ? "line" : classesOf(entry);
      element.replaceChildren(...(entry.line ? [entry.line] : partsOf(entry, actions)));
    });
  };
}

function classesOf({ side, first, last, problem }) {
  return ["entry", side, first && "first", last && "last dated", problem && "failed"].filter(Boolean).join(" ");
}

function partsOf(entry, actions) {
  const { side, author, text, first, last } = entry;
  return [
    first && side === "visitor" && h("span", { class: "author" }, author),
    h("div", { class: "bubble" }, ...linked(text)),
    last && side === "visitor" && avatar(author, "small"),
    (last || entry.problem) && metaOf(entry, actions),
  ].filter(Boolean);
}

function metaOf({ side, time, state, problem, sendKey }, actions) {
  if (problem) {
    return h("span", { class: "meta" }, icon("alert"), `Not sent (${problem}) ·`,
      h("button", { type: "button", class: "plain", onclick: () => actions.retry(sendKey) }, "Try again"), "·",
      h("button", { type: "button", class: "plain", onclick: () => actions.discard(sendKey) }, "Delete"));
  }
  if (side === "visitor") return h("span", { class: "meta" }, clock(time));
  const [words, sign] = { sending: ["Sending", "clock"], sent: ["Sent", "check"], delivered: ["Delivered", "checks"], read: ["Read", "checks"] }[state];
  return h("span", { class: "meta", "data-state": state }, `${clock(time)} · ${words}`, icon(sign));
}

/** Everything to show, in order: lines in the middle, and bubbles that know their place in a group. */
export function entriesOf(conversation, events, pending, me) {
  const entries = [];
  const stored = new Set();
  for (const event of events) {
    if (event.type === "Message") {
      if (event.from === "agent" && event.key) stored.add(event.key);
      entries.push({
        key: event.from === "agent" && event.key ? event.key : `i${event.index}`,
        side: event.from, author: event.nickname, text: event.text, time: event.time,
        state: event.from === "agent" ? stateOf(event.index, conversation.visitor) : undefined,
      });
    } else {
      entries.push({ key: `i${event.index}`, line: lineOf(event, conversation, me), time: event.time });
    }
  }
  for (const { key, text, time, problem } of pending) {
    if (!stored.has(key)) entries.push({ key, sendKey: key, side: "agent", author: me, text, time, state: "sending", problem });
  }
  const joins = (a, b) => a && b && !a.line && !b.line && a.side === b.side && a.author === b.author && b.time - a.time < GROUP;
  return entries.filter((entry) => entry.line !== "").map((entry, i, all) =>
    entry.line ? entry : { ...entry, first: !joins(all[i - 1], entry), last: !joins(entry, all[i + 1]) });
}

function stateOf(index, visitor) {
  if (index <= visitor.read) return "read";
  return index <= visitor.delivered ? "delivered" : "sent";
}

function lineOf({ type, from, nickname, text, time }, conversation, me) {
  const agentName = nickname === me ? "you" : nickname;
  if (type === "ParticipantJoined" && from === "visitor") {
    return conversation.subject ? `${nickname} started a chat at ${clock(time)}: ${conversation.subject}` : `${nickname} started a chat at ${clock(time)}`;
  }
  if (type === "ParticipantJoined") return `${conversation.nickname} waited ${waited(time - conversation.createdAt)} · ${agentName} joined at ${clock(time)}`;
  if (type === "ParticipantLeft") return `${from === "agent" ? capital(agentName) : nickname} ended the chat at ${clock(time)}`;
  if (type === "NicknameUpdated") return `The visitor is now called ${nickname}`;
  return text ?? "";
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Says who is typing, under the last message. */
export function drawTyping(element, isTyping, name) {
  setText(element, isTyping ? `${name} is typing…` : "");
}
