// The calls of the product's first page, as existing sites make them, and misuse the compiler must refuse.
import { createChat, SupportChat, SupportChatError, type ChatSession, type Conversation, type Message, type Page } from "support-chat";

const u = { id: 7, email: "ann@example.com", name: "Ann" };
const o = { id: "org_456", name: "Org", plan: "enterprise", seats: 12 };

export async function identity(chat: SupportChat): Promise<void> {
  await chat.boot();
  await chat.boot({
    user: { id: u.id, email: u.email, name: u.name },
    company: o,
    tokenProvider: () => fetch("/api/support-chat-token").then((r) => r.text()),
  });
  await chat.identify({ user: u, tokenProvider: ({ reason }) => (reason === "expiring" ? "a" : "b") });
  await chat.update({ user: { id: "user_123", traits: { role: "admin" }, phone: null }, context: { currentPage: "billing" } });
  await chat.shutdown({ clearStorage: true });
  await chat.destroy();
  // @ts-expect-error a user has an id
  await chat.boot({ user: { email: "ann@example.com" } });
  // @ts-expect-error identify needs a user
  await chat.identify({});
  // @ts-expect-error the option is called clearStorage
  await chat.shutdown({ clear: true });
}

export async function conversations(chat: SupportChat): Promise<void> {
  const started: Conversation = await chat.startConversation({ subject: "Order", message: "Hi", tags: ["shop"], customFields: { order: 12 } });
  const message: Message = await chat.sendMessage({ conversationId: started.id, text: "Hello", clientMessageId: "m1" });
  const page: Page<Conversation> = await chat.listConversations({ limit: 10 });
  const next: string | undefined = page.nextCursor;
  const transcript: Message[] = await chat.getTranscript({ fromIndex: message.index });
  const online: boolean = await chat.isAgentOnline();
  await chat.retryMessage(message.clientMessageId ?? "m1");
  await chat.sendTyping({ isTyping: online });
  await chat.rate({ score: 5 });
  await chat.user.tag({ email: "john@example.com", labels: [], gender: null });
  await chat.user.reset();
  void [next, transcript];
  // @ts-expect-error a message has a text
  await chat.sendMessage({ message: "Hello" });
  // @ts-expect-error not a status
  const wrong = started.status === "open";
  // @ts-expect-error one of two formats
  await chat.downloadTranscript({ format: "pdf" });
  void wrong;
}

export function sessions(chat: SupportChat, serverUrl: string, button: HTMLButtonElement): void {
  chat.startSession({ serverUrl, username: "Anonymous" }).done(function (session) {
    session.onMessageReceived((event) => console.log(event.party.type === "Agent", event.content.text, event.time)).onError((event) => event.error.code.toFixed());
  });
  chat
    .restoreSession({ maxOfflineDuration: 60 })
    .fail(function (event) {
      if (event.error) {
        alert(event.error.description);
        return;
      }
      button.onclick = function () {
        chat.startChat({ directToAgentRouting: { buttonId: "573xx0000000000", fallback: true }, extraPrechatInfo: [] });
      };
    })
    .done((session: ChatSession) => void session.sendMessage("hi").fail(() => {}));
  chat.startChat({ userData: { FirstName: "John", source: null } });
  // @ts-expect-error buttonId is required
  chat.startChat({ directToAgentRouting: { fallback: true } });
}

export function widget(chat: SupportChat): void {
  chat.setTheme("dark");
  chat.setTheme({ mode: "light", accent: "#0a7", bubbleAgent: "#eee" });
  chat.setLauncherVisible(false);
  chat.render({ target: document.body, mode: "inline" });
  // @ts-expect-error no such mode
  chat.setTheme("sepia");
  // @ts-expect-error a number
  chat.setZIndex("9");
  // @ts-expect-error getters only
  chat.state = "ready";
}

export function errors(caught: unknown): string {
  if (caught instanceof SupportChatError && caught.code === "rate_limited" && caught.recoverable) return caught.reason ?? caught.message;
  // @ts-expect-error no such code
  if (caught instanceof SupportChatError && caught.code === "rate_limit") return "";
  return new SupportChat.Error("aborted").name + SupportChat.version + String(SupportChat.createChat === createChat);
}
