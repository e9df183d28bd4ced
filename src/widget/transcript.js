// The transcript as a reader meets it: it stays where the reader is, follows at the end, says what is new. Of a long one
// the rows in sight are drawn, with gaps of the right height above and below. Not: one row (row.js).
import { fill as picture } from "./avatar.js";
import { heightsOf } from "./heights.js";
import { make, say } from "./node.js";
import { called, notice, rows as factory } from "./row.js";
import { shape } from "./shape.js";
import { fill } from "./words.js";

/**
 * The scrolling part, with what stands in an empty one and at the end of an ended one; and the live region, mounted
 * before anything is said in it.
 */
export const TRANSCRIPT = `main
 div #transcript role=log aria-live=off tabindex=0 @aria-label=messages
  div #empty hidden
   h2 @=emptyTitle
   p @=emptyText
  div #loading role=img @aria-label=loading hidden
   i
   i
   i
   i
  div #list
  div #typing hidden
   span .face #face aria-hidden=true
   span .vh #typist
   span .dots
    i
    i
    i
  section .card #ended hidden
   h2 @=endedTitle
   p @=endedText
   button .main #start-new @=startNew
 button #jump hidden
  svg d=M10,4v12m-5-5,5,5,5-5
  span .count #jump-count aria-hidden=true
 div .vh #live aria-live=polite`;

