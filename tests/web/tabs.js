// Two instances of one namespace, which are to each other what tabs are: who leads, with locks and without.
import { agent, check, host, options, same, tasks, within } from "./stage.js";

/** An instance, live, and its side and backend. */
async function live(make, given, more = {}) {
  const side = host();
  const backend = agent();
  const chat = make({ ...given, transport: backend }, side);
  await chat.boot();
  return { chat, side, backend, ...more };
}

const until = (what, holds, ms = 6000) =>
  within(ms, what, (resolve) => {
    const look = () => (holds() ? resolve() : setTimeout(look, 10));
    look();
  });

// What tabs say of the lead: src/session/peer.rs.
const [PING, HERE] = [0, 1];

/** Whether the instance has a connection now. */
const linked = ({ backend }) => backend.connects.length > 0 && backend.left === undefined;

/** A follower has asked whether the leader is there, and the leader has said that it is. */
const exchange = (namespace) =>
  within(5000, "the leader is asked and answers", (resolve) => {
    const ear = new BroadcastChannel(`sc:${namespace}`);
    let asked;
    ear.onmessage = ({ data }) => {
      const { t, on } = JSON.parse(data);
      if (t != "sign") return;
      asked ||= on == PING;
      if (!asked || on != HERE) return;
      ear.close();
      resolve();
    };
  });

async function without(object, name, act) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value: undefined, configurable: true, writable: true });
  try {
    await act();
  } finally {
    delete object[name];
    if (own) Object.defineProperty(object, name, own);
  }
}

export async function a_lock_whose_holder_does_not_answer_is_stolen(make) {
  const given = options({ storage: "local", connect: "lazy" });
  const first = await live(make, given);
  const { visitorId } = first.chat.identity;
  await first.chat.destroy();
  let robbed;
  navigator.locks
    .request(`sc:${given.namespace}:${visitorId}`, () => new Promise(() => {}))
    .catch((error) => (robbed = error.name));
  await tasks(3);
  const began = performance.now();
  const next = await live(make, given);
  same(next.chat.identity.visitorId, visitorId, "the same group");
  next.chat.open();
  await until("the lock is taken", () => linked(next), 3000);
  const took = performance.now() - began;
  check(took > 900 && took < 2500, `took ${took} ms`);
  await until("its holder hears of it", () => robbed);
  same(robbed, "AbortError");
  const held = async () => (await navigator.locks.query()).held.filter((lock) => lock.name.startsWith(`sc:${given.namespace}`)).length;
  same(await held(), 1);
  await next.chat.destroy();
  // Browsers give locks back in their own time.
  await within(5000, "given back", async (resolve) => {
    while ((await held()) > 0) await tasks(1);
    resolve();
  });
}

export async function a_leader_whose_lock_is_stolen_follows(make) {
  const given = options({ storage: "local" });
  const leader = await live(make, given);
  const { visitorId } = leader.chat.identity;
  await until("it leads", () => linked(leader));
  let release;
  navigator.locks.request(`sc:${given.namespace}:${visitorId}`, { steal: true }, () => new Promise((done) => (release = done)));
  await until("it drops its connection", () => !linked(leader));
  delete leader.backend.left;
  leader.backend.connects.length = 0;
  release();
  await until("the lock was free again: it leads", () => linked(leader));
  await leader.chat.destroy();
}

export async function without_locks_two_instances_have_one_connection(make) {
  await without(navigator, "locks", async () => {
    const given = options({ storage: "local" });
    const [one, other] = await Promise.all([live(make, given), live(make, given)]);
    same(one.chat.identity.visitorId, other.chat.identity.visitorId, "one visitor");
    await until("one leads", () => linked(one) || linked(other));
    const [leader, follower] = linked(one) ? [one, other] : [other, one];
    // Who wants the lead itself does not ask after the leader: once it has asked, and been answered, it wants it no more.
    const asked = exchange(given.namespace);
    await follower.chat.sendMessage({ text: "through the leader" });
    await asked;
    same([leader.backend.log.length, follower.backend.connects.length], [1, 0], "what went through the leader");
    await leader.chat.destroy();
    await until("the other one leads", () => linked(follower), 5000);
    same([leader, follower].map(({ backend }) => backend.connects.length), [1, 1], "connections ever made");
    await follower.chat.destroy();
  });
}

export async function without_a_channel_every_instance_leads_itself(make) {
  await without(globalThis, "BroadcastChannel", async () => {
    const given = options({ storage: "local" });
    const [one, other] = [await live(make, given), await live(make, given)];
    for (const { chat } of [one, other]) same((await chat.sendMessage({ text: "hello" })).status, "sent");
    await one.chat.destroy();
    await other.chat.destroy();
  });
}

export async function of_two_instances_one_lets_a_message_be_heard(make) {
  const given = options({ storage: "local" });
  const [one, other] = [await live(make, given), await live(make, given)];
  const heard = [];
  for (const [name, { side }] of Object.entries({ one, other })) side.sound = () => heard.push(name);
  await until("one leads", () => linked(one));
  await one.chat.sendMessage({ text: "hello" });
  one.backend.say();
  await other.side.event("message:received");
  await until("it is heard", () => heard.length > 0);
  // By the time a second one is heard, everybody has made up their mind about the first.
  one.backend.say();
  await until("the second is heard", () => heard.length > 1);
  same(heard, ["other", "other"], "the one used last");
  await one.chat.destroy();
  await other.chat.destroy();
}

export async function a_logout_that_only_the_store_tells_of_is_heard(make) {
  const given = options({ storage: "local", connect: "lazy" });
  const { chat } = await live(make, given);
  const key = (name) => `sc:${given.namespace}:${name}`;
  check(localStorage.getItem(key("session")), "the session is stored");
  // As another tab's logout leaves it, whose word has not come yet.
  localStorage.setItem(key("epoch"), "70000");
  localStorage.removeItem(key("session"));
  window.dispatchEvent(new Event("focus"));
  same(chat.state, "shutdown");
  same(localStorage.getItem(key("session")), null);
  // A logout here is the next one: it reaches whoever came after.
  await chat.boot();
  localStorage.setItem(key("epoch"), "900000");
  await chat.shutdown();
  check(Number(localStorage.getItem(key("epoch"))) > 900000, "it counts on from what is stored");
  await chat.destroy();
}
