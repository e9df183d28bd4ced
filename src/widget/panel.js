// The panel: its parts put together, drawn from a view, and what is done in it told. Decides nothing about a
// conversation and keeps no state of one: what there is to see, the module says anew for each drawing (drawing.rs).
import { COMPOSER, composer as composerOf } from "./composer.js";
import { BANNER, HEADER, header as headerOf } from "./header.js";
import { frame, phone } from "./iframe.js";
import { build } from "./node.js";
import { SHEET } from "./sheet.js";
import { apply } from "./theme.js";
import { TRANSCRIPT, transcript as transcriptOf } from "./transcript.js";
import { table, texts } from "./words.js";

// What the buttons say when clicked; see `Said` in mod.rs.
const SAYS = { close: "c", "end-chat": "e", "start-new": "n", reconnect: "o", retry: "r", discard: "x" };

/** Languages written from right to left everywhere. */
const RTL = /^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)(-|$)/;

/** The members of an array, as the module writes them: see drawing.rs. */
const readParty = (party) => party && { name: party[0], avatar: party[1] };
const readItem = ([id, own, kind, text, name, avatar, who, at, status]) => ({ id, own, kind, text, name, avatar, who, at, status });

/** @param {string} given options, as JSON @param {(said: string) => void} act hears what is done: a letter and words */
export const panel = (given, act) => {
  const { namespace, locale, messages, brand, launcher } = JSON.parse(given);
  const words = table(messages);
  const end = new AbortController();
  const dark = matchMedia("(prefers-color-scheme:dark)");
  const calm = matchMedia("(prefers-reduced-motion:reduce)");
  let parts; // what stands in the iframe; nothing before it is first opened
  let open = false;
  let focus; // was called before the panel could take it
  let concealed = false; // what is read and written
  let drawing;
  let read = new Map(); // items the rows were drawn from, by key: [revision, item]

  const hear = (target, ...kinds) => {
    for (const kind of kinds) target.addEventListener(kind, heard, { capture: true, signal: parts?.end.signal ?? end.signal });
  };

  /** Makes the iframe and writes the panel into it. */
  const make = () => {
    const iframe = frame(namespace, words.title, Object(launcher));
    const { document, window } = iframe;
    parts = { iframe, end: new AbortController() };
    const root = (parts.root = document.documentElement);
    document.title = words.title;
    // Without words of the page's, all are English.
    root.lang = messages ? locale : "en";
    root.dir = RTL.test(locale) ? "rtl" : "ltr";
    // It must be made by the document's own window; a `style` element would be blocked by a strict CSP.
    const sheet = new window.CSSStyleSheet();
    sheet.replaceSync(SHEET);
    document.adoptedStyleSheets = [sheet];
    const element = build(document, words, "div .panel");
    element.append(...[HEADER, BANNER, TRANSCRIPT, COMPOSER].map((drawing) => build(document, words, drawing)));
    document.body.append(element);
    hear(document, "click", "input", "keydown", "scroll", "error");
    hear(window, "resize");
    hear(iframe.element, "load");
    const part = {};
    for (const element of document.querySelectorAll("[data-part]")) part[element.dataset.part] = element;
    part.input.lang = locale;
    veil();
    Object.assign(parts, {
      part,
      header: headerOf(part, words, texts(brand)),
      transcript: transcriptOf(part, words, locale),
      composer: composerOf(part),
    });
  };

  const veil = () => parts.root.toggleAttribute("data-concealed", concealed);

  const discard = () => {
    parts?.end.abort();
    parts?.iframe.remove();
    parts = null;
  };

  function* draw(view) {
    if (parts && !parts.iframe.intact()) discard();
    open = view.open;
    if (open && !parts) {
      try {
        make();
      } catch {
        discard();
        act("lthis browser lacks what the panel is drawn with");
      }
    }
    if (!parts) return;
    const { iframe, header, transcript, composer, part, root } = parts;
    // Placed first: without a place there are no heights, and in Firefox no colours either.
    iframe.show(open, calm.matches, view.zIndex);
    if (!open) {
      header.closeMenu();
      parts.told = null;
      return;
    }
    const dress = [view.themeRevision, dark.matches].join();
    if (parts.dress != dress) {
      parts.dress = dress;
      iframe.dress(apply(view.theme, dark.matches, root, iframe.colour, (line) => act("l" + line)));
    }
    const held = document.activeElement == iframe.element && iframe.document.activeElement;
    const listed = part.list.contains(held || null);
    header.draw(view);
    composer.draw(view);
    yield* transcript.draw(view);
    if (parts.told != transcript.atEnd()) queueMicrotask(turn);
    // Its place is gone, or takes it no more.
    if (held && (held.disabled || !held.getClientRects().length)) focusMain(!listed && !phone());
    if (focus) takeFocus();
  }

  /** What of the view is read only when it is drawn. */
  const viewOf = (text, list) => {
    const [open, zIndex, theme, themeRevision, generation, status, agent, typing, unread, marker, draft, draftRevision, banner, unsent, loading, writable, connected, newest] =
      JSON.parse(text);
    const keys = list.subarray(0, list.length / 2);
    const revision = (at) => list[keys.length + at];
    const known = read;
    read = new Map();
    /** The item at a place: the module is asked for what is not known yet. */
    function* item(at) {
      const key = keys[at];
      if (key == null) return;
      let found = read.get(key) ?? known.get(key);
      if (found?.[0] !== revision(at)) found = [revision(at), readItem(JSON.parse(yield at))];
      read.set(key, found);
      return found[1];
    }
    return {
      open, zIndex, theme, themeRevision, generation, status, unread, marker, draft, draftRevision, banner, unsent, loading, writable, connected, newest,
      agent: readParty(agent),
      typing: readParty(typing),
      keys,
      revision,
      item,
    };
  };

  /** Between two tasks: looks whether the iframe is still there, tells the core where the reader is. */
  const turn = () => {
    if (parts && !parts.iframe.intact()) {
      discard();
      if (open) act("w");
    }
    const atEnd = parts?.transcript.atEnd();
    if (open && parts && parts.told != atEnd) {
      parts.told = atEnd;
      act(atEnd ? "b" : "u");
    }
  };

  /** Focuses the composer where there is one and it is wanted, else what can be done or read next. */
  const focusMain = (wanted) => {
    const { composer, part } = parts;
    (wanted && composer.usable() ? part.input : part.ended.hidden ? part.transcript : part["start-new"]).focus();
  };

  const takeFocus = () => {
    focus = false;
    parts.iframe.element.focus();
    focusMain(!phone());
  };

  const send = () => {
    const text = parts.composer.take();
    if (text == null) return;
    // Whoever writes wants to see it.
    parts.transcript.pin();
    act("s" + text);
  };

  /** What a click on one of our controls means. */
  const clicked = (target) => {
    const { header, transcript } = parts;
    const button = target.closest?.("button");
    const name = button?.dataset.part;
    if (name == "menu") return header.toggleMenu();
    header.closeMenu(name == "end-chat");
    if (name == "send") send();
    else if (name == "jump") {
      transcript.pin();
      // The button goes away under the focus.
      focusMain();
    } else if (name in SAYS) {
      const id = button.closest("[data-id]")?.dataset.id ?? "";
      // These buttons go away too.
      if (id) focusMain(true);
      // This one as well, as soon as there is something to write in.
      if (name == "start-new") focus = true;
      act(SAYS[name] + id);
    }
  };

  const pressed = (event) => {
    const { header } = parts;
    const { key } = event;
    const name = event.target.dataset?.part;
    // Enter and Escape within an input method choose or drop a word. Safari says so by the key code alone.
    if (event.isComposing || event.keyCode == 229) return;
    if (key == "Escape") {
      event.preventDefault();
      if (!header.closeMenu(true)) act("c");
    } else if (key == "Enter" && name == "input" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (key == "ArrowDown" && name == "menu") {
      event.preventDefault();
      header.toggleMenu();
    } else if (/^(Arrow(Down|Up)|Home|End)$/.test(key) && name == "end-chat") {
      // The menu has one item so far: there is nowhere to go.
      event.preventDefault();
    } else if (key == "End" && name != "input") {
      // The browser would go to where the end was guessed to be.
      event.preventDefault();
      parts.transcript.pin();
    } else if (key == "Tab") header.closeMenu();
  };

  /** Hears every listener of the page and of the panel. */
  const heard = (event) => {
    const { type, target } = event;
    let redraw;
    if (parts) {
      const { iframe, transcript, composer, part } = parts;
      if (type == "click") clicked(target);
      else if (type == "keydown") pressed(event);
      else if (type == "input") {
        composer.grow();
        transcript.follow();
        act("d" + part.input.value);
      }
      // A picture that cannot be had: the initials below it remain.
      else if (type == "error") target.remove();
      else if (type == "change" || type == "load") redraw = true;
      else {
        iframe.place();
        if (type == "resize") transcript.follow();
        redraw = type == "resize" || transcript.scrolled();
      }
    }
    turn();
    if (redraw && open) act("w");
  };

  const watch = new MutationObserver(turn);
  hear(dark, "change");
  hear(window, "resize");
  if (window.visualViewport) hear(visualViewport, "resize", "scroll");
  watch.observe(document.documentElement, { childList: true });

  const commands = {
    /** Empties transcript, composer, typing and names at once: nothing of a conversation stays in the DOM. */
    wipe() {
      read.clear();
      if (!parts) return;
      parts.header.wipe();
      parts.transcript.clear();
      parts.composer.wipe();
      parts.told = null;
    },
    /** Hides what is read and written without forgetting it. What was read aloud is not said again. */
    conceal() {
      concealed = true;
      if (!parts) return;
      const { iframe, part } = parts;
      parts.focused = document.activeElement == iframe.element && iframe.document.activeElement;
      part.live.textContent = "";
      veil();
    },
    /** Shows it again, with the focus where it was: browsers take it from what cannot be seen. */
    reveal() {
      concealed = false;
      if (!parts) return;
      veil();
      const { iframe, focused } = parts;
      if (focused && document.activeElement == iframe.element) focused.focus({ preventScroll: true });
    },
    /**
     * Puts the focus where the visitor goes on: into the composer, or, where that would raise a keyboard, on the
     * transcript. As soon as the panel is open.
     */
    focus() {
      focus = true;
      if (open && parts) takeFocus();
    },
    /** Removes everything from the page. Nothing is drawn or heard afterwards. */
    remove() {
      end.abort();
      watch.disconnect();
      open = false;
      discard();
    },
  };

  return {
    /** Does a command. */
    tell: (command) => commands[command](),
    /**
     * Draws a view, given as JSON, with the keys of all rows and then their revisions. Answers which item it must be given next, as JSON in
     * the place of the view, or -1 when it is done.
     */
    draw(text, list) {
      if (end.signal.aborted) return -1;
      try {
        drawing ??= draw(viewOf(text, list.slice()));
        const { value, done } = drawing.next(text);
        if (!done) return value;
      } catch (error) {
        act("l" + error);
      }
      drawing = null;
      return -1;
    },
    /** Run after a panic too, when nothing of the module can be called any more. */
    remove: commands.remove,
  };
};
