// Events: each name with its own payload.
import { createChat, type EventName, type State, type SupportChatError } from "support-chat";

const chat = createChat();

const stop: () => void = chat.on("state", ({ payload, createdAt, id }) => {
  const now: State = payload.state;
  const why: string | undefined = payload.reason;
  void [now, why, createdAt, id];
});
chat.on("message:failed", ({ payload: { message, error, conversation } }) => {
  const failed: SupportChatError = error;
  void [message.clientMessageId, failed.code, conversation.unreadCount];
});
chat.once("ready", ({ payload }) => payload.identityType === "anonymous");
chat.on("open", ({ payload }) => Object.keys(payload));
const typing = ({ payload }: { payload: { conversationId: string } }) => void payload.conversationId;
chat.on("typing:start", typing);
chat.off("typing:start", typing);
const names: EventName[] = ["launcher:hide", "storage:degraded", "connection:state"];
void [stop, names];

// @ts-expect-error no such event
chat.on("message", () => {});
// @ts-expect-error another payload
chat.on("unread:change", ({ payload }) => payload.state);
// @ts-expect-error not one of the ten
chat.on("state", ({ payload }) => payload.state === "idle");
