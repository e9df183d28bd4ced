import { createChat, SupportChatError, type SupportChat } from "support-chat";
import { demoTransport } from "support-chat/testing";
// Vite's dev server bundles dependencies without the files beside them: say where the module is. `build` needs no such line.
import wasm from "support-chat/wasm?url";

// With a server: { serverUrl: "https://chat.example.com/cometd" }. The demo's agent lives in the page.
const chat: SupportChat = createChat({ transport: demoTransport(), wasm, autoBoot: true, brand: { name: "Fieldhouse" } });

const state = document.querySelector<HTMLElement>("#state");
chat.on("state", ({ payload }) => {
  if (state) state.textContent = payload.state;
});
chat.on("message:received", ({ payload: { message } }) => console.log(message.party.name, message.content.text));

document.querySelector("#ask")?.addEventListener("click", async () => {
  try {
    await chat.startConversation({ message: "Is the grinder back in stock?" });
    await chat.open();
  } catch (error) {
    if (error instanceof SupportChatError) console.error(error.code, error.message);
  }
});

// Vite swaps this module on every edit; without this each edit would leave a chat behind.
import.meta.hot?.dispose(() => chat.destroy());
