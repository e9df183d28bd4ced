// What must outlive the console's tab, an entry by itself each, so that two tabs never write over each other's.
// Without storage it lives as long as the page.

/** The values stored under names that begin so. */
export function kept(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map((name) => JSON.parse(localStorage.getItem(name)));
  } catch {
    return [];
  }
}

export function keep(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full or forbidden.
  }
}
