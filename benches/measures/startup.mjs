// How soon the launcher is to be seen and one can write, from the opening of a page that no cache knows: the script tag
// with `load: "immediate"`, with and without the two preload lines, against the vanilla floor and the empty page.
import { readFileSync } from "node:fs";
import { figure } from "../figures.mjs";
import { Page } from "../page.mjs";
import { Server } from "../../tests/e2e/server.mjs";
import { Site } from "../site.mjs";

const PROFILES = [
  { id: "1x", cpu: 1 },
  { id: "4x", cpu: 4 },
  { id: "4x-slow4g", cpu: 4, slow4g: true },
];
const PRELOAD = '<link rel="modulepreload" href="npm/core.js">\n  <link rel="preload" as="fetch" crossorigin href="npm/support_chat_bg.wasm">';

const text = (name) => readFileSync(new URL(`../site/${name}`, import.meta.url), "utf8");

/** The pages that are compared, name → markup of the head. */
function heads(serverUrl) {
  const tag = `<script async src="npm/embed.js" data-load="immediate" data-server-url="${serverUrl}"></script>`;
  return {
    empty: "",
    floor: '<script async src="floor.js"></script>',
    chat: `${PRELOAD}\n  ${tag}`,
    bare: tag,
  };
}

/** The pages whole, as the site sends them. */
export function pages(serverUrl) {
  const made = Object.entries(heads(serverUrl)).map(([name, head]) => {
    const fill = { chat: name === "empty" ? "" : name, probe: text("probe.js").replace(/^\/\/.*\n/gm, ""), head };
    return [`${name}.html`, text("start.html").replace(/\{\{([a-z]+)\}\}/g, (_, key) => fill[key])];
  });
  return Object.fromEntries(made);
}

export async function run({ folder, runs, quick }) {
  const profiles = quick ? PROFILES.slice(0, 1) : PROFILES;
  const server = await Server.start({ folder });
  const site = await Site.start({ folder, made: pages(server.serverUrl) });
  const page = await Page.start();
  const seen = {}; // profile → page → [marks]
  try {
    for (let time = 0; time <= runs; time += 1) {
      for (const profile of profiles) {
        await page.throttle(profile);
        const of = (seen[profile.id] ??= {});
        for (const name of ["empty", "floor", "chat", "bare"]) {
          await page.open(site.page(`${name}.html`));
          const marks = await page.ask("started");
          // The first time also warms up the browser, the server and this process.
          if (time > 0) (of[name] ??= []).push(marks);
        }
      }
    }
  } finally {
    await page.stop();
    await site.stop();
    await server.stop();
  }
  return profiles.flatMap(({ id }) => told(id, seen[id]));
}

function told(profile, seen) {
  const of = (name, mark) => seen[name].map((marks) => marks[mark]);
  const one = (id, what, name, mark, target) => figure({
    id: `startup.${profile}.${id}`, what: `${what}, ${profile}`, unit: "ms", values: of(name, mark),
    peer: { name: "floor", values: of("floor", mark) }, target,
  });
  return [
    figure({ id: `startup.${profile}.empty`, what: `the empty page is painted, ${profile}`, unit: "ms", values: of("empty", "painted") }),
    one("launcher", "the launcher is visible", "chat", "launcher", { ratio: 1.1 }),
    one("composer", "the composer is usable", "chat", "composer", { ratio: 1.3 }),
    one("composer-bare", "the composer is usable, without the preload lines", "bare", "composer", { ratio: 1.5 }),
    one("blocking", "total blocking time", "chat", "blocking", { most: 0 }),
  ];
}
