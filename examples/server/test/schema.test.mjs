// A file an older server wrote goes on being used, one of a newer server is left alone.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import Database from "libsql";
import { dataDirectory, startServer } from "./support/server.mjs";
import { texts, visit, visitor } from "./support/bayeux.mjs";

// The tables as the first servers made them.
const FIRST = `
CREATE TABLE visitors (id TEXT PRIMARY KEY, publicId TEXT NOT NULL, secretHash TEXT NOT NULL, createdAt INTEGER NOT NULL, UNIQUE (publicId, secretHash));
CREATE TABLE conversations (id TEXT PRIMARY KEY, visitor TEXT REFERENCES visitors (id), clientKey TEXT, secureKey TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL, nickname TEXT NOT NULL, subject TEXT, userData TEXT NOT NULL, agent TEXT, lastIndex INTEGER NOT NULL DEFAULT 0,
  createdAt INTEGER NOT NULL, acceptedAt INTEGER, endedAt INTEGER, visitorDelivered INTEGER NOT NULL DEFAULT 0,
  visitorRead INTEGER NOT NULL DEFAULT 0, agentDelivered INTEGER NOT NULL DEFAULT 0, agentRead INTEGER NOT NULL DEFAULT 0, UNIQUE (visitor, clientKey));
CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL REFERENCES conversations (id), idx INTEGER NOT NULL,
  type TEXT NOT NULL, side TEXT NOT NULL, nickname TEXT NOT NULL, participant TEXT NOT NULL, text TEXT, messageType TEXT, userData TEXT,
  key TEXT, time INTEGER NOT NULL, UNIQUE (conversation, idx), UNIQUE (conversation, side, key));`;

test("a file of the first servers is brought up to date and loses nothing", async (t) => {
  const data = await dataDirectory(t);
  const visitorSecret = "a-secret-of-the-older-server";
  const db = new Database(join(data, "chat.db"));
  db.exec(FIRST);
  db.prepare("INSERT INTO visitors VALUES ('v', 'device', ?, 1)").run(createHash("sha256").update(visitorSecret).digest("base64url"));
  db.exec(`INSERT INTO conversations (id, visitor, clientKey, secureKey, status, nickname, userData, lastIndex, createdAt) VALUES ('c', 'v', 'k', 'key-1', 'waiting', 'Lena', '{}', 1, 1);
    INSERT INTO conversations (id, secureKey, status, nickname, userData, createdAt) VALUES ('plain', 'key-2', 'waiting', 'P', '{}', 1);
    INSERT INTO events (conversation, idx, type, side, nickname, participant, text, time) VALUES ('c', 1, 'Message', 'visitor', 'Lena', 'c-visitor', 'hello', 1);`);
  db.close();
  for (let start = 0; start < 2; start += 1) {
    const server = await startServer(t, { data });
    const link = await visit(t, server, { ext: visitor("device", { visitorSecret }) });
    assert.equal(link.ext.visitorSecret, visitorSecret);
    assert.deepEqual(texts((await link.ask("requestNotifications", { secureKey: "key-1" })).messages), ["hello"]);
    assert.equal((await link.ask("conversations")).conversations[0].secureKey, "key-1");
    assert.equal((await link.ask("requestChat", { nickname: "Lena", clientConversationId: "k" })).chatId, "c");
    const plain = await visit(t, server, { ext: null });
    assert.equal((await plain.ask("requestNotifications", { secureKey: "key-2" })).chatId, "plain");
    await server.terminate();
  }
});

test("a file of a newer server is not touched", async (t) => {
  const data = await dataDirectory(t);
  const db = new Database(join(data, "chat.db"));
  db.pragma("user_version = 99");
  await assert.rejects(startServer(t, { data }), /newer server/);
  assert.deepEqual(db.prepare("SELECT name FROM sqlite_master").all(), []);
  db.close();
});
