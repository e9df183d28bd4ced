// The site's own backend, as far as the chat is concerned: it knows who is signed in and vouches for them by tokens.
// Pages ask it through the double `@token:<user>`; it writes down for what, and answers as a test wants.
import { createHmac, randomUUID } from "node:crypto";
import { TEST_SECRET } from "../../examples/server/src/options.mjs";

/** A token (HS256) as the example server with `--test` wants it, or spoilt: `life` in s, `iss`, `aud`, `sub`, `secret`. */
export function token(user, { life = 600, iss = "support-chat-shop", aud = "support-chat", sub = user, secret = TEST_SECRET } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const text = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const body = `${text({ alg: "HS256", typ: "JWT" })}.${text({ sub, iss, aud, iat: now, exp: now + life, jti: randomUUID() })}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

export const LOGIN_PAGE = "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in.</p>\n";

export class Tokens {
  /** Answers `/token` of this site. */
  constructor(site) {
    this.asked = [];      // {user, reason} in order
    this.given = [];      // every token handed out
    this.make = (user) => token(user);  // what is answered: `(user, reason) → text`
    this.held = null;     // while set, nobody is answered
    site.answers.set("/token", async (url) => {
      const [user, reason] = ["user", "reason"].map((name) => url.searchParams.get(name));
      this.asked.push({ user, reason });
      await this.held;
      const text = this.make(user, reason);
      this.given.push(text);
      return text;
    });
  }

  /** Answers nobody until the function it gives is called. */
  hold() {
    let release;
    this.held = new Promise((done) => { release = done; });
    return () => { this.held = null; release(); };
  }

  get reasons() { return this.asked.map(({ reason }) => reason); }
}
