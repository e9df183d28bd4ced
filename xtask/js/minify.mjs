// usage: node minify.mjs <in> <out>   the generated glue, minified; it stays one ES module of its own.
import { build } from "esbuild";

const [entry, outfile] = process.argv.slice(2);
await build({ entryPoints: [entry], outfile, minify: true, format: "esm", target: "es2022", logLevel: "warning" });
