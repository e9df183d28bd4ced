// A TCP proxy between page and server. It cuts, refuses, holds and counts, and writes down what the
// client sent well enough to tell a WebSocket from long-polling. It changes no byte of what it lets pass.
import { createServer, connect } from "node:net";

export class Proxy {
  /** `target` is the port of the real server on this machine. */
  static async start(target) {
    const proxy = new Proxy();
    proxy.target = target;
    proxy.mode = "pass";        // pass | refuse (close at once) | hold (accept, say nothing) | no-upgrade (403 to WebSockets)
    proxy.links = new Set();
    proxy.accepted = 0;
    proxy.requests = [];        // {method, path, upgrade, body} of every HTTP request seen
    proxy.frames = [];          // text of every WebSocket frame the client sent; null when compressed
    proxy.upgraded = 0;         // WebSockets the server accepted
    proxy.server = createServer((socket) => proxy.#accept(socket));
    await new Promise((done) => proxy.server.listen(0, "127.0.0.1", done));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  get origin() { return `http://127.0.0.1:${this.port}`; }

  /** The same address through the proxy. */
  through(url) {
    const copy = new URL(url);
    copy.host = `127.0.0.1:${this.port}`;
    return copy.href;
  }

  get open() { return this.links.size; }

  /** Ends every connection of the moment, as a broken network does (reset, no closing handshake). */
  cut() {
    for (const link of this.links) link.end();
  }

  /** Every connection of the moment dies at the server's side, and the client hears nothing of it: a network that is gone. */
  deafen() {
    for (const link of this.links) {
      link.deaf = true;
      link.upstream?.destroy();
    }
  }

  /** Bayeux channels of the requests sent as `kind`: "websocket" or "long-polling". */
  channels(kind) {
    const texts = kind === "websocket" ? this.frames : this.requests.filter((r) => r.method === "POST").map((r) => r.body);
    return texts.flatMap((text) => {
      try {
        const parsed = JSON.parse(text);
        return (Array.isArray(parsed) ? parsed : [parsed]).map((message) => message.channel).filter(Boolean);
      } catch {
        return [];
      }
    });
  }

  async stop() {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }

  #accept(client) {
    this.accepted += 1;
    client.on("error", () => {});
    if (this.mode === "refuse") return client.resetAndDestroy();
    const link = { client, upstream: null, end: () => { client.resetAndDestroy(); link.upstream?.resetAndDestroy(); } };
    this.links.add(link);
    client.once("close", () => { this.links.delete(link); link.upstream?.destroy(); });
    if (this.mode === "hold") return client.resume();
    const upstream = link.upstream = connect(this.target, "127.0.0.1");
    upstream.on("error", () => client.resetAndDestroy());
    upstream.once("close", () => link.deaf || client.destroy());
    const reader = new Reader(this);
    client.on("data", (bytes) => {
      if (reader.read(bytes) === "refuse") {
        client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        upstream.destroy();
        return;
      }
      if (!link.deaf) upstream.write(bytes);
    });
    client.once("end", () => upstream.end());
    upstream.on("data", (bytes) => {
      if (reader.upgrading && bytes.subarray(0, 12).toString() === "HTTP/1.1 101") this.upgraded += 1;
      reader.upgrading = false;
      client.write(bytes);
    });
  }
}

/** Reads one connection's client side: requests, then frames after an upgrade. */
class Reader {
  constructor(proxy) {
    this.proxy = proxy;
    this.rest = Buffer.alloc(0);
    this.socket = false;
    this.upgrading = false;
  }

  read(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      const before = this.rest.length;
      const word = this.socket ? this.#frame() : this.#request();
      if (word === "refuse") return word;
      if (this.rest.length === before) return "pass";
    }
  }

  #request() {
    const end = this.rest.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [line, ...headers] = this.rest.subarray(0, end).toString("latin1").split("\r\n");
    const [method, path] = line.split(" ");
    const header = (name) => headers.find((h) => h.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1).trim();
    const upgrade = /websocket/i.test(header("upgrade") ?? "");
    const length = Number(header("content-length") ?? 0);
    if (this.rest.length < end + 4 + length) return undefined;
    const body = this.rest.subarray(end + 4, end + 4 + length).toString();
    this.rest = this.rest.subarray(end + 4 + length);
    this.proxy.requests.push({ method, path, upgrade, body });
    if (upgrade && this.proxy.mode === "no-upgrade") return "refuse";
    if (upgrade) this.socket = this.upgrading = true;
    return undefined;
  }

  #frame() {
    const b = this.rest;
    if (b.length < 6) return;
    let length = b[1] & 0x7f;
    let at = 2;
    if (length === 126) { length = b.readUInt16BE(2); at = 4; }
    else if (length === 127) { if (b.length < 14) return; length = Number(b.readBigUInt64BE(2)); at = 10; }
    if (b.length < at + 4 + length) return;
    const mask = b.subarray(at, at + 4);
    const data = Buffer.from(b.subarray(at + 4, at + 4 + length));
    for (let i = 0; i < data.length; i += 1) data[i] ^= mask[i & 3];
    if ((b[0] & 0x0f) === 1) this.proxy.frames.push(b[0] & 0x40 ? null : data.toString());
    this.rest = b.subarray(at + 4 + length);
  }
}
