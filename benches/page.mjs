// A page in Chromium as the measurements use it: opened, asked, and looked into by the DevTools protocol.
import { Browser } from "../tests/e2e/browsers.mjs";

const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const UNLIMITED = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

export class Page {
  static async start() {
    const page = new Page();
    page.browser = await new Browser("chromium").start();
    page.driver = page.browser.driver;
    const { product } = await page.devtools("Browser.getVersion");
    page.version = product;
    await page.devtools("Network.enable");
    await page.devtools("HeapProfiler.enable");
    // The thread's own time: what others do on this machine meanwhile is not counted.
    await page.devtools("Performance.enable", { timeDomain: "threadTicks" });
    return page;
  }

  devtools(method, params = {}) {
    return this.driver.sendAndGetDevToolsCommand(method, params);
  }

  /** How slow the processor and the network are from now on. */
  async throttle({ cpu = 1, slow4g = false } = {}) {
    await this.devtools("Emulation.setCPUThrottlingRate", { rate: cpu });
    await this.devtools("Network.emulateNetworkConditions", slow4g ? SLOW_4G : UNLIMITED);
  }

  /** An address with nothing stored of it. */
  async open(url) {
    await this.devtools("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes: "all" });
    await this.driver.get(url);
  }

  /** Calls a function of the page's `bench` and waits for what it gives (plain values). */
  async ask(name, ...args) {
    const answer = await this.driver.executeAsyncScript(`
      const [name, args, done] = arguments;
      Promise.resolve().then(() => window.bench[name](...args)).then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`,
    name, args);
    if (answer.error) throw new Error(`bench.${name}: ${answer.error}`);
    return answer.value;
  }

  /** What the main thread has done so far, in ms: `script`, and `work`, which is script, style and layout together. */
  async spent() {
    const { metrics } = await this.devtools("Performance.getMetrics");
    const ms = (name) => 1000 * metrics.find((metric) => metric.name === name).value;
    const script = ms("ScriptDuration");
    return { script, work: script + ms("LayoutDuration") + ms("RecalcStyleDuration"), task: ms("TaskDuration") };
  }

  /** What the main thread does meanwhile. */
  async working(act) {
    const before = await this.spent();
    await act();
    const after = await this.spent();
    return Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
  }

  /** The bytes that live on after collecting garbage: of JavaScript and of the page's elements. */
  async heap() {
    const { usedSize, embedderHeapUsedSize = 0 } = await this.#heap();
    return usedSize + embedderHeapUsedSize;
  }

  /** Those of JavaScript alone: what the browser keeps of elements comes and goes by some 100 kB. */
  async scripts() {
    return (await this.#heap()).usedSize;
  }

  async #heap() {
    // A second time for what finalisers of the first let go.
    for (let time = 0; time < 2; time += 1) await this.devtools("HeapProfiler.collectGarbage");
    return this.devtools("Runtime.getHeapUsage");
  }

  /** Documents, nodes and listeners that live on. */
  async counters() {
    await this.devtools("HeapProfiler.collectGarbage");
    return this.devtools("Memory.getDOMCounters");
  }

  async stop() {
    await this.browser.stop();
  }
}
