//! One row of the transcript: day, marker, name, avatar, bubble, delivery state. Made once, updated in place, so that
//! focus and selection within it stay. Not: which rows there are (`transcript.rs`).

use super::avatar;
use super::clock::Clock;
use super::dom::El;
use super::node::{build, make};
use super::shape::{self, Shape};
use super::strings::Strings;
use super::text;
use crate::message::{Content, Message, Role, Status};
use crate::session::Item;
use std::rc::Rc;

const ROW: &str = "\
div
 div .day
 div .marker
 div
  div .name
  div .line
   span .face aria-hidden=true
   span .vh
   div .bubble data-part=text dir=auto
  div .meta";

const FAILED: &str = "\
span .failed
 svg .s d=M10,6.5v4m0,2.8v.01M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4
 b @=notSent
 i
 button #retry @=tryAgain
 i
 button #discard @=delete";

const READ: &str = "\
svg .ticks d=m1.5,11,3.3,3.3L12,6m-1.8,8.3L17.5,6";
const WAITING: &str = "\
svg .s d=M10,6v4.2l2.8,1.6M10,2.8a7.2,7.2,0,1,0,0,14.4,7.2,7.2,0,0,0,0-14.4";

/// What is built once and cloned for every row.
pub(super) struct Prototypes {
    row: El,
    failed: El,
    read: El,
    waiting: El,
}

impl Prototypes {
    pub(super) fn new(document: &El, strings: &Strings) -> Prototypes {
        let make = |drawing: &str| build(document, strings, drawing);
        Prototypes { row: make(ROW), failed: make(FAILED), read: make(READ), waiting: make(WAITING) }
    }
}

/// What rows are drawn with.
pub(super) struct Pen<'a> {
    pub(super) document: &'a El,
    pub(super) strings: &'a Strings,
    pub(super) clock: &'a mut Clock,
    pub(super) prototypes: &'a Prototypes,
    /// Without a connection a message waits rather than being sent.
    pub(super) connected: bool,
}

// The elements of a row, in the order in which they stand in `ROW`.
const DAY: usize = 0;
const MARKER: usize = 1;
const BODY: usize = 2;
const NAME: usize = 3;
const FACE: usize = 5;
const WHO: usize = 6;
const BUBBLE: usize = 7;
const META: usize = 8;

pub(super) struct Row {
    pub(super) key: u32,
    pub(super) element: El,
    parts: Vec<El>,
    /// It came while one looked on, and rises into place.
    fresh: bool,
    /// What it was last drawn from: a row is touched only when this differs.
    drawn: Option<(u32, Shape, bool)>,
    message: Option<Rc<Message>>,
}

impl Row {
    pub(super) fn new(prototypes: &Prototypes, key: u32, fresh: bool) -> Row {
        let element = prototypes.row.clone_node(true);
        let parts = element.all("*");
        Row { key, element, parts, fresh, drawn: None, message: None }
    }

    fn part(&self, part: usize) -> &El {
        self.parts.get(part).unwrap_or(&self.element)
    }

