// usage: node bundle.mjs <pkg-template> <out>
// Bundles the package's entries with esbuild. The glue (core.js) and the wasm file are already in <out>:
// every entry but inline.js leaves them outside, so that a page loads them when it needs them.
import { build } from "esbuild";
import { cp, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

const [source, out] = process.argv.slice(2).map((path) => resolve(path));

const shared = {
  bundle: true,
  minify: true,
  target: ["chrome105", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
};

/** The generated files as seen from an entry: bundled into inline.js, imported at run time by all others. */
const generated = (inline) => ({
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /(^|\/)(core\.js|support_chat_bg\.wasm)$/ }, ({ path }) =>
      inline ? { path: join(out, path) } : { path, external: true },
    );
  },
});

const esm = (entries, inline) =>
  build({
    ...shared,
    entryPoints: entries.map((name) => join(source, name)),
    outdir: out,
    format: "esm",
    loader: { ".wasm": "binary" },
    plugins: [generated(inline)],
  });

await esm(["index.js", "headless.js", "ssr.js", "testing.js"], false);
await esm(["inline.js"], true);
await build({ ...shared, entryPoints: [join(source, "embed.js")], outdir: out, format: "iife" });

const copied = (await readdir(source)).filter((name) => name.endsWith(".d.ts") || name === "README.md");
for (const name of copied) await cp(join(source, name), join(out, name));
