// Stands in for the package's index.d.ts, which the build copies from the file named here.
export * from "../src/api/types.js";
