#!/usr/bin/env node
// src/bundle.js: our JavaScript in one file, which Rust imports. A browser asks at once for all that a module imports, by
// more connections than the server of `wasm-pack test` has threads to begin with, and it may then never answer on one of
// them. The package is built of the files themselves (minify.mjs); a test holds this copy to them.
// After a change of src/**/*.js: node xtask/js/copy.mjs
import { build } from "esbuild";
import { writeFile } from "node:fs/promises";

/** What Rust imports. */
export const entry = {
  contents: 'export * from "./web.js"; export * from "./page.js"; export { store } from "./page_store.js"; export { panel } from "./widget/panel.js";',
  resolveDir: new URL("../../src", import.meta.url).pathname,
};

/** The text of the copy. */
export async function copy() {
  const { outputFiles: [file] } = await build({
    stdin: entry, bundle: true, format: "esm", charset: "utf8", minifyWhitespace: true, lineLimit: 400, write: false,
    banner: { js: "// Our JavaScript, src/**/*.js, in one file. Written by: node xtask/js/copy.mjs" },
  });
  return file.text;
}

if (process.argv[1] === new URL(import.meta.url).pathname) await writeFile(`${entry.resolveDir}/bundle.js`, await copy());
