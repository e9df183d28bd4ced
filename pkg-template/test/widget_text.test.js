// The panel's pure parts that read words: links, initials, emoji, the table of strings. How they are drawn:
// src/widget/tests, in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed, blank, emojiOnly, initials, pieces } from "../../src/widget/text.js";
import { EN, fill, table } from "../../src/widget/words.js";

const links = (text) => {
  const found = pieces(text);
  assert.equal(found.map(([words]) => words).join(""), text);
  return found.filter(([, address]) => address);
};

test("finds the links people write", () => {
  for (const [text, shown, address] of [
    ["see https://a.example/b?c=d#e.", "https://a.example/b?c=d#e", "https://a.example/b?c=d#e"],
    ["(http://a.example)", "http://a.example", "http://a.example"],
    ["see:HTTPS://a.example/x_(y)", "HTTPS://a.example/x_(y)", "HTTPS://a.example/x_(y)"],
    ["minutes:\nfieldhouse.coffee/c40-ring", "fieldhouse.coffee/c40-ring", "https://fieldhouse.coffee/c40-ring"],
    ["www.shop.example!", "www.shop.example", "https://www.shop.example"],
    ["write to lena@brandt.example.", "lena@brandt.example", "mailto:lena@brandt.example"],
    ["tel:+4930123", "tel:+4930123", "tel:+4930123"],
    ["“https://a.example/ü”", "https://a.example/ü", "https://a.example/ü"],
  ]) {
    assert.deepEqual(links(text), [[shown, address]], text);
  }
  assert.equal(links("a.example/1 and https://b.example").length, 2);
});

test("leaves text alone", () => {
  for (const text of [
    "", " ", "and/or", "1.2/3.4", "end.Next", "shop.example", "javascript:alert(1)", "data:text/html,x", "https://",
    "JaVaScRiPt://a.example/%0aalert(1)", "javascript://http://a.example", "vbscript:x", "file:///etc", "a@b", "@", "...",
    "😀/😀", "//a.example", "x@y@z.example", "user@host.example/path", "é", "http:/a.example",
  ]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("a long text of nothing but what ends a link takes no time", () => {
  const begin = performance.now();
  for (const letter of ".(:/@a-") pieces(letter.repeat(20_000) + "x");
  assert.ok(performance.now() - begin < 500);
});

test("only four schemes are allowed", () => {
  for (const good of ["https://a", "HTTP://a", "mailto:a@b.example", "tel:1"]) assert.ok(allowed(good), good);
  const bad = ["https://", "javascript:alert(1)", " https://a", "https://a\n", "java\tscript:x", "data:,", "//a", "é", "", null];
  for (const address of bad) assert.ok(!allowed(address), address);
});

test("a name becomes one or two letters", () => {
  for (const [name, letters] of [
    ["Maya Keller", "MK"],
    ["maya", "m"],
    ["Ana de la Cruz", "AC"],
    ["مها كنعان", "م"],
    ["", ""],
    ["  ", ""],
    ["李 小龙", "李"],
    ["🙂 x", "🙂"],
  ]) {
    assert.equal(initials(name), letters);
  }
});

test("emoji alone are large", () => {
  for (const large of ["🙏", "👍🏽 👩‍👩‍👧", "❤️"]) assert.ok(emojiOnly(large), large);
  for (const small of ["ok 🙏", "", "  ", "1", "🙏🙏🙏🙏🙏🙏🙏"]) assert.ok(!emojiOnly(small), small);
});

test("what nobody would see is nothing", () => {
  for (const nothing of ["", " \n", "\u200b", " \u200d\ufeff\u2060\u00ad"]) assert.ok(blank(nothing), JSON.stringify(nothing));
  for (const words of ["a", "\u200ba", "👩‍👩‍👧", "\u0600"]) assert.ok(!blank(words), JSON.stringify(words));
});

test("the page's words win, a value is filled in, and what is no text is left out", () => {
  const words = table({ joined: "{name} ist da", send: "Senden", close: 5 });
  assert.equal(fill(words.joined, "Maya"), "Maya ist da");
  assert.equal(fill(words.left, "Maya"), "Maya left the chat");
  assert.deepEqual([words.send, words.close], ["Senden", EN.close]);
  assert.equal(fill("} weg {", "Maya"), " weg Maya");
  assert.equal(fill("{name", "$&"), "$&");
  assert.equal(table(null).send, EN.send);
});

test("no text is empty, and none shouts", () => {
  for (const [key, words] of Object.entries(EN)) assert.ok(words && !words.includes("!"), key);
});
