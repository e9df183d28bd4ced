// The real example server as a child process: started on a free port, killed without mercy, started
// again on the same port and data.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill, start } from "./children.mjs";
import { within } from "./within.mjs";

const main = new URL("../../examples/server/main.mjs", import.meta.url).pathname;

/** A server that nobody has yet: started while a test waits for other things, taken by the next one. */
let spare;

export class Server {
  /** One that runs already, if it is an ordinary one. What is spare in the end goes with the run. */
  static take({ folder, args = [] }) {
    if (args.length) return Server.start({ folder, args });
    const taken = spare ?? Server.start({ folder });
    spare = Server.start({ folder });
    spare.catch(() => {}); // it is told to whom takes it
    return taken;
  }

  /** Nobody takes one any more. */
  static async spareNone() {
    await spare?.then((server) => server.stop(), () => {});
    spare = undefined;
  }

  static async start({ folder, args = [], home = tmpdir() } = {}) {
    const server = new Server();
    server.folder = folder;
    server.args = args;
    server.data = mkdtempSync(join(home, "support-chat-e2e-data-"));
    server.log = [];
    await server.up(0);
    return server;
  }

  /** Starts the process; resolves when it said that it listens. */
  async up(port = this.port) {
    const more = this.folder ? ["--package", this.folder] : [];
    const child = this.child = start(process.execPath,
      [main, "--port", String(port), "--data", this.data, "--test", ...more, ...this.args], { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (text) => this.log.push(String(text)));
    const line = await within(new Promise((done, fail) => {
      let text = "";
      child.stdout.on("data", (part) => {
        text += part;
        const ready = text.split("\n").find((one) => one.startsWith("{") && one.endsWith("}"));
        if (ready) done(ready);
      });
      child.once("exit", (code, signal) => fail(new Error(`the server ended (${code ?? signal}): ${this.log.join("").slice(-600)}`)));
    }), 20_000, "the server's ready line");
    this.ready = JSON.parse(line);
    this.serverUrl = this.ready.serverUrl;
    this.origin = new URL(this.serverUrl).origin.replace("localhost", "127.0.0.1");
    this.port = Number(new URL(this.serverUrl).port);
  }

  /** kill -9: no goodbye, no flush. Resolves when the process is gone. */
  async kill() {
    if (this.child) await kill(this.child);
  }

  /** GET /debug/state: connections, sessions, conversations, messages. */
  async state() {
    const answer = await within(fetch(`${this.origin}/debug/state`), 5_000, "/debug/state");
    return answer.json();
  }

  async fault(fault) {
    const answer = await within(fetch(`${this.origin}/debug/fault`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fault),
    }), 5_000, "/debug/fault");
    if (!answer.ok) throw new Error(`/debug/fault answered ${answer.status}: ${await answer.text()}`);
  }

  async stop() {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}
