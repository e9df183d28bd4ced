// The packed tarball as npm users get it: linted, its types resolved, installed and imported. Skipped, and said so, when
// there is none yet (`cargo xtask build`).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const run = promisify(execFile);
const here = new URL(".", import.meta.url).pathname;
const target = join(here, "../../target/package");
const name = (await readdir(target).catch(() => [])).find((file) => /^support-chat-.*\.tgz$/.test(file));
const tarball = name && join(target, name);
const options = { skip: !tarball && "no tarball: cargo xtask build" };

/** A project that has the tarball installed, without a network. */
const project = async () => {
  const folder = await mkdtemp(join(tmpdir(), "support-chat-"));
  const installed = join(folder, "node_modules/support-chat");
  await mkdir(installed, { recursive: true });
  await run("tar", ["xzf", tarball, "-C", installed, "--strip-components=1"]);
  await writeFile(join(folder, "package.json"), '{"type": "module"}');
  return { folder, installed };
};

test("publint finds nothing", options, async () => {
  const { buffer, byteOffset, byteLength } = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg, { color: false })), []);
});

test("the types resolve for every entry", options, async () => {
  const attw = join(here, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const checked = run(process.execPath, [attw, tarball, "--profile", "esm-only", "--no-emoji", "--no-color", "--exclude-entrypoints", "./wasm"]);
  await checked.catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
});

test("under Node every entry imports without side effects, and nothing else is importable", options, async () => {
  const { folder } = await project();
  const script = `
    const before = Object.keys(globalThis).length;
    const { createChat, SupportChat, SupportChatError } = await import("support-chat");
    const { createChat: headless } = await import("support-chat/headless");
    const { createChat: inline } = await import("support-chat/inline");
    const { demoTransport } = await import("support-chat/testing");
    const errors = [];
    for (const create of [createChat, headless, inline]) {
      await create({ transport: demoTransport() }).boot().catch((error) => errors.push(error instanceof SupportChatError && error.code));
    }
    const refused = [];
    for (const path of ["core.js", "handle.js", "headless/core.js", "stub.js", "package"]) {
      await import("support-chat/" + path).catch(({ code }) => refused.push(code));
    }
    console.log(JSON.stringify({ errors, refused, version: SupportChat.version, added: Object.keys(globalThis).length - before }));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder });
  assert.deepEqual(JSON.parse(stdout), {
    errors: ["unsupported", "unsupported", "unsupported"],
    refused: Array(5).fill("ERR_PACKAGE_PATH_NOT_EXPORTED"),
    version: /support-chat-(.*)\.tgz/.exec(name)[1],
    added: 0,
  });
});

test("it holds what the README names, and nothing of the tests", options, async () => {
  const { installed } = await project();
  const files = (await readdir(installed, { recursive: true })).sort();
  for (const file of ["embed.js", "core.js", "support_chat_bg.wasm", "stub.js", "headless/core.js", "headless/support_chat_bg.wasm", "LICENSE", "README.md", "index.d.ts"]) {
    assert.ok(files.includes(file), file);
  }
  assert.deepEqual(files.filter((file) => /test\/|\.tgz$|glue|named/.test(file)), []);
  const types = await readFile(join(installed, "index.d.ts"), "utf8");
  assert.match(types, /export interface SupportChat/, "index.d.ts is the declarations themselves");
});
