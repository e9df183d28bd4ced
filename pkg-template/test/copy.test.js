// The copy of our JavaScript that Rust imports is made of the files as they are.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { copy } from "../../xtask/js/copy.mjs";

test("src/bundle.js has in it what the files beside it have (else: node xtask/js/copy.mjs)", async () => {
  const made = await readFile(new URL("../../src/bundle.js", import.meta.url), "utf8");
  assert.ok(made === await copy(), "src/bundle.js is not what src/**/*.js makes: node xtask/js/copy.mjs");
});
