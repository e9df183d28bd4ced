// A server that answers with anything but Bayeux, by HTTP and by WebSocket.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const deep = "[".repeat(200) + "]".repeat(200);
const answers = {
  html: "<!doctype html><title>502</title><h1>Bad gateway</h1>",
  empty: "",
  text: "not json at all {",
  types: JSON.stringify([{ channel: 7, id: {}, successful: "yes", clientId: [], advice: "none" }, null, 3, "x", [[]]]),
  handshake: JSON.stringify([{ channel: "/meta/handshake", successful: true, version: "1.0" }]),
  deep: `[{"channel":"/meta/handshake","data":${deep}}]`,
  huge: `[{"channel":"/meta/handshake","successful":true,"clientId":"${"x".repeat(2_000_000)}"}]`,
};

export const kinds = Object.keys(answers);

export class Garbage {
  static async start(kind) {
    const garbage = new Garbage();
    garbage.asked = 0;
    const body = answers[kind];
    garbage.server = createServer((request, response) => {
      garbage.asked += request.method === "POST" ? 1 : 0;
      request.resume();
      response.writeHead(200, {
        "content-type": kind === "html" ? "text/html" : "application/json",
        "access-control-allow-origin": request.headers.origin ?? "*", "access-control-allow-credentials": "true",
        "access-control-allow-headers": "content-type", "access-control-allow-methods": "POST",
      }).end(body);
    });
    garbage.sockets = new WebSocketServer({ server: garbage.server });
    garbage.sockets.on("connection", (socket) => socket.on("message", () => { garbage.asked += 1; socket.send(body); }));
    await new Promise((done) => garbage.server.listen(0, "127.0.0.1", done));
    garbage.port = garbage.server.address().port;
    return garbage;
  }

  async stop() {
    for (const socket of this.sockets.clients) socket.terminate();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
