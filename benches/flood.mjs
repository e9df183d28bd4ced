// An agent who writes very many messages: over the console's own HTTP API, a few requests at a time on kept connections.
import { Agent as Connections, request } from "node:http";

const AT_ONCE = 8;

/** Writes `count` messages into a conversation the agent has taken; resolves when the server has all of them. */
export async function flood({ origin }, conversationId, count) {
  const agent = new Connections({ keepAlive: true, maxSockets: AT_ONCE });
  let next = 0;
  const write = async () => {
    while (next < count) {
      next += 1;
      await post(agent, `${origin}/agent/api/message`, { conversationId, text: `Message ${next}: the burr is in stock and leaves today.` });
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, write));
  } finally {
    agent.destroy();
  }
}

function post(agent, address, body) {
  return new Promise((done, fail) => {
    const asked = request(address, { agent, method: "POST", headers: { "content-type": "application/json" } }, (answer) => {
      answer.resume();
      answer.on("end", () => (answer.statusCode === 200 ? done() : fail(new Error(`${address} answered ${answer.statusCode}`))));
    });
    asked.on("error", fail);
    asked.end(JSON.stringify(body));
  });
}
