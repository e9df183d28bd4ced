// Logout before the module is loaded: what it would delete, deleted here and now, because logout handlers navigate away
// at once; and the server told, at the address it gave for that. Of the stored `session` this knows that one with a
// `userId` belongs to somebody, its epoch, what of it is words, which server it is of, and what opens anything there;
// `aside` is like it. A crash in the middle leaves the tombstone, and the module finishes on its next start.

export const wipe = ({ namespace = "default", storage, stateStorage = storage, storageDomain = "" }, clear) => {
  const channel = "sc:" + namespace;
  const prefix = channel + ":";
  const cookie = `sc-${namespace}=`;
  let epoch = 1;
  // Blocked storage holds nothing of ours; a store too full for the tombstone is wiped all the same. Promises of the
  // page's and of requests may reject as they like.
  const attempt = async (act) => {
    try {
      return await act();
    } catch {}
  };
  // What opens anything at a server opens nothing from here on; but the history of a visitor who stays. A path, so that
  // credentials go to the server they are of, whatever stands there. Most texts are none that hold any.
  const revoke = (text, kept) =>
    attempt(() => {
      const { backend, resume } = JSON.parse(text);
      const given = JSON.parse(resume);
      if (given.revokePath) return fetch(new URL(backend.split(" ")[1], location).origin + "/" + given.revokePath, { method: "POST", keepalive: 1, body: JSON.stringify(given, ["secureKey", kept || "visitorSecret"]) });
    });
  // The cookie and the page's own store cannot be edited from here: privacy outranks keeping the visitor's id. They go
  // first, at one stroke each: the tombstone of the others says nothing of them, and without its cookie a store is empty.
  attempt(() => {
    new URLSearchParams(("; " + document.cookie).split("; " + cookie)[1]?.split(";")[0]).forEach((text) => revoke(text));
    document.cookie = cookie + ";Path=/;Max-Age=0;Domain=" + storageDomain;
  });
  const state = attempt(() => stateStorage.read());
  attempt(() => stateStorage.write(null));
  attempt(async () => Object.values((await state).entries).map((text) => revoke(text)));
  for (const name of ["localStorage", "sessionStorage"]) {
    attempt(() => {
      const area = window[name];
      const keys = Object.keys(area).filter((key) => key.startsWith(prefix));
      if (!keys[0]) return;
      const saved = area[prefix + "session"];
      const kept = !clear && !/"userId":/.test(saved);
      // The greater one of the two: other tabs hear of one only.
      epoch = Math.max(epoch, +area[prefix + "epoch"] + 1 || 1);
      attempt(() => {
        area[prefix + "tombstone"] = 1;
        area[prefix + "epoch"] = epoch;
      });
      for (const key of keys) /:(consent|epoch)$/.test(key) || (!clear && /:(aside|term|link)$/.test(key)) || revoke(area[key], kept, area.removeItem(key));
      area.removeItem(prefix + "tombstone");
      // Without its words and of the new epoch, or the module would not believe it. One that is broken throws.
      if (kept) area[prefix + "session"] = JSON.stringify(JSON.parse(saved, (key, value) => (/sub|met/.test(key) ? 0 : key == "epoch" ? epoch : value)));
    });
  }
  attempt(() => {
    const peers = new BroadcastChannel(channel);
    peers.postMessage(JSON.stringify({ v: 1, t: "logout", epoch, clear }));
    peers.close();
  });
};
