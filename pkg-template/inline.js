// The entry with the module inside, for places that serve one file only. Bundled with the wasm as a base64 text, which
// is decoded when the first handle loads, not when the page imports it.
import { drive } from "./core.js";
import text from "./support_chat_bg.wasm";
import { supportChat } from "./handle.js";
import { launcher } from "./launcher.js";

const bytes = () => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const importCore = async () => ({
  drive(me, ErrorClass) {
    me.options.wasm ??= bytes();
    return drive(me, ErrorClass);
  },
});

export { SupportChatError } from "./errors.js";
export const SupportChat = supportChat(importCore, launcher, SUPPORT_CHAT_VERSION);
export const { createChat } = SupportChat;
