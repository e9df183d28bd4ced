// usage: node brotli.mjs FILE…   prints [[raw, brotli], …] in bytes, at the quality a CDN stores with (11).
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const sizes = process.argv.slice(2).map((path) => {
  const raw = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  return [raw.length, brotliCompressSync(raw, { params }).length];
});
console.log(JSON.stringify(sizes));
