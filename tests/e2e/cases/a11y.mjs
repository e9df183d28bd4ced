// axe on every state of the widget, and the whole conversation by keyboard alone.
import { readFileSync } from "node:fs";
import { Agent } from "../agent.mjs";
import { Key, marked } from "../panel.mjs";
import { check, same, show, until } from "../within.mjs";
import { begin } from "./talk.mjs";

const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
// The host page here is ours too, so nothing is left out but what only makes sense for a whole page, inside the panel.
const WHOLE_PAGE = ["page-has-heading-one", "landmark-one-main", "region", "bypass"];

/** Runs axe in the document WebDriver stands in; gives violations as short words. */
async function violations(context, where, off = []) {
  await context.run(`${axe}; window.axe = axe;`);
  const answer = await context.driver.executeAsyncScript(`
    const done = arguments[arguments.length - 1];
    const rules = Object.fromEntries(arguments[0].map((id) => [id, { enabled: false }]));
    window.axe.run(document, { rules, iframes: false, resultTypes: ["violations"] }).then(
      (result) => done(JSON.stringify({ rules: result.passes.length, violations: result.violations.map((one) => ({ id: one.id, impact: one.impact,
        nodes: one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120) + ' | ' + (node.any[0] || node.all[0] || node.none[0] || {}).message) })) })),
      (error) => done(JSON.stringify({ error: String(error) })));`, off);
  const result = JSON.parse(answer);
  if (result.error) throw new Error(`axe ${where}: ${result.error}`);
  if (result.rules < 5) throw new Error(`axe ${where}: only ${result.rules} rules found something to check`);
  return result.violations.map((one) => ({ where, ...one }));
}

async function audit(context, panel, where) {
  await panel.host();
  const found = await violations(context, `${where}: page`);
  if (await panel.isOpen()) {
    await panel.inside();
    found.push(...await violations(context, `${where}: panel`, WHOLE_PAGE));
    await panel.host();
  }
  context.values.violations = (context.values.violations ?? 0) + found.length;
  context.values.states = [...(context.values.states ?? []), where];
  same(found, [], `axe ${where}`);
}

/** A page's transport fails each message until told otherwise: the failed state without a server. */
const chats = (theme, transport = "@demo") => [
  { name: "chat", options: { load: "immediate", transport, theme, storage: "memory" }, calls: [["boot"]] }];

async function states(context) {
  const site = await context.site();
  const panel = context.panel();
  for (const theme of ["light", "dark"]) {
    await context.open(site.page("chat.html", chats(theme), { look: theme }));
    await context.waitForState("anonymous");
    await until(async () => (await panel.launcher()).shown, 5_000, "the launcher");
    await audit(context, panel, `closed ${theme}`);
    await panel.clickLauncher();
    await panel.waitFor("input");
    await audit(context, panel, `empty ${theme}`);
    await panel.say(marked("v", 1, "Do you deliver to the islands?"));
    await until(async () => (await panel.rows()).some((row) => row.role === "agent"), 20_000, "the scripted agent's answer");
    await audit(context, panel, `open ${theme}`);
    await context.open(site.page("chat.html", chats(theme, "@perform-rejects"), { look: theme }));
    await context.waitForState("anonymous");
    await panel.clickLauncher();
    await panel.say(marked("v", 1, "This one fails"));
    await panel.waitForRow("(v-01)", 10_000, "failed");
    await audit(context, panel, `failed ${theme}`);
    if (context.browser.name !== "chromium") continue;
    // On paper there is nothing to click, and so no dots between.
    const media = (name) => context.driver.sendDevToolsCommand("Emulation.setEmulatedMedia", { media: name });
    await media("print");
    same(await panel.read("return [...inner.querySelectorAll('.failed > *')].map(visible)"), [true, true, false, false, false, false], "what is printed of Not sent");
    await media("");
  }
}

