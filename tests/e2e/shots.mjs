#!/usr/bin/env node
// Pictures of the widget for people to look at, beside the drawn target: node shots.mjs [--package FILE.tgz] [--only desktop-light]
// Writes target/report/shots/<look>-<n>-<state>.png. Chromium is enough: engines are compared by the tests.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Agent } from "./agent.mjs";
import { tarball, unpack } from "./archive.mjs";
import { Browser } from "./browsers.mjs";
import { Context } from "./context.mjs";
import { until } from "./within.mjs";

const root = new URL("../..", import.meta.url).pathname;
const { values: options } = parseArgs({ options: { package: { type: "string" }, only: { type: "string" } } });
const shots = join(root, "target/report/shots");

const english = {
  lang: "en", dir: "ltr", agent: "Maya Keller",
  first: ["Hi! Does the Arne floor lamp come in a smaller size?", "It has to fit beside a reading chair."],
  answers: ["Good morning Lena, it does.", "The small one is 128 cm high, with the same linen shade. The part number is ARNE-FLOOR-LAMP-SMALL-LINEN-SHADE-128CM-OAK-BASE-DIMMABLE-2700K", "Shall I put one aside for you?"],
  more: "Yes please, until Friday", unread: ["It is put aside.", "Anything else I can do?"], failed: "And a spare bulb", lost: "Are you still there?",
};
const arabic = {
  lang: "ar", dir: "rtl", agent: "مايا كيلر",
  first: ["مرحبا! هل يتوفر مصباح أرني بحجم أصغر؟", "يجب أن يناسب كرسي القراءة."],
  answers: ["صباح الخير لينا، نعم يتوفر.", "ارتفاع الصغير 128 سم مع نفس المظلة. رقم القطعة ARNE-FLOOR-LAMP-SMALL-128", "هل أحجز لك واحدا؟"],
  more: "نعم من فضلك حتى يوم الجمعة", unread: ["تم الحجز.", "هل من شيء آخر؟"], failed: "ومصباح احتياطي", lost: "هل ما زلت هنا؟",
};
const looks = {
  "desktop-light": { theme: "light", words: english }, "desktop-dark": { theme: "dark", words: english },
  "phone-light": { theme: "light", words: english, phone: true }, "phone-dark": { theme: "dark", words: english, phone: true },
  "desktop-rtl": { theme: "light", words: arabic }, "phone-rtl": { theme: "light", words: arabic, phone: true },
};

async function draw(context, look, { theme, words, phone }) {
  let count = 0;
  const shot = async (state) => {
    // Two frames and the longest animation: a picture of the end of a movement, not of its middle.
    await context.driver.executeAsyncScript("const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 350);");
    count += 1;
    writeFileSync(join(shots, `${look}-${count}-${state}.png`), await context.driver.takeScreenshot(), "base64");
    console.log(`${look}-${count}-${state}.png`);
  };
  const { server, proxy, site, serverUrl } = await context.backend();
  const agent = new Agent(server, words.agent);
  const panel = context.panel();
  await context.browser.viewport(phone ? "phone" : { width: 1280, height: 800 });
  await context.open(site.page("chat.html", [{ name: "chat", calls: [["boot"]], options: {
    serverUrl, load: "immediate", theme, launcher: { position: words.dir === "rtl" ? "left" : "right" }, brand: { name: "Fieldhouse", replyTime: "a few minutes" }, username: "Lena Brandt" } }],
  { lang: words.lang, dir: words.dir, look: theme }));
  await context.waitForState("anonymous");
  await until(async () => (await panel.launcher()).shown, 5_000, "the launcher");
  await shot("closed");
  await panel.clickLauncher();
  await panel.waitFor("input");
  await shot("empty");
  for (const text of words.first) await panel.say(text);
  await panel.waitForRow(words.first[1], 15_000, "sent|delivered|read");
  await agent.take();
  for (const text of words.answers) await agent.say(text);
  await panel.waitForRow(words.answers[2]);
  await panel.say(words.more);
  await panel.waitForRow(words.more, 15_000, "sent|delivered|read");
  await shot("conversation");
  await agent.typing(true);
  await panel.waitFor("typing");
  await panel.type(words.lost);
  await shot("typing");
  await agent.typing(false);
  await panel.click("close");
  for (const text of words.unread) await agent.say(text);
  await until(async () => (await panel.launcher()).badge === "2", 10_000, "two unread");
  await shot("badge");
  await panel.clickLauncher();
  await panel.waitForRow(words.unread[1]);
  proxy.mode = "refuse";
  proxy.cut();
  await panel.waitFor("banner", 15_000);
  await panel.say("");
  await shot("reconnecting");
  proxy.mode = "pass";
  await panel.waitFor("banner", 40_000, false);
  await panel.waitForRow(words.lost, 15_000, "sent|delivered|read");
  await server.fault({ kind: "decorator", operation: "sendMessage" });
  await panel.say(words.failed);
  await panel.waitForRow(words.failed, 15_000, "failed");
  await shot("failed");
  await agent.end();
  await panel.waitFor("ended");
  await shot("ended");
}

mkdirSync(shots, { recursive: true });
const work = mkdtempSync(join(tmpdir(), "support-chat-shots-"));
const folder = unpack(options.package ?? tarball(join(root, "target/package")), work);
const browser = new Browser("chromium");
let failed = 0;
for (const [look, plan] of Object.entries(looks)) {
  if (options.only && !options.only.split(",").includes(look)) continue;
  const context = new Context({ id: look, browser, folder });
  try {
    if (!browser.driver) await browser.start();
    await draw(context, look, plan);
    await browser.tidy();
  } catch (error) {
    failed += 1;
    console.error(`${look}: ${error.message}`);
    if (browser.driver) writeFileSync(join(shots, `${look}-broken.png`), await browser.driver.takeScreenshot(), "base64");
    await browser.stop();
  }
  await context.close();
}
await browser.stop();
rmSync(work, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
