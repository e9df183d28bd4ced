// The pages and files: the demo shop, the agent console, and the built package under /package/.
import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { json } from "./http.mjs";

const PUBLIC = fileURLToPath(new URL("../public", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".json": "application/json",
  ".map": "application/json", ".ts": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
};
const WIDGET = '<script src="/settings.js"></script>\n<script src="/package/embed.js" async></script>';
const NOT_BUILT = '<p class="not-built" role="status">The chat is not here yet: its package has not been built. ' +
  "Run <code>cargo xtask build</code> and reload this page.</p>";

export class Pages {
  #package;
  #test;

  constructor(options) {
    this.#package = options.package;
    this.#test = options.test;
  }

  async handle(request, response, path) {
    if (request.method !== "GET" && request.method !== "HEAD") return json(response, 405, { error: "method_not_allowed" });
    if (path === "/") return this.#shop(request, response);
    if (path === "/agent" || path === "/agent/") return this.#file(request, response, PUBLIC, "agent/index.html");
    if (path === "/settings.js") return send(request, response, this.#settings(), TYPES[".js"]);
    if (path.startsWith("/package/")) return this.#file(request, response, this.#package, path.slice("/package/".length));
    if (path.startsWith("/shop/") || path.startsWith("/agent/")) return this.#file(request, response, PUBLIC, path.slice(1));
    return json(response, 404, { error: "not_found" });
  }

  async #shop(request, response) {
    const page = await readFile(join(PUBLIC, "shop/index.html"), "utf8");
    const built = await stat(join(this.#package, "embed.js")).then((found) => found.isFile(), () => false);
    return send(request, response, page.replace("<!-- widget -->", built ? WIDGET : NOT_BUILT), TYPES[".html"]);
  }

  // The page's own address decides where the chat server is: it may be opened as localhost or as 127.0.0.1.
  #settings() {
    const fixed = 'window.SupportChatSettings = { serverUrl: new URL("/cometd", location.href).href, ...window.shopIdentity };\n';
    if (!this.#test) return fixed;
    // Tests set options by the address; outside of tests a link must not be able to.
    return `${fixed}Object.assign(window.SupportChatSettings, JSON.parse(new URLSearchParams(location.search).get("settings") ?? "{}"));\n`;
  }

  async #file(request, response, root, name) {
    const type = TYPES[extname(name)];
    const base = await realpath(root).catch(() => undefined);
    const file = base && type && (await realpath(join(base, name)).catch(() => undefined));
    if (!file || !file.startsWith(base + sep)) return json(response, 404, { error: "not_found" });
    const body = await readFile(file).catch(() => undefined);
    if (!body) return json(response, 404, { error: "not_found" });
    return send(request, response, body, type);
  }
}

function send(request, response, body, type) {
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 24)}"`;
  const headers = {
    "Content-Type": type, "Cache-Control": "no-cache", ETag: tag, "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
  };
  if (type === TYPES[".html"]) headers["Content-Security-Policy"] = policy(request.headers.host);
  if (request.headers["if-none-match"] === tag) return response.writeHead(304, headers).end();
  response.writeHead(200, headers);
  return response.end(request.method === "HEAD" ? undefined : body);
}

/** The strict policy the widget promises to live under. */
export function policy(host) {
  // Not every browser counts ws: to the page's own host as 'self'.
  const self = /^[A-Za-z0-9.-]+(:\d+)?$/.test(host ?? "") ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", `connect-src 'self'${self}`,
    "img-src 'self' blob:", "base-uri 'none'", "form-action 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join("; ");
}
