// The command line.
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
  --package DIR       the built npm package (target/package beside the repository's root)
  --test              test switches under /debug; never on a machine others can reach`;

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
    package: resolve(values.package),
    test: values.test,
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
