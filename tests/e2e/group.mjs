// The windows of one visitor in one browser: opened, visited in turn, and asked who holds the connection.
import { kill } from "./pagelife.mjs";
import { compare, marks } from "./panel.mjs";
import { same, until } from "./within.mjs";

/** The marks of the transcript the present window holds. */
export async function held(context) {
  return marks((await context.call("chat", "getTranscript")).map((message) => message.content.text));
}

/** Sends by the page's own code, and waits for nothing. */
export async function say(context, text) {
  return context.run("window.t.chats.chat.sendMessage({ text: arguments[0] }).catch(() => {})", text);
}

/** Every window, the agent and the server have exactly these messages, in one order; notes what is lost or there twice. */
export async function whole(context, { server, agent }, group, expected) {
  const stored = async () => marks((await server.state()).conversations
    .flatMap(({ messages }) => messages.filter((one) => one.type === "Message").map((one) => one.text)));
  await agent.pending;
  await until(async () => (await stored()).length >= expected.length, 20_000, "every message at the server");
  const order = await stored();
  await group.everywhere("the server's transcript", async () => JSON.stringify(await held(context)) === JSON.stringify(order));
  const views = [order, marks(await agent.texts()), ...await group.each(() => held(context))];
  const harm = views.map((view) => compare(expected, view));
  for (const key of ["lost", "twice"]) context.values[key] = harm.reduce((sum, one) => sum + one[key], 0);
  same([context.values.lost, context.values.twice], [0, 0], `lost and twice (${JSON.stringify(views)})`);
}

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
