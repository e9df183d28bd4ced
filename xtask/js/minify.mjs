// usage: node minify.mjs <glue> <out>   core.js: the generated glue with the half of the handle that needs it, one ES module.
import { build } from "esbuild";
import { resolve } from "node:path";

const [glue, outfile] = process.argv.slice(2);
const entry = /[/\\]headless[/\\]/.test(outfile) ? "module_headless.js" : "module.js";
const generated = {
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /^\.\/glue\.js$/ }, () => ({ path: resolve(glue) }));
  },
};
await build({
  entryPoints: [new URL(`../../pkg-template/${entry}`, import.meta.url).pathname],
  plugins: [generated],
  outfile,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});
