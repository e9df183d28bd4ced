// usage: node bundle.mjs <pkg-template> <out> <version>
// Bundles the package's entries with esbuild. The glue (core.js) and the wasm file are already in <out>:
// every entry but inline.js leaves them outside, so that a page loads them when it needs them.
import { build } from "esbuild";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { minify } from "terser";
import { embed } from "./embed.mjs";

const [source, out] = process.argv.slice(2, 4).map((path) => resolve(path));
const version = process.argv[4];

const shared = {
  bundle: true,
  minify: true,
  target: ["chrome105", "firefox115", "safari16.4"],
  define: { SUPPORT_CHAT_VERSION: JSON.stringify(version) },
  legalComments: "none",
  logLevel: "warning",
  outdir: out,
};

const GENERATED = /^\.\/(headless\/)?(core\.js|support_chat_bg\.wasm)$/;

/** The generated files stay outside and are imported at run time. */
const outside = {
  name: "outside",
  setup(build) {
    build.onResolve({ filter: GENERATED }, ({ path }) => ({ path, external: true }));
  },
};

/** The generated files are part of the bundle. */
const inside = {
  name: "inside",
  setup(build) {
    build.onResolve({ filter: GENERATED }, ({ path }) => ({ path: join(out, path) }));
    build.onLoad({ filter: /\/core\.js$/ }, async ({ path }) => {
      const glue = await readFile(path, "utf8");
      // A bundler that sees this address would copy a wasm file which nobody fetches.
      const contents = glue.replace(/new URL\("support_chat_bg\.wasm",import\.meta\.url\)/, "void 0");
      if (contents === glue) throw new Error("the glue no longer names its wasm file as expected");
      return { contents };
    });
  },
};

const entries = (...names) => names.map((name) => join(source, name));
await Promise.all([
  build({ ...shared, format: "esm", plugins: [outside], entryPoints: entries("index.js", "headless.js", "ssr.js", "testing.js") }),
  build({ ...shared, format: "esm", plugins: [inside], entryPoints: entries("inline.js"), loader: { ".wasm": "base64" } }),
  embed({ build, minify }, join(source, "embed.js"), shared).then((text) => writeFile(join(out, "embed.js"), text)),
]);

// esbuild drops the comments that keep other bundlers from looking into the second import of again.js.
for (const name of ["index.js", "headless.js"]) {
  const text = await readFile(join(out, name), "utf8");
  const marked = text.replace(/import\((?=\w+\+="\?"\))/, "import(/*webpackIgnore:true*//*@vite-ignore*/");
  if (marked === text) throw new Error(`${name} no longer imports again as expected`);
  await writeFile(join(out, name), marked);
}

const copied = (await readdir(source)).filter((name) => name.endsWith(".d.ts") || name === "stub.js" || name === "README.md");
for (const name of copied) await cp(join(source, name), join(out, name));
const api = join(source, "../src/api");
await cp(join(api, "types.d.ts"), join(out, "index.d.ts"));
for (const name of ["nouns.d.ts", "transport.d.ts"]) await cp(join(api, name), join(out, name));
