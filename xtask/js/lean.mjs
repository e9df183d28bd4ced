// The generated glue without what our browsers, our one address and our one caller never need: ways around old engines,
// other kinds of modules to start from, warnings. Each place must be found, or the build fails: the
// version of wasm-bindgen is pinned, and whoever moves it looks here.

const PARTS = {
  getDataViewMemory0: `function getDataViewMemory0() {
    if (cachedDataViewMemory0?.buffer !== wasm.memory.buffer) cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
    return cachedDataViewMemory0;
}`,
  getUint8ArrayMemory0: `function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0?.buffer !== wasm.memory.buffer) cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    return cachedUint8ArrayMemory0;
}`,
  getStringFromWasm0: `function getStringFromWasm0(ptr, len) {
    return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}`,
  decodeText: "",
  passStringToWasm0: `function passStringToWasm0(arg) {
    const bytes = cachedTextEncoder.encode(arg);
    const ptr = wasm.__wbindgen_malloc(WASM_VECTOR_LEN = bytes.length, 1);
    getUint8ArrayMemory0().set(bytes, ptr);
    return ptr;
}`,
  isLikeNone: `function isLikeNone(x) {
    return x == null;
}`,
  initSync: "",
  __wbg_finalize_init: "",
  // A server that does not know the type cannot be streamed from. Bytes are those of the package with the module inside.
  __wbg_load: `async function __wbg_load(source, imports) {
    if (source.buffer) return WebAssembly.instantiate(source, imports);
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(answer.status + " " + answer.url);
    if (answer.headers.get("Content-Type") === "application/wasm") return WebAssembly.instantiateStreaming(answer, imports);
    return WebAssembly.instantiate(await answer.arrayBuffer(), imports);
}`,
  __wbg_init: `async function __wbg_init({ module_or_path }) {
    const source = module_or_path ?? new URL("support_chat_bg.wasm", import.meta.url);
    const { instance } = await __wbg_load(source, __wbg_get_imports());
    wasm = instance.exports;
}`,
};

const LINES = [
  [/^let wasmModule, wasmInstance, wasm;$/m, "let wasm;"],
  [/^export \{ initSync, __wbg_init as default \};$/m, "export { __wbg_init as default };"],
  [/^let cachedTextDecoder = [^]*?^let numBytesDecoded = 0;$/m, 'const cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });'],
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[^]*?^\}$/m, ""],
  [/^    __destroy_into_raw\(\) \{\n[^]*?^    \}\n/m, ""],
  [/this\.__destroy_into_raw\(\);/, "this.__wbg_ptr;\n        this.__wbg_ptr = 0;"],
  // The module holds what holds the object: it is never collected, but freed by drive.js.
  [/^const SupportChatFinalization = [^]*?;$/m, ""],
  [/SupportChatFinalization\.register\(.*/, ""],
  [/^if \(Symbol\.dispose\) .*$/m, ""],
  [/\(typeof FinalizationRegistry === 'undefined'\)\s*\? \{.*\}\s*: /g, ""],
  [/, wasm\.__wbindgen_malloc, wasm\.__wbindgen_realloc\)/g, ")"],
];

/** @param {string} glue as wasm-bindgen wrote it, each function of it from the start of a line to a brace at one */
export function lean(glue) {
  const replace = (pattern, text) => {
    if (glue.search(pattern) < 0) throw new Error(`${pattern} is not found in the glue`);
    glue = glue.replace(pattern, () => text);
  };
  for (const [name, text] of Object.entries(PARTS)) replace(new RegExp(`^(async )?function ${name}\\([^]*?^\\}$`, "m"), text);
  for (const [pattern, text] of LINES) replace(pattern, text);
  // None of the imports asks for `this`.
  glue = glue.replace(/: function\(\) \{ return handleError\(function \((.*)\) \{$/gm, ": (...args) => handleError(($1) => {");
  glue = glue.replaceAll("}, arguments); },", "}, args),").replace(/: function\((.*)\) \{$/gm, ": ($1) => {");
  // What calls back once cannot be called while it is called.
  return glue.replaceAll("= makeMutClosure(", "= makeClosure(");
}
