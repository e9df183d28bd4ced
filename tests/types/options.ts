// Options of createChat, the script tag's settings, and the entries beside the main one.
import "support-chat/embed";
import { createChat, type Options, type StateStorage } from "support-chat";
import { demoTransport, storeConformance, transportConformance, type ConformanceTest } from "support-chat/testing";

const store: StateStorage = { read: async () => null, write: (state) => void state };

const options: Options = {
  serverUrl: "https://chat.example.com/cometd",
  connect: "lazy",
  storage: store,
  stateStorage: { read: () => ({}), write: async () => {} },
  maxOfflineDuration: 60,
  cookieConsent: false,
  load: "interaction",
  theme: { mode: "system", accent: "#1f6feb", radius: "12px" },
  launcher: { position: "left", label: "Help", offset: { x: 8 } },
  brand: { name: "Fieldhouse" },
  prechat: [{ name: "email", label: "E-mail", type: "email", required: true }],
  updateLimit: { perSecond: 1 },
  logger: console.log,
  logLevel: "silent",
  wasm: new URL("https://cdn.example.com/chat.wasm"),
};
createChat(options);
createChat({ launcher: false, transport: "cometd" });
createChat({ transport: demoTransport({ replies: ["Hi"], delay: 10 }) });
const tests: ConformanceTest[] = [...transportConformance(() => ({ transport: demoTransport })), ...storeConformance(() => store)];
void tests;

window.SupportChatSettings = { serverUrl: "/cometd", autoBoot: true };
window.SupportChat.createChat().open();
window.SupportChat.on("ready", () => window.SupportChat.user.reset());

// @ts-expect-error did you mean serverUrl?
createChat({ serverURL: "/cometd" });
// @ts-expect-error one of four
createChat({ load: "lazy" });
// @ts-expect-error true says nothing
createChat({ launcher: true });
// @ts-expect-error no markup
createChat({ launcher: { html: "<b>" } });
// @ts-expect-error a store writes, too
createChat({ storage: { read: () => null } });
