// The sound of a message, with the browser's audio faked. When it is heard: tests/session/sounding.rs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sound } from "../sound.js";

const made = [];

/** Notes what becomes of each part. */
class Part {
  frequency = {};
  gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
  connect(next) { return next; }
  start(at) { this.from = at; }
  stop(at) { this.to = at; }
}

class FakeAudio {
  currentTime = 1;
  tones = [];
  constructor() { made.push(this); }
  createOscillator() { this.tones.push(new Part()); return this.tones.at(-1); }
  createGain() { return new Part(); }
  close() { this.closed = true; }
}

const page = (userActivation, AudioContext = FakeAudio) => {
  made.length = 0;
  Object.defineProperty(globalThis, "navigator", { value: { userActivation }, configurable: true });
  globalThis.AudioContext = AudioContext;
};

test("a message is two tones, and nothing is left when they are over", () => {
  page({ hasBeenActive: true });
  sound();
  const [{ tones }] = made;
  assert.equal(tones.length, 2);
  assert.equal(tones[0].to, tones[1].from);
  tones[0].onended();
  assert.equal(made[0].closed, undefined);
  tones[1].onended();
  assert.equal(made[0].closed, true);
});

test("on a page that nobody touched no audio is even made", () => {
  for (const activation of [{ hasBeenActive: false }, undefined]) {
    page(activation);
    sound();
    assert.deepEqual(made, []);
  }
});

test("a browser without a device is no error", () => {
  page({ hasBeenActive: true }, class { constructor() { throw new DOMException("no", "NotSupportedError"); } });
  sound();
});
