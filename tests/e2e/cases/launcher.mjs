// The launcher, the package's or the page's own, in a page that does odd things to it.
import { check, same, until } from "../within.mjs";

/** The second click of somebody impatient, while the module is on its way, takes nothing back. */
async function slow(context) {
  const { site, serverUrl } = await context.backend();
  let arrive;
  const arrived = new Promise((done) => { arrive = done; });
  site.slow = (path) => path.endsWith("/core.js") && arrived;
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "manual" } }]));
  const panel = context.panel();
  await panel.clickLauncher();
  await until(() => site.asked.some((path) => path.endsWith("/core.js")), 10_000, "the module asked for");
  await panel.clickLauncher();
  same(await context.state(), "loading", "state at the second click");
  arrive();
  await panel.waitFor("input");
  same((await context.run("return window.t.events.chat.map(({ type }) => type)")).filter((type) => type === "close"), [], "closed meanwhile");
  await panel.clickLauncher();
  await context.event("close");
  await context.hostLives();
}

/** Whoever clicks while the module is not there sees and hears that it is on its way, and that it is not any more. */
const waiting = (selector) => async (context) => {
  const { site, serverUrl } = await context.backend();
  const busy = () => context.run(`const { shadowRoot } = document.querySelector("div[data-support-chat]") ?? {};
    const button = shadowRoot?.querySelector("button") ?? document.querySelector("#host");
    return [button.getAttribute("aria-busy"), shadowRoot ? getComputedStyle(button, "::before").animationName : "none"];`);
  let arrive;
  const arrived = new Promise((done) => { arrive = done; });
  site.slow = (path) => path.endsWith("/core.js") && arrived;
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "manual", launcher: { selector } } }]));
  const panel = context.panel();
  const click = () => (selector ? context.run(`document.querySelector("${selector}").click()`) : panel.clickLauncher());
  same(await busy(), [null, "none"], "before the click");
  await click();
  same(await busy(), ["true", selector ? "none" : "b"], "while the module is on its way");
  arrive();
  await panel.waitFor("input");
  same(await busy(), [null, "none"], "once it is open");
  await click();
  await context.event("close");
  same(await busy(), [null, "none"], "after a click that waits for nothing");
};

/** It stands where it is asked to stand, before the module is there and afterwards, and takes the page's accent at once. */
async function place(context) {
  const site = await context.site();
  const look = () => context.run(`const button = document.querySelector("div[data-support-chat]").shadowRoot.querySelector("button");
    const { left, right, bottom, width, height } = button.getBoundingClientRect();
    const { backgroundColor, color, zIndex } = getComputedStyle(button);
    return [left, document.documentElement.clientWidth - right, innerHeight - bottom, width, height].map(Math.round).concat(backgroundColor, color, zIndex);`);
  for (const [launcher, theme, expected] of [
    [{}, undefined, { 1: 20, 2: 20, 3: 56, 4: 56, 5: "rgb(31, 111, 235)", 6: "rgb(255, 255, 255)", 7: "2147483000" }],
    [{ position: "left", offset: { x: 0, y: 40 }, zIndex: 7 }, { accent: "#ffd400" }, { 0: 0, 2: 40, 3: 56, 4: 56, 5: "rgb(255, 212, 0)", 7: "7" }],
    [{ label: "Ask us", offset: { y: 3 } }, { accent: "no colour" }, { 1: 20, 2: 3, 4: 48, 5: "rgb(31, 111, 235)", 6: "rgb(255, 255, 255)" }],
  ]) {
    await context.open(site.page("chat.html", [{ name: "chat", options: { load: "manual", transport: "@demo", storage: "memory", launcher, theme } }]));
    for (const when of ["before the module", "with the module"]) {
      const found = await look();
      same(Object.keys(expected).map((at) => found[at]), Object.values(expected), `${when}: ${JSON.stringify(launcher)}`);
      await context.call("chat", "load");
    }
  }
}

/** An element of the page plays the launcher: it is given back as it was, however the chat ends. */
async function own(context) {
  const { site, serverUrl } = await context.backend();
  const options = { serverUrl, load: "immediate", launcher: { selector: "#host" } };
  await context.open(site.page("chat.html", [{ name: "chat", options, calls: [["boot"]] }]));
  await context.waitForState("anonymous");
  const look = () => context.run(`const node = document.querySelector("#host");
    return [node.getAttribute("aria-expanded"), node.getAttribute("data-unread"), node.hidden];`);
  await until(async () => (await look())[0] === "false", 5_000, "the element named as closed");
  await context.run("dispatchEvent(new MouseEvent('click')); document.dispatchEvent(new MouseEvent('click'));");
  await context.run("document.querySelector('#host').click()");
  await context.panel().waitFor("input");
  await context.call("chat", "hideLauncher");
  same((await look())[2], true, "hidden when asked");
  await context.call("chat", "destroy");
  same(await look(), [null, null, false], "the element after the end");
  await context.hostLives();
}

/** What is no selector is refused by name, once, and no click of the page hears of it. */
async function noSelector(context) {
  const { site, serverUrl } = await context.backend();
  await context.open(site.page("chat.html"));
  await context.ask("make", "chat", { serverUrl, load: "immediate", launcher: { selector: "##bad[" } });
  const error = await context.refused("chat", "boot", "invalid_config");
  check(error.message.includes("`launcher.selector`"), error.message);
  await context.run("document.querySelector('#host').click()");
  same(await context.state(), "not_initialized", "state");
  await context.hostLives();
}

/** A page that clears itself gets both back, the button and the panel, and loses both at the end. */
async function cleared(context) {
  const { site, serverUrl } = await context.backend();
  const icon = "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3C/svg%3E";
  // The policy of these pages has no pictures written as addresses; it is the address that counts here.
  site.expected = ({ directive, blocked }) => directive === "img-src" && blocked === "data";
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", launcher: { icon } }, calls: [["boot"], ["open"]] }]));
  const panel = context.panel();
  await panel.waitFor("input");
  same(await context.run("return document.querySelector('div[data-support-chat]').style.getPropertyValue('--i')"), `url("${icon}")`, "the icon's address");
  await context.run("for (const node of document.querySelectorAll('[data-support-chat]')) node.remove()");
  await until(async () => (await context.ask("marks")).sort().join() === "div,iframe", 10_000, "launcher and panel back");
  await panel.waitFor("input");
  await panel.clickLauncher();
  await context.event("close");
  await context.call("chat", "destroy");
  await context.run("document.documentElement.append(document.createElement('i'))");
  await context.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  same(await context.ask("marks"), [], "nodes of ours after destroy");
  await context.hostLives();
}

export const tests = [
  { id: "launcher.slow", run: slow },
  { id: "launcher.waiting", run: waiting() },
  { id: "launcher.waiting-own", run: waiting("#host") },
  { id: "launcher.place", run: place },
  { id: "launcher.own", run: own },
  { id: "launcher.selector", run: noSelector },
  { id: "launcher.cleared", run: cleared },
];
