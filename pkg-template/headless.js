// The entry without a widget: no launcher, and a module built without the panel.
import { supportChat } from "./handle.js";

export { SupportChatError } from "./errors.js";
export const SupportChat = supportChat(() => import("./headless/core.js"), null, SUPPORT_CHAT_VERSION);
export const { createChat } = SupportChat;
