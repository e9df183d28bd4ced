//! Elements out of static descriptions, and the parts among them by name. Not: what they look like (`widget.css`).

use super::dom::El;
use super::strings::Strings;

/// One element of a part. An attribute whose name begins with `@` holds a key of the strings; `@` alone is the text.
/// An `svg` has a path drawn on 20 × 20 as its first attribute, `d`.
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

const SVG: &str = "http://www.w3.org/2000/svg";

/// Makes the element and everything below it.
pub(super) fn build(document: &El, strings: &Strings, node: &Node) -> El {
    let drawn = node.tag == "svg";
    let element = make(document, node.tag);
    if drawn {
        element.set("viewBox", "0 0 20 20");
        element.set("aria-hidden", "true");
    }
    for (name, value) in node.attributes {
        if *name == "d" {
            let path = document.create(SVG, "path");
            path.set(name, value);
            element.append(&path);
        } else if *name == "@" {
            element.set_text(strings.of(value));
        } else if let Some(name) = name.strip_prefix('@') {
            element.set(name, strings.of(value));
        } else {
            element.set(name, value);
        }
    }
    for child in node.children {
        element.append(&build(document, strings, child));
    }
    element
}

/// A new element.
pub(super) fn make(document: &El, tag: &str) -> El {
    document.create(if tag == "svg" { SVG } else { "http://www.w3.org/1999/xhtml" }, tag)
}

/// The parts of the panel, in the order in which they stand in its document; the names are those of `data-part`.
#[derive(Clone, Copy)]
#[allow(dead_code)] // every place is named, though some are only clicked
pub(super) enum Part {
    Mark,
    Name,
    Status,
    Menu,
    Close,
    MenuList,
    EndChat,
    Banner,
    BannerText,
    Reconnect,
    Transcript,
    Empty,
    Loading,
    List,
    Typing,
    Face,
    Typist,
    Ended,
    StartNew,
    Jump,
    JumpCount,
    Live,
    Composer,
    Input,
    Send,
}

/// The names of the parts, in the same order.
#[cfg(test)]
pub(super) const PARTS: [&str; 25] = [
    "mark",
    "name",
    "status",
    "menu",
    "close",
    "menu-list",
    "end-chat",
    "banner",
    "banner-text",
    "reconnect",
    "transcript",
    "empty",
    "loading",
    "list",
    "typing",
    "face",
    "typist",
    "ended",
    "start-new",
    "jump",
    "jump-count",
    "live",
    "composer",
    "input",
    "send",
];

/// The panel's elements.
pub(super) struct Kit {
    pub(super) document: El,
    panel: El,
    parts: Vec<El>,
}

impl Kit {
    pub(super) fn new(document: El, panel: El) -> Kit {
        let parts = panel.all("[data-part]");
        Kit { document, panel, parts }
    }

    pub(super) fn of(&self, part: Part) -> &El {
        self.parts.get(part as usize).unwrap_or(&self.panel)
    }
}
