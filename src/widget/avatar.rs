//! The small round picture of somebody: initials, and their picture over them once it is there. Not: where it stands.

use super::text;
use wasm_bindgen::JsValue;
use web_sys::{Document, Element};

/// Fills the element with the initials of a name (an empty one gets the bubble), and the picture when there is one.
/// A picture that does not load is taken away by the panel's `error` listener.
pub(super) fn fill(
    document: &Document,
    element: &Element,
    name: &str,
    picture: Option<&str>,
    person: bool,
) -> Result<(), JsValue> {
    let letters = text::initials(name);
    // A brand has one letter, people have one or two.
    let shown = if person { letters.len() } else { letters.chars().next().map_or(0, char::len_utf8) };
    element.set_text_content(letters.get(..shown));
    element.set_attribute("data-tint", tint(name, person))?;
    if let Some(address) = picture.filter(|address| text::allowed(address)) {
        let image = document.create_element("img")?;
        image.set_attribute("alt", "")?;
        image.set_attribute("referrerpolicy", "no-referrer")?;
        image.set_attribute("src", address)?;
        element.append_child(&image)?;
    }
    Ok(())
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
