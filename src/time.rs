//! The two clocks the core is told about. The core never asks for the time: every input carries a [`Now`].

/// Milliseconds on a clock that never jumps; its zero means nothing. Timers use it.
pub type Mono = u64;
/// Milliseconds since 1970 by the visitor's clock. What is stored or shown uses it.
pub type Wall = u64;

/// ISO 8601 in UTC. A time out of range, from a backend that errs, becomes the last one of year 9999.
pub fn iso(time: Wall) -> String {
    let ms = time.min(253_402_300_799_999);
    // Years of the civil calendar from March to February, in eras of 400: a leap day is then the last of its year.
    let days = ms / 86_400_000 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (date, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + u64::from(month < 3);
    let mut text = String::new();
    let parts = [
        (year, 4, '-'),
        (month, 2, '-'),
        (date, 2, 'T'),
        (ms / 3_600_000 % 24, 2, ':'),
        (ms / 60_000 % 60, 2, ':'),
        (ms / 1_000 % 60, 2, '.'),
        (ms % 1_000, 3, 'Z'),
    ];
    for (value, digits, after) in parts {
        let mut unit = [1, 10, 100, 1_000, 10_000][digits];
        while unit > 1 {
            text.push(char::from(b'0' + (value % unit / (unit / 10)) as u8));
            unit /= 10;
        }
        text.push(after);
    }
    text
}

/// The moment at which an input happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For timers.
    pub mono: Mono,
    /// For what is stored or shown.
    pub wall: Wall,
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn times_are_told_in_utc() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_709_210_096_007, "2024-02-29T12:34:56.007Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (1_735_689_600_000, "2025-01-01T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(ms), text);
        }
    }
}