async function phone(context) {
  const site = await context.site();
  const page = site.page("chat.html", chats("light"));
  const real = await context.browser.phone();
  const panel = context.panel("default", real ? [] : [".phone-frame"]);
  if (real) {
    await context.open(page);
  } else {
    const url = new URL("/phone.html", site.origin);
    url.searchParams.set("src", page);
    await context.driver.get(url.href);
    await panel.host();
    await context.loaded();
  }
  await panel.host();
  await until(async () => (await context.state()) === "anonymous", 15_000, "anonymous");
  await audit(context, panel, "phone closed");
  await panel.clickLauncher();
  await panel.waitFor("input");
  // Its opening is a movement: what counts is where it comes to rest.
  await until(() => panel.read(`const box = frame.getBoundingClientRect();
    return box.left === 0 && box.top === 0 && box.width === innerWidth && box.height === innerHeight;`), 2_000, "the panel is the screen");
  // Only a finger makes browsers zoom into smaller inputs; not every driver can pretend to have one.
  const [font, touch] = await panel.read(`return [parseFloat(inner.defaultView.getComputedStyle(part('input')).fontSize),
    inner.defaultView.matchMedia('(pointer: coarse)').matches]`);
  check(font >= 16 || !touch, `the input's font is ${font} px`);
  check(touch || context.browser.name !== "chromium", "the phone has a touch screen");
  await panel.say(marked("v", 1, "On the phone"));
  await panel.waitForRow("(v-01)");
  await audit(context, panel, "phone open");
  await panel.click("close");
  await until(async () => !(await panel.isOpen()), 5_000, "the panel closed");
}

/** Which part of the panel has the focus, and whether the launcher has it. */
const FOCUS = `const active = inner && document.activeElement === frame && inner.activeElement;
  return active && active !== inner.body ? (active.dataset.part || active.localName) : '';`;
const ON_LAUNCHER = `const host = document.activeElement;
  return !!(host && host.shadowRoot && host.shadowRoot.activeElement && host.shadowRoot.activeElement.localName === 'button');`;

/** Whatever takes away what the visitor was on, the focus goes where they go on. */
async function focus(context) {
  const { server, panel, agent } = await begin(context);
  const is = (part, why) => until(async () => (await panel.read(FOCUS)) === part, 5_000, `the focus on ${part} ${why}`);
  await panel.type("half a thou");
  await is("input", "while writing");
  await agent.end();
  await is("start-new", "when the agent has ended the chat");
  await panel.inside();
  await context.driver.actions().sendKeys(Key.ENTER).perform();
  await is("input", "after Start a new chat");
  await panel.say(marked("v", 2));
  const next = new Agent(server);
  await next.take();
  await panel.waitFor("menu");
  await panel.read("part('menu').focus()");
  await panel.inside();
  await context.driver.actions().sendKeys(Key.ENTER).perform();
  await is("end-chat", "in the menu");
  await panel.inside();
  await context.driver.actions().sendKeys(Key.ENTER).perform();
  await is("start-new", "after End chat");
  // The page closes it: from within, back to the launcher; from anywhere else, nobody is taken away.
  await panel.host();
  await context.call("chat", "close");
  await until(() => context.run(ON_LAUNCHER), 3_000, "the focus on the launcher after close()");
  await context.call("chat", "open");
  await until(() => panel.read(FOCUS), 5_000, "the focus in the panel after open()");
  await context.run("const own = document.createElement('button'); own.id = 'own'; document.body.append(own); own.focus();");
  await context.call("chat", "close");
  await until(async () => !(await panel.isOpen()), 5_000, "the panel closed");
  same(await context.run("return document.activeElement.id"), "own", "the focus on the page");
}

