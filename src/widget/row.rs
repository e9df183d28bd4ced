//! One row of the transcript: day, marker, name, avatar, bubble, delivery state. Made once, updated in place, so that
//! focus and selection within it stay. Not: which rows there are (`transcript.rs`).

use super::avatar;
use super::clock::Clock;
use super::dom::{self, Node, el};
use super::shape::{self, Shape};
use super::strings::Strings;
use super::text;
use crate::message::{Content, Message, Role, Status};
use crate::session::Item;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

const ROW: Node = el(
    "div",
    &[],
    &[
        el("div", &[("class", "day")], &[]),
        el("div", &[("class", "marker")], &[]),
        el(
            "div",
            &[],
            &[
                el("div", &[("class", "name")], &[]),
                el(
                    "div",
                    &[("class", "line")],
                    &[
                        el("span", &[("class", "face"), ("aria-hidden", "true")], &[]),
                        el("span", &[("class", "vh")], &[]),
                        el("div", &[("class", "bubble"), ("data-part", "text"), ("dir", "auto")], &[]),
                    ],
                ),
                el("div", &[("class", "meta")], &[]),
            ],
        ),
    ],
);

const FAILED: Node = el(
    "span",
    &[("class", "failed")],
    &[
        el(
            "svg",
            &[("d", "M10 6.5v4m0 2.8v.01M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4"), ("class", "s")],
            &[],
        ),
        el("b", &[("@", "notSent")], &[]),
        el("i", &[], &[]),
        el("button", &[("type", "button"), ("data-part", "retry"), ("@", "tryAgain")], &[]),
        el("i", &[], &[]),
        el("button", &[("type", "button"), ("data-part", "discard"), ("@", "delete")], &[]),
    ],
);

const READ: Node = el("svg", &[("d", "m1.5 11 3.3 3.3L12 6m-1.8 8.3L17.5 6"), ("class", "s ticks")], &[]);
const WAITING: Node =
    el("svg", &[("d", "M10 6v4.2l2.8 1.6M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4"), ("class", "s")], &[]);

/// What is built once and cloned for every row.
pub(super) struct Prototypes {
    row: Element,
    failed: Element,
    read: Element,
    waiting: Element,
}

impl Prototypes {
    pub(super) fn new(document: &Document, strings: &Strings) -> Result<Prototypes, JsValue> {
        Ok(Prototypes {
            row: dom::build(document, strings, &ROW)?,
            failed: dom::build(document, strings, &FAILED)?,
            read: dom::build(document, strings, &READ)?,
            waiting: dom::build(document, strings, &WAITING)?,
        })
    }
}

/// What rows are drawn with.
pub(super) struct Pen<'a> {
    pub(super) document: &'a Document,
    pub(super) strings: &'a Strings,
    pub(super) clock: &'a mut Clock,
    /// Without a connection a message waits rather than being sent.
    pub(super) connected: bool,
}

pub(super) struct Row {
    pub(super) key: u32,
    pub(super) element: HtmlElement,
    day: Element,
    marker: Element,
    body: Element,
    name: Element,
    face: Element,
    who: Element,
    bubble: Element,
    meta: Element,
    /// What it was last drawn from: a row is touched only when this differs.
    drawn: Option<(u32, Shape, bool)>,
    message: Option<Rc<Message>>,
}

impl Row {
    pub(super) fn new(prototypes: &Prototypes, key: u32) -> Result<Row, JsValue> {
        let element: Element = prototypes.row.clone_node_with_deep(true)?.unchecked_into();
        let missing = || JsValue::from_str("row");
        let child = |of: &Element, after: Option<&Element>| match after {
            None => of.first_element_child().ok_or_else(missing),
            Some(after) => after.next_element_sibling().ok_or_else(missing),
        };
        let day = child(&element, None)?;
        let marker = child(&element, Some(&day))?;
        let body = child(&element, Some(&marker))?;
        let name = child(&body, None)?;
        let line = child(&body, Some(&name))?;
        let face = child(&line, None)?;
        let who = child(&line, Some(&face))?;
        let bubble = child(&line, Some(&who))?;
        let meta = child(&body, Some(&line))?;
        let element = element.unchecked_into();
        Ok(Row { key, element, day, marker, body, name, face, who, bubble, meta, drawn: None, message: None })
    }

