// The measurements' own web server. Sends files as a CDN would: stored as brotli 11, cacheable. Every address exists under
// any first folder (`/cold-7/…`), so that a run can have one that no cache has seen.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const here = new URL("site/", import.meta.url).pathname;
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".wasm": "application/wasm",
};

export class Site {
  /** `folder`: the unpacked package, below `npm/`. `made`: files that are on no disk, name → text. */
  static async start({ folder, made = {} }) {
    const site = new Site();
    const stored = new Map(); // name → {type, brotli}, or null where there is no such file
    const file = (name) => {
      if (!stored.has(name)) stored.set(name, read(name, folder, made));
      return stored.get(name);
    };
    site.server = createServer(({ url }, response) => {
      const { pathname } = new URL(url, "http://site");
      const found = file(normalize(decodeURIComponent(pathname)).replace(/^\/[^/]+\//, ""));
      if (!found) return void response.writeHead(404).end("not here");
      response.writeHead(200, {
        "content-type": found.type, "content-encoding": "br", "content-length": found.brotli.length, "cache-control": "max-age=31536000",
      }).end(found.brotli);
    });
    await new Promise((done) => site.server.listen(0, "127.0.0.1", done));
    site.origin = `http://127.0.0.1:${site.server.address().port}`;
    site.cold = 0;
    return site;
  }

  /** The address of a page that nothing has been loaded of yet. */
  page(name, query = {}) {
    this.cold += 1;
    return `${this.origin}/cold-${this.cold}/${name}?${new URLSearchParams(query)}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

function read(name, folder, made) {
  try {
    const raw = name in made ? Buffer.from(made[name]) : readFileSync(name.startsWith("npm/") ? join(folder, name.slice(4)) : join(here, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
    return { type: types[extname(name)] ?? "application/octet-stream", brotli: brotliCompressSync(raw, { params }) };
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "EISDIR") return null;
    throw error;
  }
}
