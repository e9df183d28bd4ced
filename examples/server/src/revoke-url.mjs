// `POST revokeUrl`: the logout of a page that has no connection, or is on its way out (`fetch` with keepalive).
// It always answers 204: whether something was there to revoke is nobody's business.
import { json, textOf } from "./http.mjs";

const MAX_BODY = 16 * 1024;

/** Beside the chat's own address, so that a proxy which knows that one knows this one; a path, as only the client knows the rest. */
export const REVOKE_URL = "/cometd/revoke";

export class RevokeUrl {
  #revocations;
  #dialect;
  #faults;

  constructor({ revocations, dialect, faults }) {
    this.#revocations = revocations;
    this.#dialect = dialect;
    this.#faults = faults;
  }

  get path() {
    return REVOKE_URL;
  }

  /** The request's origin has been found to be an allowed one. */
  async handle(request, response) {
    const { origin } = request.headers;
    // Nothing here depends on cookies, so the answer needs no credentials.
    if (origin !== undefined) response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Vary", "Origin");
    if (request.method === "OPTIONS") {
      return done(response, { "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type" });
    }
    if (request.method !== "POST") return json(response, 405, { error: "method_not_allowed" });
    const text = await textOf(request, MAX_BODY);
    if (text === undefined) return json(response, 413, { error: "too_large" });
    const fault = this.#faults.operation("revokeUrl", {}, { onlyNamed: true });
    if (!fault?.frames) await this.#revoke(text);
    if (fault?.frames || fault?.silent) return undefined; // never answered, as asked for
    if (fault?.late) return setTimeout(() => done(response), fault.late).unref();
    return done(response);
  }

  async #revoke(text) {
    let credentials;
    try {
      credentials = JSON.parse(text);
    } catch {
      return;
    }
    await this.#revocations.ofCredentials(Object(credentials));
    this.#dialect.sweep();
  }
}

function done(response, headers = {}) {
  response.writeHead(204, { "Cache-Control": "no-store", ...headers });
  response.end();
}