/** Where no launcher can take it, the focus goes back to what had it on the page; what is gone or hidden there takes it no more. */
async function back(context) {
  const { site, serverUrl } = await context.backend();
  const panel = context.panel();
  const shown = `document.querySelectorAll('#own').forEach((old) => old.remove());
    const host = document.createElement('div'); host.id = 'own'; host.attachShadow({ mode: 'open' }).append(document.createElement('button'));
    document.body.append(host); host.shadowRoot.firstChild.focus();`;
  const HELD = `const { activeElement } = document; return activeElement.id === 'own' && activeElement.shadowRoot.activeElement ? 'own' : activeElement.localName;`;
  const opened = async (launcher, ...calls) => {
    await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", storage: "memory", launcher }, calls: [["boot"]] }]));
    await context.waitForState("anonymous");
    await context.run(shown);
    for (const call of [...calls, "open"]) await context.call("chat", call);
    await until(async () => (await panel.read(FOCUS)) === "input", 5_000, "the focus in the panel");
  };
  const ends = async (why, expected = "own") => {
    await until(async () => !(await panel.isOpen()), 5_000, `the panel closed by ${why}`);
    await panel.host();
    await until(async () => (await context.run(HELD)) === expected, 3_000, `the focus on ${expected} after ${why}`);
  };
  await opened({});
  await context.call("chat", "hide");
  await ends("hide()");
  // Shown again it takes nobody away; opened anew it does.
  await context.call("chat", "show");
  await until(() => panel.isOpen(), 5_000, "the panel shown again");
  same(await context.run(HELD), "own", "the focus after show()");
  for (const call of ["close", "hideLauncher", "open"]) await context.call("chat", call);
  await until(async () => (await panel.read(FOCUS)) === "input", 5_000, "the focus in the panel without a launcher");
  await context.call("chat", "close");
  await ends("close() without a launcher");
  await opened(false);
  await panel.inside();
  await context.driver.actions().sendKeys(Key.ESCAPE).perform();
  await ends("Esc with launcher: false");
  await opened({}, "hideLauncher");
  await context.call("chat", "shutdown");
  await ends("shutdown() without a launcher");
  await opened({});
  await context.call("chat", "destroy");
  await ends("destroy()");
  await opened({});
  await context.run("document.querySelector('#own').hidden = true");
  await context.call("chat", "hide");
  await ends("hide(), with nothing to go back to,", "body");
  await context.hostLives();
}

/** What the page's accent makes of the launcher; as in the panel, which the tests of the widget look at. */
async function accents(context) {
  const site = await context.site();
  for (const [accent, expected] of [
    ["#0f766e", ["rgb(15, 118, 110)", "rgb(255, 255, 255)"]], ["var(--brand)", ["rgb(255, 212, 0)", "rgb(20, 23, 28)"]],
    ...["var(--none)", "transparent", "rgb(255 255 255 / .5)", "no colour"].map((odd) => [odd, ["rgb(31, 111, 235)", "rgb(255, 255, 255)"]]),
  ]) {
    await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", transport: "@demo", storage: "memory" }, calls: [["boot"]] }]));
    await context.waitForState("anonymous");
    await context.run("document.documentElement.style.setProperty('--brand', '#ffd400')");
    await context.call("chat", "setTheme", { mode: "light", accent });
    same(await context.run(`const { color, backgroundColor } = getComputedStyle([...document.querySelectorAll('[data-support-chat]')]
      .find((node) => node.shadowRoot).shadowRoot.querySelector('button')); return [backgroundColor, color]`), expected, accent);
  }
}

