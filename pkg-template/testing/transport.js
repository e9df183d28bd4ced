// The checks every transport passes, ours and a page's own: the interface as the documentation states it, driven the way
// the SDK drives it. Each test makes its own backend.

const SOON = 5000; // ms; a backend under test answers at once or is broken

const WORDS =
  "typing idempotency identify history conversations receipts presence queue files rating offline quick-replies transfer articles forms".split(" ");

function check(condition, message) {
  if (!condition) throw new Error(message);
}

const soon = (promise, what) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: nothing within ${SOON} ms`)), SOON)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** A token the backend under test accepts. */
const tokenOf = async (backend) => (await backend.token?.()) ?? "conformance.user.token";

/** One page with a connection: what the transport reported, in order, and a way to wait for more. */
class Visit {
  constructor(transport, { resume, lastIndex = {}, user } = {}) {
    Object.assign(this, { transport, resume, lastIndex, user, events: [], saved: undefined, ups: 0, seenAtUp: null, waiting: [] });
  }

  async connect() {
    const heard = (act) => (...args) => {
      act(...args);
      this.waiting = this.waiting.filter((look) => !look());
    };
    const sink = {
      connected: heard((info) => {
        this.ups += 1;
        this.capabilities = info?.capabilities ?? this.transport.capabilities ?? [];
        this.seenAtUp ??= this.events.length;
      }),
      receive: heard((events) => this.events.push(...[events].flat())),
      interrupted: heard((reason) => (this.down = reason ?? "interrupted")),
      closed: heard((reason) => (this.down = reason)),
      save: heard((data) => (this.saved = structuredClone(data))),
    };
    const session = { visitorId: "conformance-visitor", resume: this.resume, lastIndex: this.lastIndex, locale: "en" };
    if (this.user) session.user = this.user;
    await soon(Promise.resolve(this.transport.connect(session, sink)), "connect");
    await this.until(() => this.ups > 0, "connected");
    return this;
  }

  until(holds, what) {
    const met = new Promise((done) => {
      const look = () => holds() && (done(), true);
      if (!look()) this.waiting.push(look);
    });
    return soon(met, what);
  }

  perform(command) {
    return soon(Promise.resolve().then(() => this.transport.perform(command)), `perform ${command.type}`);
  }

  async request(key = "conversation-1", first = { clientMessageId: "first", text: "Hello" }) {
    const settled = await this.perform({ type: "request-chat", clientConversationId: key, nickname: "Kim", userData: {}, firstMessage: first });
    check(typeof settled?.conversationId === "string" && settled.conversationId, "request-chat settles with {conversationId}");
    await this.until(() => this.echo(first.text), "the echo of the first message");
    return settled.conversationId;
  }

  get messages() {
    return this.events.filter(({ type }) => type === "message");
  }

  echo(text) {
    return this.messages.find(({ content }) => content.text === text);
  }

  leave(reason = "reload") {
    return this.transport.disconnect(reason);
  }
}

const tests = {
  "reports connected, with words we know": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    for (const word of visit.capabilities) check(WORDS.includes(word), `unknown capability ${word}`);
    await visit.leave();
  },
  "opens a chat and echoes its first message": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    await visit.request();
    const { index, party, time } = visit.echo("Hello");
    check(Number.isInteger(index) && index > 0, "a message has a whole index above 0");
    check(typeof party?.id === "string" && typeof party.name === "string", "a message has a party with id and name");
    check(typeof time === "number", "a message has a time in milliseconds");
    await visit.leave();
  },
  "settles a send with the index its echo carries": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    const conversationId = await visit.request();
    const settled = await visit.perform({ type: "send", clientMessageId: "second", conversationId, text: "Second" });
    await visit.until(() => visit.echo("Second"), "the echo");
    check(settled?.index === visit.echo("Second").index, `send settled with ${JSON.stringify(settled)}, the echo has another index`);
    await visit.leave();
  },
  "keeps order: indexes rise, none comes twice": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    const conversationId = await visit.request();
    const texts = Array.from({ length: 10 }, (_, i) => `number ${i}`);
    for (const text of texts) await visit.perform({ type: "send", clientMessageId: text, conversationId, text });
    await visit.until(() => visit.echo(texts.at(-1)), "the last echo");
    const indexes = visit.messages.map(({ index }) => index);
    check(indexes.every((index, i) => !i || index > indexes[i - 1]), `indexes ${indexes}`);
    check(texts.every((text) => visit.messages.filter(({ content }) => content.text === text).length === 1), "each text once");
    await visit.leave();
  },
  "sends the same key once, if it is idempotent": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    if (!visit.capabilities.includes("idempotency")) return visit.leave();
    const conversationId = await visit.request();
    const again = await visit.perform({ type: "request-chat", clientConversationId: "conversation-1", nickname: "Kim", userData: {} });
    check(again.conversationId === conversationId, "a repeated request is answered with the first one's chat");
    const message = { type: "send", clientMessageId: "same", conversationId, text: "Once" };
    const one = await visit.perform(message);
    const two = await visit.perform(message);
    check(one.index === two.index, "a repeated send is answered with the first one's index");
    await visit.perform({ type: "send", clientMessageId: "after", conversationId, text: "After" });
    await visit.until(() => visit.echo("After"), "a later echo");
    check(visit.messages.filter(({ content }) => content.text === "Once").length === 1, "and stored once");
    check(visit.echo("Once").clientMessageId === "same", "the echo carries the key");
    await visit.leave();
  },
  "refuses a command it does not know": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    const error = await visit.perform({ type: "no-such-command" }).then(() => null, (error) => error);
    check(error?.code === "unsupported", `rejects with code "unsupported", not ${error?.code ?? "at all"}`);
    await visit.leave();
  },
  "hands over what was missed before it reports connected": async (backend) => {
    const first = await new Visit(backend.transport()).connect();
    const conversationId = await first.request();
    await first.perform({ type: "send", clientMessageId: "second", conversationId, text: "Second" });
    await first.until(() => first.echo("Second"), "the echo");
    await first.leave();
    const lastIndex = { [conversationId]: first.echo("Hello").index };
    const next = await new Visit(backend.transport(), { resume: first.saved, lastIndex }).connect();
    const early = next.events.slice(0, next.seenAtUp).filter(({ content }) => content?.text === "Second");
    check(early.length === 1, "the missed message came once, and before connected");
    await next.leave();
  },
  "hands over everything to a page that knows nothing": async (backend) => {
    const first = await new Visit(backend.transport()).connect();
    await first.request();
    await first.leave();
    const next = await new Visit(backend.transport(), { resume: first.saved }).connect();
    check(next.events.slice(0, next.seenAtUp).some(({ content }) => content?.text === "Hello"), "the first message came");
    await next.leave();
  },
  "reports nothing after disconnect": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    await visit.request();
    await visit.leave();
    const { length } = visit.events;
    await backend.agentSays?.("Into the void");
    await new Promise((done) => setTimeout(done, 50));
    check(visit.events.length === length, "an event came after disconnect");
  },
  "brings what the agent says": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    await visit.request();
    if (!backend.agentSays) return visit.leave();
    await backend.agentSays("From the agent");
    await visit.until(() => visit.echo("From the agent"), "the agent's message");
    check(/agent/i.test(visit.echo("From the agent").party.type), "its party is an agent");
    await visit.leave();
  },
  "ends the chat": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    const conversationId = await visit.request();
    await visit.perform({ type: "end" });
    const error = await visit.perform({ type: "send", clientMessageId: "late", conversationId, text: "Late" }).then(() => null, (error) => error);
    check(error?.code, "a message to an ended chat is refused with a code");
    await visit.leave();
  },
  "takes a token and gives it up again, if it identifies": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    if (!visit.capabilities.includes("identify")) return visit.leave();
    await visit.request();
    const token = await tokenOf(backend);
    const first = await visit.perform({ type: "identify", token });
    check(first === undefined || typeof first === "object", "identify settles with {userId?, merged?} or nothing");
    await visit.perform({ type: "identify", token });
    check(visit.echo("Hello"), "the conversation goes on");
    await visit.perform({ type: "revoke" });
    // Where a logout makes the session worthless at once, the second one has nothing left to do.
    await visit.perform({ type: "revoke" }).catch((error) => check(error?.code, "a refusal has a code"));
    await visit.leave("shutdown");
  },
  "connects as a user who has a token, if it identifies": async (backend) => {
    const visit = new Visit(backend.transport(), { user: { id: "conformance-user", token: await tokenOf(backend) } });
    await visit.connect();
    await visit.leave("shutdown");
  },
  "shows nothing of one identity to the next": async (backend) => {
    const transport = backend.transport();
    const first = await new Visit(transport).connect();
    await first.request();
    await first.leave("identity");
    const next = await new Visit(transport).connect();
    check(!next.messages.length, "a message of the identity before");
    await next.leave();
  },
  "takes newer values of user, company and context, or says it does not": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    await visit.request();
    const values = { user: { name: "Kim", phone: null }, company: { id: "o" }, context: { page: "billing" } };
    const error = await visit.perform({ type: "update", ...values }).then(() => null, (error) => error);
    check(!error || error.code === "unsupported", `update settles, or rejects with code "unsupported", not ${error?.code}`);
    await visit.leave();
  },
  "lists conversations, if it can": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    if (!visit.capabilities.includes("conversations")) return visit.leave();
    const conversationId = await visit.request();
    const page = await visit.perform({ type: "conversations", limit: 10 });
    check(Array.isArray(page?.items), "conversations settles with {items, nextCursor?}");
    check(page.items.some(({ id, status }) => id === conversationId && typeof status === "string"), "the open one is among them");
    await visit.leave();
  },
  "reports plain JSON": async (backend) => {
    const visit = await new Visit(backend.transport()).connect();
    await visit.request();
    for (const given of [...visit.events, visit.saved ?? null]) {
      check(JSON.stringify(structuredClone(given)) === JSON.stringify(JSON.parse(JSON.stringify(given))), "an event or the saved state is not JSON");
    }
    await visit.leave();
  },
};

/** @param {() => object | Promise<object>} makeBackend `{transport(), agentSays?(text), token?()}`; each `transport()` is a new page's */
export const transportConformance = (makeBackend) =>
  Object.entries(tests).map(([name, test]) => ({ name, run: async () => test(await makeBackend()) }));