// Rows this far out of sight are drawn too, so that a flick of the finger meets no gap.
const MARGIN = 400;
// This near to the end is at the end.
const NEAR = 24;
// Of many messages that come at once, the last few are read aloud.
const ALOUD = 3;
/** @param {object} part the panel's elements by name @param {object} words @param {string} locale */
export const transcript = (part, words, locale) => {
  const { transcript: scroller, list, jump, typing, live } = part;
  const document = scroller.ownerDocument;
  const { day, made } = factory(document, words, locale);
  const [above, below] = [make(document, "div"), make(document, "div")];
  list.append(above, below);

  const { keys, sync, measured, height, within } = heightsOf();
  let rows = []; // those drawn, in order; the first is that of `from`
  let from = 0;
  let generation; // the conversation the rows are of
  let pinned = true; // the reader is at the end and stays there
  let top = 0; // where it was last scrolled to: a reader who leaves the end scrolls up
  let marker; // the one last brought into sight
  let typist;
  let said = ""; // what a drawing has to tell
  let hush;

  const place = () => scroller.scrollTop | 0;

  /** Draws these rows and no others. Rows from `arrived` on are new and rise into place. */
  function* put(view, start, end, arrived) {
    const items = [];
    for (let at = start - 1; at <= end; at++) items.push(yield* view.item(at));
    const wanted = keys().slice(start, end);
    const old = rows.filter((row) => wanted.includes(row.key) || row.element.remove());
    let last = above;
    from = start;
    rows = Array.from(wanted, (key, i) => {
      const at = start + i;
      const found = old.findIndex((row) => row.key == key);
      const row = found < 0 ? made(key, at >= arrived) : old.splice(found, 1)[0];
      // A row that stays where it stood is not touched: moving it would take focus and selection away.
      if (found) last.after(row.element);
      const [before, item, next] = items.slice(i, i + 3);
      const is = shape(before, item, next, key == view.marker, keys()[at + 1] == view.marker, at == view.newest, day);
      if (row.draw(item, view.revision(at), is, view.connected)) said = words.notSent + "\n";
      last = row.element;
      return row;
    });
  }

  /** Measures the drawn rows and gives the gaps their heights. */
  const measure = () => {
    rows.forEach(({ element }, i) => measured(from + i, element.offsetHeight));
    above.style.height = height(0, from) + "px";
    below.style.height = height(from + rows.length) + "px";
  };

  /** A row to hold on to, the first that is at least partly in sight, and how far its top is from that of the transcript. */
  const anchor = () => {
    for (const { key, element } of rows) {
      const edge = list.offsetTop + element.offsetTop - place();
      if (edge + element.offsetHeight > 0) return [key, edge];
    }
  };

  function* drawRows(view, arrived, held) {
    const seen = scroller.clientHeight;
    // Drawing turns guessed heights into measured ones, which may bring other rows into sight.
    for (let round = 0; round < 3; round++) {
      const end = pinned ? height(0) : place() + seen + MARGIN;
      const [start, stop] = within(pinned ? end - seen - MARGIN : place() - MARGIN, end);
      if (round && from <= start && from + rows.length >= stop) break;
      yield* put(view, start, stop, arrived);
      measure();
      const row = !pinned && held && rows.find(({ key }) => key == held[0]);
      if (row) scrollTo(list.offsetTop + row.element.offsetTop - held[1]);
      else follow();
    }
  }

  /** A reader who opens the panel on more than it can show starts at the first message they have not seen. */
  function* findMarker(view) {
    const at = keys().indexOf(marker);
    if (at < 0 || !pinned || height(at) <= scroller.clientHeight) return;
    pinned = false;
    scrollTo(height(0, at));
    yield* drawRows(view, keys().length, [marker, NEAR]);
  }

  /** Tells screen readers, and leaves it no longer than they take: who reads on from message to message meets each once. */
  const speak = (text) => {
    const window = document.defaultView;
    window.clearTimeout(hush);
    live.textContent = text;
    hush = window.setTimeout(() => (live.textContent = ""), 3_000);
  };

  const drawTyping = ({ typing: party }) => {
    typing.hidden = !party;
    const name = party && called(party, words);
    if (party && name != typist) {
      speak((part.typist.textContent = fill(words.typing, name)));
      picture(part.face, name, party.avatar, true);
    }
    typist = name;
  };

  const drawJump = ({ unread }) => {
    const count = unread > 9 ? "9+" : unread || "";
    jump.hidden = pinned;
    jump.setAttribute("aria-label", fill(words[count ? "jumpUnread" : "jump"], count));
    say(part["jump-count"], count);
  };

  /** What others said since the last drawing. */
  function* sayNew(view, arrived) {
    for (let at = Math.max(arrived, keys().length - ALOUD); at < keys().length; at++) {
      const item = yield* view.item(at);
      if (item.own) continue;
      const spoken = item.kind == "text" || item.kind == "url";
      said += (spoken ? called(item, words) + ": " + item.text : notice(item, words)) + "\n";
    }
  }

  /** At the end, the end stays in sight. */
  const follow = () => pinned && scrollTo(scroller.scrollHeight);

  const scrollTo = (to) => {
    // Firefox keeps fractions: setting what is already there would creep.
    if (to != place()) scroller.scrollTop = to;
    went(place());
  };

  const went = (to) => {
    top = to;
    scroller.toggleAttribute("data-under", to > 8);
  };

  /** Leaves nothing of a conversation behind. */
  const clear = () => {
    for (const { element } of rows) element.remove();
    rows = [];
    sync([]);
    from = top = 0;
    measure();
    generation = marker = typist = undefined;
    pinned = true;
    typing.hidden = true;
    for (const name of ["typist", "live", "jump-count", "face"]) part[name].textContent = "";
  };

  return {
    clear,
    follow,
    atEnd: () => pinned,

    /** Draws what changed. Nothing a reader looks at moves, unless they are at the end and something new came. */
    *draw(view) {
      const other = generation != view.generation;
      if (other) clear();
      generation = view.generation;
      // The reader's place.
      const held = pinned ? null : anchor();
      const known = keys().length;
      const stayed = sync(view.keys);
      const count = keys().length;
      // Rows put at the end while one looks on; not a history that arrives.
      const arrived = other || (!known && count > 1) ? count : stayed;

      const ended = view.status == "ended";
      const ends = ended && part.ended.hidden && !other;
      part.empty.hidden = count || view.loading || ended;
      part.loading.hidden = count || !view.loading;
      part.ended.hidden = !ended;
      drawTyping(view);
      yield* drawRows(view, arrived, held);
      if (marker != view.marker) {
        marker = view.marker;
        yield* findMarker(view);
      }
      yield* sayNew(view, arrived);
      if (ends) said += words.endedTitle;
      if (said) speak(said);
      said = "";
      drawJump(view);
    },

    /** The reader scrolled, or the browser did. Answers whether other rows must be drawn. */
    scrolled() {
      const to = place();
      const seen = scroller.clientHeight;
      if (scroller.scrollHeight - seen - to <= NEAR) pinned = true;
      // A growing transcript moves the end away without anybody having scrolled up.
      else if (to < top) pinned = false;
      jump.hidden = pinned;
      went(to);
      const end = from + rows.length;
      const reach = MARGIN / 4;
      return (from && to - reach < height(0, from)) || (end < keys().length && to + seen + reach > height(0, end));
    },

    /** Goes to the end and stays there. */
    pin() {
      pinned = true;
      jump.hidden = true;
      follow();
    },
  };
};
