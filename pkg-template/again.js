// Loading again what once failed. Firefox keeps a module that did not arrive failed under its address; Chromium, WebKit
// and the bundlers' own loaders ask anew. The address, which a bundler may have changed, stands in Firefox' error.

/** @param {() => Promise<object>} load a literal `import("./…")`, so that bundlers see it */
export const again = (load) => {
  let address;
  return () => {
    if (address) return import(/* webpackIgnore: true */ /* @vite-ignore */ (address += "?"));
    return load().catch((error) => {
      address = /^error loading dynamically imported module: (\S+)$/.exec(error.message)?.[1];
      throw error;
    });
  };
};
