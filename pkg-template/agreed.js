// Whether an earlier page was told that things may be stored: the visitor's own word, which wins over the page's
// `cookieConsent: false`. It only looks; what stands there is the module's.

/** @param {object} options those of createChat @returns {Promise<boolean>} rejects where storage is blocked */
export const agreed = async ({ namespace = "default", storage = "local", stateStorage = storage }) => {
  const cookie = `sc-${namespace}=`;
  const text =
    stateStorage.read ? (await stateStorage.read())?.entries?.consent
    : storage == "cookie" ? decodeURIComponent(document.cookie.split("; ").find((pair) => pair.startsWith(cookie)) ?? "")
    : { local: localStorage, session: sessionStorage }[storage]?.[`sc:${namespace}:consent`];
  return /"given":true/.test(text);
};
