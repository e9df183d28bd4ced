#!/usr/bin/env node
// Takes the README's picture, docs/widget.png: a real conversation on the demo shop page, in Chromium at 1280×800 and
// two pixels a point. Needs a built package and what the end-to-end tests install: `node docs/widget.mjs [--package DIR]`.
// The committed file was reduced to 256 colours afterwards, without dithering.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Agent } from "../tests/e2e/agent.mjs";
import { Browser } from "../tests/e2e/browsers.mjs";
import { Panel } from "../tests/e2e/panel.mjs";
import { Server } from "../tests/e2e/server.mjs";

const root = new URL("..", import.meta.url).pathname;
const { values: options } = parseArgs({ options: { package: { type: "string", default: join(root, "target/package") } } });
const settings = {
  load: "immediate", theme: { mode: "light", font: "Inter, system-ui, sans-serif" }, brand: { name: "Fieldhouse", replyTime: "about 2 min" },
  username: "Lena Brandt",
};

const server = await Server.start({ folder: options.package });
const browser = new Browser("chromium");
try {
  const { driver } = await browser.start();
  await driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride",
    { width: 1280, height: 800, deviceScaleFactor: 2, mobile: false });
  await driver.sendDevToolsCommand("Emulation.setScrollbarsHidden", { hidden: true });
  await driver.get(`${server.origin}/?settings=${encodeURIComponent(JSON.stringify(settings))}`);
  const panel = new Panel(driver);
  const agent = new Agent(server, "Maya Keller");
  await panel.clickLauncher();
  await panel.say("Does the C40 have a spare burr?");
  await agent.take();
  for (const text of ["Hi Lena, not in the box, but the steel burr is in stock:", "fieldhouse.coffee/c40-burr", "Changing it takes five minutes."]) {
    await agent.say(text);
  }
  await panel.waitForRow("five minutes");
  await panel.say("That sounds easy.");
  await panel.say("Can you add one to my order?");
  await panel.waitForRow("my order", 15_000, "sent|delivered|read");
  const { lastIndex: read } = await agent.summary();
  await fetch(`${server.origin}/agent/api/receipts`, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ conversationId: agent.conversation, delivered: read, read }),
  });
  await panel.waitForRow("my order", 15_000, "read");
  await agent.typing(true);
  await panel.waitFor("typing");
  await panel.type("The order is");
  // At the end of every movement that has one: a picture of the end, not of the middle; then one frame of that.
  await driver.executeAsyncScript(`const done = arguments[0];
    const documents = [document, ...[...document.querySelectorAll("iframe[data-support-chat]")].map((frame) => frame.contentDocument)];
    const moving = documents.flatMap((one) => one.getAnimations()).filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
    Promise.allSettled(moving.map(({ finished }) => finished)).then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(moving.length))));`);
  const { data } = await driver.sendAndGetDevToolsCommand("Page.captureScreenshot", { format: "png", optimizeForSpeed: false });
  writeFileSync(join(root, "docs/widget.png"), data, "base64");
} finally {
  await browser.stop();
  await server.stop();
}
