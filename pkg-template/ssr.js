// The entry under Node: server-side rendering may import it and create a chat; there is nobody to talk to.
import { SupportChatError } from "./errors.js";
import { GETTERS, METHODS } from "./names.js";

export { SupportChatError };

const refuse = () => {
  const call = Promise.reject(new SupportChatError("unsupported", { message: "the chat needs a browser" }));
  call.catch(() => {}); // Node would end the process
  call.done = () => call;
  call.fail = (fn) => (call.catch((error) => fn({ error: { code: 1, description: error.message } })), call);
  return call;
};

class Handle {
  user = { tag: refuse, reset: refuse };
  on() {
    return () => {};
  }
  once() {
    return () => {};
  }
  off() {}
}
for (const name of METHODS) Handle.prototype[name] = refuse;
Object.assign(Handle.prototype, GETTERS);

export const createChat = () => new Handle();
export const SupportChat = { createChat, version: SUPPORT_CHAT_VERSION, Error: SupportChatError };
