// Somebody who has only what was stored, or overheard: raw Bayeux over HTTP, without the SDK.
import { PollingLink } from "../../examples/server/test/support/bayeux.mjs";

/** A session with this extension: `{ext, ask(operation, fields)}`, or `{refused}` with the handshake's error. */
export async function raw(context, server, extension, origin) {
  const link = await new PollingLink(server.serverUrl, origin).start();
  context.owned.push(() => link.close());
  try {
    await link.open({ version: 1, ...extension });
  } catch (error) {
    const [, refused] = /handshake refused: (.*)/.exec(error.message) ?? [];
    if (refused) return { refused };
    throw error;
  }
  return { ext: link.ext, ask: (operation, fields) => link.ask(operation, fields) };
}

/** What a secureKey still opens on such a session: its messages, or none. */
export async function opens({ ask }, secureKey) {
  const answer = await ask("requestNotifications", { secureKey });
  return answer.statusCode === 0 ? answer.messages.filter(({ type }) => type === "Message").map(({ text }) => text) : [];
}
