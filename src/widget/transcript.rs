//! The transcript as a reader meets it: it stays where the reader is, follows at the end, says what is new. Not: one row
//! (`row.rs`), nor which elements exist (`rows.rs`).

use super::avatar;
use super::node::{Kit, Part};
use super::row;
use super::rows::{Anchor, Rows};
use super::strings::Strings;
use crate::message::{Content, ConversationStatus, Role};
use crate::session::View;

/// The scrolling part, with what stands in an empty one and at the end of an ended one; and the live region, mounted
/// before anything is said in it.
pub(super) const NODE: &str = "\
main
 div #transcript role=log aria-live=off tabindex=0 @aria-label=messages
  div #empty hidden
   h2 @=emptyTitle
   p @=emptyText
  div #loading role=img @aria-label=loading hidden
   i
   i
   i
   i
  div #list
  div #typing hidden
   span .face #face aria-hidden=true
   span .vh #typist
   span .dots
    i
    i
    i
  section .card #ended hidden
   h2 @=endedTitle
   p @=endedText
   button .main #start-new @=startNew
 button #jump hidden
  svg d=M10,4v12m-5-5,5,5,5-5
  span .count #jump-count aria-hidden=true
 div .vh #live aria-live=polite";

/// Rows this far out of sight are drawn too, so that a flick of the finger meets no gap.
const MARGIN: i32 = 400;
/// This near to the end is at the end.
const NEAR: i32 = 24;
/// Of many messages that come at once, the last few are read aloud.
const ALOUD: usize = 3;

pub(super) struct Transcript {
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
    pub(super) fn new(kit: &Kit, strings: &Strings, locale: &str) -> Transcript {
        Transcript {
            rows: Rows::new(kit.of(Part::List), &kit.document, strings, locale),
            generation: None,
            pinned: true,
            top: 0,
            marker: None,
            typed: None,
        }
    }

    /// Draws what changed. Nothing a reader looks at moves, unless they are at the end and something new came.
    pub(super) fn draw(&mut self, view: &View<'_>, strings: &Strings, kit: &Kit) {
        let other = self.generation != Some(view.generation);
        if other {
            self.clear(kit);
            self.generation = Some(view.generation);
        }
        // The reader's place: the first row in sight, and where it stands.
        let anchor = if self.pinned { None } else { self.rows.anchor(kit.of(Part::Transcript).scroll_top()) };
        let known = self.rows.window.len();
        let stayed = self.rows.window.sync(view.items);
        // Rows put at the end while one looks on; not a history that arrives.
        let history = other || (known == 0 && view.items.len() > 1);
        let arrived = if history { view.items.len() } else { stayed };

        let ended = view.status == ConversationStatus::Ended;
        let nothing = view.items.is_empty();
        kit.of(Part::Empty).hide(!nothing || view.loading || ended);
        kit.of(Part::Loading).hide(!nothing || !view.loading);
        kit.of(Part::Ended).hide(!ended);
        self.draw_typing(view, strings, kit);
        self.draw_rows(view, arrived, anchor, strings, kit);
        if self.marker != view.marker {
            self.marker = view.marker;
            self.find_marker(view, strings, kit);
        }
        say_new(view, arrived, strings, kit);
        self.draw_jump(view, strings, kit);
    }

    fn draw_rows(&mut self, view: &View<'_>, arrived: usize, anchor: Option<Anchor>, strings: &Strings, kit: &Kit) {
        let scroller = kit.of(Part::Transcript);
        let height = scroller.client_height();
        // Drawing turns guessed heights into measured ones, which may bring other rows into sight.
        for round in 0..3 {
            let window = &self.rows.window;
            let (low, high) = if self.pinned {
                let total = window.height(0..window.len());
                (total - height - MARGIN, total)
            } else {
                let top = scroller.scroll_top();
                (top - MARGIN, top + height + MARGIN)
            };
            let range = window.within(low, high);
            let drawn = self.rows.drawn();
            if round > 0 && drawn.start <= range.start && drawn.end >= range.end {
                break;
            }
            self.rows.place(view, range, arrived, &kit.document, strings);
            self.rows.measure();
            match anchor.filter(|_| !self.pinned).and_then(|anchor| self.rows.top_for(anchor)) {
                Some(top) => self.scroll_to(top, kit),
                None => self.follow(kit),
            }
        }
    }

