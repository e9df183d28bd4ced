//! The transcript as a reader meets it: it stays where the reader is, follows at the end, says what is new. Not: one row
//! (`row.rs`), nor which elements exist (`rows.rs`).

use super::PanelOptions;
use super::avatar;
use super::dom::{self, Node, el};
use super::row;
use super::rows::{Anchor, Rows};
use super::strings::Strings;
use crate::message::{Content, ConversationStatus, Role};
use crate::session::{ConnectionState, View};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

/// The scrolling part, with what stands in an empty one and at the end of an ended one.
pub(super) const NODE: Node = el(
    "main",
    &[],
    &[
        el(
            "div",
            &[
                ("data-part", "transcript"),
                ("role", "log"),
                ("aria-live", "off"),
                ("tabindex", "0"),
                ("@aria-label", "messages"),
            ],
            &[
                el(
                    "div",
                    &[("data-part", "empty"), ("hidden", "")],
                    &[el("h2", &[("@", "emptyTitle")], &[]), el("p", &[("@", "emptyText")], &[])],
                ),
                el(
                    "div",
                    &[("data-part", "loading"), ("role", "img"), ("@aria-label", "loading"), ("hidden", "")],
                    &[el("i", &[], &[]), el("i", &[], &[]), el("i", &[], &[]), el("i", &[], &[])],
                ),
                el(
                    "div",
                    &[("data-part", "list")],
                    &[el("div", &[("class", "gap")], &[]), el("div", &[("class", "gap")], &[])],
                ),
                el(
                    "div",
                    &[("data-part", "typing"), ("hidden", "")],
                    &[
                        el("span", &[("class", "face"), ("aria-hidden", "true")], &[]),
                        el("span", &[("class", "vh"), ("data-part", "typist")], &[]),
                        el("span", &[("class", "dots")], &[el("i", &[], &[]), el("i", &[], &[]), el("i", &[], &[])]),
                    ],
                ),
                el(
                    "section",
                    &[("class", "card"), ("data-part", "ended"), ("hidden", "")],
                    &[
                        el("h2", &[("@", "endedTitle")], &[]),
                        el("p", &[("@", "endedText")], &[]),
                        el(
                            "button",
                            &[("type", "button"), ("class", "main"), ("data-part", "start-new"), ("@", "startNew")],
                            &[],
                        ),
                    ],
                ),
            ],
        ),
        el(
            "button",
            &[("type", "button"), ("data-part", "jump"), ("hidden", "")],
            &[
                el("svg", &[("d", "M10 4v12m-5-5 5 5 5-5")], &[]),
                el("span", &[("class", "count"), ("aria-hidden", "true"), ("data-part", "jump-count")], &[]),
            ],
        ),
        // Mounted empty, before anything is said in it.
        el("div", &[("class", "vh"), ("aria-live", "polite"), ("data-part", "live")], &[]),
    ],
);

/// Rows this far out of sight are drawn too, so that a flick of the finger meets no gap.
const MARGIN: i32 = 400;
/// This near to the end is at the end.
const NEAR: i32 = 24;
/// Of many messages that come at once, the last few are read aloud.
const ALOUD: usize = 3;

pub(super) struct Transcript {
    main: HtmlElement,
    scroller: HtmlElement,
    empty: HtmlElement,
    loading: HtmlElement,
    typing: HtmlElement,
    face: Element,
    typist: HtmlElement,
    ended: HtmlElement,
    jump: HtmlElement,
    count: HtmlElement,
    live: HtmlElement,
    rows: Rows,
    /// The conversation the rows are of.
    generation: Option<u32>,
    /// The reader is at the end and stays there.
    pinned: bool,
    /// Where it was last scrolled to: a reader who leaves the end scrolls up.
    top: i32,
    /// The marker last brought into sight.
    marker: Option<u32>,
    /// Who was typing when last drawn.
    typed: Option<String>,
}

