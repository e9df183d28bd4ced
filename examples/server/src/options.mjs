// The command line.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const USAGE = `usage: node main.mjs --data DIR [--port 8080] [--host 127.0.0.1]
  --data DIR          where the SQLite file lives (made when absent)
  --port N            0 takes a free one
  --adapter faye      the Bayeux library
  --transports LIST   websocket,long-polling
  --channel NAME      the service channel (/service/chatV2/customer-support)
  --timeout SECONDS   how long a connect is held (25)
  --origins LIST      allowed origins; default: localhost and 127.0.0.1 on any port
  --token-secret TEXT    what identity tokens are signed with, at least 32 bytes; better by SUPPORT_CHAT_TOKEN_SECRET,
                         as other people of the machine can read command lines. Without it the demo shop signs its own
  --token-issuer TEXT    whose tokens count (support-chat-shop), or SUPPORT_CHAT_TOKEN_ISSUER
  --token-audience TEXT  for whom they must be (support-chat), or SUPPORT_CHAT_TOKEN_AUDIENCE
  --require-identity     refuse who claims to be a user without a token
  --package DIR       the built npm package (target/package beside the repository's root)
  --test              test switches under /debug; never on a machine others can reach`;

/** Signs with `--test`, so that tokens outlive a restart; known to everybody. */
export const TEST_SECRET = "support-chat-test-secret-known-to-everybody";

const TRANSPORTS = ["websocket", "long-polling"];

/** The options, or an Error whose message is for people. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: "string", default: "8080" },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
      adapter: { type: "string", default: "faye" },
      transports: { type: "string", default: TRANSPORTS.join(",") },
      channel: { type: "string", default: "/service/chatV2/customer-support" },
      timeout: { type: "string", default: "25" },
      origins: { type: "string" },
      "token-secret": { type: "string", default: process.env.SUPPORT_CHAT_TOKEN_SECRET },
      "token-issuer": { type: "string", default: process.env.SUPPORT_CHAT_TOKEN_ISSUER ?? "support-chat-shop" },
      "token-audience": { type: "string", default: process.env.SUPPORT_CHAT_TOKEN_AUDIENCE ?? "support-chat" },
      "require-identity": { type: "boolean", default: false },
      package: { type: "string", default: fileURLToPath(new URL("../../../target/package", import.meta.url)) },
      test: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { help: true };
  if (!values.data) throw new Error("--data is missing");
  const transports = list(values.transports);
  if (transports.length === 0 || transports.some((name) => !TRANSPORTS.includes(name))) {
    throw new Error(`--transports takes ${TRANSPORTS.join(" and ")}`);
  }
  if (values.adapter !== "faye") throw new Error(`no adapter ${values.adapter}; there is: faye`);
  if (!/^\/service(\/[A-Za-z0-9_-]+)+$/.test(values.channel)) throw new Error("--channel is no service channel");
  return {
    port: number(values.port, "--port", 0, 65535),
    host: values.host,
    data: resolve(values.data),
    transports,
    channel: values.channel,
    timeout: number(values.timeout, "--timeout", 1, 600),
    origins: values.origins === undefined ? undefined : list(values.origins),
    ...identityOf(values),
    package: resolve(values.package),
    test: values.test,
  };
}

// Without a secret of one's own nobody else's tokens count, and only then (or for tests) the demo shop signs some:
// with a real secret its address would log anybody in as anybody.
function identityOf({ test, ...values }) {
  const given = values["token-secret"];
  if (given !== undefined && Buffer.byteLength(given) < 32) throw new Error("--token-secret is shorter than 32 bytes");
  for (const name of ["token-issuer", "token-audience"]) if (!values[name]) throw new Error(`--${name} is empty`);
  return {
    tokenSecret: given ?? (test ? TEST_SECRET : randomBytes(32).toString("hex")),
    tokenIssuer: values["token-issuer"],
    tokenAudience: values["token-audience"],
    requireIdentity: values["require-identity"],
    signsTokens: test || given === undefined,
  };
}

function list(text) {
  return text.split(",").map((part) => part.trim()).filter(Boolean);
}

function number(text, name, low, high) {
  const value = Number(text);
  if (!(text !== "" && Number.isFinite(value) && value >= low && value <= high)) {
    throw new Error(`${name} takes a number from ${low} to ${high}`);
  }
  return value;
}
