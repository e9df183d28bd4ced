//! How a row stands among its neighbours: groups, joints, day separators, the marker. Pure. Not: what it looks like
//! (`row.rs`), nor which rows are drawn (`window.rs`).

use crate::message::{Content, Role, Status};
use crate::session::Item;
use crate::time::Wall;

/// What a row shows besides its words, as a set of bits; a row is drawn anew when it changes.
pub(super) type Shape = u16;

/// A separator with the day stands above.
pub(super) const DAY: Shape = 1;
/// The "New messages" marker stands above.
pub(super) const MARKER: Shape = 2;
/// First of its group.
pub(super) const FIRST: Shape = 4;
/// Last of its group.
pub(super) const LAST: Shape = 8;
/// Its upper corner joins the bubble above.
pub(super) const JOINT_ABOVE: Shape = 16;
/// Its lower corner joins the bubble below.
pub(super) const JOINT_BELOW: Shape = 32;
/// The visitor's newest message: says how far it has come.
pub(super) const NEWEST: Shape = 64;
/// Words of the system, without a bubble.
pub(super) const NOTICE: Shape = 128;
/// Takes its place in the order and shows nothing.
pub(super) const SILENT: Shape = 256;

/// Two messages further apart are two groups, in ms.
const GROUP: Wall = 3 * 60 * 1000;

/// The visitor's newest message.
pub(super) fn newest_of_visitor(items: &[Item]) -> Option<usize> {
    items.iter().rposition(|item| item.message.party.role == Role::Visitor && !is_notice(&item.message.content))
}

/// The shape of a row. `day` tells the start of the local day of a moment.
pub(super) fn shape(
    items: &[Item],
    at: usize,
    marker: Option<u32>,
    newest: Option<usize>,
    day: &mut dyn FnMut(Wall) -> Wall,
) -> Shape {
    let Some(item) = items.get(at) else { return 0 };
    let before = at.checked_sub(1).and_then(|at| items.get(at));
    let mut shape = 0;
    if before.is_none_or(|before| day(item.message.created_at) > day(before.message.created_at)) {
        shape |= DAY;
    }
    if marker == Some(item.key) {
        shape |= MARKER;
    }
    if is_notice(&item.message.content) {
        shape |= NOTICE;
        // That visitors came to their own chat is no news to them.
        if item.message.content == Content::Joined && item.message.party.role == Role::Visitor {
            shape |= SILENT;
        }
        return shape;
    }
    match before {
        Some(before) if shape & (DAY | MARKER) == 0 && together(before, item) => {
            if joined(before, item) {
                shape |= JOINT_ABOVE;
            }
        }
        _ => shape |= FIRST,
    }
    match items.get(at + 1) {
        Some(next)
            if together(item, next)
                && marker != Some(next.key)
                && day(next.message.created_at) <= day(item.message.created_at) =>
        {
            if joined(item, next) {
                shape |= JOINT_BELOW;
            }
        }
        _ => shape |= LAST,
    }
    if newest == Some(at) {
        shape |= NEWEST;
    }
    shape
}

fn is_notice(content: &Content) -> bool {
    !matches!(content, Content::Text(_) | Content::Url(_))
}

/// Whether two neighbours are of one group.
fn together(one: &Item, next: &Item) -> bool {
    let (a, b) = (&one.message, &next.message);
    let same = match (a.party.role, b.party.role) {
        // The visitor's id may change with the echo.
        (Role::Visitor, Role::Visitor) => true,
        (Role::Visitor, _) | (_, Role::Visitor) => false,
        _ => a.party.id == b.party.id && a.party.name == b.party.name,
    };
    same && !is_notice(&a.content) && !is_notice(&b.content) && a.created_at.abs_diff(b.created_at) <= GROUP
}

/// Whether two of a group share a joint: a failed bubble stands alone.
fn joined(one: &Item, next: &Item) -> bool {
    one.message.status != Status::Failed && next.message.status != Status::Failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widget::sample;

    const MINUTE: Wall = 60_000;
    const DAY_MS: Wall = 24 * 60 * MINUTE;

    fn shapes(items: &[Item], marker: Option<u32>) -> Vec<Shape> {
        let newest = newest_of_visitor(items);
        (0..items.len()).map(|at| shape(items, at, marker, newest, &mut |ms| ms / DAY_MS)).collect()
    }

    #[test]
    fn one_author_within_three_minutes_is_a_group() {
        let items = [
            sample::agent(1, "a", 0),
            sample::agent(2, "b", 3 * MINUTE),
            sample::agent(3, "c", 6 * MINUTE),
            sample::agent(4, "d", 10 * MINUTE),
            sample::visitor(5, "e", 10 * MINUTE, Status::Sent),
        ];
        assert_eq!(
            shapes(&items, None),
            [
                DAY | FIRST | JOINT_BELOW,
                JOINT_ABOVE | JOINT_BELOW,
                JOINT_ABOVE | LAST,
                FIRST | LAST,
                FIRST | LAST | NEWEST
            ]
        );
    }

    #[test]
    fn a_failed_message_stays_in_its_group_without_a_joint() {
        let items = [sample::visitor(1, "a", 0, Status::Sent), sample::visitor(2, "b", 1, Status::Failed)];
        assert_eq!(shapes(&items, None), [DAY | FIRST, LAST | NEWEST]);
    }

    #[test]
    fn a_day_a_marker_and_a_notice_part_groups() {
        let items = [
            sample::agent(1, "a", DAY_MS - 1),
            sample::agent(2, "b", DAY_MS),
            sample::agent(3, "c", DAY_MS + 1),
            sample::notice(4, Content::Left, DAY_MS + 2),
            sample::agent(5, "d", DAY_MS + 3),
        ];
        assert_eq!(
            shapes(&items, Some(3)),
            [DAY | FIRST | LAST, DAY | FIRST | LAST, MARKER | FIRST | LAST, NOTICE, FIRST | LAST]
        );
    }

    #[test]
    fn a_clock_that_runs_back_repeats_no_day() {
        let items = [sample::agent(1, "a", 2 * DAY_MS), sample::agent(2, "b", DAY_MS), sample::agent(3, "c", DAY_MS)];
        assert_eq!(shapes(&items, None).iter().filter(|shape| **shape & DAY != 0).count(), 1);
    }

    #[test]
    fn two_agents_are_two_groups() {
        let mut other = sample::agent(2, "b", 1);
        std::rc::Rc::make_mut(&mut other.message).party.id = "other".into();
        assert_eq!(shapes(&[sample::agent(1, "a", 0), other], None), [DAY | FIRST | LAST, FIRST | LAST]);
    }
}
