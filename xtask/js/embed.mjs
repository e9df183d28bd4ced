// The classic script: bundled by esbuild, then made smaller by terser, whose names and statements compress 3 % better.
// Not: the other entries, which a page's own bundler treats again. Given are the tools, so that the test of its size may
// bring its own.
export async function embed({ build, minify }, entry, shared) {
  const { outputFiles: [file] } = await build({ ...shared, bundle: true, minify: true, format: "iife", entryPoints: [entry], write: false });
  // What is used once stays a function of its own: that compresses better.
  const { code } = await minify(file.text, { ecma: 2020, toplevel: true, compress: { passes: 3, inline: false } });
  return code;
}
