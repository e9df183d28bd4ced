// Identity tokens: whether a site vouches for a user. HS256 JWTs, verified by `jose`; knows no visitor and no store.
import { createHash } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { Refused } from "./rules.mjs";

/** Seconds a token counts beyond its `exp`: clocks differ a little. */
export const LEEWAY = 2;
const MAX_TOKEN = 8 * 1024;
const MAX_SUBJECT = 256;

export class Tokens {
  #secret;
  #issuer;
  #audience;

  /** `secret`: at least 32 bytes, shared with the site's backend and with nobody else. */
  constructor({ secret, issuer, audience }) {
    this.#secret = new TextEncoder().encode(secret);
    this.#issuer = issuer;
    this.#audience = audience;
  }

  /**
   * What a token says: `{userId, id, expiresAt (ms)}`. `id` names it without being it: a revocation is kept, a token never.
   * Throws `Refused` with `auth_expired`, or with `invalid_token` for everything else; no more is told.
   */
  async verify(token) {
    if (typeof token !== "string" || Buffer.byteLength(token) > MAX_TOKEN) throw new Refused("invalid_token", "no token");
    const { payload } = await jwtVerify(token, this.#secret, {
      algorithms: ["HS256"], issuer: this.#issuer, audience: this.#audience,
      requiredClaims: ["sub", "exp"], clockTolerance: LEEWAY,
    }).catch((error) => {
      if (error instanceof errors.JWTExpired) throw new Refused("auth_expired", "the token has expired");
      throw new Refused("invalid_token", "the token is not valid here");
    });
    const { sub, exp, jti } = payload;
    if (typeof sub !== "string" || sub.trim() === "" || sub.length > MAX_SUBJECT || sub.includes("\0")) {
      throw new Refused("invalid_token", "the token names no user");
    }
    // Two users' tokens may carry the same jti where a site counts them for each user.
    const name = typeof jti === "string" && jti !== "" ? `jti\0${sub}\0${jti}` : `token\0${token}`;
    return { userId: sub, id: createHash("sha256").update(name).digest("base64url"), expiresAt: Math.min(Math.floor(exp * 1000), Number.MAX_SAFE_INTEGER) };
  }
}

/** Whether a verified token has run out meanwhile. */
export function hasExpired({ expiresAt }, now = Date.now()) {
  return now >= expiresAt + LEEWAY * 1000;
}
