// The panel as a visitor meets it. Reads through the host page (same origin), types with real keys inside the
// iframe. The one place that knows the widget's stable `data-part` attributes.
import { By, Key } from "selenium-webdriver";
import { until } from "./within.mjs";

export { Key };

const IN_PANEL = `
  const frame = document.querySelector('iframe[data-support-chat="' + arguments[0] + '"]');
  const inner = frame && frame.contentDocument;
  const part = (name) => inner && inner.querySelector('[data-part=' + name + ']');
  const visible = (node) => !!node && node.getClientRects().length > 0 && inner.defaultView.getComputedStyle(node).visibility !== 'hidden';
`;

export class Panel {
  /** `path` is the list of iframes (CSS selectors) around the page, empty for a page of its own. */
  constructor(driver, namespace = "default", path = []) {
    this.driver = driver;
    this.namespace = namespace;
    this.path = path;
  }

  /** To the page that holds the widget. */
  async host() {
    await this.driver.switchTo().defaultContent();
    for (const selector of this.path) await this.driver.switchTo().frame(await this.driver.findElement(By.css(selector)));
  }

  /** Into the panel's own document. */
  async inside() {
    await this.host();
    const selector = `iframe[data-support-chat="${this.namespace}"]`;
    const frame = await until(() => this.driver.findElement(By.css(selector)), 10_000, "the panel's iframe");
    await this.driver.switchTo().frame(frame);
  }

  /** Runs `body` in the host page with `inner`, `part(name)`, `visible(node)` at hand and `args` from arguments[1] on. */
  async read(body, ...args) {
    await this.host();
    return this.driver.executeScript(IN_PANEL + body, this.namespace, ...args);
  }

  async element(part, ms = 10_000) {
    await this.inside();
    return until(async () => {
      const found = await this.driver.findElement(By.css(`[data-part=${part}]`));
      return (await found.isDisplayed()) && found;
    }, ms, `[data-part=${part}] in the panel`);
  }

  async click(part, ms) {
    await (await this.element(part, ms)).click();
    await this.host();
  }

  async type(text) {
    const input = await this.element("input");
    // Firefox and WebKit say so while the panel is still on its way in; then nothing was typed.
    const typed = await until(() => input.sendKeys(text).then(() => ({}), (error) => !/not (focusable|reachable)/.test(error.message) && { error }),
      5_000, "the composer takes keys");
    if (typed.error) throw typed.error;
    await this.host();
  }

  /** Writes and sends with Enter, as a visitor does. */
  async say(text) {
    await this.type(text + Key.ENTER);
  }

  async isOpen() {
    return this.read("return !!inner && visible(frame) && visible(part('input'));");
  }

  /** The rows of the transcript as drawn: {id, role, status, text}. */
  async rows() {
    return await this.read(`
      return inner ? [...inner.querySelectorAll('[data-part=message]')].map((row) => ({
        id: row.dataset.id, role: row.dataset.role, status: row.dataset.status,
        text: (row.querySelector('[data-part=text]') || row).textContent })) : [];`);
  }

  /** The marks of the suite's own messages (see `marks`) in drawn order. */
  async marks() {
    return marks((await this.rows()).map((row) => row.text));
  }

  /**
   * The marks of the whole transcript in drawn order. Only a window of it is in the document at a time, so it is
   * read from the top to the end as a person would scroll; a row that is drawn twice is told twice.
   */
  async allMarks() {
    await this.host();
    const texts = await this.driver.executeAsyncScript(`
      const done = arguments[arguments.length - 1];
      ${IN_PANEL}
      const box = part('transcript');
      if (!box) return done([]);
      const drawn = () => new Promise((next) => { setTimeout(next, 100); requestAnimationFrame(() => requestAnimationFrame(next)); });
      (async () => {
        const seen = new Set();
        const texts = [];
        for (let top = 0; ; top += Math.max(100, box.clientHeight / 2)) {
          box.scrollTop = top;
          await drawn();
          const rows = [...inner.querySelectorAll('[data-part=message]')];
          const fresh = rows.filter((row) => !seen.has(row.dataset.id));
          for (const row of fresh) texts.push((row.querySelector('[data-part=text]') || row).textContent);
          for (const row of fresh) seen.add(row.dataset.id);
          if (top >= box.scrollHeight - box.clientHeight) break;
        }
        box.scrollTop = box.scrollHeight;
        return texts;
      })().then(done, (error) => done([String(error)]));`, this.namespace);
    return marks(texts);
  }

  async text(part) {
    return this.read("const node = part(arguments[1]); return visible(node) ? node.textContent : '';", part);
  }

  async shows(part) {
    return this.read("return visible(part(arguments[1]));", part);
  }

  async waitFor(part, ms = 10_000, wanted = true) {
    return until(async () => (await this.shows(part)) === wanted, ms, `[data-part=${part}] ${wanted ? "shown" : "gone"}`);
  }

  async waitForRow(text, ms = 15_000, status) {
    return until(async () => {
      const row = (await this.rows()).find((one) => one.text.includes(text));
      return row && (!status || status.split("|").includes(row.status)) && row;
    }, ms, `a row with "${text}"${status ? ` (${status})` : ""}`);
  }

  /** The launcher, inside its shadow root: {shown, badge, label, expanded}. */
  async launcher() {
    await this.host();
    return this.driver.executeScript(`
      const host = [...document.querySelectorAll('div[data-support-chat="' + arguments[0] + '"]')].find((node) => node.shadowRoot);
      const button = host && host.shadowRoot.querySelector('button');
      const badge = host && host.shadowRoot.querySelector('[data-part=badge]');
      const shown = (node) => !!node && node.getClientRects().length > 0;
      return { shown: shown(button), badge: shown(badge) ? badge.textContent.trim() : '', label: button ? button.getAttribute('aria-label') : null,
        expanded: button ? button.getAttribute('aria-expanded') : null };`, this.namespace);
  }

  async clickLauncher() {
    await this.host();
    const host = await until(() => this.driver.findElement(By.css(`div[data-support-chat="${this.namespace}"]`)), 10_000, "the launcher");
    const root = await host.getShadowRoot();
    await (await root.findElement(By.css("button"))).click();
  }
}

/** Messages of the suite carry a mark like (v-07); gives the marks found in texts, in order. */
export function marks(texts) {
  return texts.flatMap((text) => String(text).match(/\([a-z]+-\d+\)/g) ?? []);
}

/** A text with a mark that no other message carries. */
export function marked(side, number, words = "") {
  return `(${side}-${String(number).padStart(2, "0")}) ${words}`.trim();
}

/** How often each expected mark is missing or repeated in a list of marks. */
export function compare(expected, seen) {
  const count = (mark) => seen.filter((one) => one === mark).length;
  return {
    lost: expected.filter((mark) => count(mark) === 0).length,
    twice: expected.filter((mark) => count(mark) > 1).length,
  };
}
