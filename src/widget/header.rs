//! The head of the panel: who is there, how things stand, the menu. Not: the line about a lost connection
//! (`banner.rs`).

use super::PanelOptions;
use super::avatar;
use super::node::{Kit, Part};
use super::strings::Strings;
use crate::message::ConversationStatus;
use crate::session::{Banner, View};

pub(super) const NODE: &str = "\
header
 div .who #mark
 div .title
  h1 #name
  p #status
 button .icon #menu @aria-label=menu aria-haspopup=menu aria-expanded=false hidden
  svg .more d=M4.5,10h.01M10,10h.01M15.5,10h.01
 button .icon #close @aria-label=close
  svg d=M4.5,7.5,10,13l5.5-5.5
 div .menu #menu-list role=menu @aria-label=menu hidden
  button #end-chat role=menuitem tabindex=-1
   svg d=M12,3.5H4.5v13H12M9,10h8m-3-3,3,3-3,3
   span @=endChat";

#[derive(Default)]
pub(super) struct Header {
    /// Whom the mark shows.
    shown: Option<String>,
}

impl Header {
    pub(super) fn draw(&mut self, view: &View<'_>, options: &PanelOptions, strings: &Strings, kit: &Kit) {
        let (name, picture) = match view.agent {
            Some(agent) => (strings.name(agent), agent.avatar_url.as_deref()),
            None => (options.brand_name.as_deref().unwrap_or(""), options.brand_avatar.as_deref()),
        };
        let person = view.agent.is_some();
        let mark = kit.of(Part::Mark);
        let shown = [name, "\n", picture.unwrap_or("")].concat();
        if self.shown.as_deref() != Some(&shown) {
            mark.set("class", if person { "who" } else { "who brand" });
            avatar::fill(&kit.document, mark, name, picture, person);
            self.shown = Some(shown);
        }
        kit.of(Part::Name).say(if name.is_empty() { strings.of("brand") } else { name });
        kit.of(Part::Status).say(&status(view, options, strings));
        let presence = if !person || view.status == ConversationStatus::Ended {
            ""
        } else if view.banner.is_some() {
            "lost"
        } else {
            "here"
        };
        mark.set("data-presence", presence);
        let menu = matches!(view.status, ConversationStatus::Queued | ConversationStatus::Active);
        kit.of(Part::Menu).hide(!menu);
        if !menu {
            close_menu(kit, false);
        }
    }

    /// Forgets whom it showed.
    pub(super) fn wipe(&mut self, kit: &Kit) {
        self.shown = None;
        for part in [Part::Mark, Part::Name, Part::Status] {
            kit.of(part).set_text("");
        }
        close_menu(kit, false);
    }
}

pub(super) fn menu_open(kit: &Kit) -> bool {
    !kit.of(Part::MenuList).hidden()
}

/// Opens the menu and goes to its first item, or closes it.
pub(super) fn toggle_menu(kit: &Kit) {
    if !close_menu(kit, true) {
        set_menu(kit, true);
        kit.of(Part::EndChat).focus();
    }
}

/// Closes the menu, and goes back to its button when asked to; answers whether it was open.
pub(super) fn close_menu(kit: &Kit, back: bool) -> bool {
    let open = menu_open(kit);
    if open {
        set_menu(kit, false);
        if back {
            kit.of(Part::Menu).focus();
        }
    }
    open
}

fn set_menu(kit: &Kit, open: bool) {
    kit.of(Part::MenuList).hide(!open);
    kit.of(Part::Menu).set("aria-expanded", if open { "true" } else { "false" });
}

/// The line under the name.
fn status(view: &View<'_>, options: &PanelOptions, strings: &Strings) -> String {
    let key = match (view.status, view.banner) {
        (ConversationStatus::Ended, _) => "ended",
        (_, Some(Banner::Reconnecting)) => "reconnecting",
        (_, Some(Banner::Offline)) => "offline",
        (_, Some(_)) => "unavailable",
        (ConversationStatus::Queued, None) => "finding",
        _ => match (view.agent, &options.reply_time) {
            (Some(_), Some(time)) => return strings.fill("onlineReplies", time),
            (None, Some(time)) => return strings.fill("replies", time),
            (Some(_), None) => "online",
            (None, None) => return String::new(),
        },
    };
    String::from(strings.of(key))
}
