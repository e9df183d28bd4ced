// The same surface; the module is inside this one file.
export * from "./index.js";
