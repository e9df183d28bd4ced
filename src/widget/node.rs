//! Elements out of a drawing of their tree, and the parts among them by name. Not: what they look like (`widget.css`).

use super::dom::El;
use super::strings::Strings;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Makes the element that is drawn: a line for each, indented by its depth, with its tag and its attributes. `.x` is a
/// class, `#x` a `data-part`, `@=key` the text and `@name=key` an attribute out of the strings; `d=` is a path on
/// 20 × 20. Values hold no spaces.
pub(super) fn build(document: &El, strings: &Strings, drawing: &str) -> El {
    let mut rest = drawing;
    let mut open: Vec<El> = Vec::new();
    while !rest.is_empty() {
        let line = take(&mut rest, b'\n');
        let depth = line.bytes().take_while(|byte| *byte == b' ').count();
        let mut line = line.get(depth..).unwrap_or("");
        let element = make(document, take(&mut line, b' '));
        while !line.is_empty() {
            let mut value = take(&mut line, b' ');
            let mark = take(&mut value, b'=');
            let name = mark.get(1..).unwrap_or("");
            match mark.as_bytes() {
                [b'.', ..] => element.set("class", name),
                [b'#', ..] => element.set("data-part", name),
                [b'@'] => element.set_text(strings.of(value)),
                [b'@', ..] => element.set(name, strings.of(value)),
                b"d" => {
                    element.set("viewBox", "0 0 20 20");
                    element.set("aria-hidden", "true");
                    let path = document.create(SVG, "path");
                    path.set("d", value);
                    element.append(&path);
                }
                _ => element.set(mark, value),
            }
        }
        open.truncate(depth);
        if let Some(parent) = open.last() {
            parent.append(&element);
        }
        open.push(element);
    }
    open.swap_remove(0)
}

/// Takes what stands before a byte off the text, and the byte.
fn take<'a>(rest: &mut &'a str, end: u8) -> &'a str {
    let at = rest.bytes().position(|byte| byte == end).unwrap_or(rest.len());
    let (head, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
    *rest = tail.get(1..).unwrap_or("");
    head
}

/// A new element.
pub(super) fn make(document: &El, tag: &str) -> El {
    let element = document.create(if tag == "svg" { SVG } else { "http://www.w3.org/1999/xhtml" }, tag);
    if tag == "button" {
        element.set("type", "button");
    }
    element
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
