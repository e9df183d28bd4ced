// Pages that are the same but for a script.
import { readFileSync } from "node:fs";

const client = readFileSync(new URL("site/client.html", import.meta.url), "utf8");

/** A page that runs this module. */
export function page(script) {
  return client.replace("{{script}}", script);
}
