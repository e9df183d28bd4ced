// A thousand calls of `update` in a second: the server hears as many as the limit allows and the newest values, and
// every promise settles; a follower's, too, no sooner than the server has the values.
import { Group } from "../group.mjs";
import { begin } from "./talk.mjs";
import { check, same, until } from "../within.mjs";

const CALLS = 1_000;
const FOLLOWED = 3;

async function update(context) {
  const scene = await begin(context, { options: { updateLimit: { perSecond: 1, perMinute: 20 } } });
  const { server } = scene;
  const updates = async () => (await server.state()).conversations[0].updates;
  const before = (await updates()).count;
  const { ms, settled, slowest } = await context.ask("updates", "chat", CALLS);
  context.values.calls = CALLS;
  context.values.calls_ms = ms;
  context.values.settled_ms = slowest;
  same(settled, { resolved: CALLS, rejected: 0, pending: 0 }, "promises");
  check(ms < 2_000, `the calls took ${ms} ms`);
  const { count, last } = await until(async () => {
    const now = await updates();
    return now.last?.context?.step === CALLS - 1 && now;
  }, 5_000, "the newest values at the server");
  context.values.sent = count - before;
  // One at once, and one for each second begun since.
  const most = 1 + Math.ceil(slowest / 1_000);
  check(context.values.sent <= most, `${context.values.sent} updates were sent in ${slowest} ms`);
  same([last.context.step, last.context.even], [CALLS - 1, CALLS - 2], "the newest value of each key");
  const { userData } = (await server.state()).conversations[0];
  same([userData.context.step, userData.context.first, userData.context.gone], [CALLS - 1, "kept", undefined], "what the agent sees");
  // Said in another window it is with the server when its promise says so, and not when the leader was told.
  const group = await Group.of(context, scene.url);
  const { handle } = await group.leader();
  const second = await group.add();
  same((await group.leader()).handle, handle, "the window with the connection");
  await group.to(second);
  for (let round = 1; round <= FOLLOWED; round += 1) {
    await context.call("chat", "update", { context: { followed: round } });
    same((await server.state()).conversations[0].userData.context.followed, round, "what the server has as a follower's promise settles");
  }
}

export const tests = [{ id: "I.update", run: update, alone: true }];
