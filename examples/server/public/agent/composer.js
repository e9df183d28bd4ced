// Where the agent writes: Enter sends, drafts are kept per chat, and the visitor sees that somebody is typing.
import { setText } from "./dom.js";
import { keep, kept } from "./kept.js";

const MAX = 4000;
const SAY_AGAIN = 3000;
const IDLE = 5000;
const STORED = "desk-draft:";

/** `parts`: the elements, `send(id, text)`, `typing(id, isTyping)`, `leave()` for Escape. Answers `draw(id, enabled)`. */
export function composer({ form, text, problem, send, typing, leave }) {
  const drafts = Object.fromEntries(kept(STORED).map((draft) => [draft.id, draft.text]));
  let current;
  let saidAt = 0;
  let idle;

  function stop() {
    clearTimeout(idle);
    if (saidAt > 0 && current) typing(current, false);
    saidAt = 0;
  }

  function keepDraft() {
    drafts[current] = text.value;
    keep(STORED + current, text.value ? { id: current, text: text.value } : undefined);
  }

  function submit() {
    const words = text.value.trim();
    if (words === "" || !current) return;
    if ([...words].length > MAX) return setText(problem, `${[...words].length - MAX} characters too many`);
    send(current, words);
    text.value = "";
    keepDraft();
    // The message itself ends the typing on the server.
    clearTimeout(idle);
    saidAt = 0;
    setText(problem, "");
    text.focus();
  }

  text.addEventListener("input", () => {
    setText(problem, "");
    keepDraft();
    if (text.value.trim() === "") return stop();
    if (Date.now() - saidAt > SAY_AGAIN) {
      saidAt = Date.now();
      typing(current, true);
    }
    clearTimeout(idle);
    idle = setTimeout(stop, IDLE);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  return function draw(id, enabled) {
    form.hidden = !enabled;
    if (id === current) return;
    stop();
    current = id;
    text.value = drafts[id] ?? "";
    setText(problem, "");
  };
}