    /// Draws what changed.
    pub(super) fn draw(&mut self, item: &Item, shape: Shape, pen: &mut Pen<'_>) {
        let drawn = Some((item.revision, shape, pen.connected));
        if self.drawn == drawn {
            return;
        }
        self.drawn = drawn;
        let message = &*item.message;
        let is = |bit: Shape| shape & bit != 0;
        let day = if is(shape::DAY) { pen.clock.day_name(message.created_at, pen.strings) } else { String::new() };
        self.part(DAY).say(&day);
        self.part(MARKER).say(if is(shape::MARKER) { pen.strings.of("newMessages") } else { "" });

        let other = self.message.as_deref().is_none_or(|old| old.content != message.content);
        self.message = Some(item.message.clone());
        let body = self.part(BODY);
        let bubble = self.part(BUBBLE);
        if is(shape::NOTICE) {
            body.set("data-part", "notice");
            self.element.set("class", if is(shape::SILENT) { "silent" } else { "notice" });
            bubble.say(&notice(message, pen.strings));
            return;
        }

        let visitor = message.party.role == Role::Visitor;
        let failed = message.status == Status::Failed;
        let large = matches!(&message.content, Content::Text(words) if text::emoji_only(words));
        body.set("data-part", "message");
        body.set("data-id", message.client_message_id.as_deref().unwrap_or(&message.id));
        body.set("data-role", if visitor { "visitor" } else { "agent" });
        body.set("data-status", message.status.name());
        let mut class = String::new();
        for (on, name) in [
            (is(shape::FIRST), "first "),
            (is(shape::LAST), "last "),
            (is(shape::JOINT_ABOVE), "above "),
            (is(shape::JOINT_BELOW), "below "),
            (visitor, "own "),
            (failed, "lost "),
            (large && !failed, "large "),
            (self.fresh, "in "),
        ] {
            if on {
                class.push_str(name);
            }
        }
        self.element.set("class", &class);

        let name = pen.strings.name(&message.party);
        let shown = !visitor && is(shape::FIRST);
        self.part(NAME).say(if shown { name } else { "" });
        let who = [if visitor { pen.strings.of("you") } else { name }, ": "].concat();
        self.part(WHO).say(if shown { "" } else { &who });
        if other {
            write(bubble, &message.content, pen.document);
        }
        let face = self.part(FACE);
        if !visitor && is(shape::LAST) {
            avatar::fill(pen.document, face, name, message.party.avatar_url.as_deref(), true);
        } else {
            face.set_text("");
        }
        delivery(self.part(META), message, shape, pen);
    }
}

/// Text as text, addresses as links.
fn write(bubble: &El, content: &Content, document: &El) {
    bubble.set_text("");
    let pieces = match content {
        Content::Text(words) => text::pieces(words),
        Content::Url(address) => {
            vec![text::Piece { text: address, href: text::allowed(address).then(|| address.clone()) }]
        }
        _ => return,
    };
    for piece in pieces {
        match &piece.href {
            None => bubble.append_text(piece.text),
            Some(href) => {
                let link = make(document, "a");
                link.set_text(piece.text);
                link.set("href", href);
                link.set("target", "_blank");
                link.set("rel", "noopener noreferrer");
                bubble.append(&link);
            }
        }
    }
}

/// The line below the bubble: the time under the last of a group, how far the visitor's newest message has come, and
/// the ways out under every one that failed.
fn delivery(line: &El, message: &Message, shape: Shape, pen: &Pen<'_>) {
    line.set_text("");
    if message.status == Status::Failed {
        line.append(&pen.prototypes.failed.clone_node(true));
        return;
    }
    let newest = shape & shape::NEWEST != 0;
    let waits = newest && message.status < Status::Sent;
    let mut words = String::new();
    if shape & shape::LAST != 0 && !waits {
        words.push_str(&pen.clock.time(message.created_at));
    }
    if newest {
        if !words.is_empty() {
            words.push_str(" · ");
        }
        let key = match message.status {
            _ if waits && !pen.connected => "queued",
            Status::Queued => "sending",
            status => status.name(),
        };
        words.push_str(pen.strings.of(key));
    }
    if waits {
        line.append(&pen.prototypes.waiting.clone_node(true));
    }
    if !words.is_empty() {
        line.append_text(&words);
    }
    if newest && message.status == Status::Read {
        line.append(&pen.prototypes.read.clone_node(true));
    }
}

/// The words of a notice.
pub(super) fn notice(message: &Message, strings: &Strings) -> String {
    let key = match &message.content {
        Content::Notice(words) => return words.clone(),
        Content::Joined => "joined",
        Content::Left if message.party.role == Role::Visitor => "visitorLeft",
        Content::Left => "left",
        _ => "unsupported",
    };
    strings.fill(key, strings.name(&message.party))
}
