// The conformance tests, run on the demo and on a store, and shown to find what is wrong with broken ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { demoTransport, storeConformance, transportConformance } from "../testing.js";

const demo = (change = (transport) => transport) => () => ({ transport: () => change(demoTransport({ delay: 30 })) });
const memory = () => {
  let text = null;
  return { read: () => text && JSON.parse(text), write: (state) => void (text = state && JSON.stringify(state)) };
};

for (const { name, run } of transportConformance(demo())) test(`demo: ${name}`, run);
for (const { name, run } of storeConformance(memory)) test(`memory: ${name}`, run);

const failures = async (tests) => {
  const outcomes = await Promise.allSettled(tests.map(({ run }) => run()));
  return tests.filter((_, at) => outcomes[at].status === "rejected").map(({ name }) => name);
};
const with_ = (own) => (transport) => ({ ...transport, connect: transport.connect, ...own(transport) });

test("a transport that forgets, repeats, or accepts everything is found out", async () => {
  const forgets = with_((inner) => ({ connect: (session, sink) => inner.connect.call(inner, { ...session, resume: undefined }, sink) }));
  assert.deepEqual(await failures(transportConformance(demo(forgets))), [
    "hands over what was missed before it reports connected",
    "hands over everything to a page that knows nothing",
  ]);
  const twice = with_((inner) => ({
    perform: (command) => inner.perform(command.type === "send" ? { ...command, clientMessageId: String(Math.random()) } : command),
  }));
  assert.deepEqual(await failures(transportConformance(demo(twice))), ["sends the same key once, if it is idempotent"]);
  const leaks = with_((inner) => ({ disconnect: (reason) => inner.disconnect(reason === "identity" ? "reload" : reason) }));
  assert.deepEqual(await failures(transportConformance(demo(leaks))), ["shows nothing of one identity to the next"]);
  const lies = with_((inner) => ({
    capabilities: [...inner.capabilities, "conversations"],
    perform: (command) => (command.type === "identify" ? Promise.reject(new Error("no")) : inner.perform(command)),
  }));
  assert.deepEqual(await failures(transportConformance(demo(lies))), [
    "takes a token and gives it up again, if it identifies", "lists conversations, if it can",
  ]);
  const accepts = with_((inner) => ({ perform: (command) => inner.perform(command).catch(() => {}) }));
  assert.deepEqual(await failures(transportConformance(demo(accepts))), ["refuses a command it does not know", "ends the chat"]);
});

test("a store that keeps the object itself, or merges, is found out", async () => {
  const same = () => {
    let kept = null;
    return { read: () => kept, write: (state) => void (kept = state) };
  };
  assert.deepEqual(await failures(storeConformance(same)), ["keeps a copy, not the object it was given", "hands out a copy, not the object it keeps"]);
});

test("the demo answers as an agent who joins, types and writes, and stops when the chat ends", async () => {
  const transport = demoTransport({ replies: ["One", "Two"], delay: 3, agent: { name: "Ann" } });
  const seen = [];
  const answered = new Promise((done) => {
    const sink = {
      connected() {},
      save() {},
      receive(events) {
        for (const event of [events].flat()) {
          seen.push(event.content?.text ?? `${event.type} ${event.isTyping ?? ""}`.trim());
          if (event.content?.text === "Two") done();
        }
      },
    };
    transport.connect({ visitorId: "v", lastIndex: {}, locale: "en" }, sink);
  });
  const { conversationId } = await transport.perform({
    type: "request-chat", clientConversationId: "c", nickname: "Kim", userData: {}, firstMessage: { clientMessageId: "1", text: "Hi" },
  });
  await transport.perform({ type: "send", clientMessageId: "2", conversationId, text: "And" });
  await answered;
  assert.deepEqual(seen, ["Hi", "And", "joined", "typing true", "typing false", "One", "typing true", "typing false", "Two"]);
});
