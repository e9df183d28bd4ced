// Starts the three browsers through their own drivers and evens out what WebDriver leaves different:
// time limits, windows, the phone's viewport. Knows nothing of the chat.
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Builder, Capabilities } from "selenium-webdriver";
import { kill, start } from "./children.mjs";
import { until, within } from "./within.mjs";

const STEP_MS = 30_000;
/** A site on this machine that is no secure context: only Chromium takes a name from us. */
export const INSECURE = "shop.test";
const root = new URL("../..", import.meta.url).pathname;
const tools = process.env.SUPPORT_CHAT_TOOLS ?? join(root, "target/tools/bin");

const kinds = {
  chromium: {
    driver: ["chromedriver"],
    binary: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    command: (driver, port) => [driver, `--port=${port}`],
    capabilities: (binary) => ({
      browserName: "chrome",
      "goog:loggingPrefs": { browser: "ALL" },
      "goog:chromeOptions": {
        binary,
        args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          `--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`, "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,800"],
      },
    }),
  },
  firefox: {
    driver: ["geckodriver"],
    binary: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
    command: (driver, port) => [driver, "--host", "127.0.0.1", "--port", String(port), "--websocket-port", "0"],
    capabilities: (binary) => ({
      browserName: "firefox",
      webSocketUrl: true,
      "moz:firefoxOptions": { binary, args: ["-headless", "--width=1280", "--height=800"] },
    }),
  },
  webkit: {
    driver: ["WebKitWebDriver"],
    binary: ["/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
      "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser"],
    needs: ["Xvfb"],
    command: (driver, port) => [driver, "--host=127.0.0.1", `--port=${port}`],
    capabilities: (binary) => ({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary, args: ["--automation"] },
    }),
  },
};

export const names = Object.keys(kinds);

/** What is missing on this machine for a browser, as words; "" when it can run. */
export function missing(name) {
  const kind = kinds[name];
  const gone = [];
  if (!kind.driver.some(locate)) gone.push(kind.driver[0]);
  if (!binary(name)) gone.push(`the browser itself (${kind.binary[0]})`);
  for (const tool of kind.needs ?? []) if (!locate(tool)) gone.push(tool);
  return gone.join(", ");
}

/** Where a browser is on this machine, or undefined. */
export function binary(name) {
  return kinds[name].binary.find((path) => existsSync(path));
}

function locate(tool) {
  const places = [tools, ...(process.env.PATH ?? "").split(":"), "/usr/bin", "/usr/lib/chromium"];
  return places.map((place) => join(place, tool)).find((path) => existsSync(path));
}

/** One running browser with its driver. Killed and started anew after a failure. */
export class Browser {
  constructor(name) {
    this.name = name;
    this.children = [];
    this.driver = null;
  }

  async start() {
    const kind = kinds[this.name];
    const port = await freePort();
    const env = { ...process.env };
    if (kind.needs?.includes("Xvfb")) env.DISPLAY = await this.#display();
    const [command, ...args] = kind.command(kind.driver.map(locate).find(Boolean), port);
    this.#spawn(command, args, { env, stdio: "ignore" });
    await until(async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok, 20_000, `${this.name}: driver ready`);
    const capabilities = new Capabilities(kind.capabilities(binary(this.name)));
    this.driver = await within(
      new Builder().disableEnvironmentOverrides().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build(),
      60_000, `${this.name}: session`);
    // Any WebDriver command may hang (seen in WebKit): each has its own limit.
    const executor = this.driver.getExecutor();
    const run = executor.execute.bind(executor);
    executor.execute = (step) => within(run(step), STEP_MS, `${this.name}: ${step.getName()}`);
    await this.driver.manage().setTimeouts({ script: 25_000, pageLoad: 25_000 });
    this.first = await this.driver.getWindowHandle();
    return this;
  }

  /** Opens another top-level window, switches to it, gives its handle. */
  async newWindow() {
    await this.driver.switchTo().newWindow("window");
    return this.driver.getWindowHandle();
  }

  /** Back to one empty window, for the next test. */
  async tidy() {
    for (const handle of await this.driver.getAllWindowHandles()) {
      if (handle === this.first) continue;
      await this.driver.switchTo().window(handle);
      await this.driver.close();
    }
    await this.driver.switchTo().window(this.first);
    await this.desktop();
    await this.driver.get("about:blank");
  }

  /** A viewport of this size, or "phone". Chromium and Firefox. */
  async viewport(size) {
    if (size === "phone") return this.phone();
    this.small = true;
    if (this.name === "chromium") {
      return this.driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: 1, mobile: false });
    }
    return this.#viewport(size, 1);
  }

  /** The viewport of a phone. WebKit has none: there the page must be put in an iframe of that size. */
  async phone() {
    if (this.name === "chromium") {
      await this.driver.sendDevToolsCommand("Emulation.setDeviceMetricsOverride",
        { width: 390, height: 844, deviceScaleFactor: 3, mobile: true });
      await this.driver.sendDevToolsCommand("Emulation.setTouchEmulationEnabled", { enabled: true });
    } else if (this.name === "firefox") {
      await this.#viewport({ width: 390, height: 844 }, 3);
    } else {
      return false;
    }
    this.small = true;
    return true;
  }

  /** Undoes `phone`. */
  async desktop() {
    if (!this.small) return;
    this.small = false;
    if (this.name === "chromium") {
      await this.driver.sendDevToolsCommand("Emulation.clearDeviceMetricsOverride", {});
      await this.driver.sendDevToolsCommand("Emulation.setTouchEmulationEnabled", { enabled: false });
    } else {
      await this.#viewport(null, null);
    }
  }

  async #viewport(viewport, devicePixelRatio) {
    const bidi = await this.driver.getBidi();
    const context = await this.driver.getWindowHandle();
    const reply = await bidi.send({ method: "browsingContext.setViewport", params: { context, viewport, devicePixelRatio } });
    if (reply.error) throw new Error(`setViewport: ${reply.message}`);
  }

  /** Ends the session politely, then the processes in any case. */
  async stop() {
    if (this.driver) await within(this.driver.quit(), 10_000, "quit").catch(() => {});
    this.driver = null;
    await this.kill();
  }

  async kill() {
    for (const child of this.children.splice(0).reverse()) await within(kill(child), 5_000, "driver exit").catch(() => {});
  }

  #spawn(command, args, options) {
    const child = start(command, args, options);
    this.children.push(child);
    return child;
  }

  async #display() {
    const child = this.#spawn(locate("Xvfb"), ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
      { stdio: ["ignore", "pipe", "ignore"] });
    const number = await within(new Promise((done, fail) => {
      child.stdout.once("data", (text) => done(String(text).trim()));
      child.once("exit", () => fail(new Error("Xvfb ended")));
    }), 20_000, "Xvfb display");
    return `:${number}`;
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
