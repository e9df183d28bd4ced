// Finds the packed tarball and unpacks it, as npm would, into a folder of this run's own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The newest `support-chat-*.tgz` of a folder, or undefined. */
export function tarball(folder) {
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder).filter((name) => /^support-chat-.*\.tgz$/.test(name)).map((name) => join(folder, name));
  return found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** Unpacks a tarball below `into`; gives the folder with its package.json. */
export function unpack(file, into) {
  mkdirSync(into, { recursive: true });
  execFileSync("tar", ["-xzf", file, "-C", into]);
  return join(into, "package");
}

/** The test-only build that can panic: a tarball, or a plain folder. Undefined when it was not built. */
export function panicBuild(folder, into) {
  const file = tarball(folder);
  if (file) return unpack(file, into);
  return existsSync(join(folder, "package.json")) ? folder : undefined;
}
