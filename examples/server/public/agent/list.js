// The column of chats: waiting, active, closed.
import { avatar, dress, h, keyed, setText } from "./dom.js";
import { ago, clockOrDay, waited } from "./words.js";

const LATE = 3 * 60_000;
const CLOSED_SHOWN = 50;

/** `actions`: `{select(id), accept(id)}`. */
export function chatList(root, actions) {
  const parts = Object.fromEntries([...root.querySelectorAll("section")].map((section) => [section.dataset.list, section]));
  root.addEventListener("keydown", moveByArrows);

  function create({ id }) {
    const row = h("button", { type: "button", class: "row", onclick: () => actions.select(id) },
      avatar("?"), h("span", { class: "who" }), h("span", { class: "when" }), h("span", { class: "snippet" }));
    return h("li", { class: "row-line" }, row);
  }

  function update(line, one, { selected, now, me }) {
    const row = line.firstElementChild;
    dress(row.querySelector(".avatar"), one.nickname);
    setText(row.querySelector(".who"), one.nickname);
    const when = row.querySelector(".when");
    setText(when, whenOf(one, now));
    when.toggleAttribute("data-late", one.status === "waiting" && now - one.createdAt > LATE);
    setText(row.querySelector(".snippet"), snippetOf(one, me));
    row.setAttribute("aria-current", String(one.id === selected));
    line.toggleAttribute("data-selected", one.id === selected);
    mark(line, row, one.status === "active" && one.agent === me ? one.unread : 0);
    const button = line.querySelector(".accept");
    if (one.status !== "waiting") button?.remove();
    else if (!button) {
      line.append(h("button", { type: "button", class: "button small primary accept", onclick: () => actions.accept(one.id) }, "Accept"));
    }
    line.querySelector(".accept")?.setAttribute("aria-label", `Accept ${one.nickname}`);
  }

  return function draw(state, view) {
    const waiting = state.list("waiting").sort((a, b) => a.createdAt - b.createdAt);
    const active = state.list("active").sort((a, b) => a.acceptedAt - b.acceptedAt);
    const ended = state.list("ended").sort((a, b) => b.endedAt - a.endedAt);
    for (const [name, items] of Object.entries({ waiting, active, ended })) {
      const section = parts[name];
      setText(section.querySelector(".n"), String(items.length));
      keyed(section.querySelector("ul"), items.slice(0, CLOSED_SHOWN), (one) => one.id, create, (line, one) => update(line, one, view));
    }
    setText(parts.waiting.querySelector(".longest"), waiting.length > 0 ? `longest ${waited(view.now - waiting[0].createdAt)}` : "");
    parts.ended.hidden = ended.length === 0;
  };
}

function mark(line, row, unread) {
  line.toggleAttribute("data-unread", unread > 0);
  let badge = row.querySelector(".badge");
  if (unread === 0) return badge?.remove();
  if (!badge) row.append((badge = h("span", { class: "badge" }, h("span", { class: "out-of-sight" }, " unread"))));
  if (badge.firstChild.nodeType !== Node.TEXT_NODE) badge.prepend("");
  badge.firstChild.textContent = unread > 99 ? "99+" : String(unread);
  return undefined;
}

function whenOf(one, now) {
  if (one.status === "waiting") return waited(now - one.createdAt);
  if (one.status === "ended") return clockOrDay(one.endedAt, now);
  return ago(now - (one.lastMessage?.time ?? one.acceptedAt));
}

function snippetOf(one, me) {
  const { lastMessage, agent, subject } = one;
  if (!lastMessage) return subject ?? (one.status === "waiting" ? "Has not written yet" : "No messages");
  if (lastMessage.from !== "agent") return lastMessage.text;
  return `${agent === me ? "You" : agent}: ${lastMessage.text}`;
}

// Arrows go through the rows of all three lists; Tab still goes everywhere.
function moveByArrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.classList.contains("row")) return;
  const rows = [...event.currentTarget.querySelectorAll(".row")];
  const next = rows[rows.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
