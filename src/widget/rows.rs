//! The rows that are drawn: a window over the whole list, with gaps of the right height above and below. Not: where
//! the reader is (`transcript.rs`).

use super::clock::Clock;
use super::dom::px;
use super::row::{Pen, Prototypes, Row};
use super::shape;
use super::strings::Strings;
use super::window::Window;
use crate::session::{Item, View};
use std::ops::Range;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

/// A row to hold on to, and how far its top is to be from the top of the transcript.
pub(super) type Anchor = (u32, i32);

pub(super) struct Rows {
    list: HtmlElement,
    above: HtmlElement,
    below: HtmlElement,
    prototypes: Prototypes,
    clock: Clock,
    pub(super) window: Window,
    /// The rows drawn, in order; the first is that of `from`.
    rows: Vec<Row>,
    from: usize,
}

impl Rows {
    pub(super) fn new(
        list: HtmlElement,
        document: &Document,
        strings: &Strings,
        locale: &str,
    ) -> Result<Rows, JsValue> {
        let gap = |gap: Option<Element>| gap.map(|gap| gap.unchecked_into()).ok_or_else(|| JsValue::from_str("list"));
        Ok(Rows {
            above: gap(list.first_element_child())?,
            below: gap(list.last_element_child())?,
            list,
            prototypes: Prototypes::new(document, strings)?,
            clock: Clock::new(locale),
            window: Window::default(),
            rows: Vec::new(),
            from: 0,
        })
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
        connected: bool,
        document: &Document,
        strings: &Strings,
    ) -> Result<(), JsValue> {
        let newest = shape::newest_of_visitor(view.items);
        let items: &[Item] = view.items.get(range.clone()).unwrap_or(&[]);
        self.rows.retain(|row| {
            let stays = items.iter().any(|item| item.key == row.key);
            if !stays {
                row.element.remove();
            }
            stays
        });
        let mut pen = Pen { document, strings, clock: &mut self.clock, connected };
        for (place, item) in items.iter().enumerate() {
            let at = range.start + place;
            let old = self.rows.iter().skip(place).position(|row| row.key == item.key).map(|found| found + place);
            match old {
                Some(found) if found == place => {}
                Some(found) => self.rows.get_mut(place..=found).unwrap_or(&mut []).rotate_right(1),
                None => {
                    let row = Row::new(&self.prototypes, item.key)?;
                    if at >= arrived {
                        row.enter();
                    }
                    self.rows.insert(place, row);
                }
            }
            if old != Some(place) {
                let next = match place.checked_sub(1).and_then(|before| self.rows.get(before)) {
                    Some(before) => before.element.next_sibling(),
                    None => self.above.next_sibling(),
                };
                if let Some(row) = self.rows.get(place) {
                    self.list.insert_before(&row.element, next.as_ref())?;
                }
            }
            let shape = shape::shape(view.items, at, view.marker, newest, &mut |ms| pen.clock.day(ms));
            if let Some(row) = self.rows.get_mut(place) {
                row.draw(item, shape, &mut pen, &self.prototypes)?;
            }
        }
        self.from = range.start;
        Ok(())
    }

    /// Measures the drawn rows and gives the gaps their heights.
    pub(super) fn measure(&mut self) {
        for (place, row) in self.rows.iter().enumerate() {
            self.window.measured(self.from + place, row.element.offset_height());
        }
        let drawn = self.drawn();
        for (gap, rows) in [(&self.above, 0..drawn.start), (&self.below, drawn.end..self.window.len())] {
            let _ = gap.style().set_property("height", &px(self.window.height(rows)));
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
        for row in self.rows.drain(..) {
            row.element.remove();
        }
        self.from = 0;
        self.window.clear();
        self.measure();
    }
}
