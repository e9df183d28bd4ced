// Pages of origins that are not served. They get a refusal in Bayeux that their browser lets them read: a bare 403 would
// be hidden from them, and whoever integrates the chat would look for a broken network. It is the same for everybody and
// whatever is asked, so anybody may read it; what they say reaches no session.
import WebSocket from "faye-websocket";
import { MAX_BODY, json, textOf } from "./http.mjs";

const PATIENCE = 10_000; // for the first word on a socket
const MOST = 16; // messages that are answered

/** A request to the chat's address, whatever it is. */
export async function refuseRequest(request, response) {
  response.setHeader("Access-Control-Allow-Origin", request.headers.origin);
  response.setHeader("Access-Control-Allow-Credentials", "true"); // else who asks with cookies may not read; none are set
  response.setHeader("Vary", "Origin");
  if (request.method === "OPTIONS") {
    // Leave to ask, or the answer could not be read.
    response.writeHead(204, { "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type" });
    return response.end();
  }
  const refused = request.method === "POST" ? refusals(await textOf(request, MAX_BODY)) : [];
  return refused.length ? json(response, 200, refused) : json(response, 403, { error: "forbidden_origin" });
}

/** A socket: what is said first is refused, then it is closed. */
export function refuseSocket(request, socket, head) {
  const link = new WebSocket(request, socket, head, [], { maxLength: MAX_BODY });
  const late = setTimeout(() => link.close(), PATIENCE).unref();
  link.on("error", () => {});
  link.on("close", () => clearTimeout(late));
  link.on("message", ({ data }) => {
    link.send(JSON.stringify(refusals(data)));
    link.close();
  });
}

function refusals(text) {
  let messages;
  try {
    messages = [].concat(JSON.parse(text));
  } catch {
    return [];
  }
  return messages.slice(0, MOST).filter((message) => typeof message?.channel === "string").map(({ channel, id }) => ({
    channel, id: typeof id === "string" ? id : undefined, successful: false, error: "403::invalid_origin", advice: { reconnect: "none" },
  }));
}
