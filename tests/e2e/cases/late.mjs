// What a leader has under way to a page's own store as another window logs out, and what lands there only afterwards.
import { Group, say } from "../group.mjs";
import { marked } from "../panel.mjs";
import { found } from "../traces.mjs";
import { check, same, until } from "../within.mjs";

const stored = async (context) => JSON.parse(await context.run("return localStorage.getItem('page-shared')"));
const visitor = async (context) => (await context.ask("get", "chat")).identity.visitorId;

/** `clear`: nothing is kept of the visitor. `again`: somebody else has begun to talk where they logged out, by then. */
const late = ({ clear, again }) => async (context) => {
  const { site, serverUrl } = await context.backend();
  const options = { serverUrl, load: "immediate", storage: "@shared" };
  const page = site.page("chat.html", [{ name: "chat", options, calls: [["boot"], ["open"]] }]);
  const panel = context.panel();
  await context.open(page);
  await context.waitForState("anonymous");
  await panel.waitFor("input");
  await panel.say(marked("v", 1, "about marzipan"));
  await panel.waitForRow("(v-01)", 15_000, "sent|delivered|read");
  const before = await visitor(context);
  const group = await Group.of(context, page);
  const second = await group.add();
  await panel.waitForRow("(v-01)");
  const [leader] = group.windows;
  await group.to(leader);
  // One write only: what undoes it is not to wait for it.
  await context.run("window.t.lands = () => new Promise((land) => { window.t.lands = undefined; window.t.land = land; })");
  await say(context, marked("v", 2, "more marzipan"));
  await until(() => context.run("return Boolean(window.t.land)"), 5_000, "a write under way");

  await group.to(second);
  check("value" in (await context.ask("logout", "chat", { clearStorage: clear })).outcome, "shutdown resolves");
  same(await found(context, ["marzipan"]), [], "readable after the logout");
  let next = before;
  if (again) {
    await context.call("chat", "boot");
    await context.call("chat", "open");
    await context.waitForState("anonymous");
    await panel.waitFor("input");
    await panel.say(marked("v", 3, "nougat"));
    await panel.waitForRow("(v-03)", 15_000, "sent|delivered|read");
    next = await visitor(context);
    check(next !== before, "another visitor");
    await until(async () => JSON.stringify(await stored(context)).includes("nougat"), 5_000, "the next visitor's words stored");
  }
  await group.to(leader);
  await context.waitForState("shutdown");
  await context.run(`const set = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, text) { if (/marzipan/.test(text)) window.t.late = true; set.call(this, key, text); };
    window.t.land();`);
  await until(() => context.run("return Boolean(window.t.late)"), 5_000, "what was under way landed");
  const left = async () => {
    const state = await stored(context);
    const of = state && JSON.parse(state.entries.session).visitorId;
    return !(await found(context, ["marzipan"])).length && (clear && !again ? !state : of === next) && (!again || JSON.stringify(state).includes("nougat"));
  };
  await until(left, 10_000, "what landed late gone, and what belongs there back");

  // Whoever opens the page next.
  await context.open(page);
  await context.waitForState("anonymous");
  await panel.waitFor("input");
  const rows = again ? ["(v-03)"] : clear ? [] : ["(v-01)"]; // what was not stored yet had not been sent
  if (rows.length) await panel.waitForRow(rows.at(-1), 15_000);
  same([await panel.marks(), (await visitor(context)) === next], [rows, !clear || Boolean(again)], "rows, and the visitor of before");
  await context.hostLives();
};

export const tests = [
  { id: "I.logout.late", run: late({ clear: true }) },
  { id: "I.logout.late-again", run: late({ clear: true, again: true }) },
  { id: "I.logout.late-kept", run: late({ clear: false }) },
];
