//! Elements out of static descriptions, and the few DOM calls everything shares. Text is only ever set as text; there
//! is no HTML here. Not: what the parts look like (`widget.css`).

use super::strings::Strings;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleDeclaration, Document, Element, HtmlElement};

/// One element of a part. An attribute whose name begins with `@` holds a key of the strings; `@` alone is the text.
/// An `svg` has one attribute, `d`: a path drawn on 20 × 20.
pub(super) struct Node {
    tag: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    children: &'static [Node],
}

pub(super) const fn el(
    tag: &'static str,
    attributes: &'static [(&'static str, &'static str)],
    children: &'static [Node],
) -> Node {
    Node { tag, attributes, children }
}

/// Makes the element and everything below it.
pub(super) fn build(document: &Document, strings: &Strings, node: &Node) -> Result<Element, JsValue> {
    if node.tag == "svg" {
        let svg = document.create_element_ns(Some("http://www.w3.org/2000/svg"), "svg")?;
        svg.set_attribute("viewBox", "0 0 20 20")?;
        svg.set_attribute("aria-hidden", "true")?;
        let path = document.create_element_ns(Some("http://www.w3.org/2000/svg"), "path")?;
        for (name, value) in node.attributes {
            if *name == "d" { &path } else { &svg }.set_attribute(name, value)?;
        }
        svg.append_child(&path)?;
        return Ok(svg);
    }
    let element = document.create_element(node.tag)?;
    for (name, value) in node.attributes {
        match name.strip_prefix('@') {
            None => element.set_attribute(name, value)?,
            Some("") => element.set_text_content(Some(strings.of(value))),
            Some(name) => element.set_attribute(name, strings.of(value))?,
        }
    }
    for child in node.children {
        element.append_child(&*build(document, strings, child)?)?;
    }
    Ok(element)
}

/// The element below `root` with this `data-part`.
pub(super) fn part(root: &Element, name: &str) -> Result<HtmlElement, JsValue> {
    match root.query_selector(&["[data-part=", name, "]"].concat())? {
        Some(element) => Ok(element.unchecked_into()),
        None => Err(JsValue::from_str(name)),
    }
}

/// Sets the text where it differs, so that nothing is laid out or read aloud anew.
pub(super) fn say(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Adds or removes a boolean attribute.
pub(super) fn flag(element: &Element, name: &str, on: bool) {
    // Fails only for names that are no names.
    let _ = element.toggle_attribute_with_force(name, on);
}

/// Sets a style no rule of the page can outdo.
pub(super) fn force(style: &CssStyleDeclaration, name: &str, value: &str) {
    let _ = style.set_property_with_priority(name, value, "important");
}

/// A length in px.
pub(super) fn px(length: i32) -> String {
    let mut text = length.to_string();
    text.push_str("px");
    text
}
