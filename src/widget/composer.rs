//! Where the visitor writes: a text area that grows, and the button that sends. Not: what becomes of the words.

use super::dom::px;
use super::node::{Kit, Part};
use crate::message::ConversationStatus;
use crate::session::View;

pub(super) const NODE: &str = "\
footer #composer
 textarea #input rows=1 autocomplete=off enterkeyhint=send @placeholder=write @aria-label=write
 button #send @aria-label=send hidden
  svg d=M10,16V4M5,9l5-5,5,5";

/// Six lines and the padding, in px; beyond it scrolls.
const TALLEST: i32 = 6 * 22 + 14;

#[derive(Default)]
pub(super) struct Composer {
    /// The draft last taken over from the core.
    revision: Option<u32>,
}

impl Composer {
    pub(super) fn draw(&mut self, view: &View<'_>, kit: &Kit) {
        kit.of(Part::Composer).hide(view.status == ConversationStatus::Ended);
        let input = kit.of(Part::Input);
        input.flag("disabled", !view.writable);
        if self.revision != Some(view.draft_revision) {
            self.revision = Some(view.draft_revision);
            if input.value() != view.draft {
                input.set_value(view.draft);
            }
            grow(kit);
            input.set_scroll_top(TALLEST * 100);
        }
    }

    /// Forgets the draft.
    pub(super) fn wipe(&mut self, kit: &Kit) {
        self.revision = None;
        kit.of(Part::Input).set_value("");
        grow(kit);
    }
}

/// Makes it as high as its text, and shows the button when there is something to send.
pub(super) fn grow(kit: &Kit) {
    let input = kit.of(Part::Input);
    input.put("height", "auto", "");
    let height = input.scroll_height();
    input.put("height", &px(height.min(TALLEST)), "");
    input.flag("data-tall", height > TALLEST);
    let text = input.value();
    // The direction of the words; an empty one shows its placeholder in that of the page.
    input.set("dir", if text.is_empty() { "" } else { "auto" });
    kit.of(Part::Send).hide(!usable(kit) || blank(&text));
}

/// Takes the words out, when there are any to send.
pub(super) fn take(kit: &Kit) -> Option<String> {
    let input = kit.of(Part::Input);
    let text = input.value();
    if blank(&text) || !usable(kit) {
        return None;
    }
    input.set_value("");
    grow(kit);
    input.focus();
    Some(text)
}

/// Whether it can take the focus.
pub(super) fn usable(kit: &Kit) -> bool {
    !kit.of(Part::Composer).hidden() && kit.of(Part::Input).attribute("disabled").is_none()
}

fn blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
