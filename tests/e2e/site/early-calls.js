// What a page does before the chat's script has arrived: with the stub, calls are kept and replayed in order.
{
  const { t, SupportChat } = window;
  t.heard = [];
  const early = [];
  SupportChat.on("ready", (event) => t.heard.push(event.type));
  for (const [name, call] of [["boot", SupportChat.boot()], ["open", SupportChat.open()], ["nonsense", SupportChat.nonsense()]]) {
    call.then(() => early.push(`${name} resolved`), (error) => early.push(`${name} ${error.code}`)).then(() => { t.early = early.slice(); });
  }
}
