// What the package weighs over the wire: the figures of `cargo xtask size`, held against its targets and not its ceilings.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { figure } from "../figures.mjs";

export async function run({ root }) {
  const { budgets } = JSON.parse(readFileSync(join(root, "target/report/size.json"), "utf8"));
  return budgets.map(({ id, name, brotli, limit }) => figure({ id: `size.${id}`, what: name, unit: "bytes", values: [brotli], target: { most: limit } }));
}
