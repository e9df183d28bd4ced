// What a logout kills: keys to conversations, identity tokens, a visitor's secret. It stays dead over a restart.
// Everything may be repeated, and nothing here tells whether there was anything to kill.
import { hash } from "./visitors.mjs";

export class Revocations {
  #store;
  #tokens;

  constructor({ store, tokens }) {
    this.#store = store;
    this.#tokens = tokens;
    store.forgetTokens(Date.now());
  }

  /** Whether a verified token was revoked before. */
  has(token) {
    return this.#store.isTokenRevoked(token.id);
  }

  /** Remembers that a device came with a token, so that its logout finds it. */
  note(token, { visitor, device }) {
    this.#store.forgetTokens(Date.now());
    this.#store.addToken({ ...token, visitor, device });
  }

  /** A session's logout: every key and token of its device; with `clearStorage` the anonymous visitor's secret too. */
  ofSession({ visitor, device, userId, chats }, { clearStorage }) {
    const now = Date.now();
    this.#store.transact(() => {
      for (const secureKey of chats.values()) this.#store.revokeKey(secureKey, now);
      this.#ofDevice(visitor, device, now);
      if (clearStorage && userId === undefined) this.#store.closeVisitor(visitor, "revoked");
    });
  }

  /**
   * The logout of a page that may have no session any more: each of `{secureKey, visitorSecret?, token?}` is its own proof.
   * A key or a token takes along what else its device had: a page that has not started the chat yet knows no token,
   * and no page knows those that were used before it.
   */
  async ofCredentials({ secureKey, visitorSecret, token }) {
    // Only the holder of a genuine token may revoke it; another one's `jti` is easily written into a forged one.
    const genuine = token === undefined ? undefined : await this.#tokens.verify(token).catch(() => undefined);
    const now = Date.now();
    this.#store.transact(() => {
      if (genuine) this.#ofToken(genuine, now);
      if (typeof visitorSecret === "string") this.#store.closeVisitorBySecret(hash(visitorSecret), "revoked");
      const holder = typeof secureKey === "string" ? this.#store.holderOf(secureKey) : undefined;
      if (!holder) return;
      this.#store.revokeKey(secureKey, now);
      if (holder.visitor !== null) this.#ofDevice(holder.visitor, holder.device, now);
    });
  }

  #ofToken(token, now) {
    for (const { visitor, device } of this.#store.holdersOfToken(token.id)) this.#ofDevice(visitor, device, now);
    // One that nobody has come with yet is to be refused as well.
    this.#store.addToken({ ...token, visitor: "", device: "" });
    this.#store.revokeToken(token.id, now);
  }

  #ofDevice(visitor, device, now) {
    this.#store.revokeKeysOf(visitor, device, now);
    this.#store.revokeTokensOf(visitor, device, now);
  }
}
