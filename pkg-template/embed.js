// The classic script. Built as an IIFE: `document.currentScript` is known only while it runs for the first time.
import { supportChat } from "./handle.js";
import { launcher } from "./launcher.js";
import { install } from "./loader.js";

const { src, dataset } = document.currentScript;
let tries = "";

// What failed to load once stays failed under its address: every attempt asks under another one.
const importCore = () => {
  const url = new URL("core.js" + tries, src);
  tries += "?";
  return import(url);
};

install(supportChat(importCore, launcher, SUPPORT_CHAT_VERSION), dataset);
