// The operations of a visitor that belong to no single chat: who it is, what it had, and its logout.
import { answer } from "./frames.mjs";

/** `(parts, session, data, extra) → frames`, by name. `parts`: `{conversations, identities, revocations, histories}`. */
export const VISITOR_OPERATIONS = {
  async identify({ conversations, identities }, session, data, extra) {
    const { merged, moved } = await identities.identify(session, data.token);
    for (const conversation of moved) conversations.moved(conversation);
    return [answer({ userId: session.userId, merged }, extra)];
  },

  revoke({ revocations }, session, data, extra) {
    revocations.ofSession(session, { clearStorage: data.clearStorage === true });
    return [answer({}, extra)];
  },

  history({ histories }, session, data, extra) {
    return [answer(histories.page(session.visitor, data), extra)];
  },

  conversations({ histories }, session, data, extra) {
    return [answer(histories.list(session.visitor, session.device, data), extra)];
  },
};

/** The operations a session may use although its token ran out: the way back in, and the way out. */
export const WITHOUT_FRESH_TOKEN = ["identify", "revoke"];

/** The operations after which others may hold something that opens nothing any more. */
export const TAKES_AWAY = ["identify", "revoke"];
