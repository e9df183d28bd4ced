// The script tag. Importing it makes `window.SupportChat`; a page usually loads it with `<script async src>`.
import type { createChat, Options, SupportChat as Chat, SupportChatError } from "./index.js";

declare global {
  interface Window {
    SupportChatSettings?: Options;
    /** The default instance, and the ways to make others. */
    SupportChat: Chat & { createChat: typeof createChat; version: string; Error: typeof SupportChatError };
  }
}
export {};
