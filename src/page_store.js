// A page's own store, as the module speaks with it: texts in, texts out, however slowly it answers. Not: what else a page
// brings along (`page.js`), nor what the texts mean (the Rust beside it).
import { ask, json, member } from "./page.js";

/** How long `read` and `write` of a page's store may take; and, after a write, the word of a logout before it. */
const READING = 3_000;
const WRITING = 1_000;
/** Of what undoes a write: see `storing::UNDONE`. The next one is that of a visitor who was created. */
const UNDONE = 2 ** 32 - 2;

/** Whose a saved session is, and as of which logout: the beginning of its text. */
const whose = (session) => session && `${session}`.split(",", 3) + "";

/**
 * A page's own store, `{read(), write(object | null)}`, plain or with promises. It gets the whole state as one object,
 * `{v: 1, entries: {name: text}}`. One write is under way at a time; what changes meanwhile goes with the next.
 * Forgetting does not wait. Tells `act` what was loaded (`{loaded: [name, text, …]}` or why not), and what became of
 * saves (`{stored: token, why}`).
 */
export const store = ({ given }, act) => {
  const page = member(given, "stateStorage") ?? member(given, "storage");
  let entries = new Map();
  let leads;
  let goes; // the page may end: the next write does not wait
  let changed; // since the last write
  let waiting = []; // saves somebody waits for, that are not in a write yet
  let writing; // the write under way, with its saves
  let reading;
  let unread = 0; // wishes to read that wait for what is under way
  let wipes = 0; // somebody logged out, here or elsewhere: a write begun before that is undone once it is done
  let wiped; // that is written by whoever does it
  let own; // … and it was this tab
  let done = 0; // when this tab wrote last
  let empty = true; // it holds nothing, as far as we know

  const say = (report) => act(json(report));

  /**
   * Every wish to read is answered once, in order, by a reading begun after it: one waits for the other, and for the
   * write under way. A store that is asked before it has written may say what that is to delete.
   */
  const next = () => unread && !reading && !writing && (unread--, read());

  const read = () => {
    const mine = (reading = { wipes, touched: new Map() });
    const finish = (found) => {
      if (reading != mine) return;
      clearTimeout(mine.timer);
      reading = null;
      if (found.pop) {
        // Asked before a logout, it may say what that has deleted.
        if (mine.wipes < wipes) return unread++, next();
        empty = !found[0];
        const kept = entries;
        entries = new Map(found);
        // What this page knows survives a `write(null)`, and a store that forgets or gives back what it once read:
        // counters never go back, and the visitor's word on consent stands.
        for (const [name, text] of kept) {
          const other = entries.get(name);
          const counts = "epoch term".includes(name) && (!(other >= 0) || +other < +text);
          if (counts || (name == "consent" && other == null)) entries.set(name, text);
        }
        // Nor does it know what was changed since it was asked.
        for (const [name, text] of mine.touched) text == null ? entries.delete(name) : entries.set(name, text);
        found = [...entries].flat();
      }
      say({ loaded: found });
      next();
    };
    mine.timer = setTimeout(() => finish("timeout"), READING);
    ask(() => page.read()).then((state) => finish(parts(state)), () => finish("corrupt"));
  };

  /** Nothing, `null` and `{}` are an empty store. */
  const parts = (state) => {
    const text = json(state ?? {});
    if (text?.[0] != "{") return "corrupt";
    const { v, entries } = JSON.parse(text);
    return v > 1 ? "newer" : Object.entries(Object(entries)).filter((entry) => typeof entry[1] == "string");
  };

  const drop = (kept) => {
    for (const name of entries.keys()) kept.includes(name) || entries.delete(name);
  };

  const settle = (tokens, why) => {
    for (const stored of why && !tokens[0] ? [null] : tokens) say({ stored, why });
  };

  /**
   * What this tab wrote in a session that is over may have landed after what was to delete it: what it knows by now goes
   * over that, unless somebody else's stands there since. Others are to hear of it: it may go over theirs all the same.
   */
  const undo = (session) =>
    ask(() => page.read())
      .then((state) => whose(state?.entries?.session))
      .catch(() => {})
      .then((found) => {
        // Where there is nothing, the store may say what it once read.
        if (found && found != session) return;
        waiting.push(UNDONE);
        wiped = changed = true;
        empty = false;
        write();
      });

  /** What is under way is not waited for; it lands all the same. */
  const hurry = () => {
    if (writing) clearTimeout(writing.timer), waiting.push(...writing.tokens);
    writing = null;
  };

  const write = () => {
    // Whoever leads writes it; here it is as safe as it can be.
    if (!(wiped || leads)) return settle(waiting.splice(0));
    if (writing && !goes) return;
    hurry();
    goes = wiped = own = changed = false;
    // `null`, which deletes everything, when there is no saved session: what else there is serves one.
    const session = whose(entries.get("session"));
    const state = session ? { v: 1, entries: Object.fromEntries(entries) } : null;
    const was = empty;
    empty = !state;
    if (was && empty) return settle(waiting.splice(0));
    const mine = (writing = { tokens: waiting.splice(0), wipes });
    const finish = (why) => {
      done = Date.now();
      if (writing == mine) {
        clearTimeout(mine.timer);
        writing = null;
        settle(mine.tokens, why);
        if (!why && changed) write();
      }
      if (session && mine.wipes < wipes) undo(session);
      next();
    };
    const failed = () => finish("blocked");
    mine.timer = setTimeout(() => finish("timeout"), WRITING);
    try {
      const written = page.write(state);
      // A store without promises is done at once: nothing has to wait for a later task.
      if (written?.then) Promise.resolve(written).then(() => finish(), failed);
      else finish();
    } catch {
      failed();
    }
  };

  return {
    load: () => (unread++, next()),
    set(text) {
      const [name, value, token] = JSON.parse(text);
      // Whoever creates a visitor waits for that, and writes it though nobody leads yet: the next tab is to find it.
      wiped ||= token > UNDONE;
      entries.set(name, value);
      reading?.touched.set(name, value);
      if (token) waiting.push(token);
      changed = true;
    },
    remove(name) {
      if (name == "session" && !own) {
        // Who logs out wipes: it was another tab. What this one wanted written whoever leads was of before that.
        wiped = false;
        if (!writing && done > Date.now() - READING) undo(whose(entries.get(name)));
        drop("epoch consent");
        wipes++;
      }
      changed = entries.delete(name) || changed;
      reading?.touched.set(name);
    },
    wipe(kept) {
      drop(JSON.parse(kept));
      wiped = own = changed = true;
      empty = false;
      // A logout handler navigates away at once: a write under way is not waited for.
      wipes++;
      hurry();
    },
    flush: () => changed && write(),
    /**
     * What this tab kept for itself while it followed goes with the first change it writes. One whose page is left, or put
     * away, `goes`: it cannot wait for what is under way, and the next to lead reads what is there by then.
     */
    lead(how) {
      if (how == "goes") goes = true;
      else leads = how;
    },
    end() {
      act = () => {};
      unread = 0;
      clearTimeout(reading?.timer);
      clearTimeout(writing?.timer);
      reading = writing = wiped = leads = null; // what lands too late is undone all the same
    },
  };
};
