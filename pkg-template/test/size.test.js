// The script tag's budget: the loader with the launcher, as the build makes it, at the quality a CDN stores with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { embed } from "../../xtask/js/embed.mjs";

test("embed.js is at most 3,000 bytes", async () => {
  const text = await embed({ build, minify }, new URL("../embed.js", import.meta.url).pathname, {
    target: ["chrome105", "firefox115", "safari16.4"],
    define: { SUPPORT_CHAT_VERSION: '"0.1.0"' },
  });
  const bytes = brotliCompressSync(Buffer.from(text), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  assert.ok(bytes <= 3000, `${bytes} bytes`);
});
