// A transport of the page's own: every command is told apart by its type, every event is checked.
import type { Transport, TransportCommand, TransportEvent, TransportSink } from "support-chat";

const party = { id: "a", name: "Ann", type: "agent", is: { client: false, agent: true, supervisor: false, external: false, bot: false } };

export class Own implements Transport {
  readonly capabilities = ["typing", "idempotency"] as const;
  sink: TransportSink | null = null;

  connect(session: Parameters<Transport["connect"]>[0], sink: TransportSink): void {
    const last: number | undefined = session.lastIndex["c1"];
    this.sink = sink;
    const proof: string | undefined = session.user?.token ?? session.user?.id;
    if (proof === "") sink.closed("auth");
    sink.receive([
      { type: "message", index: (last ?? 0) + 1, party, content: { type: "text", text: "Hi" }, time: Date.now(), conversationId: "c1" },
      { type: "joined", party, time: 0 },
    ]);
    sink.connected({ capabilities: this.capabilities });
    sink.save({ token: 1 });
  }

  async perform(command: TransportCommand): Promise<unknown> {
    switch (command.type) {
      case "request-chat":
        return { conversationId: command.clientConversationId, first: command.firstMessage?.text };
      case "send":
        return { index: command.text.length };
      case "history":
        return { events: [], limit: command.limit.toFixed() };
      case "identify":
        return { merged: command.token.length > 0 };
      case "update":
        return [command.user, command.company, command.context];
      case "conversations":
        return { items: [], limit: command.limit, cursor: command.cursor };
      case "revoke":
        return undefined;
      case "file":
        command.progress(0.5);
        return command.file.name;
      default:
        throw Object.assign(new Error(command.type), { code: "unsupported" });
    }
  }

  disconnect(reason: "shutdown" | "destroyed" | "reload" | "identity"): void {
    if (reason === "shutdown") this.sink = null;
  }
}

// @ts-expect-error a message has an index
export const noIndex: TransportEvent = { type: "message", party, content: { type: "text" }, time: 0 };
// @ts-expect-error no such event
export const unknown: TransportEvent = { type: "shrug" };
// @ts-expect-error no such capability
export const eager: Transport = { capabilities: ["telepathy"], connect() {}, perform() {}, disconnect() {} };
// @ts-expect-error three reasons only
export const closed = (sink: TransportSink) => sink.closed("tired");
