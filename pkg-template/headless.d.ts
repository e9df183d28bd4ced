// The same surface; widget calls reject `widget_disabled`.
export * from "./index.js";
