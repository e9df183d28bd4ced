// The tables of the SQLite file, and the steps that bring an older file up to them.

const STEPS = [
  // 1: what the first servers wrote. They counted no versions: what is there already stays.
  `
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
);`,
  // 2: a user is a visitor whom a token opens, not a secret. Every device has a key of its own to a conversation,
  // so that a logout on one takes nothing from the others. The key a conversation was made with is one of them;
  // the column stays, as SQLite drops no unique one, and is read no more.
  `
ALTER TABLE visitors ADD COLUMN userId TEXT;
ALTER TABLE visitors ADD COLUMN closed TEXT;
CREATE UNIQUE INDEX visitorsByUser ON visitors (userId) WHERE userId IS NOT NULL;
CREATE TABLE secureKeys (
  secureKey TEXT PRIMARY KEY,
  conversation TEXT NOT NULL REFERENCES conversations (id),
  device TEXT NOT NULL,
  revokedAt INTEGER
);
CREATE INDEX secureKeysOf ON secureKeys (conversation, device);
INSERT INTO secureKeys (secureKey, conversation, device)
  SELECT conversations.secureKey, conversations.id, COALESCE(visitors.publicId, '')
  FROM conversations LEFT JOIN visitors ON visitors.id = conversations.visitor;
CREATE TABLE tokens (
  id TEXT NOT NULL,
  visitor TEXT NOT NULL,
  device TEXT NOT NULL,
  expiresAt INTEGER NOT NULL,
  revokedAt INTEGER,
  PRIMARY KEY (id, visitor, device)
);`,
];

/** Brings the file of `db` up to date; throws on one of a newer server, which this one would not understand. */
export function upgrade(db) {
  const [{ user_version: version }] = db.pragma("user_version");
  if (version > STEPS.length) throw new Error(`the data is of a newer server (${version}, this one knows ${STEPS.length})`);
  db.transaction(() => {
    for (const step of STEPS.slice(version)) db.exec(step);
    db.pragma(`user_version = ${STEPS.length}`);
  }).immediate();
}
