// The public surface of support-chat: its calls, options, events and errors. The one source: the package's index.d.ts is a
// copy of this file; nouns.d.ts and transport.d.ts stand beside it there as here.
import type {
  Company, Connection, Content, Conversation, FreeForm, Identity, Message, Page, Party, TokenProvider, User,
} from "./nouns.js";
import type { Transport } from "./transport.js";

export type * from "./nouns.js";
export type * from "./transport.js";

/** Where a chat is in its life. Every change emits `state`. */
export type State =
  | "not_initialized"
  | "loading"
  | "ready"
  | "booting"
  | "anonymous"
  | "authenticated"
  | "reconnecting"
  | "disconnected"
  | "shutdown"
  | "destroyed";

export type ErrorCode =
  | "not_ready"
  | "not_booted"
  | "destroyed"
  | "aborted"
  | "load_failed"
  | "csp_blocked"
  | "invalid_config"
  | "unsupported"
  | "identity_conflict"
  | "auth_required"
  | "auth_expired"
  | "invalid_token"
  | "invalid_origin"
  | "widget_disabled"
  | "rate_limited"
  | "network_error"
  | "transport_unavailable"
  | "handshake_rejected"
  | "protocol_error"
  | "session_not_found"
  | "already_running"
  | "conversation_not_found"
  | "message_invalid"
  | "message_send_failed"
  | "attachment_too_large"
  | "unsupported_file_type"
  | "form_not_found"
  | "article_not_found"
  | "validation_error"
  | "internal_error";

/** What every rejected call rejects with. */
export declare class SupportChatError extends Error {
  constructor(code: ErrorCode, more?: { message?: string; reason?: string; recoverable?: boolean; requestId?: string; cause?: unknown });
  readonly name: "SupportChatError";
  readonly code: ErrorCode;
  readonly reason?: string;
  /** Whether the same call may succeed later without a change of the page. */
  readonly recoverable: boolean;
  readonly requestId?: string;
  readonly cause?: unknown;
}

// --------------------------------------------------------------------------------------------------------- events

export interface Envelope<T> {
  readonly id: string;
  readonly type: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly payload: T;
}

type Nothing = Record<string, never>;
type OfConversation = { conversation: Conversation };
type OfMessage = { conversation: Conversation; message: Message };

/** What each event carries. */
export interface Events {
  ready: { identityType: "anonymous" | "authenticated" };
  state: { state: State; previous: State; reason?: string };
  error: { error: SupportChatError };
  open: Nothing;
  close: Nothing;
  show: Nothing;
  hide: Nothing;
  "launcher:show": Nothing;
  "launcher:hide": Nothing;
  "auth:expired": Nothing;
  "auth:changed": { identityType: "anonymous" | "authenticated" | null; previous: "anonymous" | "authenticated" | null };
  "connection:state": { state: Connection["state"]; reason?: string };
  "unread:change": { count: number };
  "conversation:started": OfConversation;
  "conversation:opened": OfConversation;
  "conversation:updated": OfConversation;
  "conversation:assigned": OfConversation;
  "conversation:resolved": OfConversation;
  "conversation:ended": OfConversation;
  "message:sending": OfMessage;
  "message:sent": OfMessage;
  "message:delivered": OfMessage;
  "message:received": OfMessage;
  "message:failed": OfMessage & { error: SupportChatError };
  "message:read": { conversation: Conversation; index: number };
  "typing:start": { conversationId: string; party: Party };
  "typing:stop": { conversationId: string; party: Party };
  "queue:update": { position: number; wait?: number };
  "agent:joined": { party: Party };
  "agent:left": { party: Party };
  availability: { isAgentAvailable: boolean };
  "storage:degraded": { wanted: string; using: string; reason: string };
  idle: { secondsLeft: number };
  "conversation:transferred": { to: Party };
  "prechat:submitted": { fields: FreeForm };
  "rating:requested": Nothing;
  "rating:submitted": { score: number; comment?: string };
  "article:opened": { id: string };
  "form:opened": { id: string };
  "form:submitted": { id: string };
}

export type EventName = keyof Events;
export type Handler<K extends EventName> = (event: Envelope<Events[K]>) => void;

// -------------------------------------------------------------------------------------------------------- options

/** camelCase of the `--sc-*` tokens; those not named here are passed on as they are. */
export interface Theme {
  mode?: "system" | "light" | "dark";
  accent?: string;
  onAccent?: string;
  radius?: string;
  font?: string;
  [token: string]: string | undefined;
}
export type ThemeMode = "system" | "light" | "dark";

