// Everything a person or a script could still read of a conversation in a window: storage of every kind, cookies, the
// document with its iframes and shadow roots. Knows no names of stored keys: it compares words.

/** Every text of some length in what is stored, however deep: names, ids, keys, secrets, words. */
export function leaves(stored) {
  const found = new Set();
  const visit = (value) => {
    if (value === null || value === undefined) return;
    if (typeof value === "object") return Object.values(value).forEach(visit);
    const text = String(value);
    let inner;
    try { inner = JSON.parse(text); } catch { inner = undefined; }
    if (typeof inner === "object") return visit(inner);
    // Not the words of the protocol, addresses, or numbers.
    if (text.length >= 6 && !/^([a-z]+(\/[a-z]+)*|https?:.*|\d+(\.\d+)?)$/.test(text)) found.add(text);
  };
  visit(stored);
  return [...found];
}

/** All the present window holds, as one text. */
export async function everything(context) {
  const [storage, words] = [await context.ask("storage"), await context.ask("words")];
  // The page's own address names what the test makes it do.
  const title = await context.run("return document.title + ' ' + (window.name || '')");
  return [JSON.stringify(storage), words, title].join("\n");
}

/** Which of these texts can still be read in the present window, and where: `text (place)`. */
export async function found(context, texts) {
  const all = await everything(context);
  // Stored texts are JSON within JSON: quotes and the like may be escaped once or twice.
  const plain = all.replaceAll("\\", "");
  const place = (text) => { const at = plain.indexOf(text); return plain.slice(Math.max(0, at - 120), at + 40); };
  return texts.map((text) => text.replaceAll("\\", "")).filter((text) => plain.includes(text)).map((text) => `${text} (${place(text)})`);
}
