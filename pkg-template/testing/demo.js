// A scripted agent that lives in the page, behind the interface of a page's own transport. Keeps its one conversation in
// the saved session (`sink.save`), so that a reload finds it again. Not a model of a backend: nobody else can join.

const REPLIES = [
  "Hello, thanks for writing. How can I help?",
  "I see. Let me look that up for you.",
  "Found it. Is there anything else you would like to know?",
  "You're welcome. I'm here if something comes up.",
];

const KEPT = 50; // events, as many as the SDK itself keeps over a reload

const refusal = (code, message) => Object.assign(new Error(message), { name: "SupportChatError", code });

const party = (id, name, type, avatarUrl) => ({
  id, name, type,
  is: { client: type === "visitor", agent: type === "agent", supervisor: false, external: false, bot: false },
  ...(avatarUrl && { avatarUrl }),
});

export function demoTransport({ replies = REPLIES, delay = 1200, agent = {} } = {}) {
  const maya = party(agent.id ?? "demo-agent", agent.name ?? "Maya", "agent", agent.avatarUrl);
  const timers = new Set();
  let sink = null;
  let chat = null; // {id, key, last, replied, sent: {clientMessageId: index}, visitor, events: [newest KEPT]}
  let chain = Promise.resolve();

  const wait = (ms) => new Promise((done) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      done();
    }, ms);
    timers.add(timer);
  });

  const tell = (event) => sink?.receive({ ...event, conversationId: chat.id });

  const record = (event) => {
    const entry = { ...event, index: (chat.last += 1), time: Date.now() };
    chat.events = [...chat.events, entry].slice(-KEPT);
    sink?.save(chat);
    tell(entry);
    return entry;
  };

  const say = (from, text, more) =>
    record({ type: "message", id: `demo-${chat.last + 1}`, party: from, content: { type: "text", text }, ...more });

  // One answer after the other, each after a while of typing; the end of the chat or of the page stops them.
  const answer = () => {
    const of = chat;
    chain = chain.then(async () => {
      await wait(delay / 3);
      if (chat !== of) return;
      if (!of.replied) record({ type: "joined", party: maya });
      tell({ type: "typing", party: maya, isTyping: true });
      await wait((delay * 2) / 3);
      if (chat !== of) return;
      tell({ type: "typing", party: maya, isTyping: false });
      say(maya, replies[of.replied++ % replies.length]);
    });
  };

  const send = ({ clientMessageId, text, conversationId }) => {
    if (!chat || (conversationId && conversationId !== chat.id)) throw refusal("session_not_found", "there is no such chat");
    const known = chat.sent[clientMessageId];
    if (known) return { index: known, id: `demo-${known}` };
    chat.sent[clientMessageId] = chat.last + 1;
    const { index, id } = say(chat.visitor, text, { clientMessageId });
    answer();
    return { index, id };
  };

  const commands = {
    "request-chat"({ clientConversationId, nickname, firstMessage }) {
      if (chat?.key !== clientConversationId) {
        const visitor = party("visitor", nickname, "visitor");
        chat = { id: `demo-${clientConversationId}`, key: clientConversationId, last: 0, replied: 0, sent: {}, visitor, events: [] };
        sink?.save(chat);
      }
      if (firstMessage) send(firstMessage);
      return { conversationId: chat.id };
    },
    send,
    typing() {},
    // It knows nobody: whoever has a token is whom the page says, and there is nothing to revoke.
    identify({ token }) {
      if (!token) throw refusal("invalid_token", "the token is empty");
      return { merged: true };
    },
    revoke() {},
    update() {},
    end() {
      if (!chat) return;
      tell({ type: "ended" });
      chat = null;
      sink?.save(null);
    },
  };

  const stop = () => {
    timers.forEach(clearTimeout);
    timers.clear();
    chain = Promise.resolve();
  };

  return {
    capabilities: ["typing", "idempotency", "identify"],
    connect({ resume, lastIndex = {} }, to) {
      sink = to;
      chat ??= resume?.events ? structuredClone(resume) : null;
      if (chat) {
        const seen = lastIndex[chat.id] ?? 0;
        const missed = chat.events.filter(({ index }) => index > seen);
        if (missed.length) sink.receive(missed.map((event) => ({ ...event, conversationId: chat.id })));
      }
      sink.connected({ capabilities: this.capabilities });
    },
    async perform(command) {
      const act = Object.hasOwn(commands, command.type) && commands[command.type];
      if (!act) throw refusal("unsupported", `the demo does not know \`${command.type}\``);
      return act(command);
    },
    disconnect(reason) {
      stop();
      sink = null;
      if (reason === "shutdown" || reason === "identity") chat = null;
    },
  };
}
