// One row of the transcript: day, marker, name, avatar, bubble, delivery state. Made once, updated in place, so that
// focus and selection within it stay. Not: which rows there are (transcript.js).
import { fill as picture } from "./avatar.js";
import { clock } from "./clock.js";
import { build, make, say } from "./node.js";
import { allowed, emojiOnly, pieces } from "./text.js";
import { fill } from "./words.js";

const ROW = `div
 div .day
 div .marker
 div
  div .name
  div .line
   span .face aria-hidden=true
   span .vh
   div .bubble data-part=text dir=auto
  div .meta`;

const FAILED = `span .failed
 svg .s d=M10,6.5v4m0,2.8v.01M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4
 b @=notSent
 i
 button #retry @=tryAgain
 i
 button #discard @=delete`;

const READ = "svg .ticks d=m1.5,11,3.3,3.3L12,6m-1.8,8.3L17.5,6";
const WAITING = "svg .s d=M10,6v4.2l2.8,1.6M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4";

/** What somebody is called. */
export const called = ({ name }, words) => name || words.agent;

/** The words of a notice. A name has a direction of its own (FSI, PDI). */
export const notice = (item, words) =>
  item.kind == "notice" ? item.text : fill(words[item.own && item.kind == "left" ? "visitorLeft" : item.kind], `\u2068${called(item, words)}\u2069`);

/** What makes rows, of prototypes built once. */
export const rows = (document, words, locale) => {
  const [row, failed, read, waiting] = [ROW, FAILED, READ, WAITING].map((drawing) => build(document, words, drawing));
  const { day, dayName, time } = clock(locale, words);

  /** Text as text, addresses as links. */
  const write = (bubble, { kind, text }) =>
    bubble.replaceChildren(
      ...(kind == "text" ? pieces(text) : [[text, allowed(text) && text]]).map(([text, address]) => {
        if (!address) return text;
        const link = make(document, "a");
        link.textContent = text;
        link.href = address;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        return link;
      }),
    );

  /**
   * The line below the bubble: the time under the last of a group, how far the visitor's newest message has come, and
   * the ways out under every one that failed. Without a connection a message waits rather than being sent.
   */
  const delivery = ({ status, at }, { newest, last }, connected) => {
    if (status == "failed") return [failed.cloneNode(true)];
    const queued = status == "queued";
    const waits = newest && (queued || status == "sending");
    const parts = [];
    if (last && !waits) parts.push(time(at));
    if (newest) parts.push(words[waits && !connected ? "queued" : queued ? "sending" : status]);
    return [waits && waiting.cloneNode(true), parts.join(" · "), newest && status == "read" && read.cloneNode(true)].filter(Boolean);
  };

  /** A new row; one that is `fresh` came while one looked on, and rises into place. */
  const made = (key, fresh) => {
    const element = row.cloneNode(true);
    const [days, marker, body, name, , face, who, bubble, meta] = element.querySelectorAll("*");
    let drawn; // a row is touched only when this differs
    let old;
    /** Draws what changed; answers whether the message has just failed. */
    const draw = (item, revision, is, connected) => {
      const now = JSON.stringify([revision, is, connected]);
      if (now == drawn) return;
      drawn = now;
      say(days, is.day ? dayName(item.at) : "");
      say(marker, is.marked ? words.newMessages : "");
      if (is.notice) {
        body.dataset.part = "notice";
        element.className = is.notice;
        say(bubble, notice(item, words));
        return;
      }
      const { id, own, kind, text, avatar, status } = item;
      const lost = status == "failed";
      const fails = lost && (old ? old.status != status : fresh);
      Object.assign(body.dataset, { part: "message", id, role: own ? "visitor" : "agent", status });
      const { first, last, above, below } = is;
      const classes = { first, last, above, below, own, lost, large: !lost && kind == "text" && emojiOnly(text), in: fresh };
      element.className = Object.keys(classes).filter((name) => classes[name]).join(" ");

      const speaker = called(item, words);
      const named = !own && first;
      say(name, named ? speaker : "");
      say(who, named ? "" : (own ? words.you : speaker) + ": ");
      if (old?.kind != kind || old.text != text) write(bubble, item);
      bubble.lang = locale;
      old = item;
      if (!own && last) picture(face, speaker, avatar, true);
      else face.textContent = "";
      meta.replaceChildren(...delivery(item, is, connected));
      return fails;
    };
    return { key, element, draw };
  };
  return { day, made };
};
