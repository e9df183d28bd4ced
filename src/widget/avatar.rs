//! The small round picture of somebody: initials, and their picture over them once it is there. Not: where it stands.

use super::dom::El;
use super::{node, text};

/// Fills the element with the initials of a name and, when there is one, the picture. One that does not load is taken
/// away by the panel's `error` listener.
pub(super) fn fill(document: &El, element: &El, name: &str, picture: Option<&str>, person: bool) {
    let letters = text::initials(name);
    // A brand has one letter, people have one or two.
    let shown = if person { letters.len() } else { letters.chars().next().map_or(0, char::len_utf8) };
    element.set_text(letters.get(..shown).unwrap_or(""));
    element.set("data-tint", tint(name, person));
    if let Some(address) = picture.filter(|address| text::allowed(address)) {
        let image = node::make(document, "img");
        image.set("alt", "");
        image.set("referrerpolicy", "no-referrer");
        image.set("src", address);
        element.append(&image);
    }
}

/// One of three tints, always the same for a name.
fn tint(name: &str, person: bool) -> &'static str {
    let sum: u32 = name.bytes().map(u32::from).sum();
    match sum % 3 {
        0 if person => "1",
        1 if person => "2",
        _ => "0",
    }
}
