// Logout before the module is loaded: what it would delete, deleted here and now, because logout handlers navigate away
// at once. Knows the names of the stored keys, and of a `session` no more than that one with a `userId` belongs to
// somebody, its epoch, and what of it is words. A crash in the middle leaves the tombstone, and the module finishes on its next
// start.

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
      // The greater one of the two: other tabs hear of one only.
      epoch = Math.max(epoch, -~area[prefix + "epoch"]);
      attempt(() => {
        area[prefix + "tombstone"] = 1;
        area[prefix + "epoch"] = epoch;
      });
      for (const key of keys) /:(consent|epoch)$/.test(key) || (!all && /:(term|aside|link)$/.test(key)) || area.removeItem(key);
      area.removeItem(prefix + "tombstone");
      // Without its words and of the new epoch, or the module would not believe it. One that is broken throws.
      if (!all && !/"userId":"/.test(saved)) area[prefix + "session"] = JSON.stringify(JSON.parse(saved, (key, value) => (key == "epoch" ? epoch : /sub|met/.test(key) ? 0 : value)));
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
