// How much memory the WebAssembly modules of a page have. Import this before they start: a module keeps its memory to itself.
const memories = new Set();

const watched = (start) => async (...args) => {
  const result = await start(...args);
  for (const value of Object.values((result.instance ?? result).exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  return result;
};
WebAssembly.instantiate = watched(WebAssembly.instantiate);
WebAssembly.instantiateStreaming = watched(WebAssembly.instantiateStreaming);

/** In bytes; a module's memory never shrinks. */
export const memory = () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