export interface LauncherOptions {
  position?: "right" | "left";
  label?: string;
  badge?: boolean;
  /** Address of an image; never markup. */
  icon?: string;
  /** An element of the page that plays the launcher. */
  selector?: string;
  /** Distance from the edges in pixels; 20, on phones 16. */
  offset?: { x?: number; y?: number };
  zIndex?: number;
}

export interface Field {
  name: string;
  label: string;
  type: string;
  required?: boolean;
  options?: string[];
}

export type MaybePromise<T> = T | Promise<T>;

/** A store of the page's own: opaque, versioned plain JSON. `write(null)` means: delete everything. */
export interface StateStorage {
  read(): MaybePromise<object | null | undefined>;
  write(state: object | null): MaybePromise<void>;
}

export interface TranscriptDetail {
  label: string;
  value: unknown;
  displayToAgent?: boolean;
  transcriptFields?: string[];
}

export interface EntityInfo {
  entityName: string;
  entityFieldMaps: { fieldName: string; label: string; doCreate?: boolean; doFind?: boolean; isExactMatch?: boolean }[];
  saveToTranscript?: string;
  linkToEntityName?: string;
  linkToEntityField?: string;
}

export interface ChatAttributes {
  prepopulatedPrechatFields?: FreeForm;
  extraPrechatFormDetails?: TranscriptDetail[];
  extraPrechatInfo?: EntityInfo[];
  fallbackRouting?: string[];
  directToButtonRouting?: (prechatFields: FreeForm) => string;
}

export interface SessionOptions {
  serverUrl?: string;
  username?: string;
  subject?: string;
  /** Merged over source, pageTitle, url and referrer; an explicit `null` overrides one of them. */
  userData?: FreeForm;
  transport?: "cometd" | Transport;
  stateStorage?: StateStorage;
  /** Seconds a saved session lives after the page was left. */
  maxOfflineDuration?: number;
  disableWebSockets?: boolean;
  logger?: Logger;
}

export interface StartChatOptions extends ChatAttributes, SessionOptions {
  directToAgentRouting?: { buttonId: string; userId?: string; fallback?: boolean };
}

export type Logger = (...args: any[]) => void;
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Read once; an unknown key is an error that names the nearest valid one. */
export interface Options extends ChatAttributes, SessionOptions {
  /** The chat service channel. Default `/service/chatV2/customer-support`. */
  channel?: string;
  connect?: "lazy" | "eager";
  user?: User;
  company?: Company;
  tokenProvider?: TokenProvider;
  context?: FreeForm;
  storage?: "local" | "session" | "cookie" | "memory" | StateStorage;
  storageDomain?: string;
  cookieConsent?: boolean;
  namespace?: string;
  load?: "immediate" | "idle" | "interaction" | "manual";
  /** Boots by itself once loaded. Default true in the script tag, false in npm. */
  autoBoot?: boolean;
  autoRender?: boolean;
  locale?: string;
  messages?: { [key: string]: string };
  theme?: ThemeMode | Theme;
  launcher?: false | LauncherOptions;
  brand?: { name: string; avatarUrl?: string; replyTime?: string };
  greeting?: { title: string; text: string; avatarUrl?: string; delay?: number };
  prechat?: Field[];
  offline?: Field[];
  sound?: boolean;
  notifications?: boolean;
  updateLimit?: { perSecond?: number; perMinute?: number };
  logLevel?: LogLevel;
  buttonId?: string;
  /** Address of the wasm file, where a bundler does not copy it beside the code. */
  wasm?: string | URL;
}

// ---------------------------------------------------------------------------------------------------------- calls

export interface BootOptions {
  user?: User;
  company?: Company;
  tokenProvider?: TokenProvider;
  context?: FreeForm;
}

export interface IdentifyOptions {
  user: User;
  company?: Company;
  tokenProvider?: TokenProvider;
}

export interface UpdateOptions {
  user?: Partial<User>;
  company?: Partial<Company>;
  context?: FreeForm;
}

export interface Tag {
  id?: string | number | null;
  email?: string | null;
  firstname?: string | null;
  lastname?: string | null;
  gender?: string | null;
  labels?: string[] | null;
  assignedUser?: string | null;
  additionalTaggingData?: FreeForm | null;
  externalToken?: string;
}

/** A promise with two chainable methods, each returning the same promise. */
export interface ChatPromise<T> extends Promise<T> {
  done(fn: (value: T) => void): this;
  /** `event.error` is absent where there simply was nothing to restore. */
  fail(fn: (event: { error?: { code: number; description: string } }) => void): this;
}

export interface SessionEvent {
  party: Omit<Party, "type"> & { type: "Client" | "Agent" | "Supervisor" | "External" };
  content: Content;
  index: number;
  /** Milliseconds. */
  time: number;
  isTyping?: boolean;
  [more: string]: unknown;
}

