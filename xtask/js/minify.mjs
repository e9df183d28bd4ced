// usage: node minify.mjs <glue> <names.json> <out>
// core.js: the generated glue, with the short import and export names wasm-opt gave, and the half of the handle that
// needs it, one ES module. Style sheets and drawings of elements in it lose what only people need.
import { build, transform } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { minify } from "terser";
import { entry } from "./copy.mjs";
import { lean } from "./lean.mjs";

const [source, list, outfile] = process.argv.slice(2);
const { imports, exports } = JSON.parse(await readFile(list, "utf8"));
let glue = lean(await readFile(source, "utf8"));
const template = (name) => new URL(`../../pkg-template/${name}`, import.meta.url).pathname;

/** Replaces what must stand there exactly once. */
const once = (text, replacement) => {
  const parts = glue.split(text);
  if (parts.length !== 2) throw new Error(`${text} stands ${parts.length - 1} times in the glue`);
  glue = parts.join(replacement);
};

/** The oldest browsers of the README. */
const FLOOR = ["chrome105", "firefox115", "safari16.4"];

const OWN = "./support_chat_bg.js";
for (const [module, long, short] of imports) {
  if (module === OWN) once(` ${long}: `, ` ${short}: `);
  // Functions of our own JavaScript that need no conversion are imported from it directly.
  else once("const import0 = {", `const import0 = { ${short}: import1.${long},`);
}
// wasm-opt calls every module "a".
once(`"${OWN}": `, '"a": ');
glue = glue.replace(/^ *"\.\/snippets\/.*: import\d+,$/gm, "");
// What goes in is watched for traps.
once("wasm = instance.exports;", "wasm = guarded(instance.exports);");
glue = `import { guarded } from ${JSON.stringify(template("doors.js"))};\n${glue}`;
const shortOf = new Map(exports);
glue = glue.replace(/\bwasm\.([\w$]+)/g, (text, name) => {
  if (!shortOf.has(name)) throw new Error(`${text} is no export`);
  return `wasm.${shortOf.get(name)}`;
});

const half = /[/\\]headless[/\\]/.test(outfile) ? "module_headless.js" : "module.js";
const generated = {
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /^\.\/glue\.js$/ }, () => ({ path: resolve(source) }));
    // In place of the copy what it is made of. The panel's files do nothing by being imported: the headless build has none.
    build.onResolve({ filter: /[/\\]src[/\\]bundle\.js$/ }, () => ({ path: "ours", namespace: "ours" }));
    build.onLoad({ filter: /^ours$/, namespace: "ours" }, () => entry);
    build.onResolve({ filter: /^\.\/widget\/panel\.js$/ }, () => ({ path: `${entry.resolveDir}/widget/panel.js`, sideEffects: false }));
    build.onLoad({ filter: /support_chat\.js$/ }, () => ({ contents: glue, resolveDir: dirname(resolve(source)) }));
  },
};
/** A style sheet stands in a template of its own, which esbuild would leave as it is. */
const sheets = {
  name: "sheets",
  setup(build) {
    build.onLoad({ filter: /[/\\]sheet\.js$/ }, async ({ path }) => {
      const [before, sheet, after] = (await readFile(path, "utf8")).split("`").slice(-3);
      const { code } = await transform(sheet, { loader: "css", minify: true, target: FLOOR, charset: "utf8" });
      if (/[\\`$]/.test(code)) throw new Error(`${path} holds what means something else in a template`);
      return { contents: `${before}\`${code.trim()}\`${after}` };
    });
  },
};
const { outputFiles: [file] } = await build({
  entryPoints: [template(half)],
  plugins: [generated, sheets],
  outfile,
  write: false,
  bundle: true,
  minify: true,
  // A module is UTF-8 whatever the page is.
  charset: "utf8",
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
// As in embed.mjs. No function here is called by `new`, and none has a prototype: each may become an arrow.
const { code } = await minify(file.text, { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true } });
await writeFile(outfile, code);
