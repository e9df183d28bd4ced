// The windows of one visitor in one browser: opened, visited in turn, and asked who holds the connection.
import { kill } from "./pagelife.mjs";
import { until } from "./within.mjs";

export class Group {
  /** `url` is what every further window opens; the present one is the first. */
  static async of(context, url) {
    const group = new Group();
    Object.assign(group, { context, url, windows: [await context.driver.getWindowHandle()] });
    return group;
  }

  async to(handle) {
    await this.context.driver.switchTo().window(handle);
    return handle;
  }

  /** Another window with the page, up and live. */
  async add(state = "anonymous") {
    const handle = await this.context.browser.newWindow();
    this.windows.push(handle);
    await this.context.open(this.url);
    await this.context.waitForState(state);
    return handle;
  }

  /** Kills this window; leaves the browser in another one. */
  async kill(handle) {
    await this.to(handle);
    this.windows.splice(this.windows.indexOf(handle), 1);
    await kill(this.context.browser);
  }

  /** What `probe` gives in each window, in the order they were opened. */
  async each(probe) {
    const found = [];
    for (const handle of this.windows) {
      await this.to(handle);
      found.push(await probe(handle));
    }
    return found;
  }

  /** Waits in every window until the probe is content. */
  async everywhere(what, probe, ms = 15_000) {
    await this.each((handle) => until(probe, ms, `${what} in window ${this.windows.indexOf(handle) + 1} of ${this.windows.length}`));
  }

  /** The windows with an open socket, and since when it is heard. */
  async leaders() {
    const heard = await this.each(() => this.context.run(
      "return Math.max(0, ...window.t.sockets.filter((socket) => socket.open).map((socket) => socket.heard))"));
    return this.windows.map((handle, index) => ({ handle, heard: heard[index] })).filter((one) => one.heard);
  }

  /** Waits until exactly one window, and one that `fits`, has a connection; gives it. */
  async leader(ms = 10_000, fits = () => true) {
    return until(async () => {
      const found = await this.leaders();
      return found.length === 1 && fits(found[0]) && found[0];
    }, ms, "one window with the connection");
  }
}
