// A transport of the page's own: what it is asked and what it reports.
import type { Party, Content, Conversation } from "./nouns.js";

export type Capability =
  | "typing"
  | "idempotency"
  | "identify"
  | "history"
  | "conversations"
  | "receipts"
  | "presence"
  | "queue"
  | "files"
  | "rating"
  | "offline"
  | "quick-replies"
  | "transfer"
  | "articles"
  | "forms";

export interface Transport {
  readonly capabilities?: readonly Capability[];
  /** Called when a connection is wanted. Report everything through `sink`. */
  connect(session: TransportSession, sink: TransportSink): void | Promise<void>;
  /** Settles when the backend accepted or refused the command; an unknown one rejects with `code: "unsupported"`. */
  perform(command: TransportCommand): unknown | Promise<unknown>;
  /**
   * `reload`: the session lives on elsewhere or later. `identity`: whoever connects next is somebody else than the
   * connection was for, or than `identify` has named: what it knows of them is to be forgotten.
   */
  disconnect(reason: "shutdown" | "destroyed" | "reload" | "identity"): void | Promise<void>;
}

export interface TransportSession {
  visitorId: string;
  /** Whom the page says this is; without a token that is not proved. */
  user?: { id: string; token?: string };
  /** What `sink.save` was given last. */
  resume?: unknown;
  /** The last index applied, by conversation. */
  lastIndex: Record<string, number>;
  locale: string;
}

export interface TransportSink {
  /** Only after every event after `lastIndex` was received. */
  connected(info?: { capabilities?: readonly Capability[] }): void;
  receive(events: TransportEvent | TransportEvent[]): void;
  /** Lost; the SDK calls `connect` again, with backoff. */
  interrupted(reason?: string): void;
  /** Do not retry. */
  closed(reason: "auth" | "refused" | "cookies_blocked"): void;
  /** JSON kept in the saved session, handed back as `resume`. */
  save(data: unknown): void;
}

export interface Outgoing {
  clientMessageId: string;
  conversationId?: string;
  text: string;
  payload?: unknown;
  messageType?: string;
}

export type TransportCommand =
  | {
      type: "request-chat";
      clientConversationId: string;
      nickname: string;
      subject?: string;
      userData: object;
      routing?: object;
      firstMessage?: Outgoing;
    }
  | ({ type: "send" } & Outgoing)
  | { type: "typing"; isTyping: boolean; preview?: string }
  | { type: "end" }
  /** Go on as the user of this token, or renew it; settles with `{userId?, merged?}`. */
  | { type: "identify"; token: string }
  /** Logout: what opens anything is to be worthless from now on. `disconnect("shutdown")` follows at once. */
  | { type: "revoke" }
  | { type: "update"; user?: object; company?: object; context?: object; tag?: object }
  | { type: "history"; conversationId?: string; before?: number; after?: number; limit: number }
  | { type: "conversations"; cursor?: string; limit: number }
  | { type: "read"; conversationId?: string; index: number }
  | { type: "presence" }
  | { type: "file"; file: File; progress(fraction: number): void }
  | { type: "rate"; score: number; comment?: string }
  | { type: "offline-form"; fields: object }
  | { type: "articles"; query: string }
  | { type: "article"; id: string }
  | { type: "form"; id: string }
  | { type: "form-submit"; id: string; fields: object };

/** Each may carry the conversation it belongs to; `time` is in milliseconds. */
export type TransportEvent = { conversationId?: string } & (
  | { type: "message"; index: number; id?: string; clientMessageId?: string; party: Party; content: Content; time: number }
  | { type: "joined" | "left"; party: Party; index?: number; time: number }
  | { type: "typing"; party: Party; isTyping: boolean }
  | { type: "delivered" | "read"; index: number }
  | { type: "queue"; position: number; wait?: number }
  | { type: "presence"; isAgentAvailable: boolean }
  | { type: "conversation"; conversation: Conversation }
  | { type: "transferred"; to: Party }
  | { type: "idle"; secondsLeft: number }
  | { type: "rating-request" }
  | { type: "ended"; reason?: string }
);
