import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { pages } from "../measures/startup.mjs";
import { Site } from "../site.mjs";

/** Status, headers and bytes as they were sent. */
const ask = (address) => new Promise((done, fail) => {
  get(address, { headers: { "accept-encoding": "br" } }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
  }).on("error", fail);
});

test("the site sends stored brotli under every cold address, and nothing from elsewhere", async () => {
  const folder = mkdtempSync(join(tmpdir(), "support-chat-bench-test-"));
  writeFileSync(join(folder, "a.wasm"), "x".repeat(1000));
  const site = await Site.start({ folder, made: { "made.html": "<p>made" } });
  try {
    const address = site.page("npm/a.wasm");
    assert.notEqual(site.page("npm/a.wasm"), address);
    const { status, headers, body } = await ask(address);
    assert.deepEqual([status, headers["content-type"], headers["content-encoding"]], [200, "application/wasm", "br"]);
    assert.ok(body.length < 100);
    assert.equal(brotliDecompressSync(body).length, 1000);
    assert.equal(brotliDecompressSync((await ask(site.page("made.html"))).body).toString(), "<p>made");
    for (const name of ["nothing.js", "npm/nothing.js", "npm/", "%2e%2e/%2e%2e/package.json"]) assert.equal((await ask(site.page(name))).status, 404, name);
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the pages compared differ in the head only", () => {
  const made = pages("http://127.0.0.1:1/cometd");
  const { "chat.html": chat, "bare.html": bare, "floor.html": floor, "empty.html": empty } = made;
  assert.match(chat, /modulepreload/);
  assert.doesNotMatch(bare, /preload/);
  assert.match(bare, /embed\.js.*data-load="immediate"/);
  assert.doesNotMatch(floor, /embed\.js/);
  const body = (page) => page.slice(page.indexOf("</head>"));
  for (const page of [chat, bare, floor]) assert.equal(body(page), body(empty));
  for (const page of Object.values(made)) assert.doesNotMatch(page, /\{\{/);
});
