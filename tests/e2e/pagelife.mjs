// What happens to a browser's windows, whatever is in them: hidden, frozen, killed, left and come back to.
import { until, within } from "./within.mjs";

const visibility = (driver, word) => until(async () => (await driver.executeScript("return document.visibilityState")) === word, 5_000, `a ${word} page`);

/** Minimises the window, so that its page is hidden; gives what shows it again. */
export async function hide(driver) {
  const { x, y, width, height } = await driver.manage().window().getRect();
  await driver.manage().window().minimize();
  await visibility(driver, "hidden");
  return async () => {
    await driver.manage().window().setRect({ x, y, width, height });
    await visibility(driver, "visible");
  };
}

/** Freezes the page, as Chromium does with hidden ones; gives what wakes it. Only Chromium can. */
export async function freeze(driver) {
  const wake = await hide(driver);
  const set = (state) => driver.sendDevToolsCommand("Page.setWebLifecycleState", { state });
  await set("frozen");
  return async () => {
    await set("active");
    await wake();
  };
}

/** Ends the present window without a word to its page: its renderer crashes in Chromium, elsewhere it is closed. */
export async function kill(browser) {
  const { driver } = browser;
  const gone = await driver.getWindowHandle();
  // The driver answers a crash with an error.
  if (browser.name === "chromium") await within(driver.sendDevToolsCommand("Page.crash", {}), 5_000, "the crash").catch(() => {});
  await driver.close();
  const left = (await driver.getAllWindowHandles()).filter((handle) => handle !== gone);
  // The first window carries the session between tests.
  if (browser.first === gone) [browser.first] = left;
  await driver.switchTo().window(left[0]);
}

/** Goes to another page by a script, and so that the page left may be kept in the back/forward cache. */
export async function leave(driver, url) {
  await driver.executeScript("setTimeout((url) => { location.href = url; }, 0, arguments[0])", url);
  await until(async () => (await driver.getCurrentUrl()) === url, 10_000, "the other page");
}

/** Back by the history. */
export async function back(driver, url) {
  await driver.executeScript("setTimeout(() => history.back(), 0)");
  await until(async () => (await driver.getCurrentUrl()) === url, 10_000, "the page that was left");
}
