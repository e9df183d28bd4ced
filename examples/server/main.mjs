// The example server: reads the command line, puts the parts together, says when it is ready.
import { openStore } from "./src/store.mjs";
import { Conversations } from "./src/conversations.mjs";
import { Visitors } from "./src/visitors.mjs";
import { Faults } from "./src/faults.mjs";
import { Dialect } from "./src/dialect.mjs";
import { fayeAdapter } from "./src/faye.mjs";
import { Debug } from "./src/debug.mjs";
import { Desk } from "./src/desk.mjs";
import { Pages } from "./src/pages.mjs";
import { httpServer } from "./src/http.mjs";
import { originRule } from "./src/origins.mjs";
import { USAGE, readOptions } from "./src/options.mjs";

function options() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

const chosen = options();
if (chosen.help) {
  console.log(USAGE);
  process.exit(0);
}

const store = openStore(chosen.data);
const conversations = new Conversations(store);
const faults = new Faults();
const dialect = new Dialect({
  conversations, faults,
  visitors: new Visitors(store),
  deliver: (clientId, data) => adapter.deliver(clientId, data),
  isReachable: (clientId) => adapter.isReachable(clientId),
});
const adapter = fayeAdapter(dialect, chosen);
const desk = new Desk({ conversations, store });
const server = httpServer({
  adapter, desk, pages: new Pages(chosen), transports: chosen.transports, allows: originRule(chosen.origins),
  debug: chosen.test ? new Debug({ conversations, dialect, faults, adapter }) : undefined,
});

server.on("error", (error) => {
  console.error(`cannot listen on ${chosen.host}:${chosen.port}: ${error.message}`);
  process.exit(1);
});
server.listen(chosen.port, chosen.host, () => {
  const host = chosen.host.includes(":") ? `[${chosen.host}]` : chosen.host;
  const base = `http://${host}:${server.address().port}`;
  console.log(JSON.stringify({ ready: true, page: `${base}/`, agent: `${base}/agent`, serverUrl: `${base}${adapter.mount}` }));
});

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  desk.close();
  adapter.close();
  server.close();
  // What was answered is committed already; what is still open has nothing to lose.
  server.closeAllConnections();
  store.close();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
