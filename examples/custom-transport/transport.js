// Backend words on one side, SupportChat's on the other. This file is what an operator writes.
const refusal = (code, message) => Object.assign(new Error(message), { code });

const party = (author) => ({
  id: author,
  name: author,
  type: author === "Robin" ? "agent" : "visitor",
  is: { client: author !== "Robin", agent: author === "Robin", supervisor: false, external: false, bot: false },
});

export function ownTransport(backend) {
  let room = null;
  let guest = "Visitor";
  let stop = () => {};
  let sink = null;

  const message = ({ number, key, author, text, at }) => ({
    type: "message", conversationId: room, index: number, clientMessageId: key, party: party(author),
    content: { type: "text", text }, time: at,
  });

  const heard = (news) => {
    if (news.room !== room || !sink) return;
    if (news.entry) sink.receive(message(news.entry));
    else if (news.closed) sink.receive({ type: "ended", conversationId: room });
    else if (news.author === "Robin") sink.receive({ type: "typing", conversationId: room, party: party("Robin"), isTyping: news.isTyping });
  };

  const send = ({ clientMessageId, text }) => {
    try {
      return { index: backend.write(room, { key: clientMessageId, author: guest, text }).number };
    } catch {
      throw refusal("session_not_found", "this conversation is closed");
    }
  };

  return {
    capabilities: ["typing", "idempotency"],

    connect({ resume, lastIndex }, to) {
      sink = to;
      if (resume) ({ room, guest } = resume);
      stop();
      stop = backend.listen(heard, () => sink?.interrupted("feed ended"));
      // First what was missed, then `connected`: the chat sends nothing before it has caught up.
      if (room) sink.receive(backend.entries(room, lastIndex[room] ?? 0).map(message));
      sink.connected();
    },

    async perform(command) {
      switch (command.type) {
        case "request-chat":
          guest = command.nickname;
          room = backend.openRoom(`room-${command.clientConversationId}`, guest);
          sink.save({ room, guest });
          if (command.firstMessage) send(command.firstMessage);
          return { conversationId: room };
        case "send":
          return send(command);
        case "typing":
          return backend.type(room, guest, command.isTyping);
        case "end":
          return backend.close(room);
        default:
          throw refusal("unsupported", command.type);
      }
    },

    disconnect(reason) {
      stop();
      sink = null;
      // Whoever connects next is somebody else.
      if (reason === "shutdown" || reason === "identity") room = null;
    },
  };
}
