// The module file itself, for bundlers that need to be pointed at it: `createChat({wasm: url})`.
declare const url: string;
export default url;
