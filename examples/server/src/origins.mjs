// Which pages may talk to this server. Requests without an Origin come from no page and pass.

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

/** `allowed`: a list of origins, or nothing for the loopback ones. */
export function originRule(allowed) {
  return (origin) => origin === undefined || (allowed ? allowed.includes(origin) : LOOPBACK.test(origin));
}

/** The server's address as this very client reaches it, also through a proxy that speaks TLS; nothing when it does not say. */
export function addressOf({ headers, socket }) {
  const { host, "x-forwarded-proto": forwarded } = headers;
  if (!/^[A-Za-z0-9.:[\]-]+$/.test(host ?? "")) return undefined;
  return `${socket.encrypted || forwarded === "https" ? "https" : "http"}://${host}`;
}

/** Whether a request comes from a page of this very server (or from no page at all). */
export function isSameOrigin(request) {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
