import { transportConformance } from "/support-chat/testing.js";
import { Backend } from "./backend.js";
import { ownTransport } from "./transport.js";

let made = 0;
const tests = transportConformance(() => {
  const backend = new Backend(`conformance-${Date.now()}-${made++}`);
  return {
    transport: () => ownTransport(backend),
    agentSays: (text) => void backend.write(backend.lastRoom, { author: "Robin", text }),
  };
});

let failed = 0;
for (const { name, run } of tests) {
  const line = document.createElement("li");
  line.textContent = await run().then(() => `ok: ${name}`, (error) => ((failed += 1), `FAILED: ${name}: ${error.message}`));
  document.querySelector("#log").append(line);
}
document.querySelector("#sum").textContent = failed ? `${failed} of ${tests.length} failed` : `all ${tests.length} passed`;
