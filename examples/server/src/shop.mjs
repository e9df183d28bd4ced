// The demo shop's backend: who is signed in says the page, and `GET /shop/token` vouches for it.
// A real site's does so for whom its own login let in. The address is closed where real tokens are verified.
import { SignJWT } from "jose";
import { json } from "./http.mjs";

const USERS = ["ann", "ben"];
const LIFE = 600;
const LOGIN_PAGE = "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in.</p>\n";

export class Shop {
  #options;

  /** `options`: `{tokenSecret, tokenIssuer, tokenAudience, test}`. */
  constructor(options) {
    this.#options = options;
  }

  get path() {
    return "/shop/token";
  }

  /** The request's origin has been found to be an allowed one. */
  async handle(request, response) {
    if (request.method !== "GET") return json(response, 405, { error: "method_not_allowed" });
    const query = new URL(request.url, "http://host").searchParams;
    const user = query.get("user") ?? "";
    // Tests want users nobody else has.
    if (!(this.#options.test ? /^[\w.@-]{1,64}$/.test(user) : USERS.includes(user))) {
      return json(response, 404, { error: "no_such_user" });
    }
    const wanted = this.#options.test ? Object.fromEntries(query) : {};
    if (wanted.answer === "login") return send(request, response, LOGIN_PAGE, "text/html; charset=utf-8");
    return send(request, response, await this.#token(user, wanted), "text/plain; charset=utf-8");
  }

  // `wanted` spoils it on purpose: another `iss`, `aud` or `secret`, `exp` in seconds from now, a `jti`.
  #token(user, { exp, iss, aud, secret, jti }) {
    const { tokenSecret, tokenIssuer, tokenAudience } = this.#options;
    const now = Math.floor(Date.now() / 1000);
    const life = Number.isSafeInteger(Number(exp ?? NaN)) ? Number(exp) : LIFE;
    const token = new SignJWT({}).setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(user).setIssuer(iss ?? tokenIssuer).setAudience(aud ?? tokenAudience)
      .setIssuedAt(now).setExpirationTime(now + life);
    if (jti !== "") token.setJti(jti ?? crypto.randomUUID());
    return token.sign(new TextEncoder().encode(secret === "wrong" ? `not ${tokenSecret}` : tokenSecret));
  }
}

function send(request, response, body, type) {
  const { origin } = request.headers;
  response.writeHead(200, {
    "Content-Type": type, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", Vary: "Origin",
    ...(origin !== undefined && { "Access-Control-Allow-Origin": origin }),
  });
  response.end(body);
}
