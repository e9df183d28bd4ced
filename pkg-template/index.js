// The npm entry for browsers. Importing it does nothing; `core.js` and its wasm are fetched by the first handle.
import { again } from "./again.js";
import { supportChat } from "./handle.js";
import { launcher } from "./launcher.js";

export { SupportChatError } from "./errors.js";
export const SupportChat = supportChat(again(() => import("./core.js")), launcher, SUPPORT_CHAT_VERSION);
export const { createChat } = SupportChat;
