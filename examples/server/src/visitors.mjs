// Who a visitor is. The id is public and proves nothing; only the secret this server issued with it opens a history.
import { createHash, randomBytes } from "node:crypto";
import { isObject } from "./rules.mjs";

const VISITOR_ID = /^[A-Za-z0-9._~-]{1,64}$/;
const SECRET = /^[A-Za-z0-9_-]{16,128}$/;

export class Visitors {
  #store;

  constructor(store) {
    this.#store = store;
  }

  /**
   * The visitor of a handshake's extension, with the secret to answer, or `undefined` without an extension.
   * A wrong, missing or malformed secret is a new visitor with a new secret. The answer is the same
   * whether the public id was seen before or not, so it tells nothing about others.
   */
  admit(extension) {
    if (!isObject(extension)) return undefined;
    const publicId = VISITOR_ID.test(extension.visitorId) ? extension.visitorId : token(16);
    if (typeof extension.visitorSecret === "string" && SECRET.test(extension.visitorSecret)) {
      const known = this.#store.visitorBySecret(publicId, hash(extension.visitorSecret));
      if (known) return { id: known.id, publicId, secret: extension.visitorSecret };
    }
    const secret = token(32);
    const id = token(12);
    this.#store.addVisitor({ id, publicId, secretHash: hash(secret), createdAt: Date.now() });
    return { id, publicId, secret };
  }
}

/** Random bytes as URL-safe text. */
export function token(bytes) {
  return randomBytes(bytes).toString("base64url");
}

// Only the hash is kept: the file alone opens no history.
function hash(secret) {
  return createHash("sha256").update(secret).digest("base64url");
}
