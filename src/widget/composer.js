// Where the visitor writes: a text area that grows, and the button that sends. Not: what becomes of the words.
import { blank } from "./text.js";

export const COMPOSER = `footer #composer
 textarea #input rows=1 autocomplete=off enterkeyhint=send @placeholder=write @aria-label=write
 button #send @aria-label=send hidden
  svg d=M10,16V4M5,9l5-5,5,5`;

// Six lines and the padding, in px; beyond it scrolls.
const TALLEST = 6 * 22 + 14;

export const composer = ({ composer, input, send }) => {
  const document = input.ownerDocument;
  let revision; // of the draft last taken over from the core

  /** Whether it can take the focus. */
  const usable = () => !composer.hidden && !input.disabled;

  /** Makes it as high as its text, and shows the button when there is something to send. */
  const grow = () => {
    input.style.height = "auto";
    const height = input.scrollHeight;
    input.style.height = Math.min(height, TALLEST) + "px";
    input.toggleAttribute("data-tall", height > TALLEST);
    const text = input.value;
    // The direction of the words; an empty one shows its placeholder in that of the page.
    input.dir = text && "auto";
    send.hidden = !usable() || blank(text);
  };

  const set = (text) => {
    input.value = text;
    grow();
  };

  return {
    usable,
    grow,
    draw({ status, writable, draft, draftRevision }) {
      composer.hidden = status == "ended";
      input.disabled = !writable;
      if (revision === draftRevision) return;
      revision = draftRevision;
      if (input.value != draft) input.value = draft;
      grow();
      input.scrollTop = TALLEST * 100;
    },
    /** Takes the words out, when there are any to send. */
    take() {
      const text = input.value;
      if (blank(text) || !usable()) return;
      set("");
      input.focus();
      return text;
    },
    /**
     * Forgets the draft, and what could be undone: Chromium brings back what somebody wrote as long as the element has
     * not left the document.
     */
    wipe() {
      const held = input.matches(":focus") && document.hasFocus();
      revision = null;
      set("");
      composer.prepend(input);
      if (held) input.focus();
    },
  };
};