    /// A reader who opens the panel on more than it can show starts at the first message they have not seen.
    fn find_marker(&mut self, view: &View<'_>, strings: &Strings, kit: &Kit) {
        let Some(at) = view.items.iter().position(|item| Some(item.key) == view.marker) else { return };
        let window = &self.rows.window;
        if self.pinned && window.height(at..window.len()) > kit.of(Part::Transcript).client_height() {
            self.pinned = false;
            self.scroll_to(window.height(0..at), kit);
            self.draw_rows(view, view.items.len(), view.marker.map(|key| (key, NEAR)), strings, kit);
        }
    }

    fn draw_typing(&mut self, view: &View<'_>, strings: &Strings, kit: &Kit) {
        kit.of(Part::Typing).hide(view.typing.is_none());
        let name = view.typing.map(|party| strings.name(party));
        if let (Some(name), Some(party)) = (name, view.typing)
            && self.typed.as_deref() != Some(name)
        {
            let words = strings.fill("typing", name);
            kit.of(Part::Typist).set_text(&words);
            kit.of(Part::Live).set_text(&words);
            avatar::fill(&kit.document, kit.of(Part::Face), name, party.avatar_url.as_deref(), true);
        }
        self.typed = name.map(String::from);
    }

    fn draw_jump(&self, view: &View<'_>, strings: &Strings, kit: &Kit) {
        let mut count = String::new();
        if view.unread > 0 {
            crate::json::push_number(&mut count, view.unread.min(9).into());
        }
        if view.unread > 9 {
            count.push('+');
        }
        let jump = kit.of(Part::Jump);
        jump.hide(self.pinned);
        jump.set("aria-label", &strings.fill(if count.is_empty() { "jump" } else { "jumpUnread" }, &count));
        kit.of(Part::JumpCount).say(&count);
    }

    /// The reader scrolled, or the browser did. Answers whether other rows must be drawn.
    pub(super) fn scrolled(&mut self, kit: &Kit) -> bool {
        let scroller = kit.of(Part::Transcript);
        let top = scroller.scroll_top();
        let height = scroller.client_height();
        let away = scroller.scroll_height() - height - top;
        if away <= NEAR {
            self.pinned = true;
        } else if top < self.top {
            // A growing transcript moves the end away without anybody having scrolled up.
            self.pinned = false;
        }
        kit.of(Part::Jump).hide(self.pinned);
        self.went_to(top, kit);
        let (drawn, window) = (self.rows.drawn(), &self.rows.window);
        let reach = MARGIN / 4;
        (drawn.start > 0 && top - reach < window.height(0..drawn.start))
            || (drawn.end < window.len() && top + height + reach > window.height(0..drawn.end))
    }

    /// At the end, the end stays in sight.
    pub(super) fn follow(&mut self, kit: &Kit) {
        if self.pinned {
            self.scroll_to(kit.of(Part::Transcript).scroll_height(), kit);
        }
    }

    /// Goes to the end and stays there.
    pub(super) fn pin(&mut self, kit: &Kit) {
        self.pinned = true;
        kit.of(Part::Jump).hide(true);
        self.follow(kit);
    }

    pub(super) fn at_end(&self) -> bool {
        self.pinned
    }

    fn scroll_to(&mut self, top: i32, kit: &Kit) {
        let scroller = kit.of(Part::Transcript);
        // Firefox keeps fractions: setting what is already there would creep.
        if top != scroller.scroll_top() {
            scroller.set_scroll_top(top);
        }
        self.went_to(scroller.scroll_top(), kit);
    }

    fn went_to(&mut self, top: i32, kit: &Kit) {
        self.top = top;
        kit.of(Part::Transcript).flag("data-under", top > 8);
    }

    /// Leaves nothing of a conversation behind.
    pub(super) fn clear(&mut self, kit: &Kit) {
        self.rows.clear();
        self.generation = None;
        self.pinned = true;
        self.top = 0;
        self.marker = None;
        self.typed = None;
        kit.of(Part::Typing).hide(true);
        for part in [Part::Typist, Part::Live, Part::JumpCount, Part::Face] {
            kit.of(part).set_text("");
        }
    }
}

/// Tells screen readers what others said since the last drawing.
fn say_new(view: &View<'_>, arrived: usize, strings: &Strings, kit: &Kit) {
    let mut words = String::new();
    let new = view.items.get(arrived.max(view.items.len().saturating_sub(ALOUD))..).unwrap_or(&[]);
    for item in new.iter().filter(|item| item.message.party.role != Role::Visitor) {
        let message = &*item.message;
        match &message.content {
            Content::Text(text) | Content::Url(text) => {
                words.push_str(strings.name(&message.party));
                words.push_str(": ");
                words.push_str(text);
            }
            _ => words.push_str(&row::notice(message, strings)),
        }
        words.push('\n');
    }
    if !words.is_empty() {
        kit.of(Part::Live).set_text(&words);
    }
}
