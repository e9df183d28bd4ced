// What a page's own tests need: an agent without a server, and the checks a transport or a store must pass. No part of a
// chat, and free of any test framework.
export { demoTransport } from "./testing/demo.js";
export { storeConformance } from "./testing/store.js";
export { transportConformance } from "./testing/transport.js";
