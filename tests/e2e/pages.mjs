// The tests' own web server: pages on an origin of their own under the strict policy of the product
// page, the unpacked package beside them, and a counter of every violation the browsers report.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const here = new URL(".", import.meta.url).pathname;
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8", ".wasm": "application/wasm", ".json": "application/json", ".svg": "image/svg+xml",
};

export class Site {
  /** `folder` is the unpacked package; `servers` the origins pages may connect to; `host` what browsers call this machine. */
  static async start({ folder, servers = [], host = "127.0.0.1" }) {
    const site = new Site();
    site.folder = folder;
    site.host = host;
    site.servers = servers;
    site.reports = [];         // violation reports, as the browsers sent them
    site.expected = () => false;  // violations a test causes on purpose
    site.deny = null;          // a pattern of paths answered 404
    site.hold = null;          // a pattern of paths never answered
    site.slow = null;          // (path) → what is waited for before it is answered
    site.asked = [];
    site.answers = new Map();  // path → (url, request) → the text of what a backend of the site would say
    site.server = createServer((request, response) => {
      site.#answer(request, response).catch((error) => {
        response.writeHead(500).end(String(error));
      });
    });
    await new Promise((done) => site.server.listen(0, "127.0.0.1", done));
    site.port = site.server.address().port;
    return site;
  }

  get origin() { return `http://${this.host}:${this.port}`; }

  /** The address of a test page that makes these chats at load (so that a reload makes them again). */
  page(name, chats = [], query = {}) {
    const url = new URL(`/${name}`, this.origin);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    url.searchParams.set("chats", JSON.stringify(chats));
    return url.href;
  }

  policy(kind) {
    const servers = this.servers.flatMap((origin) => [origin, origin.replace(/^http/, "ws")]).join(" ");
    const wasm = kind === "no-wasm" ? "" : " 'wasm-unsafe-eval'";
    return `default-src 'none'; script-src 'self'${wasm}; style-src 'self'; connect-src 'self' ${servers}; ` +
      `img-src 'self' blob:; frame-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; report-uri /csp-report`;
  }

  /** What was reported and not meant. */
  violations() {
    return this.reports.filter((report) => !this.expected(report));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.origin);
    this.asked.push(url.pathname);
    if (url.pathname === "/csp-report") return this.#report(request, response);
    if (this.deny?.test(url.pathname)) return void response.writeHead(404).end("not here");
    if (this.hold?.test(url.pathname)) return undefined;
    await this.slow?.(url.pathname);
    const answer = this.answers.get(url.pathname);
    if (answer) return void response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" }).end(await answer(url, request));
    // What a bundler does with `import "support-chat"`: the package's own exports map decides the file.
    const bare = /^\/npm\/support-chat(\/[a-z]+)?$/.exec(url.pathname);
    if (bare) return void response.writeHead(302, { location: `/node_modules/support-chat/${exported(this.folder, `.${bare[1] ?? ""}`)}` }).end();
    const path = this.#file(url.pathname);
    let body;
    try {
      body = await readFile(path);
    } catch {
      return void response.writeHead(404).end("not here");
    }
    const type = extname(path);
    const headers = { "content-type": types[type] ?? "application/octet-stream", "cache-control": "no-store" };
    if (type === ".html") {
      headers["content-security-policy"] = this.policy(url.searchParams.get("csp"));
      headers["cache-control"] = url.searchParams.get("cache") ?? "no-store";
      body = this.#fill(body.toString(), url);
    } else if (type === ".wasm" || url.pathname.startsWith("/node_modules/")) {
      headers["cache-control"] = "max-age=600";
    }
    response.writeHead(200, headers).end(body);
  }

  #file(path) {
    const clean = normalize(decodeURIComponent(path)).replace(/^(\.\.(\/|$))+/, "");
    if (clean === "/axe.js") return join(here, "node_modules/axe-core/axe.min.js");
    if (clean === "/stub.js") return join(this.folder, "stub.js");
    if (clean.startsWith("/node_modules/support-chat/")) return join(this.folder, clean.slice("/node_modules/support-chat/".length));
    return join(here, "site", clean);
  }

  /** Puts what a page's address asks for into its markup: attributes of <html> and of the script tag. */
  #fill(text, url) {
    const attribute = (value) => String(value).replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    const embed = () => `/node_modules/support-chat/${exported(this.folder, "./embed")}`;
    const usual = { lang: "en", dir: "ltr" };
    return text.replace(/\{\{([a-z-]+)\}\}/g, (_, key) => attribute(url.searchParams.get(key) ?? (key === "embed" ? embed() : usual[key]) ?? ""));
  }

  async #report(request, response) {
    let text = "";
    for await (const part of request) text += part;
    try {
      const parsed = JSON.parse(text);
      for (const one of Array.isArray(parsed) ? parsed : [parsed]) {
        const report = one["csp-report"] ?? one.body ?? one;
        this.reports.push({
          directive: report["effective-directive"] ?? report.effectiveDirective ?? report["violated-directive"] ?? report.directive,
          blocked: report["blocked-uri"] ?? report.blockedURL ?? report.blocked,
          source: report["source-file"] ?? report.sourceFile,
          sample: report["script-sample"] ?? report.sample,
        });
      }
    } catch {
      this.reports.push({ directive: "unreadable report", sample: text.slice(0, 200) });
    }
    response.writeHead(204).end();
  }
}

/** The file behind one entry of the package, for a browser. */
export function exported(folder, entry) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const found = manifest.exports[entry];
  if (!found) throw new Error(`the package exports no ${entry}`);
  const file = typeof found === "string" ? found : found.browser ?? found.import ?? found.default;
  return file.replace(/^\.\//, "");
}
