// The SQLite file: visitors, conversations and their events, every write committed before it returns.
// It knows no rules: who may do what is decided in conversations.mjs and visitors.mjs.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS visitors (
  id TEXT PRIMARY KEY,
  publicId TEXT NOT NULL,
  secretHash TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  UNIQUE (publicId, secretHash)
);
CREATE TABLE IF NOT EXISTS conversations (
  id TEXT PRIMARY KEY,
  visitor TEXT REFERENCES visitors (id),
  clientKey TEXT,
  secureKey TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  nickname TEXT NOT NULL,
  subject TEXT,
  userData TEXT NOT NULL,
  agent TEXT,
  lastIndex INTEGER NOT NULL DEFAULT 0,
  createdAt INTEGER NOT NULL,
  acceptedAt INTEGER,
  endedAt INTEGER,
  visitorDelivered INTEGER NOT NULL DEFAULT 0,
  visitorRead INTEGER NOT NULL DEFAULT 0,
  agentDelivered INTEGER NOT NULL DEFAULT 0,
  agentRead INTEGER NOT NULL DEFAULT 0,
  UNIQUE (visitor, clientKey)
);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation TEXT NOT NULL REFERENCES conversations (id),
  idx INTEGER NOT NULL,
  type TEXT NOT NULL,
  side TEXT NOT NULL,
  nickname TEXT NOT NULL,
  participant TEXT NOT NULL,
  text TEXT,
  messageType TEXT,
  userData TEXT,
  key TEXT,
  time INTEGER NOT NULL,
  UNIQUE (conversation, idx),
  UNIQUE (conversation, side, key)
);`;

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
  db.exec(SCHEMA);
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

  visitorBySecret(publicId, secretHash) {
    return this.#one("SELECT * FROM visitors WHERE publicId = ? AND secretHash = ?", publicId, secretHash);
  }

  addVisitor({ id, publicId, secretHash, createdAt }) {
    this.#sql("INSERT INTO visitors (id, publicId, secretHash, createdAt) VALUES (?, ?, ?, ?)")
      .run(id, publicId, secretHash, createdAt);
  }

  addConversation({ id, visitor, clientKey, secureKey, nickname, subject, userData, createdAt }) {
    this.#sql(`INSERT INTO conversations (id, visitor, clientKey, secureKey, status, nickname, subject, userData, createdAt)
      VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, ?)`)
      .run(id, visitor, clientKey, secureKey, nickname, subject, JSON.stringify(userData), createdAt);
    return this.conversation(id);
  }

  conversation(id) {
    return thaw(this.#one("SELECT * FROM conversations WHERE id = ?", id));
  }

  conversationByKey(secureKey) {
    return thaw(this.#one("SELECT * FROM conversations WHERE secureKey = ?", secureKey));
  }

  conversationByClientKey(visitor, clientKey) {
    return thaw(this.#one("SELECT * FROM conversations WHERE visitor = ? AND clientKey = ?", visitor, clientKey));
  }

  conversations() {
    return this.#sql("SELECT * FROM conversations ORDER BY createdAt, rowid").all().map(thaw);
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
  return { ...row, userData: JSON.parse(row.userData) };
}

function thawEvent(row) {
  if (!row) return undefined;
  const { idx, ...rest } = row;
  return { ...rest, index: idx, userData: row.userData ? JSON.parse(row.userData) : undefined };
}
