// The words of the public surface, each list once. The handle builds its methods from METHODS; tests compare every list
// with src/api/types.d.ts and with the Rust tables. Nothing here decides anything.

/**
 * Promise calls.
 * The first four end a session at once, whatever waits: see WIPES; `shutdown` is the very first. The others stand as they compress best.
 */
export const METHODS = (
  "shutdown destroy user.reset clearSession show user.tag getTranscript rate sendMessage showArticle toggle " +
  "setLocale load downloadTranscript discardMessage showConversation sendFile startConversation sendTyping " +
  "showLauncher markConversationRead setZIndex startSession setConversationTags boot listConversations " +
  "setLauncherVisible open showTicketForm startChat setTheme restoreSession hideLauncher isAgentOnline hide " +
  "showNewMessage setContext setCustomFields render close retryMessage endChat setCookieConsent searchArticles " +
  "update identify"
).split(" ");

/** How many of METHODS, counted from the front, never wait. */
export const WIPES = 4;

/** Getters, with what they answer while no module is there to ask. */
export const GETTERS = { state: "not_initialized", identity: { type: null }, unreadCount: 0, connection: { state: "idle" } };

/** Options a `data-*` attribute of the script tag may set: everything that fits into one word. */
export const SCALARS = /* @__PURE__ */ (
  "serverUrl transport disableWebSockets channel connect storage storageDomain maxOfflineDuration cookieConsent " +
  "namespace load autoBoot autoRender locale theme launcher sound notifications logLevel username subject buttonId wasm"
).split(" ");

export const STATES = [
  "not_initialized", "loading", "ready", "booting", "anonymous", "authenticated", "reconnecting", "disconnected",
  "shutdown", "destroyed",
];

export const EVENTS = [
  "ready", "state", "error", "open", "close", "show", "hide", "launcher:show", "launcher:hide", "auth:expired",
  "auth:changed", "connection:state", "unread:change", "conversation:started", "conversation:opened",
  "conversation:updated", "conversation:assigned", "conversation:resolved", "conversation:ended", "message:sending",
  "message:sent", "message:delivered", "message:received", "message:failed", "message:read", "typing:start",
  "typing:stop", "queue:update", "agent:joined", "agent:left", "availability", "storage:degraded", "idle",
  "conversation:transferred", "prechat:submitted", "rating:requested", "rating:submitted", "article:opened",
  "form:opened", "form:submitted",
];

export const CODES = [
  "not_ready", "not_booted", "destroyed", "aborted", "load_failed", "csp_blocked", "invalid_config", "unsupported",
  "identity_conflict", "auth_required", "auth_expired", "invalid_token", "invalid_origin", "widget_disabled",
  "rate_limited", "network_error", "transport_unavailable", "handshake_rejected", "protocol_error",
  "session_not_found", "already_running", "conversation_not_found", "message_invalid", "message_send_failed",
  "attachment_too_large", "unsupported_file_type", "form_not_found", "article_not_found", "validation_error",
  "internal_error",
];

export const CAPABILITIES = [
  "typing", "idempotency", "identify", "history", "conversations", "receipts", "presence", "queue", "files", "rating",
  "offline", "quick-replies", "transfer", "articles", "forms",
];
