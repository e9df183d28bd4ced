// The HTTP side: which address is answered by whom, who may ask, and the answers' common forms.
import { createServer } from "node:http";
import { isSameOrigin } from "./origins.mjs";
import { refuseRequest, refuseSocket } from "./strangers.mjs";

export const MAX_BODY = 128 * 1024;

/** `parts`: `{adapter, transports, allows(origin), revokeUrl, shop?, pages, desk, debug?}`. */
export function httpServer({ adapter, transports, allows, revokeUrl, shop, pages, desk, debug }) {
  const server = createServer((request, response) => {
    route(request, response).catch((error) => {
      console.error(`${request.method} ${request.url} failed: ${error.message}`);
      if (!response.headersSent) json(response, 500, { error: "internal_error" });
      else response.destroy();
    });
  });

  async function route(request, response) {
    const path = pathOf(request);
    if (path === undefined) return json(response, 400, { error: "bad_request" });
    if (path === adapter.mount) return bayeux(request, response);
    const special = [revokeUrl, shop].find((one) => one?.path === path);
    if (special) {
      if (!allows(request.headers.origin)) return json(response, 403, { error: "forbidden_origin" });
      return special.handle(request, response);
    }
    if (path.startsWith("/agent/api/")) {
      // The console has no login; at least no foreign page can drive it.
      if (!isSameOrigin(request)) return json(response, 403, { error: "forbidden_origin" });
      return desk.handle(request, response, path.slice("/agent/api".length));
    }
    if (debug && path.startsWith("/debug/")) return debug.handle(request, response, path);
    return pages.handle(request, response, path);
  }

  function bayeux(request, response) {
    if (!allows(request.headers.origin)) return refuseRequest(request, response);
    if (request.method !== "POST" && request.method !== "OPTIONS") return json(response, 405, { error: "method_not_allowed" });
    if (request.method === "POST" && !transports.includes("long-polling")) return json(response, 404, { error: "not_found" });
    if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) return json(response, 413, { error: "too_large" });
    if (debug?.answers(request, response)) return undefined;
    // faye would read on for ever. A body that tells no length is counted while it comes.
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
      if (size > MAX_BODY) request.destroy();
    });
    return adapter.handle(request, response);
  }

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (pathOf(request) !== adapter.mount || !transports.includes("websocket")) return refuse(socket, "404 Not Found");
    if (!allows(request.headers.origin)) return refuseSocket(request, socket, head);
    debug?.watch(socket);
    return adapter.upgrade(request, socket, head);
  });
  return server;
}

function refuse(socket, status) {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf(request) {
  try {
    return decodeURIComponent(new URL(request.url, "http://host").pathname);
  } catch {
    return undefined;
  }
}

export function json(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
  });
  response.end(text);
}

/** The JSON object of a request's body, or `undefined` when it is none. */
export async function bodyOf(request) {
  const text = await textOf(request, MAX_BODY);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A request's body, or `undefined` when it is larger than `most` bytes. */
export async function textOf(request, most) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
