// What every method returns: a promise that is never an `unhandledrejection`.

/** Runs the page's function; what it throws is the page's to see and stops nobody else. */
export const safely = (fn, value) => {
  try {
    fn(value);
  } catch (error) {
    reportError(error);
  }
};

/** @param {(error: Error) => void} unheard called one task after a rejection nobody listens to */
export const call = (executor, unheard) => {
  const promise = new Promise(executor);
  const listen = promise.then.bind(promise);
  const then = (ok, no) => {
    heard = 1;
    return listen(ok, no);
  };
  const chain = (ok, no) => {
    then(ok, no);
    return promise;
  };
  let heard;
  listen(0, (error) => setTimeout(() => heard || unheard(error)));
  return Object.assign(promise, {
    // `await` asks a promise of a foreign constructor by its `then`, a plain one behind its back.
    constructor: void 0,
    then,
    done: (fn) => chain((value) => safely(fn, value), () => {}),
    // `numeric` is the module's; what is refused before there is one is an error executing the command.
    fail: (fn) => chain(0, ({ numeric = 52, message }) => safely(fn, { error: { code: numeric, description: message } })),
  });
};
