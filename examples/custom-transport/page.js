import { createChat } from "support-chat";
import { Backend } from "./backend.js";
import { ownTransport } from "./transport.js";

const backend = new Backend("example-backend");
window.chat = createChat({ transport: ownTransport(backend), autoBoot: true, load: "immediate", brand: { name: "Our shop" } });

// The agent's side of the page: talks to the backend, not to the chat.
const log = document.querySelector("#log");
const field = document.querySelector("#text");
const note = ({ author, text }) => {
  const line = document.createElement("li");
  line.textContent = `${author}: ${text}`;
  log.append(line);
};
if (backend.lastRoom) backend.entries(backend.lastRoom, 0).forEach(note);
const listen = () => backend.listen(({ entry }) => entry && note(entry), listen);
listen();

field.addEventListener("input", () => backend.lastRoom && backend.type(backend.lastRoom, "Robin", field.value !== ""));
document.querySelector("#agent").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!backend.lastRoom) return;
  backend.type(backend.lastRoom, "Robin", false);
  backend.write(backend.lastRoom, { author: "Robin", text: field.value });
  field.value = "";
});
document.querySelector("#drop").addEventListener("click", () => backend.dropAll());
