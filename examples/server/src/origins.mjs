// Which pages may talk to this server. Requests without an Origin come from no page and pass.

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

/** `allowed`: a list of origins, or nothing for the loopback ones. */
export function originRule(allowed) {
  return (origin) => origin === undefined || (allowed ? allowed.includes(origin) : LOOPBACK.test(origin));
}

/** Whether a request comes from a page of this very server (or from no page at all). */
export function isSameOrigin(request) {
  const { origin, host } = request.headers;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
