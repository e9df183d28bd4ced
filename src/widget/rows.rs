//! The rows that are drawn: a window over the whole list, with gaps of the right height above and below. Not: where
//! the reader is (`transcript.rs`).

use super::clock::Clock;
use super::dom::{El, px};
use super::row::{Pen, Prototypes, Row};
use super::shape;
use super::strings::Strings;
use super::window::Window;
use crate::session::{ConnectionState, View};
use std::ops::Range;

/// A row to hold on to, and how far its top is to be from the top of the transcript.
pub(super) type Anchor = (u32, i32);

pub(super) struct Rows {
    list: El,
    above: El,
    below: El,
    prototypes: Prototypes,
    clock: Clock,
    pub(super) window: Window,
    /// The rows drawn, in order; the first is that of `from`.
    rows: Vec<Row>,
    from: usize,
}

impl Rows {
    pub(super) fn new(list: &El, document: &El, strings: &Strings, locale: &str) -> Rows {
        let gap = || super::node::make(document, "div");
        let rows = Rows {
            list: list.clone(),
            above: gap(),
            below: gap(),
            prototypes: Prototypes::new(document, strings),
            clock: Clock::new(locale),
            window: Window::default(),
            rows: Vec::new(),
            from: 0,
        };
        list.append(&rows.above);
        list.append(&rows.below);
        rows
    }

    /// The rows drawn.
    pub(super) fn drawn(&self) -> Range<usize> {
        self.from..self.from + self.rows.len()
    }

    /// Draws these rows and no others. Rows from `arrived` on are new and rise into place.
    pub(super) fn place(
        &mut self,
        view: &View<'_>,
        range: Range<usize>,
        arrived: usize,
        document: &El,
        strings: &Strings,
    ) {
        let newest = shape::newest_of_visitor(view.items);
        let mut pen = Pen {
            document,
            strings,
            clock: &mut self.clock,
            prototypes: &self.prototypes,
            connected: !matches!(view.connection.state, ConnectionState::Reconnecting | ConnectionState::Disconnected),
        };
        let items = view.items.get(range.clone()).unwrap_or(&[]);
        let mut old = std::mem::take(&mut self.rows);
        old.retain(|row| {
            let stays = items.iter().any(|item| item.key == row.key);
            if !stays {
                row.element.remove();
            }
            stays
        });
        let mut last = self.above.clone();
        self.from = range.start;
        for (at, item) in range.zip(items) {
            // A row that stays where it stood is not touched: moving it would take focus and selection away.
            let mut row = match old.iter().position(|row| row.key == item.key) {
                Some(0) => old.remove(0),
                found => {
                    let row = match found {
                        Some(found) => old.remove(found),
                        None => Row::new(&self.prototypes, item.key, at >= arrived),
                    };
                    last.after(&row.element);
                    row
                }
            };
            let shape = shape::shape(view.items, at, view.marker, newest, &mut |ms| pen.clock.day(ms));
            row.draw(item, shape, &mut pen);
            last = row.element.clone();
            self.rows.push(row);
        }
    }

    /// Measures the drawn rows and gives the gaps their heights.
    pub(super) fn measure(&mut self) {
        for (place, row) in self.rows.iter().enumerate() {
            self.window.measured(self.from + place, row.element.offset_height());
        }
        let drawn = self.drawn();
        for (gap, rows) in [(&self.above, 0..drawn.start), (&self.below, drawn.end..self.window.len())] {
            gap.put("height", &px(self.window.height(rows)), "");
        }
    }

    /// The first row that is at least partly below `top`.
    pub(super) fn anchor(&self, top: i32) -> Option<Anchor> {
        let start = self.list.offset_top();
        self.rows.iter().find_map(|row| {
            let edge = start + row.element.offset_top() - top;
            (edge + row.element.offset_height() > 0).then_some((row.key, edge))
        })
    }

    /// Where to scroll to so that the anchor stands where it stood.
    pub(super) fn top_for(&self, anchor: Anchor) -> Option<i32> {
        let row = self.rows.iter().find(|row| row.key == anchor.0)?;
        Some(self.list.offset_top() + row.element.offset_top() - anchor.1)
    }

    /// Removes every row.
    pub(super) fn clear(&mut self) {
        for row in std::mem::take(&mut self.rows) {
            row.element.remove();
        }
        self.from = 0;
        self.window.clear();
        self.measure();
    }
}
