// A reader of a long list: waits until its end is drawn, and scrolls through it.
const frame = () => new Promise((next) => { requestAnimationFrame(next); });

/** Does it in a task of the page's own: neither what a driver runs nor what follows a promise is counted as script. */
export const inTask = (act) => new Promise((done) => { setTimeout(() => done(act())); });

/** Resolves in the frame in which a row with this text is the last one in sight. */
export async function drawn(box, text) {
  for (;;) {
    const list = box();
    if (list?.textContent.includes(text) && list.scrollHeight - list.clientHeight - list.scrollTop < 2) return;
    await frame();
  }
}

/** Resolves in the frame in which a long list is drawn, wherever its reader begins. */
export async function shown(box) {
  for (;;) {
    const list = box();
    if (list?.clientHeight > 0 && list.scrollHeight > 5 * list.clientHeight) return;
    await frame();
  }
}

/** Scrolls up by `step` px in each of `frames` frames, then stays for one; gives when the frames were. */
export async function scroll(box, frames, step) {
  const times = [await frame()];
  for (let count = 0; count < frames; count += 1) {
    box.scrollTop -= step;
    times.push(await frame());
  }
  return times;
}
