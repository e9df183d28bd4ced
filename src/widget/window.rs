//! Which rows of a long transcript are drawn: heights, measured or guessed, and the range within sight. Pure.
//! Not: the rows themselves (`row.rs`), nor scrolling (`transcript.rs`).

use crate::session::Item;
use std::ops::Range;

/// A row nobody has measured, in px: a bubble of one and a half lines.
const GUESS: i32 = 56;

/// What is known of one row of the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    key: u32,
    height: i32,
}

/// The heights of all rows, in order.
#[derive(Default)]
pub(super) struct Window {
    slots: Vec<Slot>,
}

impl Window {
    /// Takes over the order of the items and keeps the heights of rows that stay. Answers how many rows at the front
    /// stayed as they were.
    pub(super) fn sync(&mut self, items: &[Item]) -> usize {
        let same = self.slots.iter().zip(items).take_while(|(slot, item)| slot.key == item.key).count();
        if same == items.len() && same == self.slots.len() {
            return same;
        }
        let old = self.slots.split_off(same);
        // Rows that moved are near where they were: an outbox that was confirmed, a late message put in its place.
        let mut from = 0;
        for item in items.get(same..).unwrap_or(&[]) {
            let near = old.iter().skip(from).take(64).position(|slot| slot.key == item.key).map(|at| at + from);
            let height = near.and_then(|at| old.get(at)).map_or(GUESS, |slot| slot.height);
            from = near.map_or(from, |at| at.saturating_sub(32));
            self.slots.push(Slot { key: item.key, height });
        }
        same
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Notes the measured height of a row.
    pub(super) fn measured(&mut self, at: usize, height: i32) {
        if let Some(slot) = self.slots.get_mut(at) {
            slot.height = height;
        }
    }

    /// The height of some rows together.
    pub(super) fn height(&self, rows: Range<usize>) -> i32 {
        self.slots.get(rows).unwrap_or(&[]).iter().map(|slot| slot.height).sum()
    }

    /// The rows that touch the stretch between two distances from the top.
    pub(super) fn within(&self, top: i32, bottom: i32) -> Range<usize> {
        let mut range = self.slots.len()..self.slots.len();
        let mut edge = 0;
        for (at, slot) in self.slots.iter().enumerate() {
            if edge >= bottom {
                range.end = at;
                break;
            }
            edge += slot.height;
            if edge > top && range.start > at {
                range.start = at;
            }
        }
        range.start = range.start.min(range.end);
        range
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::sample;

    fn items(keys: &[u32]) -> Vec<Item> {
        keys.iter().map(|key| sample::agent(*key, "a", 0)).collect()
    }

    #[test]
    fn heights_stay_with_their_rows() {
        let mut window = Window::default();
        assert_eq!(window.sync(&items(&[1, 2, 3, 4])), 0);
        window.measured(1, 10);
        window.measured(2, 20);
        // 9 comes in late, 2 and 3 change places.
        assert_eq!(window.sync(&items(&[1, 9, 3, 2, 4, 5])), 1);
        assert_eq!(window.height(1..2), GUESS);
        assert_eq!((window.height(2..3), window.height(3..4)), (20, 10));
        assert_eq!(window.height(0..6), 4 * GUESS + 30);
        assert_eq!(window.sync(&items(&[1, 9])), 2);
        assert_eq!(window.len(), 2);
    }

    #[test]
    fn the_window_holds_what_is_in_sight_and_no_more() {
        let mut window = Window::default();
        window.sync(&items(&(0..10_000).collect::<Vec<_>>()));
        assert_eq!(window.within(0, GUESS * 3), 0..3);
        assert_eq!(window.within(GUESS, GUESS * 3), 1..3);
        assert_eq!(window.within(GUESS + 1, GUESS * 3 + 1), 1..4);
        assert_eq!(window.within(GUESS * 9_998, GUESS * 20_000), 9_998..10_000);
        assert_eq!(window.within(GUESS * 20_000, GUESS * 20_001), 10_000..10_000);
        assert_eq!(window.within(-500, 0), 0..0);
    }

    #[test]
    fn an_empty_transcript_has_an_empty_window() {
        let mut window = Window::default();
        assert_eq!(window.sync(&[]), 0);
        assert_eq!((window.within(0, 600), window.height(0..0), window.height(3..9)), (0..0, 0, 0));
    }
}
