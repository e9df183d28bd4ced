// The one error class. The module throws real Errors with the same fields; drive.js makes them instances of this.

export class SupportChatError extends Error {
  /** @param {string} code @param {{message?: string, reason?: string, recoverable?: boolean, requestId?: string, cause?: unknown}} [more] */
  constructor(code, more) {
    super(code);
    // Of the codes JavaScript itself raises only this one can pass by itself; the module sets the field for its own.
    Object.assign(this, { name: "SupportChatError", code, recoverable: code == "load_failed" }, more);
  }
}
