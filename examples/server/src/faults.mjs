// Test switches: makes the server misbehave on demand. Without `--test` nothing ever sets one.
import { refusal, temporary } from "./frames.mjs";

export const KINDS = [
  "temporary", "decorator", "command", "refuse", "stall", "lose-reply", "garbage", "garbage-frame", "drop-connections",
  "refuse-operation", "late",
];

// Every value here is hostile on purpose: wrong types, huge numbers, unknown kinds.
const GARBAGE = [
  "text", 17, [], [[[[[[]]]]]],
  { statusCode: "zero", messages: 7 },
  { statusCode: 0, messages: [null, 5, {}, { index: -1, type: 3 }, { index: 1e300, type: "Message", from: "x", text: {} }] },
  { statusCode: 0, chatId: {}, secureKey: [], nextPosition: "9", messages: [{ index: "1", type: "Unheard", from: null }] },
];

export class Faults {
  #waiting = []; // { kind, count, operation?, code?, ms? } in the order they were asked for

  add({ kind, count = 1, operation, code, ms }) {
    this.#waiting.push({ kind, count, operation, code, ms });
  }

  clear() {
    this.#waiting = [];
  }

  waiting() {
    return this.#waiting.map((fault) => ({ ...fault }));
  }

  /** Uses up one of `kind` and answers it, if there was one. */
  take(kind) {
    return this.#use((fault) => fault.kind === kind);
  }

  /**
   * What shall happen to an operation: `frames` instead of performing it, `silent` after it, its reply `late` by so many ms,
   * or nothing. With `onlyNamed` a fault that names no operation means others.
   */
  operation(name, extra, { onlyNamed = false } = {}) {
    const kinds = ["temporary", "decorator", "command", "stall", "lose-reply", "garbage", "refuse-operation", "late"];
    const fault = this.#use(({ kind, operation }) => kinds.includes(kind) && (operation === name || (operation === undefined && !onlyNamed)));
    switch (fault?.kind) {
      case "temporary": return { frames: [temporary(extra)] };
      case "decorator": return { frames: [refusal(51, "stopped by a decorator", { extra })] };
      case "command": return { frames: [refusal(52, "error executing the command", { extra })] };
      case "refuse-operation": return { frames: [refusal(fault.code ?? "refused", "refused as asked for", { extra })] };
      case "late": return { late: fault.ms ?? 1000 };
      case "stall": return { frames: [] };
      case "garbage": return { frames: GARBAGE };
      case "lose-reply": return { silent: true };
      default: return undefined;
    }
  }

  #use(fits) {
    const fault = this.#waiting.find(fits);
    if (!fault) return undefined;
    fault.count -= 1;
    if (fault.count <= 0) this.#waiting.splice(this.#waiting.indexOf(fault), 1);
    return fault;
  }
}
