// The cookie where the browser tells a page late of what the page itself has written. The rest of it: src/browser/tests.rs,
// in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { kept } from "../../src/web.js";

/** A page's view of its cookie: what it writes is there at once; `show` is what it is told of afterwards. */
function page() {
  const written = [];
  globalThis.window = { sessionStorage: {} };
  globalThis.location = { protocol: "http:" };
  globalThis.document = {
    shown: "",
    get cookie() {
      return this.shown;
    },
    set cookie(text) {
      written.push(text.split(";")[0]);
      this.shown = /Max-Age=0/.test(text) ? "" : written.at(-1);
    },
  };
  return { written, show: (text) => (document.shown = text), store: kept(2, "late", undefined, 0) };
}

test("a page that is told late of its own earlier writes undoes none of its later ones", () => {
  const { written, show, store } = page();
  for (const [name, text] of [["epoch", "1"], ["epoch", "2"], ["session", "ann's"]]) store.keep(name, text);
  for (const earlier of written.slice(0, -1)) {
    show(earlier);
    assert.deepEqual([store.item("epoch"), store.item("session")], ["2", "ann's"]);
    store.keep("term", "7");
    assert.match(document.cookie, /^sc-late=v=1&epoch=2&session=ann's&term=7&/);
  }
});

test("what a page has deleted is not there again when it is told late of having written it", () => {
  const { written, show, store } = page();
  store.keep("session", "ann's");
  store.keep("session", undefined);
  assert.equal(document.cookie, "");
  show(written[0]);
  assert.deepEqual([store.item("session"), store.names()], [undefined, ""]);
});

test("what another page writes counts, though it has been here before", () => {
  const { show, store } = page();
  const other = kept(2, "late", undefined, 0);
  other.keep("epoch", "1");
  const before = document.cookie;
  store.keep("epoch", "2");
  show(before);
  assert.equal(store.item("epoch"), "1");
});
