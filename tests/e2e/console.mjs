// The agent's console page in a browser window, worked as a person works it.
import { By, Key } from "selenium-webdriver";
import { until } from "./within.mjs";

export class Console {
  constructor(driver) {
    this.driver = driver;
  }

  async open(url) {
    await this.driver.get(url);
    await until(() => this.#read("return document.getElementById('link').dataset.state === 'live'"), 10_000, "the console live");
  }

  /** Accepts the chat that waits. */
  async take() {
    const button = await until(() => this.driver.findElement(By.css("[data-list=waiting] .accept")), 15_000, "a waiting chat in the console");
    await button.click();
    await until(() => this.#read("return !document.getElementById('composer').hidden"), 10_000, "the console's composer");
  }

  async waitForText(text) {
    await until(async () => (await this.bubbles()).some((one) => one.includes(text)), 15_000, `"${text}" in the console`);
  }

  async bubbles() {
    return this.#read("return [...document.querySelectorAll('#transcript .bubble')].map((node) => node.textContent)");
  }

  async waitForTyping(wanted = true) {
    await until(async () => wanted === !!(await this.#read("return document.getElementById('typing').textContent.trim()")), 10_000,
      `typing ${wanted ? "shown" : "gone"} in the console`);
  }

  async type(text) {
    await this.driver.findElement(By.id("text")).sendKeys(text);
  }

  async clear() {
    await this.driver.findElement(By.id("text")).clear();
  }

  async say(text) {
    await this.type(text + Key.ENTER);
  }

  async end() {
    await this.driver.findElement(By.id("end")).click();
  }

  async #read(body) {
    return this.driver.executeScript(body);
  }
}
