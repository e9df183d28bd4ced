// Days and times in the visitor's language, by `Intl`. Not: when a day is shown (shape.js).

const DAY = 86_400_000;
// The last moment JavaScript knows; formats throw beyond it.
const LAST = 8.64e15;

export const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);

export const clock = (locale, words) => {
  const format = (option) => {
    try {
      return new Intl.DateTimeFormat(locale, option);
    } catch {
      return new Intl.DateTimeFormat(undefined, option);
    }
  };
  const time = format({ timeStyle: "short" });
  const weekday = format({ weekday: "long" });
  const date = format({ dateStyle: "long" });
  // Start and end of the local day last asked for: most messages are of the same one, and `Date` is slow.
  let start = 0;
  let end = 0;

  /** The start of the local day of a moment. */
  const day = (at) => {
    at = Math.min(at, LAST);
    if (at < start || at >= end) {
      start = midnight(at);
      // A day has 23 to 25 hours.
      end = midnight(start + 1.5 * DAY);
    }
    return start;
  };
  return {
    day,
    /** `10:41`, as the language writes it. */
    time: (at) => time.format(Math.min(at, LAST)),
    /** "Today", "Yesterday", the weekday, or the date. */
    dayName(at) {
      const start = day(at);
      const today = midnight(Date.now());
      if (start == today) return words.today;
      if (start == midnight(today - DAY / 2)) return words.yesterday;
      // Noon, so that no zone's midnight is mistaken for the day before.
      return (start < today && start > today - 6.5 * DAY ? weekday : date).format(Math.min(start + DAY / 2, LAST));
    },
  };
};
