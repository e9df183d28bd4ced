//! Days and times in the visitor's language, by `Intl`. Not: when a day is shown (`shape.rs`).

use super::dom::{format, formatted, midnight};
use super::strings::Strings;
use crate::time::Wall;
use js_sys::Date;
use wasm_bindgen::JsValue;

/// A day in ms, long enough that noon of one and midnight of the next are told apart.
const DAY: f64 = 86_400_000.0;
/// The last moment JavaScript knows; formats throw beyond it.
const LAST: f64 = 8.64e15;

/// The formats, made once, and the day last asked for.
pub(super) struct Clock {
    time: JsValue,
    weekday: JsValue,
    date: JsValue,
    /// Start and end of a local day: most messages are of the same one, and `Date` is slow.
    day: (f64, f64),
}

impl Clock {
    pub(super) fn new(locale: &str) -> Clock {
        Clock {
            time: format(locale, "timeStyle", "short"),
            weekday: format(locale, "weekday", "long"),
            date: format(locale, "dateStyle", "long"),
            day: (0.0, 0.0),
        }
    }

    /// `10:41`, as the language writes it.
    pub(super) fn time(&self, at: Wall) -> String {
        formatted(&self.time, (at as f64).min(LAST))
    }

    /// The start of the local day of a moment.
    pub(super) fn day(&mut self, at: Wall) -> Wall {
        let at = (at as f64).min(LAST);
        if at < self.day.0 || at >= self.day.1 {
            let start = midnight(at);
            // A day has 23 to 25 hours.
            self.day = (start, midnight(start + 1.5 * DAY));
        }
        self.day.0 as Wall
    }

    /// "Today", "Yesterday", the weekday, or the date.
    pub(super) fn day_name(&mut self, at: Wall, strings: &Strings) -> String {
        let start = self.day(at) as f64;
        let today = midnight(Date::now());
        let words = if start == today {
            return strings.of("today").into();
        } else if start == midnight(today - DAY / 2.0) {
            return strings.of("yesterday").into();
        } else if start < today && start > today - 6.5 * DAY {
            &self.weekday
        } else {
            &self.date
        };
        // Noon, so that no zone's midnight is mistaken for the day before.
        formatted(words, (start + DAY / 2.0).min(LAST))
    }
}
