// The web server of the other examples (examples/serve.mjs): whatever is asked of it, it goes on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { test } from "node:test";

const status = (port, path) =>
  new Promise((done, fail) => request({ host: "127.0.0.1", port, path }, (response) => done(response.resume().statusCode)).on("error", fail).end());

test("an address that is none is answered, and the next one too", async (t) => {
  const server = spawn(process.execPath, [new URL("../../serve.mjs", import.meta.url).pathname, "script-tag", "--port", "0"]);
  t.after(() => server.kill());
  const [line] = await once(createInterface(server.stdout), "line");
  const { port } = new URL(JSON.parse(line).page);
  assert.equal(await status(port, "/%"), 400);
  assert.equal(await status(port, "//"), 400);
  assert.equal(await status(port, "/nothing"), 404);
  assert.equal(await status(port, "/"), 200);
});
