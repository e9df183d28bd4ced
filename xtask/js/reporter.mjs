// A reporter for `node --test` that prints each test the way cargo does, then what failed and why.
// Suites and files are no tests; what they contain is counted.
import { basename } from "node:path";
import { inspect } from "node:util";

export default async function* reporter(events) {
  const failures = [];
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") {
      yield data.message;
    } else if (type === "test:pass" || type === "test:fail") {
      const isFile = data.name === data.file || data.name.endsWith(basename(data.file ?? "/"));
      if (data.details.type === "suite" || (isFile && type === "test:pass")) continue;
      const name = `${basename(data.file ?? "")}: ${isFile ? "the file" : data.name}`.replaceAll("\n", " ");
      const skipped = data.skip !== undefined || data.todo !== undefined;
      const word = skipped ? "ignored" : type === "test:pass" ? "ok" : "FAILED";
      yield `test ${name} ... ${word} (${Math.round(data.details.duration_ms)} ms)\n`;
      if (word === "FAILED") failures.push([name, data.details.error]);
    }
  }
  for (const [name, error] of failures) yield `\n---- ${name}\n${inspect(error?.cause ?? error)}\n`;
}