/** What of the other colours stands on the launcher: whatever the page asks for, it can be read, and the next theme knows nothing of it. */
async function badges(context) {
  const site = await context.site();
  const look = () => context.run(`const { shadowRoot } = [...document.querySelectorAll('[data-support-chat]')].find((node) => node.shadowRoot);
    const button = shadowRoot.querySelector('button');
    const [own, badge] = [button, shadowRoot.querySelector('[data-part=badge]')].map((node) => getComputedStyle(node));
    return [own.color, badge.color, badge.backgroundColor, own.outlineColor];`);
  const open = async (theme) => {
    await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", transport: "@demo", storage: "memory", theme }, calls: [["boot"]] }]));
    await context.waitForState("anonymous");
  };
  await open({ mode: "light", onAccent: "#1f6feb", badge: "#ffd400", accentText: "#eee" });
  const [black, white] = ["rgb(0, 0, 0)", "rgb(255, 255, 255)"];
  const [own, ...badge] = await look();
  same(own, white, "words that were asked for in the accent's own colour");
  same(badge.slice(0, 2), ["rgb(20, 23, 28)", "rgb(255, 212, 0)"], "a yellow badge");
  const ring = badge[2].match(/\d+/g).map(Number);
  check(ring.every((part) => part < 160), `a focus ring that can be seen on white: ${ring}`);
  await context.call("chat", "setTheme", { mode: "light", onAccent: "#000", badge: "transparent", accentText: "#600" });
  same(await look(), [black, white, "rgb(211, 47, 58)", "rgb(102, 0, 0)"], "what is legible as given, what is no colour not at all");
  await context.call("chat", "setTheme", "light");
  same((await look()).slice(0, 3), [white, white, "rgb(211, 47, 58)"], "after a theme that asks for nothing");
}

async function keyboard(context) {
  const { server, site, serverUrl } = await context.backend();
  await context.open(site.page("chat.html", [{ name: "chat", options: { load: "immediate", serverUrl }, calls: [["boot"]] }]));
  await context.waitForState("anonymous");
  const panel = context.panel();
  await until(async () => (await panel.launcher()).shown, 5_000, "the launcher");
  const press = async (...keys) => context.driver.actions().sendKeys(...keys).perform();
  const onLauncher = () => context.run(ON_LAUNCHER);
  const focusIn = () => panel.read(FOCUS);
  let tabs = 0;
  while (!(await onLauncher())) {
    check((tabs += 1) < 20, "Tab reaches the launcher");
    await press(Key.TAB);
  }
  await press(Key.ENTER);
  await until(async () => (await focusIn()) === "input", 5_000, "the focus in the composer after Enter on the launcher");
  await panel.inside();
  await press("Do you have ");
  await press(marked("v", 1));
  await context.driver.actions().keyDown(Key.SHIFT).sendKeys(Key.ENTER).keyUp(Key.SHIFT).perform();
  await press("a red one");
  await press(Key.ENTER);
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const text = (await panel.rows())[0].text;
  check(text.includes("a red one"), `Shift+Enter made a line: ${show(text)}`);
  same(await focusIn(), "input", "the focus after Enter");
  const agent = new Agent(server);
  await agent.take();
  await agent.say(marked("a", 1, "We do"));
  await panel.waitForRow("(a-01)");
  const live = await panel.read("return [...inner.querySelectorAll('[aria-live],[role=log],[role=status]')].map((node) => node.getAttribute('aria-live') || node.getAttribute('role'))");
  check(live.length > 0, "a live region stands in the panel");
  const names = await panel.read(`return [...inner.querySelectorAll('button,textarea,input,a[href],[tabindex="0"]')]
    .filter((node) => visible(node) && !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels && node.labels.length || node.getAttribute('aria-labelledby')))
    .map((node) => node.outerHTML.slice(0, 80))`);
  same(names, [], "controls without a name");
  await panel.inside();
  await press(Key.ESCAPE);
  await until(async () => !(await panel.isOpen()), 5_000, "Esc closes the panel");
  await panel.host();
  await until(onLauncher, 3_000, "the focus back on the launcher");
  await press(Key.SPACE);
  await until(async () => (await focusIn()) === "input", 5_000, "Space opens it again");
}

export const tests = [
  { id: "A.a11y.states", run: states, ms: 120_000 },
  { id: "A.a11y.phone", run: phone },
  { id: "A.a11y.keyboard", run: keyboard },
  { id: "A.a11y.focus", run: focus },
  { id: "A.a11y.back", run: back },
  { id: "A.a11y.accents", run: accents },
  { id: "A.a11y.badges", run: badges },
];
