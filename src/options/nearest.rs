//! The words for a key nobody knows: it is named together with the nearest one that exists.

use crate::error::{Code, Error};

/// Longer keys are cut before they are compared and named.
const LONGEST: usize = 40;

/// The error for an unknown key within `outer` (empty: an option itself).
pub(super) fn unknown(outer: &str, key: &str, known: impl Iterator<Item = &'static str>) -> Error {
    let end = key.char_indices().nth(LONGEST).map_or(key.len(), |(at, _)| at);
    let key = key.get(..end).unwrap_or("");
    let nearest = known.min_by_key(|known| distance(key, known)).unwrap_or("");
    let dot = if outer.is_empty() { "" } else { "." };
    let message = ["unknown option `", outer, dot, key, "`, did you mean `", outer, dot, nearest, "`?"].concat();
    Error::new(Code::InvalidConfig, message)
}

/// How many bytes are to be put in, taken out or replaced; case does not count.
fn distance(one: &str, other: &str) -> usize {
    // A row of the usual table: the distances between what has been read of `one` and every head of `other`.
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, byte) in one.bytes().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, letter) in row.iter_mut().zip(std::iter::once(0).chain(other.bytes())) {
            let above = *cell;
            *cell = match letter {
                0 => left,
                _ => (diagonal + usize::from(!byte.eq_ignore_ascii_case(&letter))).min(above + 1).min(left + 1),
            };
            left = *cell;
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("serverURL", "serverUrl", 0),
            ("chanel", "channel", 1),
            ("teh", "the", 2),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
