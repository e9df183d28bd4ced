// Who a session is: an anonymous visitor by its secret, or a user by a token, and how the one becomes the other.
// A token never opens an anonymous history, a secret never a user's.
import { Refused, isObject } from "./rules.mjs";
import { hasExpired } from "./tokens.mjs";

const IDENTIFIES = { count: 20, within: 60_000 };

export class Identities {
  #store;
  #visitors;
  #tokens;
  #revocations;
  #requireIdentity;

  constructor({ store, visitors, tokens, revocations, requireIdentity = false }) {
    this.#store = store;
    this.#visitors = visitors;
    this.#tokens = tokens;
    this.#revocations = revocations;
    this.#requireIdentity = requireIdentity;
  }

  /**
   * Checks a handshake's extension. Throws `Refused` with the code of the refusal; answers a function that makes the
   * session's identity: `{visitor, publicId, device, userId?, token?, secret?}`, or nothing without an extension.
   */
  async admit(extension) {
    if (!isObject(extension)) return () => undefined;
    if (extension.token === undefined || extension.token === null) {
      if (claimsUser(extension)) this.#proofMissing();
      return () => {
        const { id, publicId, secret } = this.#visitors.admit(extension);
        return { visitor: id, publicId, device: publicId, secret };
      };
    }
    const token = await this.#genuine(extension.token);
    return () => {
      const publicId = this.#visitors.publicIdOf(extension);
      const identity = { visitor: this.#visitors.user(token.userId), publicId, device: publicId, userId: token.userId, token };
      this.#revocations.note(token, identity);
      return identity;
    };
  }

  /**
   * Makes `session` the token's user's, or renews that. The anonymous visitor it was becomes part of the user:
   * its conversations are the user's from then on, its secret opens nothing any more.
   * Answers whether that happened, and the conversations moved.
   */
  async identify(session, text) {
    this.#limit(session);
    const token = await this.#genuine(text);
    if (session.gone) throw new Refused("invalid_token", "the session is over");
    if (session.userId !== undefined && session.userId !== token.userId) {
      throw new Refused("invalid_token", "the session is another user's");
    }
    const visitor = this.#visitors.user(token.userId);
    const merged = session.userId === undefined;
    const moved = merged ? this.#store.mergeVisitor(session.visitor, visitor) : [];
    Object.assign(session, { visitor, userId: token.userId, token });
    this.#revocations.note(token, session);
    return { merged, moved };
  }

  /** Throws unless the session may still do something: a token that ran out has to be renewed first. */
  mustBeFresh(session) {
    if (session.token && hasExpired(session.token)) throw new Refused("auth_expired", "the token has expired");
  }

  /** Throws when data say who the visitor is, proof is demanded, and there is none. */
  mustBeProven(session, userData) {
    if (session.userId === undefined && isObject(userData) && isObject(userData.user) && claimsUser({ userId: userData.user.id })) {
      this.#proofMissing();
    }
  }

  /** Whether what a session was opened with still opens it: another one may have merged or revoked it. */
  holds(session) {
    if (session.token ? this.#revocations.has(session.token) : this.#visitors.isClosed(session.visitor)) return false;
    return [...session.chats.values()].every((secureKey) => this.#store.conversationByKey(secureKey) !== undefined);
  }

  async #genuine(text) {
    const token = await this.#tokens.verify(text);
    if (this.#revocations.has(token)) throw new Refused("invalid_token", "the token was revoked");
    return token;
  }

  #proofMissing() {
    if (this.#requireIdentity) throw new Refused("auth_required", "this server wants proof of who a user is");
  }

  #limit(session) {
    const now = Date.now();
    session.identifies = (session.identifies ?? []).filter((time) => now - time < IDENTIFIES.within);
    if (session.identifies.length >= IDENTIFIES.count) throw new Refused("rate_limited", "too many tokens in a minute");
    session.identifies.push(now);
  }
}

function claimsUser({ userId }) {
  return (typeof userId === "string" && userId !== "") || typeof userId === "number";
}
