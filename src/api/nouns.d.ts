// What calls, events and transports speak of.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A free-form object: never key-checked, JSON values, at most 16 kB in all. */
export type FreeForm = { [key: string]: unknown };

export interface User {
  id: string | number;
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  avatarUrl?: string | null;
  traits?: FreeForm | null;
}

export interface Company {
  id: string | number;
  name?: string | null;
  plan?: string | null;
  [key: string]: string | number | boolean | null | undefined;
}

export type TokenReason = "boot" | "identify" | "expiring" | "rejected" | "resume";
export type TokenProvider = (request: { reason: TokenReason }) => string | Promise<string>;

export interface Identity {
  readonly type: "anonymous" | "authenticated" | null;
  readonly userId?: string;
  readonly visitorId?: string;
  readonly verified?: boolean;
}

export interface Connection {
  readonly state: "idle" | "connecting" | "connected" | "reconnecting" | "disconnected";
  readonly type?: string;
  readonly reason?: string;
}

export interface Party {
  id: string;
  name: string;
  type: string;
  is: { client: boolean; agent: boolean; supervisor: boolean; external: boolean; bot: boolean };
  avatarUrl?: string;
}

export interface FileInfo {
  id: string;
  name: string;
  size: number;
  type: string;
  url: string;
}

export interface Content {
  type: "text" | "notice" | "url" | "file";
  text?: string;
  url?: string;
  file?: FileInfo;
  quickReplies?: { title: string; payload?: unknown }[];
}

export type MessageStatus = "queued" | "sending" | "sent" | "delivered" | "read" | "failed";

export interface Message {
  id: string;
  clientMessageId?: string;
  conversationId: string;
  index: number;
  party: Party;
  content: Content;
  /** ISO 8601. */
  createdAt: string;
  status: MessageStatus;
}

export type ConversationStatus = "new" | "queued" | "active" | "resolved" | "ended";

export interface Conversation {
  /** The server's; before that `local-…`, which stays valid as an alias. */
  id: string;
  status: ConversationStatus;
  subject?: string;
  createdAt: string;
  updatedAt: string;
  unreadCount: number;
  lastMessage?: Message;
  agent?: Party;
  tags: string[];
  customFields: FreeForm;
}

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}
