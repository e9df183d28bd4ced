// The entry without a widget: no launcher, and a module built without the panel.
import { again } from "./again.js";
import { supportChat } from "./handle.js";

export { SupportChatError } from "./errors.js";
export const SupportChat = supportChat(again(() => import("./headless/core.js")), null, SUPPORT_CHAT_VERSION);
export const { createChat } = SupportChat;
