// A logout while the first handshake of a user is under way: the server has the token, and has not said yet where it is
// made worthless.
import { check, until } from "../within.mjs";
import { Tokens } from "../tokens.mjs";
import { raw } from "../wire.mjs";

async function early(context) {
  const { server, site, serverUrl } = await context.backend();
  const tokens = new Tokens(site);
  await context.open(site.page("chat.html", [{ name: "chat", options: { serverUrl, load: "immediate", disableWebSockets: true }, calls: [["load"]] }]));
  await context.waitForState("ready");
  // What the server says to a handshake is heard when this test lets it.
  await context.run(`
    const { fetch } = window;
    window.fetch = async (address, init) => {
      const answer = await fetch(address, init);
      if (/handshake/.test(init?.body)) await new Promise((let_) => { window.t.answer = let_; });
      return answer;
    };`);
  await context.run("window.t.call('chat', 'boot', [{ user: { id: 'ada-1815' }, tokenProvider: '@token:ada-1815' }])");
  await until(() => context.run("return !!window.t.answer"), 10_000, "the server has heard of the user");
  await context.run("window.t.over = window.t.chats.chat.shutdown({ clearStorage: true }).then(() => true)");
  await context.run("window.t.answer()");
  check(await context.driver.executeAsyncScript("const done = arguments[arguments.length - 1]; window.t.over.then(done)"), "shutdown resolves");
  const { refused } = await raw(context, server, { visitorId: "0123456789abcdef0123456789abcdef", token: tokens.given[0] });
  check(/^403::invalid_token/.test(refused), `the token of a boot that was given up: ${refused}`);
}

export const tests = [{ id: "I.logout.early", run: early }];
