// ssr.js as the build leaves it: the version is put in when it is bundled.
globalThis.SUPPORT_CHAT_VERSION = "0.0.0";
export const { SupportChat, SupportChatError, createChat } = await import("../ssr.js");
