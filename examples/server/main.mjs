// The example server: reads the command line, puts the parts together, says when it is ready.
import { openStore } from "./src/store.mjs";
import { Conversations } from "./src/conversations.mjs";
import { Visitors } from "./src/visitors.mjs";
import { Tokens } from "./src/tokens.mjs";
import { Revocations } from "./src/revocations.mjs";
import { Identities } from "./src/identities.mjs";
import { Histories } from "./src/histories.mjs";
import { REVOKE_URL, RevokeUrl } from "./src/revoke-url.mjs";
import { Faults } from "./src/faults.mjs";
import { Dialect } from "./src/dialect.mjs";
import { fayeAdapter } from "./src/faye.mjs";
import { Debug } from "./src/debug.mjs";
import { Desk } from "./src/desk.mjs";
import { Shop } from "./src/shop.mjs";
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
const tokens = new Tokens({ secret: chosen.tokenSecret, issuer: chosen.tokenIssuer, audience: chosen.tokenAudience });
const revocations = new Revocations({ store, tokens });
const identities = new Identities({
  store, tokens, revocations, visitors: new Visitors(store), requireIdentity: chosen.requireIdentity,
});
const dialect = new Dialect({
  parts: { conversations, identities, revocations, histories: new Histories({ store, conversations }) },
  faults,
  revokeUrl: REVOKE_URL,
  deliver: (clientId, data) => adapter.deliver(clientId, data),
  dismiss: (clientId) => adapter.dismiss(clientId),
  isReachable: (clientId) => adapter.isReachable(clientId),
});
const revokeUrl = new RevokeUrl({ revocations, dialect, faults });
const adapter = fayeAdapter(dialect, chosen);
const desk = new Desk({ conversations, store });
const server = httpServer({
  adapter, desk, revokeUrl, shop: chosen.signsTokens ? new Shop(chosen) : undefined, pages: new Pages(chosen), transports: chosen.transports, allows: originRule(chosen.origins),
  debug: chosen.test ? new Debug({ conversations, dialect, faults, adapter, store }) : undefined,
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