    /// Draws what changed.
    pub(super) fn draw(
        &mut self,
        item: &Item,
        shape: Shape,
        pen: &mut Pen<'_>,
        prototypes: &Prototypes,
    ) -> Result<(), JsValue> {
        let drawn = Some((item.revision, shape, pen.connected));
        if self.drawn == drawn {
            return Ok(());
        }
        self.drawn = drawn;
        let message = &*item.message;
        let is = |bit: Shape| shape & bit != 0;

        let day = if is(shape::DAY) {
            let start = pen.clock.day(message.created_at);
            pen.clock.day_name(start, pen.strings)
        } else {
            String::new()
        };
        dom::say(&self.day, &day);
        dom::say(&self.marker, if is(shape::MARKER) { pen.strings.of("newMessages") } else { "" });

        let fresh =
            self.message.as_deref().is_none_or(|old| old.content != message.content || old.party != message.party);
        self.message = Some(item.message.clone());
        if is(shape::NOTICE) {
            if fresh {
                self.body.set_attribute("data-part", "notice")?;
                self.element.set_class_name(if is(shape::SILENT) { "silent" } else { "notice" });
                self.bubble.set_text_content(Some(&notice(message, pen.strings)));
            }
            return Ok(());
        }

        let visitor = message.party.role == Role::Visitor;
        let failed = message.status == Status::Failed;
        self.body.set_attribute("data-part", "message")?;
        self.body.set_attribute("data-id", message.client_message_id.as_deref().unwrap_or(&message.id))?;
        self.body.set_attribute("data-role", if visitor { "visitor" } else { "agent" })?;
        self.body.set_attribute("data-status", message.status.name())?;
        let large = matches!(&message.content, Content::Text(words) if text::emoji_only(words));
        let mut class = String::new();
        for (on, name) in [
            (is(shape::FIRST), "first "),
            (is(shape::LAST), "last "),
            (is(shape::JOINT_ABOVE), "above "),
            (is(shape::JOINT_BELOW), "below "),
            (visitor, "own "),
            (failed, "lost "),
            (large && !failed, "large "),
            (self.element.class_list().contains("in"), "in "),
        ] {
            if on {
                class.push_str(name);
            }
        }
        self.element.set_class_name(&class);

        let name = match message.party.name.as_str() {
            "" => pen.strings.of("agent"),
            name => name,
        };
        let shown = if !visitor && is(shape::FIRST) { name } else { "" };
        dom::say(&self.name, shown);
        if shown.is_empty() {
            dom::say(&self.who, &[if visitor { pen.strings.of("you") } else { name }, ": "].concat());
        } else {
            self.who.set_text_content(None);
        }
        if fresh {
            self.words(&message.content, pen)?;
        }
        self.face.set_text_content(None);
        if !visitor && is(shape::LAST) {
            avatar::fill(pen.document, &self.face, name, message.party.avatar_url.as_deref(), true)?;
        }
        self.delivery(message, shape, pen, prototypes)
    }

    /// Lets the row rise into place once.
    pub(super) fn enter(&self) {
        let _ = self.element.class_list().add_1("in");
    }

    fn words(&self, content: &Content, pen: &Pen<'_>) -> Result<(), JsValue> {
        self.bubble.set_text_content(None);
        let pieces = match content {
            Content::Text(words) => text::pieces(words),
            Content::Url(address) => {
                vec![text::Piece { text: address, href: text::allowed(address).then(|| address.clone()) }]
            }
            _ => return Ok(()),
        };
        for piece in pieces {
            match &piece.href {
                None => {
                    self.bubble.append_child(&pen.document.create_text_node(piece.text))?;
                }
                Some(href) => {
                    let link = pen.document.create_element("a")?;
                    link.set_text_content(Some(piece.text));
                    for (name, value) in [("href", href.as_str()), ("target", "_blank"), ("rel", "noopener noreferrer")]
                    {
                        link.set_attribute(name, value)?;
                    }
                    self.bubble.append_child(&link)?;
                }
            }
        }
        Ok(())
    }

    /// The line below the bubble: the time under the last of a group, how far the visitor's newest message has come,
    /// and the ways out under every one that failed.
    fn delivery(&self, message: &Message, shape: Shape, pen: &Pen<'_>, prototypes: &Prototypes) -> Result<(), JsValue> {
        let is = |bit: Shape| shape & bit != 0;
        self.meta.set_text_content(None);
        if message.status == Status::Failed {
            self.meta.append_child(&prototypes.failed.clone_node_with_deep(true)?)?;
            return Ok(());
        }
        let waits = matches!(message.status, Status::Queued | Status::Sending);
        let mut line = String::new();
        if is(shape::LAST) && !(waits && is(shape::NEWEST)) {
            line.push_str(&pen.clock.time(message.created_at));
        }
        if is(shape::NEWEST) {
            if !line.is_empty() {
                line.push_str(" · ");
            }
            let key = match message.status {
                Status::Queued | Status::Sending if !pen.connected => "queued",
                Status::Queued => "sending",
                status => status.name(),
            };
            line.push_str(pen.strings.of(key));
        }
        if line.is_empty() {
            return Ok(());
        }
        let icon = if !is(shape::NEWEST) {
            None
        } else if waits {
            Some(&prototypes.waiting)
        } else if message.status == Status::Read {
            Some(&prototypes.read)
        } else {
            None
        };
        self.meta.set_text_content(Some(&line));
        if let Some(icon) = icon {
            let icon = icon.clone_node_with_deep(true)?;
            // The clock stands before the words, the ticks after them.
            let before = if waits { self.meta.first_child() } else { None };
            self.meta.insert_before(&icon, before.as_ref())?;
        }
        Ok(())
    }
}

/// The words of a notice.
pub(super) fn notice(message: &Message, strings: &Strings) -> String {
    let name = match message.party.name.as_str() {
        "" => strings.of("agent"),
        name => name,
    };
    match &message.content {
        Content::Notice(words) => words.clone(),
        Content::Joined => strings.fill("joined", name),
        Content::Left if message.party.role == Role::Visitor => strings.of("visitorLeft").into(),
        Content::Left => strings.fill("left", name),
        _ => strings.of("unsupported").into(),
    }
}
