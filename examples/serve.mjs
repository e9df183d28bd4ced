// usage: node examples/serve.mjs <example> [--server] [--port N]
// A page and the built package (target/package, at /support-chat/) on one origin. With --server the example server runs
// beside it, on port 8080. Prints one line of JSON when ready; SIGTERM and Ctrl+C end both.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals: [name] } = parseArgs({
  allowPositionals: true,
  options: { server: { type: "boolean", default: false }, port: { type: "string", default: "3000" } },
});
const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const roots = { "/support-chat/": join(here, "../target/package"), "/": join(here, name ?? "") };
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

if (!name) {
  console.error("usage: node examples/serve.mjs <example> [--server] [--port N]");
  process.exit(2);
}

const answer = async ({ url }, response) => {
  let path;
  try {
    path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
  } catch {
    return response.writeHead(400).end("no address");
  }
  const root = Object.keys(roots).find((prefix) => path.startsWith(prefix));
  const file = join(roots[root], path.slice(root.length) || "index.html");
  try {
    const body = await readFile(file);
    response.writeHead(200, { "content-type": `${types[extname(file)] ?? "application/octet-stream"}; charset=utf-8`.replace(/(wasm|stream);.*/, "$1") }).end(body);
  } catch {
    response.writeHead(404).end(path.startsWith("/support-chat/") ? "not built yet: cargo xtask build" : "not here");
  }
};

const children = [];
if (values.server) {
  const data = join(here, "../target/example-data");
  children.push(spawn(process.execPath, [join(here, "server/main.mjs"), "--data", data], { stdio: "inherit" }));
}
const web = createServer((request, response) => void answer(request, response));
web.listen(Number(values.port), "127.0.0.1", () => {
  console.log(JSON.stringify({ ready: true, page: `http://127.0.0.1:${web.address().port}/` }));
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    for (const child of children) child.kill();
    web.closeAllConnections();
    web.close();
  });
}
