// Messages as a transport brings them: of two people in turns, long and short, a minute apart.
const SHORT = "Thanks!";
const LONG = "The burr of the C40 is steel, fits without tools, and takes about five minutes to change; I can add one to your order today.";
const party = (id, name, type) => ({ id, name, type, is: { client: type === "visitor", agent: type === "agent", supervisor: false, external: false, bot: false } });
const MAYA = party("a1", "Maya", "agent");
const LENA = party("v1", "Lena", "visitor");
const BEGIN = Date.UTC(2026, 0, 5, 9);

/** `count` events after the first `from`; the visitor's own first message has index 1. */
export function events(from, count) {
  return Array.from({ length: count }, (_, step) => {
    const index = from + step + 2;
    return {
      type: "message", index, id: `m${index}`, party: index % 5 < 2 ? LENA : MAYA, time: BEGIN + index * 60_000,
      content: { type: "text", text: `${index}: ${index % 3 ? SHORT : LONG}` },
    };
  });
}
