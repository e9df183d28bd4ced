// What one test gets: its browser, and servers of its own that are gone when it ends.
import { Panel } from "./panel.mjs";
import { Proxy } from "./proxy.mjs";
import { Server } from "./server.mjs";
import { Site } from "./pages.mjs";
import { show, until, within } from "./within.mjs";

export class Context {
  /** `picture(name)` keeps what the browser shows at the moment. */
  constructor({ id, browser, folder, panicFolder, picture }) {
    Object.assign(this, { id, browser, folder, panicFolder, picture });
    this.values = {};
    this.owned = [];
    this.sites = [];
    this.servers = [];
    this.proxies = [];
  }

  get driver() { return this.browser.driver; }

  /** The example server with a proxy before it, and a site whose pages may connect to it. */
  async backend({ args = [], host } = {}) {
    const site = await this.site({ host });
    const allowed = host ? ["--origins", site.origin] : []; // without: any of this machine's own
    const server = await this.own(Server.take({ folder: this.folder, args: [...args, ...allowed] }), "stop", this.servers);
    const proxy = await this.proxy(server.port);
    site.servers.push(proxy.origin);
    return { server, proxy, site, serverUrl: proxy.through(server.serverUrl) };
  }

  async proxy(port) {
    return this.own(Proxy.start(port), "stop", this.proxies);
  }

  async site({ servers = [], folder = this.folder, host } = {}) {
    return this.own(Site.start({ folder, servers, host }), "stop", this.sites);
  }

  /** Remembers what must be stopped at the end. */
  async own(made, method, list = []) {
    const thing = await made;
    this.owned.push(() => thing[method]());
    list.push(thing);
    return thing;
  }

  /** Loads a page of the site and waits until its module ran. */
  async open(url) {
    if (!this.opened) {
      // Cookies know no ports: an earlier test's would be this one's.
      this.opened = true;
      await this.driver.get(new URL("/icon.svg", url).href);
      await this.driver.manage().deleteAllCookies();
    }
    await this.driver.get(url);
    await this.loaded();
  }

  async reload() {
    await this.driver.navigate().refresh();
    await this.loaded();
  }

  async loaded() {
    await until(() => this.run("return !!(window.t && window.t.loaded)"), 20_000, "the page's script");
  }

  async run(body, ...args) {
    return this.driver.executeScript(body, ...args);
  }

  /** Calls a function of the page's door and waits for what its promise gives. */
  async ask(name, ...args) {
    const answer = await this.driver.executeAsyncScript(`
      const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => window.t[arguments[0]](...JSON.parse(arguments[1])))
        .then((value) => done(JSON.stringify({ value: value === undefined ? null : value })), (error) => done(JSON.stringify({ error: String(error && error.stack || error) })));`,
    name, JSON.stringify(args));
    const parsed = JSON.parse(answer);
    if (parsed.error) throw new Error(`window.t.${name}: ${parsed.error}`);
    return parsed.value;
  }

  /** Waits until every timer of the page has run out that was set before, for so long at most, on its own clock. */
  async timersRunOut(ms) {
    // Not by a promise: WebKit's driver gives scripts their time on the page's clock.
    await this.run("window.t.ranOut = false; window.setTimeout(() => { window.t.ranOut = true; }, arguments[0])", ms);
    await until(() => this.run("return window.t.ranOut"), 20_000, `the timers of ${ms} ms`);
  }

  /** A call of the handle that must succeed; gives its value. */
  async call(chat, method, ...args) {
    const outcome = await this.ask("call", chat, method, args);
    if ("value" in outcome) return outcome.value;
    throw new Error(`${method} did not resolve: ${show(outcome)}`);
  }

  /** A call of the handle that must reject with this code; gives the error. */
  async refused(chat, method, code, ...args) {
    const outcome = await this.ask("call", chat, method, args);
    if (outcome.error?.code === code && outcome.error.typed && outcome.error.real) return outcome.error;
    throw new Error(`${method} should reject with ${code}: ${show(outcome)}`);
  }

  async state(chat = "chat") {
    return (await this.ask("get", chat)).state;
  }

  /** Waits until one of the words (separated by |) is the handle's state. */
  async waitForState(words, chat = "chat", ms = 15_000) {
    return until(async () => {
      const state = await this.state(chat);
      return words.split("|").includes(state) && state;
    }, ms, `state ${words}`);
  }

  /** Waits for an event of this type that `fits`; gives it. */
  async event(type, fits = () => true, chat = "chat", ms = 15_000) {
    return until(async () => {
      const events = await this.run("return JSON.stringify(window.t.events[arguments[0]] || [])", chat);
      return JSON.parse(events).find((event) => event.type === type && fits(event.payload));
    }, ms, `event ${type}`);
  }

  panel(namespace = "default", path = []) {
    return new Panel(this.driver, namespace, path);
  }

  /** The host page still runs: its clock ticks, its button works, nothing of ours reached its error handlers. */
  async hostLives({ clicks = true } = {}) {
    await this.driver.switchTo().defaultContent();
    const before = await this.run("return window.t.ticks");
    await until(async () => (await this.run("return window.t.ticks")) > before, 5_000, "the host page's clock");
    if (clicks) {
      const count = await this.run("return window.t.clicks");
      await this.run("document.getElementById('host').click()");
      if ((await this.run("return window.t.clicks")) !== count + 1) throw new Error("the host page's button is dead");
    }
    const trouble = await this.run("return { errors: window.t.errors, unhandled: window.t.unhandled }");
    if (trouble.errors.length || trouble.unhandled.length) throw new Error(`errors reached the host page: ${show(trouble)}`);
  }

  /** Violations nobody meant, of all sites of this test. Reports travel on their own: read last. */
  violations() {
    return this.sites.flatMap((site) => site.violations());
  }

  /** What a person wants to know about a failure. */
  async diagnosis() {
    const notes = {};
    const read = async (key, probe) => {
      try { notes[key] = await within(Promise.resolve(probe()), 4_000, key); } catch (error) { notes[key] = `(${error.message})`; }
    };
    await read("page", async () => {
      await this.driver.switchTo().defaultContent();
      return this.run(`const t = window.t; if (!t) return null;
        return { url: location.href.slice(0, 200), console: t.console.slice(-12), errors: t.errors, unhandled: t.unhandled, violations: t.violations,
          marks: t.marks ? t.marks() : null,
          chats: Object.fromEntries(Object.entries(t.chats || {}).map(([name, chat]) => [name, { state: chat.state, connection: chat.connection,
            events: t.events[name].slice(-12).map((e) => e.type + ' ' + JSON.stringify(e.payload).slice(0, 160)) }])) };`);
    });
    if (this.browser.name === "chromium") {
      await read("browser", async () => (await this.driver.manage().logs().get("browser")).slice(-8).map((entry) => entry.message.slice(0, 300)));
    }
    notes.server = this.servers.map((server) => server.log.join("").slice(-600)).filter(Boolean);
    notes.proxy = this.proxies.map((proxy) => ({ accepted: proxy.accepted, open: proxy.open, websockets: proxy.upgraded,
      websocket: proxy.channels("websocket").slice(-8), "long-polling": proxy.channels("long-polling").slice(-8) }));
    return notes;
  }

  /** Ends all that this test started, newest first. */
  async close() {
    for (const end of this.owned.reverse()) {
      await within(Promise.resolve().then(end), 8_000, "cleaning up").catch((error) => console.error(`  ${this.id}: ${error.message}`));
    }
  }
}