impl Transcript {
    pub(super) fn new(
        root: &Element,
        document: &Document,
        options: &PanelOptions,
        strings: &Strings,
    ) -> Result<Transcript, JsValue> {
        let typing = dom::part(root, "typing")?;
        let scroller = dom::part(root, "transcript")?;
        let missing = || JsValue::from_str("transcript");
        Ok(Transcript {
            main: scroller.parent_element().ok_or_else(missing)?.unchecked_into(),
            scroller,
            empty: dom::part(root, "empty")?,
            loading: dom::part(root, "loading")?,
            face: typing.first_element_child().ok_or_else(missing)?,
            typing,
            typist: dom::part(root, "typist")?,
            ended: dom::part(root, "ended")?,
            jump: dom::part(root, "jump")?,
            count: dom::part(root, "jump-count")?,
            live: dom::part(root, "live")?,
            rows: Rows::new(dom::part(root, "list")?, document, strings, &options.locale)?,
            generation: None,
            pinned: true,
            top: 0,
            marker: None,
            typed: None,
        })
    }

    /// Draws what changed. Nothing a reader looks at moves, unless they are at the end and something new came.
    pub(super) fn draw(&mut self, view: &View<'_>, strings: &Strings, document: &Document) -> Result<(), JsValue> {
        let other = self.generation != Some(view.generation);
        if other {
            self.clear();
            self.generation = Some(view.generation);
        }
        // The reader's place: the first row in sight, and where it stands.
        let anchor = if self.pinned { None } else { self.rows.anchor(self.scroller.scroll_top()) };
        let known = self.rows.window.len();
        let stayed = self.rows.window.sync(view.items);
        // Rows put at the end while one looks on; not a history that arrives.
        let history = other || (known == 0 && view.items.len() > 1);
        let arrived = if history { view.items.len() } else { stayed };

        let ended = view.status == ConversationStatus::Ended;
        let nothing = view.items.is_empty();
        self.empty.set_hidden(!nothing || view.loading || ended);
        self.loading.set_hidden(!nothing || !view.loading);
        self.ended.set_hidden(!ended);
        self.draw_typing(view, strings, document)?;
        self.draw_rows(view, arrived, anchor, strings, document)?;
        self.find_marker(view, strings, document)?;
        self.say_new(view, arrived, strings);
        self.draw_jump(view, strings);
        Ok(())
    }

    fn draw_rows(
        &mut self,
        view: &View<'_>,
        arrived: usize,
        anchor: Option<Anchor>,
        strings: &Strings,
        document: &Document,
    ) -> Result<(), JsValue> {
        let connected = !matches!(view.connection.state, ConnectionState::Reconnecting | ConnectionState::Disconnected);
        let height = self.scroller.client_height();
        // Drawing turns guessed heights into measured ones, which may bring other rows into sight.
        for round in 0..3 {
            let window = &self.rows.window;
            let (low, high) = if self.pinned {
                let total = window.height(0..window.len());
                (total - height - MARGIN, total)
            } else {
                let top = self.scroller.scroll_top();
                (top - MARGIN, top + height + MARGIN)
            };
            let range = window.within(low, high);
            let drawn = self.rows.drawn();
            if round > 0 && drawn.start <= range.start && drawn.end >= range.end {
                break;
            }
            self.rows.place(view, range, arrived, connected, document, strings)?;
            self.rows.measure();
            match anchor.filter(|_| !self.pinned).and_then(|anchor| self.rows.top_for(anchor)) {
                Some(top) => self.scroll_to(top),
                None => self.follow(),
            }
        }
        Ok(())
    }

    /// A reader who opens the panel on more than it can show starts at the first message they have not seen.
    fn find_marker(&mut self, view: &View<'_>, strings: &Strings, document: &Document) -> Result<(), JsValue> {
        if self.marker == view.marker {
            return Ok(());
        }
        self.marker = view.marker;
        let Some(at) = view.items.iter().position(|item| Some(item.key) == view.marker) else { return Ok(()) };
        let window = &self.rows.window;
        if !self.pinned || window.height(at..window.len()) < self.scroller.client_height() {
            return Ok(());
        }
        self.pinned = false;
        self.scroll_to(window.height(0..at));
        self.draw_rows(view, view.items.len(), view.marker.map(|key| (key, NEAR)), strings, document)
    }

