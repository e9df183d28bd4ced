// The script tag's way in: settings from the page or from data-* attributes, one default instance as
// `window.SupportChat`, and the calls a stub collected meanwhile, in their order.

/** Puts the default instance in place of the stub, then makes the stub's calls. */
export const install = (api, dataset) => {
  const q = window.SupportChat ? SupportChat.q : [];
  if (!q) return; // the script is on the page twice
  const data = { autoBoot: true };
  // What else the texts stand for drive.js knows.
  for (const key in dataset) data[key] = dataset[key] != "false" && dataset[key];
  const chat = (window.SupportChat = Object.assign(api.createChat(window.SupportChatSettings, data), api));
  // `on` has nobody to resolve.
  for (const [method, args, resolve = Object, reject] of q) {
    chat[method] ? resolve(chat[method](...args)) : reject?.(new api.Error("unsupported"));
  }
};
