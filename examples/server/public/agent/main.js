// The console: puts its parts together, knows which chat is open, and tells the server what the agent does.
import { insist, post } from "./api.js";
import { chatList } from "./list.js";
import { composer } from "./composer.js";
import { dress, setText } from "./dom.js";
import { drawDetails } from "./details.js";
import { drawTyping, transcript } from "./transcript.js";
import { follow } from "./feed.js";
import { Outbox } from "./outbox.js";
import { State } from "./state.js";
import { ago, clock } from "./words.js";

const $ = (id) => document.getElementById(id);
const me = new URLSearchParams(location.search).get("name")?.trim() || "Maya Keller";
const acknowledged = new Map(); // conversation id → { delivered, read } told to the server
let selected = decodeURIComponent(location.hash.slice(1)) || undefined;
let planned = false;

const state = new State(plan);
const outbox = new Outbox({
  changed: plan,
  acknowledged: ({ conversationId, key, text }, { index, time }) =>
    state.add({ conversationId, index, type: "Message", from: "agent", nickname: me, text, key, time }),
});
const drawList = chatList($("list"), { select, accept });
const drawTranscript = transcript($("transcript"), { retry: (key) => outbox.retry(key), discard: (key) => outbox.discard(key) });
const drawComposer = composer({
  form: $("composer"), text: $("text"), problem: $("problem"),
  send: (id, text) => outbox.add(id, text),
  typing: (id, isTyping) => post("typing", { conversationId: id, isTyping }).catch(() => {}),
  leave: () => $("list").querySelector('[aria-current="true"]')?.focus(),
});

dress($("me"), me, "me");
$("me").setAttribute("aria-label", me);
$("accept").addEventListener("click", () => accept(selected));
$("end").addEventListener("click", () => insist(() => post("end", { conversationId: selected })).catch(say));
$("back").addEventListener("click", () => select(undefined));
addEventListener("hashchange", () => select(decodeURIComponent(location.hash.slice(1)) || undefined));
document.addEventListener("visibilitychange", plan);
setInterval(plan, 1000); // waiting times, and typing that runs out

follow({
  snapshot: (data) => { state.snapshot(data); if (selected) state.open(selected); },
  message: (event) => state.message(event),
  conversation: (summary) => state.conversation(summary),
  typing: (data) => state.typing(data),
  state: showLink,
}, () => state.position());

function select(id) {
  if (id === selected) return;
  selected = id;
  history.replaceState(null, "", id ? `#${encodeURIComponent(id)}` : location.pathname + location.search);
  if (id) state.open(id);
  plan();
  stickToEnd = true;
}

async function accept(id) {
  select(id);
  try {
    await insist(() => post("accept", { conversationId: id, name: me }));
    wantFocus = id;
    plan();
  } catch (error) {
    say(error);
  }
}

function say(error) {
  setText($("problem"), error.message);
}

function showLink(now) {
  const words = { live: "Live", lost: "Reconnecting… nothing you write is lost" };
  $("link").dataset.state = now;
  setText($("link").lastElementChild, words[now]);
}

// Many changes at once are drawn once. Not by animation frames: a hidden tab has none, and its title must count.
function plan() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    draw();
  });
}

let stickToEnd = true;
let wantFocus;

function draw() {
  const now = Date.now();
  drawList(state, { selected, now, me });
  const active = state.list("active");
  setText($("count"), active.length === 1 ? "1 open chat" : `${active.length} open chats`);
  const unread = active.filter((one) => one.agent === me).reduce((sum, one) => sum + one.unread, 0) + state.list("waiting").length;
  const title = unread > 0 ? `(${unread}) Fieldhouse desk` : "Fieldhouse desk";
  if (document.title !== title) document.title = title;
  drawChat(selected === undefined ? undefined : state.conversations.get(selected), now);
  acknowledge();
}

function drawChat(one, now) {
  document.body.toggleAttribute("data-open", one !== undefined);
  $("empty").hidden = one !== undefined;
  for (const part of $("chat").children) if (part !== $("empty")) part.inert = one === undefined;
  drawDetails($("details"), one);
  if (!one) return;
  const mine = one.status === "active" && one.agent === me;
  dress($("who"), one.nickname);
  setText($("name"), one.nickname);
  setText($("about"), aboutOf(one, now));
  $("accept").hidden = one.status !== "waiting";
  $("end").hidden = !mine;
  const scroll = $("scroll");
  const atEnd = stickToEnd || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
  drawTranscript(one, state.events(one.id), outbox.of(one.id), me);
  drawTyping($("typing"), one.status !== "ended" && state.isTyping(one.id), one.nickname);
  drawComposer(one.id, mine);
  setText($("closed"), closedWords(one));
  $("closed").hidden = mine;
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  stickToEnd = false;
  if (mine && wantFocus === one.id) {
    wantFocus = undefined;
    $("text").focus();
  }
}

function aboutOf(one, now) {
  const page = typeof one.userData.pageTitle === "string" ? `On “${one.userData.pageTitle}”` : one.subject;
  const time = {
    waiting: `waiting since ${clock(one.createdAt)}`,
    active: `in chat since ${clock(one.acceptedAt ?? now)} (${ago(now - (one.acceptedAt ?? now))})`,
    ended: `ended at ${clock(one.endedAt ?? now)}`,
  }[one.status];
  return [page, time].filter(Boolean).join(", ");
}

function closedWords(one) {
  if (one.status === "waiting") return "Accept the chat to answer.";
  return one.status === "ended" ? "This chat has ended." : `${one.agent} is in this chat.`;
}

// Ours have been received; the open one has been read when somebody can see it.
function acknowledge() {
  for (const one of state.list("active")) {
    if (one.agent !== me) continue;
    const seen = one.id === selected && document.visibilityState === "visible" ? state.events(one.id).at(-1)?.index ?? 0 : 0;
    const told = acknowledged.get(one.id) ?? { delivered: 0, read: one.readByAgent };
    const next = { delivered: Math.max(told.delivered, one.lastIndex), read: Math.max(told.read, seen) };
    if (next.delivered === told.delivered && next.read === told.read) continue;
    acknowledged.set(one.id, next);
    // A lost receipt is told again with the next one, or after the reconnect.
    post("receipts", { conversationId: one.id, ...next }).catch(() => acknowledged.delete(one.id));
  }
}
