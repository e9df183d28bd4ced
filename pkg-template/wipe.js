// Logout before the module is loaded: what it would delete, deleted here and now, because logout handlers navigate away
// at once. Knows the names of the stored keys and nothing of their meaning, except that a `session` with a `userId`
// belongs to somebody. A crash in the middle leaves the tombstone, and the module finishes on its next start.

export const wipe = ({ namespace = "default", storage, stateStorage, storageDomain }, all) => {
  const channel = "sc:" + namespace;
  const prefix = channel + ":";
  let epoch = 1;
  // Blocked storage holds nothing of ours; a store too full for the tombstone is wiped all the same.
  const attempt = (act) => {
    try {
      act();
    } catch {}
  };
  for (const name of ["localStorage", "sessionStorage"]) {
    attempt(() => {
      const area = window[name];
      const keys = Object.keys(area).filter((key) => key.startsWith(prefix));
      if (!keys[0]) return;
      const saved = area[prefix + "session"];
      const kept = RegExp(`:(consent|epoch${all ? "" : "|term|aside|link" + (/"userId":"/.test(saved) ? "" : "|session")})$`);
      attempt(() => {
        area[prefix + "tombstone"] = `{"sessionId":"${/"sid":"(\w*)/.exec(saved)?.[1]}","at":${Date.now()}}`;
        area[prefix + "epoch"] = epoch = (+area[prefix + "epoch"] || 0) + 1;
      });
      for (const key of keys) kept.test(key) || area.removeItem(key);
      area.removeItem(prefix + "tombstone");
    });
  }
  // The cookie and the page's own store cannot be edited from here: privacy outranks keeping the visitor's id.
  attempt(() => (document.cookie = `sc-${namespace}=;Path=/;Max-Age=0;Domain=${storageDomain || ""}`));
  attempt(() => (stateStorage || storage).write(null).catch(() => {}));
  attempt(() => {
    const peers = new BroadcastChannel(channel);
    peers.postMessage(`{"v":1,"t":"logout","epoch":${epoch}}`);
    peers.close();
  });
};
