// Every word the widget says, in English; the page's `messages` replace them by key. Not: the launcher's words
// (pkg-template/dress.js), nor other languages, which come as tables of the same keys.

/** A `{…}` is filled in; its name is for translators. */
export const EN = {
  title: "Support chat",
  brand: "Chat with us",
  messages: "Messages",
  write: "Write a message",
  send: "Send",
  close: "Minimise chat",
  menu: "More options",
  endChat: "End chat",
  agent: "Support",
  you: "You",
  online: "Online",
  onlineReplies: "Online, replies in {time}",
  replies: "Replies in {time}",
  finding: "Finding someone for you",
  reconnecting: "Reconnecting…",
  offline: "You’re offline",
  unavailable: "Not available right now",
  ended: "Chat ended",
  bannerReconnecting: "Reconnecting… your messages are kept.",
  bannerOffline: "You’re offline. Your messages are kept.",
  bannerRefused: "The chat can’t be reached right now.",
  bannerCookies: "The chat needs a cookie that your browser blocks. Please allow it and try again.",
  bannerLong: "This message is too long. It can have 4,000 characters.",
  bannerFull: "Too many messages are waiting to be sent. Please try again later.",
  tryAgain: "Try again",
  delete: "Delete",
  notSent: "Not sent",
  queued: "Waiting to send",
  sending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  today: "Today",
  yesterday: "Yesterday",
  newMessages: "New messages",
  typing: "{name} is typing",
  joined: "{name} joined the chat",
  left: "{name} left the chat",
  visitorLeft: "You left the chat",
  unsupported: "This message can’t be shown here",
  emptyTitle: "Hello, how can we help?",
  emptyText: "Write to us here and we’ll reply as soon as we can.",
  endedTitle: "This chat has ended",
  endedText: "You can still read it here, or start a new one.",
  startNew: "Start a new chat",
  jump: "Jump to latest",
  jumpUnread: "Jump to latest, {count} new",
  loading: "Loading messages",
};

/** What of the page's texts really is one. */
export const texts = (own) =>
  Object.fromEntries(Object.entries(Object(own)).filter(([, text]) => typeof text == "string"));

/** The words in use: the page's own in the place of some. */
export const table = (own) => ({ ...EN, ...texts(own) });

/** Words with their one `{…}` filled in. */
export const fill = (words, value) => words.replace(/\{[^{}]*|\}/g, (part) => (part == "}" ? "" : value));
