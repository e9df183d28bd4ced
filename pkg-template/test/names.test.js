// The lists of words, held against the declarations. (The Rust side reads names.js and holds it against its own tables.)
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CAPABILITIES, CODES, EVENTS, GETTERS, METHODS, SCALARS, STATES } from "../names.js";
import * as ssr from "./ssr.js";

const files = ["types", "nouns", "transport"].map((name) => new URL(`../../src/api/${name}.d.ts`, import.meta.url));
const types = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("");

const union = (name) => [...new RegExp(`type ${name} =([^;]+);`).exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, word]) => word);
const body = (name) => new RegExp(`export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(types)[1];
const members = (name) => [...body(name).matchAll(/^ {2}(?:readonly )?"?([\w:]+)"?\??[:(<]/gm)].map(([, word]) => word);
const sorted = (words) => [...words].sort();

test("states, codes, capabilities and events", () => {
  assert.deepEqual(sorted(union("State")), sorted(STATES));
  assert.deepEqual(sorted(union("ErrorCode")), sorted(CODES));
  assert.deepEqual(sorted(union("Capability")), sorted(CAPABILITIES));
  assert.deepEqual(sorted(members("Events")), sorted(EVENTS));
});

test("methods and getters", () => {
  const typed = members("SupportChat");
  const dotted = [...body("SupportChat").matchAll(/^ {4}(\w+)\(/gm)].map(([, word]) => `user.${word}`);
  const own = [...METHODS, ...Object.keys(GETTERS)].filter((name) => !name.includes("."));
  assert.deepEqual(sorted(typed), sorted([...own, "on", "once", "off", "user"]));
  assert.deepEqual(sorted(dotted), sorted(METHODS.filter((name) => name.includes("."))));
});

test("every option of the script tag is an option", () => {
  const known = ["Options", "SessionOptions", "ChatAttributes"].flatMap(members);
  for (const name of SCALARS) assert.ok(known.includes(name), name);
});

test("under Node every promise call rejects, getters answer, and nothing is an unhandledrejection", async () => {
  const chat = ssr.createChat({ serverUrl: "/" });
  assert.deepEqual([chat.state, chat.identity, chat.unreadCount, chat.connection], Object.values(GETTERS));
  const calls = METHODS.map((name) => name.split(".").reduce((object, key) => object[key], chat)());
  for (const call of calls) await assert.rejects(call, { name: "SupportChatError", code: "unsupported" });
  assert.equal(typeof chat.on("ready", () => {}), "function");
  assert.equal(ssr.SupportChat.createChat, ssr.createChat);
  assert.ok(new ssr.SupportChatError("aborted") instanceof ssr.SupportChat.Error);
});