type SessionCallback<T = SessionEvent> = (fn: (event: T) => void) => ChatSession;

export interface ChatSession {
  readonly id: string;
  readonly state: "queued" | "active" | "interrupted" | "ended";
  readonly parties: readonly Party[];
  sendMessage(message: string | { message: string; type?: string }): ChatPromise<void>;
  sendTyping(typing?: { isTyping?: boolean; message?: string }): ChatPromise<void>;
  getTranscript(options?: { fromIndex?: number }): ChatPromise<SessionEvent[]>;
  leave(): ChatPromise<void>;
  updateUserData(data: FreeForm): ChatPromise<void>;
  sendFile(file: File): ChatPromise<void>;
  onAgentConnected: SessionCallback;
  onAgentDisconnected: SessionCallback;
  onAgentTyping: SessionCallback;
  onMessageReceived: SessionCallback;
  onSessionEnded: SessionCallback<any>;
  onInterrupted: SessionCallback<any>;
  onContinued: SessionCallback<any>;
  onError: SessionCallback<{ error: { code: number; description: string } }>;
}

/** What a page holds. Every call is legal in every state: it runs, waits, or rejects with a typed code. */
export interface SupportChat {
  readonly state: State;
  readonly identity: Identity;
  readonly unreadCount: number;
  readonly connection: Connection;

  on<K extends EventName>(event: K, fn: Handler<K>): () => void;
  once<K extends EventName>(event: K, fn: Handler<K>): () => void;
  off<K extends EventName>(event: K, fn: Handler<K>): void;

  load(): Promise<void>;
  boot(options?: BootOptions): Promise<void>;
  identify(options: IdentifyOptions): Promise<void>;
  update(options: UpdateOptions): Promise<void>;
  shutdown(options?: { clearStorage?: boolean }): Promise<void>;
  destroy(): Promise<void>;

  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  show(): Promise<void>;
  hide(): Promise<void>;
  showLauncher(): Promise<void>;
  hideLauncher(): Promise<void>;
  setLauncherVisible(visible: boolean): Promise<void>;
  setTheme(theme: ThemeMode | Theme): Promise<void>;
  setLocale(locale: string): Promise<void>;
  setZIndex(zIndex: number): Promise<void>;
  setCookieConsent(consent: boolean): Promise<void>;
  render(options: { target?: Element | string; mode?: "floating" | "inline" }): Promise<void>;

  startConversation(options?: {
    subject?: string;
    message?: string;
    tags?: string[];
    customFields?: FreeForm;
    metadata?: FreeForm;
  }): Promise<Conversation>;
  showConversation(id: string): Promise<void>;
  listConversations(options?: { limit?: number; cursor?: string }): Promise<Page<Conversation>>;
  /** Resolves once the server acknowledged the message; offline it stays pending and events tell the rest. */
  sendMessage(message: { conversationId?: string; text: string; clientMessageId?: string }): Promise<Message>;
  retryMessage(clientMessageId: string): Promise<void>;
  discardMessage(clientMessageId: string): Promise<void>;
  sendTyping(typing?: { isTyping?: boolean }): Promise<void>;
  sendFile(file: File): Promise<void>;
  markConversationRead(id: string): Promise<void>;
  showNewMessage(options?: { prefill?: string; metadata?: FreeForm }): Promise<void>;
  getTranscript(options?: { fromIndex?: number }): Promise<Message[]>;
  downloadTranscript(options: { format: "text" | "html" }): Promise<void>;
  rate(rating: { score: number; comment?: string }): Promise<void>;
  setContext(context: FreeForm): Promise<void>;
  setConversationTags(tags: string[]): Promise<void>;
  setCustomFields(fields: FreeForm): Promise<void>;
  isAgentOnline(): Promise<boolean>;
  searchArticles(query: string): Promise<FreeForm[]>;
  showArticle(id: string): Promise<void>;
  showTicketForm(id: string, options?: FreeForm): Promise<void>;

  startSession(options: SessionOptions): ChatPromise<ChatSession>;
  restoreSession(options?: SessionOptions): ChatPromise<ChatSession>;
  startChat(options?: StartChatOptions): ChatPromise<ChatSession>;
  endChat(): Promise<void>;
  clearSession(): Promise<void>;

  readonly user: {
    tag(tag: Tag): Promise<void>;
    reset(): Promise<void>;
  };
}

/** Returns at once and never throws; what is wrong with the options, `error` and every waiting call tell. */
export declare function createChat(options?: Options): SupportChat;

export declare const SupportChat: {
  readonly createChat: typeof createChat;
  readonly version: string;
  readonly Error: typeof SupportChatError;
};
