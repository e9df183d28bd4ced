// The SQLite file: visitors, conversations and their events, every write committed before it returns.
// It knows no rules: who may do what is decided in conversations.mjs and visitors.mjs.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { upgrade } from "./schema.mjs";

const CONVERSATION_COLUMNS = [
  "status", "nickname", "userData", "agent", "lastIndex", "acceptedAt", "endedAt",
  "visitorDelivered", "visitorRead", "agentDelivered", "agentRead",
];

/** Opens (or makes) the file in `directory`. */
export function openStore(directory) {
  mkdirSync(directory, { recursive: true });
  const db = new Database(join(directory, "chat.db"));
  db.pragma("journal_mode = WAL");
  // An answer promises that the row survives: also the loss of power.
  db.pragma("synchronous = FULL");
  upgrade(db);
  return new Store(db);
}

class Store {
  #db;
  #statements = new Map();

  constructor(db) {
    this.#db = db;
  }

  #sql(text) {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.#db.prepare(text)));
    return statement;
  }

  #one(text, ...values) {
    const row = this.#sql(text).get(...values);
    if (row) delete row._metadata; // libsql adds its timing to single rows
    return row;
  }

  /** Runs `work` as one transaction; nothing of it is kept when it throws. */
  transact(work) {
    return this.#db.transaction(work).immediate();
  }

  close() {
    this.#db.close();
  }

  visitor(id) {
    return this.#one("SELECT * FROM visitors WHERE id = ?", id);
  }

  visitorBySecret(publicId, secretHash) {
    return this.#one("SELECT * FROM visitors WHERE publicId = ? AND secretHash = ? AND userId IS NULL AND closed IS NULL",
      publicId, secretHash);
  }

  visitorByUser(userId) {
    return this.#one("SELECT * FROM visitors WHERE userId = ?", userId);
  }

  addVisitor({ id, publicId, secretHash, userId = null, createdAt }) {
    this.#sql("INSERT INTO visitors (id, publicId, secretHash, userId, createdAt) VALUES (?, ?, ?, ?, ?)")
      .run(id, publicId, secretHash, userId, createdAt);
  }

  /** `why`: "merged" or "revoked". Nothing opens a closed visitor again. */
  closeVisitor(id, why) {
    this.#sql("UPDATE visitors SET closed = ? WHERE id = ? AND closed IS NULL").run(why, id);
  }

  closeVisitorBySecret(secretHash, why) {
    this.#sql("UPDATE visitors SET closed = ? WHERE secretHash = ? AND userId IS NULL AND closed IS NULL").run(why, secretHash);
  }

  /** Gives all conversations of one visitor to another and closes the first. Answers what was moved. */
  mergeVisitor(from, to) {
    return this.transact(() => {
      // A key is one conversation for each visitor. The one still asking for it is the one that comes.
      this.#sql(`UPDATE conversations SET clientKey = NULL
        WHERE visitor = ? AND clientKey IN (SELECT clientKey FROM conversations WHERE visitor = ?)`).run(to, from);
      const moved = this.#sql("UPDATE conversations SET visitor = ? WHERE visitor = ? RETURNING *").all(to, from).map(thaw);
      this.closeVisitor(from, "merged");
      return moved;
    });
  }

  addConversation({ id, visitor, clientKey, nickname, subject, userData, createdAt }) {
    // The column `secureKey` is of older days and wants something unlike all others.
    this.#sql(`INSERT INTO conversations (id, visitor, clientKey, secureKey, status, nickname, subject, userData, createdAt)
      VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, ?)`)
      .run(id, visitor, clientKey, id, nickname, subject, JSON.stringify(userData), createdAt);
    return this.conversation(id);
  }

  conversation(id) {
    return thaw(this.#one("SELECT * FROM conversations WHERE id = ?", id));
  }

  /** The conversation a living key opens. */
  conversationByKey(secureKey) {
    return thaw(this.#one(`SELECT c.* FROM secureKeys k JOIN conversations c ON c.id = k.conversation
      WHERE k.secureKey = ? AND k.revokedAt IS NULL`, secureKey));
  }

  /** A device's living key to a conversation. */
  keyOf(conversation, device) {
    return this.#one("SELECT secureKey FROM secureKeys WHERE conversation = ? AND device = ? AND revokedAt IS NULL",
      conversation, device)?.secureKey;
  }

  addKey({ secureKey, conversation, device }) {
    this.#sql("INSERT INTO secureKeys (secureKey, conversation, device) VALUES (?, ?, ?)").run(secureKey, conversation, device);
  }

  /** Whose device a living key is: `{visitor, device}`. */
  holderOf(secureKey) {
    return this.#one(`SELECT c.visitor, k.device FROM secureKeys k JOIN conversations c ON c.id = k.conversation
      WHERE k.secureKey = ? AND k.revokedAt IS NULL`, secureKey);
  }

  revokeKey(secureKey, now) {
    this.#sql("UPDATE secureKeys SET revokedAt = ? WHERE secureKey = ? AND revokedAt IS NULL").run(now, secureKey);
  }

  revokeKeysOf(visitor, device, now) {
    this.#sql(`UPDATE secureKeys SET revokedAt = ? WHERE device = ? AND revokedAt IS NULL
      AND conversation IN (SELECT id FROM conversations WHERE visitor = ?)`).run(now, device, visitor);
  }

  addToken({ id, visitor, device, expiresAt }) {
    this.#sql("INSERT INTO tokens (id, visitor, device, expiresAt) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET expiresAt = MAX(expiresAt, excluded.expiresAt)")
      .run(id, visitor, device, expiresAt);
  }

  /** The devices that came with a token: `[{visitor, device}]`. */
  holdersOfToken(id) {
    return this.#sql("SELECT visitor, device FROM tokens WHERE id = ? AND visitor <> ''").all(id);
  }

  isTokenRevoked(id) {
    return this.#one("SELECT 1 FROM tokens WHERE id = ? AND revokedAt IS NOT NULL LIMIT 1", id) !== undefined;
  }

  revokeToken(id, now) {
    this.#sql("UPDATE tokens SET revokedAt = ? WHERE id = ? AND revokedAt IS NULL").run(now, id);
  }

  revokeTokensOf(visitor, device, now) {
    this.#sql(`UPDATE tokens SET revokedAt = ? WHERE revokedAt IS NULL
      AND id IN (SELECT id FROM tokens WHERE visitor = ? AND device = ?)`).run(now, visitor, device);
  }

  /** Drops tokens nobody would take any more, some time after their end. */
  forgetTokens(now) {
    this.#sql("DELETE FROM tokens WHERE expiresAt < ?").run(now - 60_000);
  }

  /** For the test switches. */
  counts() {
    return this.#one(`SELECT (SELECT COUNT(*) FROM visitors WHERE closed = 'merged') AS merged,
      (SELECT COUNT(*) FROM visitors WHERE closed = 'revoked') AS visitorSecrets,
      (SELECT COUNT(*) FROM secureKeys WHERE revokedAt IS NOT NULL) AS secureKeys,
      (SELECT COUNT(DISTINCT id) FROM tokens WHERE revokedAt IS NOT NULL) AS tokens`);
  }

  conversationByClientKey(visitor, clientKey) {
    return thaw(this.#one("SELECT * FROM conversations WHERE visitor = ? AND clientKey = ?", visitor, clientKey));
  }

  conversations() {
    return this.#sql("SELECT * FROM conversations ORDER BY createdAt, rowid").all().map(thaw);
  }

  /** A visitor's conversations after `{ended, createdAt, id}`: those that are open first, each kind newest first. */
  conversationsOf(visitor, after, limit) {
    const { ended, createdAt, id } = after ?? { ended: -1, createdAt: 0, id: "" };
    return this.#sql(`SELECT * FROM conversations
      WHERE visitor = ? AND ((status = 'ended'), -createdAt, id) > (?, ?, ?)
      ORDER BY (status = 'ended'), -createdAt, id LIMIT ?`).all(visitor, ended, -createdAt, id, limit).map(thaw);
  }

  saveConversation(conversation) {
    const values = CONVERSATION_COLUMNS.map((name) =>
      name === "userData" ? JSON.stringify(conversation.userData) : conversation[name]);
    this.#sql(`UPDATE conversations SET ${CONVERSATION_COLUMNS.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`)
      .run(...values, conversation.id);
  }

  addEvent(event) {
    const { lastInsertRowid } = this.#sql(`INSERT INTO events
      (conversation, idx, type, side, nickname, participant, text, messageType, userData, key, time)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(event.conversation, event.index, event.type, event.side, event.nickname, event.participant,
        event.text ?? null, event.messageType ?? null, event.userData ? JSON.stringify(event.userData) : null,
        event.key ?? null, event.time);
    return { ...event, seq: Number(lastInsertRowid) };
  }

  eventByKey(conversation, side, key) {
    return thawEvent(this.#one("SELECT * FROM events WHERE conversation = ? AND side = ? AND key = ?", conversation, side, key));
  }

  /** Events of one conversation with `index >= from`, in order. */
  eventsFrom(conversation, from) {
    return this.#sql("SELECT * FROM events WHERE conversation = ? AND idx >= ? ORDER BY idx").all(conversation, from).map(thawEvent);
  }

  /** Events before an index, the newest first. */
  eventsBefore(conversation, before, limit) {
    return this.#sql("SELECT * FROM events WHERE conversation = ? AND idx < ? ORDER BY idx DESC LIMIT ?")
      .all(conversation, before, limit).map(thawEvent);
  }

  /** When something was last written, or `null`. */
  updatedAt(conversation) {
    return this.#one("SELECT MAX(time) AS time FROM events WHERE conversation = ?", conversation).time;
  }

  lastMessage(conversation) {
    return thawEvent(this.#one("SELECT * FROM events WHERE conversation = ? AND type = 'Message' ORDER BY idx DESC LIMIT 1", conversation));
  }

  /** How many messages of `side` lie behind `index`. */
  countAfter(conversation, side, index) {
    return this.#one("SELECT COUNT(*) AS n FROM events WHERE conversation = ? AND side = ? AND type = 'Message' AND idx > ?",
      conversation, side, index).n;
  }

  /** Events of all conversations written after `seq`, in the order of writing. */
  eventsSince(seq) {
    return this.#sql("SELECT * FROM events WHERE seq > ? ORDER BY seq").all(seq).map(thawEvent);
  }

  lastSeq() {
    return this.#one("SELECT COALESCE(MAX(seq), 0) AS seq FROM events").seq;
  }
}

function thaw(row) {
  if (!row) return undefined;
  const { secureKey, ...rest } = row;
  return { ...rest, userData: JSON.parse(row.userData) };
}

function thawEvent(row) {
  if (!row) return undefined;
  const { idx, ...rest } = row;
  return { ...rest, index: idx, userData: row.userData ? JSON.parse(row.userData) : undefined };
}
