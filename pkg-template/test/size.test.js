// The script tag's budget: the loader with the launcher, as the build makes it, at the quality a CDN stores with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

test("embed.js is at most 3,000 bytes", async () => {
  const { outputFiles: [file] } = await build({
    entryPoints: [new URL("../embed.js", import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome105", "firefox115", "safari16.4"],
    define: { SUPPORT_CHAT_VERSION: '"0.1.0"' },
  });
  const bytes = brotliCompressSync(file.contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  assert.ok(bytes <= 3000, `${bytes} bytes`);
});
