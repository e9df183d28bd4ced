// The live stream. After a break it asks for everything written since the last event it has seen.
import { pauseAfter, wake } from "./api.js";

/** `handlers`: `{snapshot, message, conversation, typing, state}`; `position()` is the last seen event's number. */
export function follow(handlers, position) {
  let attempt = 0;

  function open() {
    const after = position();
    const source = new EventSource(`/agent/api/events${after === undefined ? "" : `?after=${after}`}`);
    for (const name of ["snapshot", "message", "conversation", "typing"]) {
      source.addEventListener(name, ({ data }) => handlers[name](JSON.parse(data)));
    }
    source.addEventListener("open", () => {
      attempt = 0;
      handlers.state("live");
      wake();
    });
    // Browsers differ in whether they try again by themselves: so none of them may.
    source.addEventListener("error", () => {
      source.close();
      handlers.state("lost");
      setTimeout(open, pauseAfter(attempt));
      attempt += 1;
    });
  }

  open();
}
