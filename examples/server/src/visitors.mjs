// Visitors, anonymous ones and users. The id of an anonymous one is public and proves nothing; only the secret this
// server issued with it opens a history. A user's is opened by a token: identities.mjs.
import { createHash, randomBytes } from "node:crypto";

const VISITOR_ID = /^[A-Za-z0-9._~-]{1,64}$/;
const SECRET = /^[A-Za-z0-9_-]{16,128}$/;

export class Visitors {
  #store;

  constructor(store) {
    this.#store = store;
  }

  /** The public id of a handshake's extension; one that is none is replaced. */
  publicIdOf(extension) {
    return VISITOR_ID.test(extension.visitorId) ? extension.visitorId : token(16);
  }

  /**
   * The anonymous visitor of a handshake's extension, with the secret to answer.
   * A wrong, missing, malformed, merged or revoked secret is a new visitor with a new secret. The answer is the same
   * whether the public id was seen before or not, so it tells nothing about others.
   */
  admit(extension) {
    const publicId = this.publicIdOf(extension);
    if (typeof extension.visitorSecret === "string" && SECRET.test(extension.visitorSecret)) {
      const known = this.#store.visitorBySecret(publicId, hash(extension.visitorSecret));
      if (known) return { id: known.id, publicId, secret: extension.visitorSecret };
    }
    const secret = token(32);
    const id = token(12);
    this.#store.addVisitor({ id, publicId, secretHash: hash(secret), createdAt: Date.now() });
    return { id, publicId, secret };
  }

  /** The visitor a user is on every device; made when the user comes for the first time. No secret opens it. */
  user(userId) {
    const known = this.#store.visitorByUser(userId);
    if (known) return known.id;
    const id = token(12);
    this.#store.addVisitor({ id, publicId: id, secretHash: "none", userId, createdAt: Date.now() });
    return id;
  }

  /** Whether a visitor was merged into a user, or its secret revoked. */
  isClosed(id) {
    return id !== null && Boolean(this.#store.visitor(id)?.closed);
  }
}

/** Random bytes as URL-safe text. */
export function token(bytes) {
  return randomBytes(bytes).toString("base64url");
}

/** Only the hash of a secret is kept: the file alone opens no history. */
export function hash(secret) {
  return createHash("sha256").update(secret).digest("base64url");
}
