// What a page does wrong before the module is there, or what is wrong with the page: nothing throws, nothing hangs, and
// every call is answered as it would be afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "../names.js";
import { SupportChatError } from "../errors.js";
import { fresh, methodsOfInner, outcome, task } from "./env.js";

methodsOfInner(METHODS);

const keep = () => Object.assign(localStorage, { "sc:default:session": '{"epoch":1}', "sc:default:draft": "null" });
const refuse = () => {
  throw Object.assign(new Error("unknown option `clearStorge`, did you mean `clearStorage`?"), { code: "invalid_config", recoverable: false });
};

test("shutdown with what it does not know is refused as the module would, and never taken for the plain one", async () => {
  for (const wrong of [{ clearStorge: true }, { clearStorage: true, all: true }, "x", true, 7, () => {}]) {
    const page = fresh();
    keep();
    globalThis.fakeGlue.answers.shutdown = refuse;
    const { error } = await outcome(page.create().shutdown(wrong));
    assert.match(error?.message ?? "resolved", /`clearStorage`/, String(JSON.stringify(wrong)));
    assert.ok(error instanceof SupportChatError);
    assert.deepEqual(page.inners[0].calls, [["shutdown", wrong]]);
    assert.ok("sc:default:draft" in localStorage, "nothing was done");
  }
});

test("shutdown with what it knows deletes within the call, without the module", async () => {
  const event = { isTrusted: true, preventDefault() {} }; // as a browser's, whose members are its class's
  for (const right of [[], [event], [undefined], [null], [{}], [{ clearStorage: undefined }], [{ clearStorage: false }], [{ clearStorage: true }]]) {
    const page = fresh();
    keep();
    const done = page.create().shutdown(...right);
    assert.ok(!("sc:default:draft" in localStorage));
    assert.equal("sc:default:session" in localStorage, right[0]?.clearStorage !== true);
    await done;
    assert.equal(page.imports, 0);
  }
});

test("a logger that throws stops nobody: every waiting call is answered, and the page hears of it", async () => {
  const page = fresh();
  globalThis.fakeGlue.make = refuse;
  const chat = page.create({ logger: () => { throw new Error("the logger's own"); } });
  const calls = [outcome(chat.boot()), outcome(chat.open())];
  for (const call of calls) assert.equal((await call).code, "invalid_config");
  assert.deepEqual(chat.heard, ["loading", "not_initialized", "invalid_config"]);
  assert.deepEqual(page.reported.map(String), ["Error: the logger's own"]);
});

test("createChat never throws: options that cannot even be read are invalid_config to every call", async () => {
  const own = new RangeError("the page's own");
  const fail = () => { throw own; };
  for (const given of [{ get load() { return fail(); } }, new Proxy({}, { ownKeys: fail })]) {
    const page = fresh();
    const chat = page.api.createChat(given);
    for (const call of [chat.boot(), chat.open(), chat.load()]) {
      const { code, error } = await outcome(call);
      assert.deepEqual([code, error.numeric, error.cause, error instanceof SupportChatError], ["invalid_config", 3, own, true]);
      assert.match(error.message, /the page's own/);
    }
    assert.equal(page.inners.length, 0);
    await chat.destroy();
  }
  const { code } = await outcome(fresh().api.createChat({ get load() { throw null; } }).boot());
  assert.equal(code, "invalid_config");
});

test("a launcher that cannot be made for its selector is named", async () => {
  const page = fresh({ launcher: () => { throw new DOMException("'##' is not a selector", "SyntaxError"); } });
  const chat = page.create({ launcher: { selector: "##" } });
  const { code, error } = await outcome(chat.boot());
  assert.equal(code, "invalid_config");
  assert.match(error.message, /`launcher\.selector`.*'##'/);
  assert.deepEqual(chat.heard, ["loading", "not_initialized", "invalid_config"]);
});

test("the code of an error is a word: a DOMException, whose code is a number, is a stranger", async () => {
  const strange = new DOMException("cut short", "AbortError");
  const page = fresh();
  globalThis.fakeGlue.init = async () => { throw strange; };
  const chat = page.create();
  const first = await outcome(chat.boot());
  assert.deepEqual([first.code, first.error.numeric, first.error.recoverable, first.error.cause], ["load_failed", 100, true, strange]);
  globalThis.fakeGlue.init = async () => {};
  globalThis.fakeGlue.answers.rate = () => { throw strange; };
  assert.equal((await outcome(chat.rate())).code, "internal_error");
});

test("a launcher that can never do anything is hidden, and given back at the end", async () => {
  const seen = [];
  const page = fresh({ launcher: () => ({ mark: (name, value) => name == "hidden" && seen.push(value) }) });
  globalThis.fakeGlue.init = async () => { throw new WebAssembly.CompileError("blocked"); };
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class { constructor() { throw new EvalError("refused"); } };
  const chat = page.create();
  assert.equal((await outcome(chat.boot())).code, "csp_blocked");
  WebAssembly.Instance = Instance;
  assert.deepEqual(seen, [true]);
  await chat.destroy();
  assert.deepEqual(seen, [true, undefined]);
});

test("a click whose call comes to nothing is waited for no more", async () => {
  const seen = [];
  const page = fresh({ launcher: () => ({ mark: (...marked) => seen.push(marked) }) });
  page.importCore = () => Promise.reject(new TypeError("no network"));
  const chat = page.create();
  assert.equal((await outcome(chat.open())).code, "load_failed");
  assert.deepEqual(seen, [["ariaBusy"]], "the click");
  page.importCore = () => new Promise(() => {});
  const other = page.create();
  const opening = outcome(other.open());
  await other.shutdown();
  assert.deepEqual([(await opening).code, seen.length], ["aborted", 2]);
});

test("launcher calls made before the module is there are done at once and fetch nothing", async () => {
  const seen = [];
  const page = fresh({ launcher: () => ({ mark: (...marked) => seen.push(marked) }) });
  const chat = page.create();
  await Promise.all([chat.hideLauncher(), chat.showLauncher(), chat.setLauncherVisible(false), chat.setLauncherVisible(true)]);
  assert.deepEqual(seen, [true, false, true, false].map((hidden) => ["hidden", hidden]));
  assert.equal(page.imports, 0);
});

test("until the module is there, the launcher opens", async () => {
  let click;
  const page = fresh({ launcher: (options, signal, given) => { click = given; } });
  page.create();
  await Promise.all([click(), click()]);
  await task();
  assert.deepEqual(page.inners[0].calls, [["open"], ["open"]]);
});