    fn draw_typing(&mut self, view: &View<'_>, strings: &Strings, document: &Document) -> Result<(), JsValue> {
        self.typing.set_hidden(view.typing.is_none());
        let Some(party) = view.typing else {
            self.typed = None;
            return Ok(());
        };
        let name = if party.name.is_empty() { strings.of("agent") } else { &party.name };
        if self.typed.as_deref() != Some(name) {
            self.typed = Some(name.into());
            let words = strings.fill("typing", name);
            self.typist.set_text_content(Some(&words));
            self.live.set_text_content(Some(&words));
            avatar::fill(document, &self.face, name, party.avatar_url.as_deref(), true)?;
        }
        Ok(())
    }

    /// Tells screen readers what others said since the last drawing.
    fn say_new(&self, view: &View<'_>, arrived: usize, strings: &Strings) {
        let mut words = String::new();
        let new = view.items.get(arrived.max(view.items.len().saturating_sub(ALOUD))..).unwrap_or(&[]);
        for item in new.iter().filter(|item| item.message.party.role != Role::Visitor) {
            let message = &*item.message;
            match &message.content {
                Content::Text(text) | Content::Url(text) => {
                    words.push_str(&message.party.name);
                    words.push_str(": ");
                    words.push_str(text);
                }
                _ => words.push_str(&row::notice(message, strings)),
            }
            words.push('\n');
        }
        if !words.is_empty() {
            self.live.set_text_content(Some(&words));
        }
    }

    fn draw_jump(&self, view: &View<'_>, strings: &Strings) {
        self.jump.set_hidden(self.pinned);
        let mut count = String::new();
        if view.unread > 9 {
            count.push_str("9+");
        } else if view.unread > 0 {
            count = view.unread.to_string();
        }
        let label =
            if count.is_empty() { String::from(strings.of("jump")) } else { strings.fill("jumpUnread", &count) };
        let _ = self.jump.set_attribute("aria-label", &label);
        dom::say(&self.count, &count);
    }

    /// The reader scrolled, or the browser did. Answers whether other rows must be drawn.
    pub(super) fn scrolled(&mut self) -> bool {
        let top = self.scroller.scroll_top();
        let height = self.scroller.client_height();
        let away = self.scroller.scroll_height() - height - top;
        if away <= NEAR {
            self.pinned = true;
        } else if top < self.top {
            // A growing transcript moves the end away without anybody having scrolled up.
            self.pinned = false;
        }
        self.top = top;
        self.jump.set_hidden(self.pinned);
        dom::flag(&self.main, "data-under", top > 8);
        let (drawn, window) = (self.rows.drawn(), &self.rows.window);
        let reach = MARGIN / 4;
        (drawn.start > 0 && top - reach < window.height(0..drawn.start))
            || (drawn.end < window.len() && top + height + reach > window.height(0..drawn.end))
    }

    /// At the end, the end stays in sight.
    pub(super) fn follow(&mut self) {
        if self.pinned {
            self.scroll_to(self.scroller.scroll_height());
        }
    }

    /// Goes to the end and stays there.
    pub(super) fn pin(&mut self) {
        self.pinned = true;
        self.jump.set_hidden(true);
        self.follow();
    }

    pub(super) fn at_end(&self) -> bool {
        self.pinned
    }

    fn scroll_to(&mut self, top: i32) {
        self.scroller.set_scroll_top(top);
        self.top = self.scroller.scroll_top();
        dom::flag(&self.main, "data-under", self.top > 8);
    }

    /// The element to focus where there is no composer.
    pub(super) fn focus_target(&self) -> HtmlElement {
        if self.ended.hidden() {
            self.scroller.clone()
        } else {
            dom::part(&self.ended, "start-new").unwrap_or_else(|_| self.scroller.clone())
        }
    }

    /// Leaves nothing of a conversation behind.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.generation = None;
        self.pinned = true;
        self.top = 0;
        self.marker = None;
        self.typed = None;
        self.typing.set_hidden(true);
        for element in [&self.typist, &self.live, &self.count] {
            element.set_text_content(None);
        }
        self.face.set_text_content(None);
    }
}
